// Wires the page: a child, a moment in the chart, drafts; then the real services are called and answered.
// The address keeps the choice: #<child>/<service>.

import { drawCards } from "./cards.js";
import { drawChart } from "./chart.js";
import { byId, element, pretty, say } from "./dom.js";
import { askJson, curl, discover, explain, filedCall, hookCall, render, send, sendFeedback } from "./hooks.js";

const GROUPS = ["On opening the chart", "Around an order", "No card expected"];
const FIRST = "first-relapse-untouched";
const state = { services: [], children: [], templates: [], child: "", drafts: [], last: null, turn: 0 };

function listChildren() {
  const wanted = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const list = byId("child");
  const fits = (child) => wanted.every((word) => `${child.slug} ${child.title}`.toLowerCase().includes(word));
  const option = (child) =>
    element("option", { value: child.slug, selected: child.slug === state.child, title: child.title }, child.title);
  const found = state.children.filter(fits);
  list.replaceChildren(...GROUPS.map((label) =>
    element("optgroup", { label }, ...found.filter((child) => child.group === label).map(option))));
}

function chooseChild(slug) {
  const child = state.children.find((one) => one.slug === slug);
  if (!child) return;
  state.child = slug;
  state.drafts = [];
  listDrafts();
  listChildren();
  drawChart(slug).then((parts) => { if (state.child === slug) byId("chart").replaceChildren(...parts); });
  byId("story-text").innerHTML = child.story;
  byId("calls-box").hidden = !child.calls.length;
  byId("calls").replaceChildren(...child.calls.map((call) => {
    const button = element("button", { type: "button", title: call.about }, call.name);
    button.addEventListener("click", () => fire(call.service, call.name));
    return button;
  }));
}

function listHooks() {
  byId("hooks").replaceChildren(...state.services.map((service) => {
    const button = element("button", { type: "button", title: service.description, "aria-pressed": "false" },
      service.title ?? service.id, element("span", { class: "hook" }, `${service.hook}: ${service.id}`));
    button.dataset.service = service.id;
    button.addEventListener("click", () => fire(service.id));
    return button;
  }));
}

function listDrafts() {
  byId("drafts").replaceChildren(...state.drafts.map((draft, index) => {
    const box = element("input", { type: "checkbox", checked: draft.selected, id: `draft-${index}` });
    box.addEventListener("change", () => { draft.selected = box.checked; });
    const gone = element("button", { type: "button", "aria-label": `Remove ${draft.label}` }, "×");
    gone.addEventListener("click", () => { state.drafts.splice(index, 1); listDrafts(); byId("add-draft").focus(); });
    return element("li", {}, box, element("label", { for: `draft-${index}` }, draft.label), gone);
  }));
}

function addDraft(label, resource, selected) {
  const id = `${resource.id ?? "draft"}-${state.drafts.length + 1}`;
  state.drafts.push({ label, resource: { ...resource, id }, selected });
  listDrafts();
}

// The call on file that this child is about, where nobody has drafted anything yet.
function typicalCall(serviceId) {
  const calls = state.children.find((one) => one.slug === state.child).calls.filter((call) => call.service === serviceId);
  return ["spec-", "order-"].map((kind) => calls.find((call) => call.name.startsWith(kind))).find(Boolean);
}

async function fire(serviceId, filed = "") {
  const service = state.services.find((one) => one.id === serviceId);
  if (!service || !state.child) return;
  if (!filed && service.hook !== "patient-view" && !state.drafts.length) {
    const typical = typicalCall(serviceId);
    if (typical) return fire(serviceId, typical.name);
    byId("add-draft").focus();
    say(`${service.hook} speaks about draft orders: add one first (step 3).`, true);
    return;
  }
  const turn = ++state.turn;
  say("Asking …");
  try {
    const body = filed ? await filedCall(service, filed) : await hookCall(service, state.child, state.drafts);
    const answer = await send(service, body);
    const cards = answer.status === 200 ? answer.content.cards ?? [] : [];
    const details = cards.length ? await render(cards.map((card) => card.detail ?? "")) : [];
    if (turn === state.turn) show(service, body, answer, cards, details, filed);
  } catch (problem) {
    say(`The call failed: ${problem.message}`, true);
  }
}

function show(service, body, answer, cards, details, filed) {
  state.last = { service, body };
  for (const button of byId("hooks").children) {
    button.setAttribute("aria-pressed", String(button.dataset.service === service.id));
  }
  const feedback = (item) => sendFeedback(service, item).catch(() => "not sent");
  const on = {
    accept: (card, suggestion) => {
      for (const action of suggestion.actions ?? []) addDraft(suggestion.label, action.resource, true);
      return feedback({ card: card.uuid, outcome: "accepted", acceptedSuggestions: [{ id: suggestion.uuid }] });
    },
    override: (card, reason) => feedback({ card: card.uuid, outcome: "overridden", overrideReason: { reason } }),
  };
  byId("cards").replaceChildren(...(answer.status === 200 ? drawCards(cards, details, on) : []));
  byId("request").textContent = pretty(body);
  byId("response").textContent = typeof answer.content === "string" ? answer.content : pretty(answer.content);
  byId("timing").textContent = [`${answer.status}, ${answer.took.toFixed(0)} ms in the browser`, answer.timing].filter(Boolean).join("; ");
  byId("explanation").hidden = true;
  byId("wire").hidden = false;
  const number = cards.length === 1 ? "1 card" : `${cards.length} cards`;
  const what = filed ? `${service.id}, call on file ${filed}` : service.id;
  say(answer.status === 200 ? `${what}: ${number}.` : `${what} answered ${answer.status}.`, answer.status !== 200);
  if (byId("answer").getBoundingClientRect().top > innerHeight / 2) byId("answer").scrollIntoView();
  history.replaceState(null, "", `#${state.child}/${service.id}${filed ? `/${filed}` : ""}`);
}

async function explainLast() {
  const { service, body } = state.last;
  const text = byId("explanation");
  text.hidden = false;
  text.textContent = await explain(service, body).catch((problem) => `Not explained: ${problem.message}`);
}

async function copyCurl() {
  if (!state.last) return;
  const text = curl(state.last.service, state.last.body);
  try {
    await navigator.clipboard.writeText(text);
    byId("copy").textContent = "Copied";
  } catch {
    byId("request").textContent = text;
    getSelection().selectAllChildren(byId("request"));
    byId("copy").textContent = "Selected: press Ctrl+C";
  }
}

async function start() {
  const [services, known] = await Promise.all([discover(), askJson("demo/children")]);
  Object.assign(state, { services, children: known.children, templates: known.drafts });
  byId("as-of").textContent = `the day, now ${known.asOf}`;
  byId("add-draft").replaceChildren(...state.templates.map((draft, index) =>
    element("option", { value: String(index) }, draft.label)));
  listHooks();
  const [slug, service, filed] = decodeURIComponent(location.hash.slice(1)).split("/");
  const isKnown = (wanted) => state.children.some((child) => child.slug === wanted);
  chooseChild([slug, FIRST, state.children[0]?.slug].find(isKnown));
  if (service || !slug) await fire(service ?? state.services[0]?.id, filed ?? "");
}

byId("filter").addEventListener("input", listChildren);
byId("child").addEventListener("change", (event) => {
  chooseChild(event.target.value);
  byId("cards").replaceChildren();
  byId("wire").hidden = true;
  say("Now a moment in the chart.");
});
byId("add-draft-button").addEventListener("click", () => {
  const draft = state.templates[Number(byId("add-draft").value)];
  if (draft) addDraft(draft.label, draft.resource, true);
});
byId("copy").addEventListener("click", copyCurl);
byId("explain").addEventListener("click", explainLast);
start().catch((problem) => say(`The page could not start: ${problem.message}`, true));
