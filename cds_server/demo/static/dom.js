// Small helpers to build elements. Text is always text: nothing from a chart becomes markup here.

export const byId = (id) => document.getElementById(id);

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") made.className = value;
    else if (key.startsWith("aria-") || key === "for" || key === "role") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export const pretty = (value) => JSON.stringify(value, null, 2);

// An address that a person may follow: http or https, else nothing.
export function webAddress(text) {
  try {
    const address = new URL(text);
    return address.protocol === "https:" || address.protocol === "http:" ? address.href : null;
  } catch {
    return null;
  }
}

export function link(text, label) {
  const href = webAddress(text);
  return href ? element("a", { href, target: "_blank", rel: "noopener noreferrer" }, label) : element("span", {}, label);
}

export function say(text, trouble = false) {
  const status = byId("status");
  status.textContent = text;
  status.classList.toggle("trouble", trouble);
}
