// Builds hook calls as an EHR does: prefetch templates from discovery, resolved against the FHIR server at /fhir.

const USER = "Practitioner/synthetic-oncologist";

export async function askJson(address, options) {
  const answer = await fetch(address, options);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
}

export const discover = async () => (await askJson("cds-services")).services;

// Resolves {{context.patientId}} only; a template with another token, or one that fails, leaves its key out.
async function resolved(templates, context) {
  const fill = (template) => template.replace(/\{\{\s*context\.patientId\s*\}\}/g, encodeURIComponent(context.patientId));
  const found = await Promise.all(
    Object.entries(templates ?? {}).map(async ([key, template]) => {
      const query = fill(template);
      if (query.includes("{{")) return null;
      const answer = await fetch(`fhir/${query}`, { headers: { Accept: "application/fhir+json" } });
      return answer.ok ? [key, await answer.json()] : null;
    }),
  );
  return Object.fromEntries(found.filter(Boolean));
}

function contextOf(service, child, drafts) {
  const context = { userId: USER, patientId: child };
  if (service.hook === "patient-view") return context;
  const resources = drafts.map((draft) => ({ ...draft.resource, subject: { reference: `Patient/${child}` } }));
  context.draftOrders = { resourceType: "Bundle", type: "collection", entry: resources.map((resource) => ({ resource })) };
  if (service.hook === "order-select") {
    context.selections = drafts.filter((draft) => draft.selected).map((draft) => referenceTo(draft.resource));
  }
  return context;
}

const referenceTo = (resource) => `${resource.resourceType}/${resource.id}`;

export async function hookCall(service, child, drafts) {
  const context = contextOf(service, child, drafts);
  const body = { hook: service.hook, hookInstance: crypto.randomUUID(), context };
  body.prefetch = await resolved(service.prefetch, context);
  return body;
}

// A call on file keeps its own context and extensions; what it does not bring is prefetched as usual.
export async function filedCall(service, name) {
  const body = await askJson(`demo/calls/${encodeURIComponent(name)}`);
  const prefetch = await resolved(service.prefetch, body.context);
  return { ...body, hookInstance: crypto.randomUUID(), prefetch: { ...prefetch, ...body.prefetch } };
}

const asJson = (body) => ({
  method: "POST",
  headers: { "Content-Type": "application/json", Accept: "application/json" },
  body: JSON.stringify(body),
});

export async function send(service, body) {
  const start = performance.now();
  const answer = await fetch(`cds-services/${encodeURIComponent(service.id)}`, asJson(body));
  const text = await answer.text();
  const took = performance.now() - start;
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    content = text;
  }
  return { status: answer.status, content, took, timing: answer.headers.get("Server-Timing") ?? "" };
}

// Every rule of the service with its outcome, as text for a reader.
export async function explain(service, body) {
  const asked = asJson(body);
  asked.headers.Accept = "text/plain";
  return (await fetch(`cds-services/${encodeURIComponent(service.id)}/explain`, asked)).text();
}

export async function sendFeedback(service, item) {
  const body = { feedback: [{ ...item, outcomeTimestamp: new Date().toISOString() }] };
  const answer = await fetch(`cds-services/${encodeURIComponent(service.id)}/feedback`, asJson(body));
  return answer.status;
}

export const render = async (texts) =>
  (await askJson("demo/render", asJson({ texts }))).html;

export function curl(service, body) {
  const address = new URL(`cds-services/${service.id}`, document.baseURI).href;
  const json = JSON.stringify(body, null, 1);
  return `curl -sS '${address}' -H 'Content-Type: application/json' --data-binary @- <<'JSON'\n${json}\nJSON\n`;
}
