// Draws cards as a clinician would see them. `detail` comes as safe HTML from /demo/render; all else is text.

import { element, link, pretty, webAddress } from "./dom.js";

const SHOWN = 4;
const WORDS = { info: "● Info", warning: "▲ Warning", critical: "✖ Critical" };

export function drawCards(cards, details, on) {
  if (!cards.length) {
    return [
      element("div", { class: "none" }, element("strong", {}, "No cards."),
        element("p", { class: "small" }, "The service has nothing to say about this chart at this moment.")),
    ];
  }
  return cards.map((card, index) => drawCard(card, details[index], index === 0, on));
}

function drawCard(card, html, open, on) {
  const indicator = WORDS[card.indicator] ? card.indicator : "info";
  const box = element("article", { class: `card ${indicator}` });
  const detail = element("div", { class: "prose long", tabIndex: 0, role: "region", "aria-label": "Detail of the card" });
  detail.innerHTML = html;
  box.setAttribute("aria-label", card.summary);
  box.append(
    element("div", { class: "card-head" },
      element("span", { class: "badge" }, WORDS[indicator]),
      element("span", {}, card.source?.topic?.display ?? ""),
      element("span", {}, "Source: ", card.source?.url ? link(card.source.url, card.source.label) : card.source?.label)),
    element("h3", {}, card.summary),
    standings(card, detail),
    element("details", { open }, element("summary", {}, "Why, what was read, evidence"), detail),
    ...suggestions(card, on),
    ...basis(card),
    foot(card, box, on),
  );
  return box;
}

function suggestions(card, on) {
  const all = card.suggestions ?? [];
  if (!all.length) return [];
  const one = card.selectionBehavior === "at-most-one";
  const list = element("div", { class: "suggestions" });
  const drawn = all.map((suggestion) => drawSuggestion(card, suggestion, list, one, on));
  list.append(...drawn.slice(0, SHOWN));
  if (drawn.length > SHOWN) {
    const rest = element("div", { class: "suggestions" }, ...drawn.slice(SHOWN));
    list.append(element("details", {}, element("summary", {}, `${drawn.length - SHOWN} more suggestions`), rest));
  }
  return [element("h4", {}, one ? `Suggestions (one of ${all.length})` : `Suggestions (${all.length})`), list];
}

// The options of a regimen card at a glance, best standing first: the order in which the card has them.
function standings(card, detail) {
  const options = card.extension?.["relapse-cds.basis"]?.options ?? [];
  if (!options.length) return "";
  const said = optionNames(detail);
  const names = said.length === options.length ? said : options.map((option) => option.regimen);
  const groups = new Map();
  options.forEach((option, index) => groups.set(option.standing, [...(groups.get(option.standing) ?? []), names[index]]));
  return element("ul", { class: "standings" }, ...[...groups].map(([standing, names]) =>
    element("li", {}, element("span", { class: `standing ${standing}` }, standing.replace("_", " ")), ` ${names.join("; ")}`)));
}

// What the detail calls its options; the basis has their ids only.
function optionNames(detail) {
  const head = [...detail.querySelectorAll("p > strong")].find((words) => words.textContent === "Options");
  const listed = head?.parentElement.nextElementSibling?.children ?? [];
  return [...listed].map((item) => item.querySelector("strong")?.textContent).filter(Boolean);
}

function drawSuggestion(card, suggestion, list, one, on) {
  const take = element("button", { type: "button", "aria-label": `Add to drafts: ${suggestion.label}` }, "Add to drafts");
  take.addEventListener("click", async () => {
    const group = one ? [...list.querySelectorAll("button")] : [take];
    for (const button of group) button.disabled = true;
    const status = await on.accept(card, suggestion);
    replaceAndFocus(take, `✓ In the drafts. Feedback: ${status}`);
  });
  const label = suggestion.isRecommended ? `${suggestion.label} (recommended)` : suggestion.label;
  return element("div", { class: "suggestion" },
    element("div", { class: "act" }, element("span", { class: "label" }, label), take),
    ...(suggestion.actions ?? []).map(drawAction));
}

function drawAction(action) {
  const resource = action.resource ?? {};
  const words = [resource.resourceType, resource.status, resource.intent].filter(Boolean).join(", ");
  return element("div", {},
    element("p", {}, action.description ?? ""),
    element("details", {}, element("summary", {}, `The draft (${words})`), element("pre", { tabIndex: 0 }, pretty(resource))));
}

function basis(card) {
  const found = card.extension?.["relapse-cds.basis"];
  if (!found) return [];
  const parts = [];
  if (found.options) {
    parts.push(table(["Option", "Standing", "Why"], found.options.map((option) => [
      option.regimen, element("span", { class: "standing" }, option.standing), (option.why ?? []).join("; ")])));
  }
  if (found.used) {
    parts.push(table(["Fact used", "State", "Date", "Confidence", "From"], found.used.map((fact) => [
      fact.fact, fact.state, fact.date ?? "", fact.confidence ?? "", (fact.from ?? []).join(", ")])));
  }
  if (found.missing) {
    parts.push(table(["Fact missing", "Why", "Looked in"], found.missing.map((fact) => [
      fact.fact, fact.why ?? "", (fact.lookedIn ?? []).join(", ")])));
  }
  if (found.wouldChangeIf) {
    parts.push(element("p", {}, element("strong", {}, "Would change if: "), found.wouldChangeIf.join("; ")));
  }
  return parts.length ? [element("details", {}, element("summary", {}, "What the decision rests on"), ...parts)] : [];
}

function table(head, rows) {
  const cells = (name, values) => element("tr", {}, ...values.map((value) => element(name, {}, value)));
  return element("div", { class: "scroll" },
    element("table", {}, element("thead", {}, cells("th", head)), element("tbody", {}, ...rows.map((row) => cells("td", row)))));
}

function foot(card, box, on) {
  const links = (card.links ?? []).filter((one) => webAddress(one.url)).map((one) => link(one.url, one.label));
  const parts = [];
  if (links.length) parts.push(element("div", { class: "links" }, ...links));
  if (card.overrideReasons?.length) parts.push(override(card, box, on));
  return parts.length ? element("div", { class: "foot" }, ...parts) : "";
}

function override(card, box, on) {
  const menu = element("select", { "aria-label": "Reason to set this card aside" },
    element("option", { value: "" }, "Set aside because …"),
    ...card.overrideReasons.map((reason, index) => element("option", { value: String(index) }, reason.display)));
  const button = element("button", { type: "button", disabled: true }, "Set aside");
  menu.addEventListener("change", () => { button.disabled = menu.value === ""; });
  const form = element("div", { class: "override" }, menu, button);
  button.addEventListener("click", async () => {
    button.disabled = true;
    const status = await on.override(card, card.overrideReasons[Number(menu.value)]);
    box.classList.add("gone");
    replaceAndFocus(form, `Set aside. Feedback: ${status}`);
  });
  return form;
}

// Whoever uses the keyboard stays where the control was, and hears what became of it.
function replaceAndFocus(control, words) {
  const done = element("span", { class: "done", tabIndex: -1 }, words);
  control.replaceWith(done);
  done.focus();
}
