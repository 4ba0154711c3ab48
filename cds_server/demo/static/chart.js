// A strip above the cards: who the child is, and the problem list as an EHR shows it.

import { element } from "./dom.js";
import { askJson } from "./hooks.js";

const resources = (bundle) => (bundle.entry ?? []).map((entry) => entry.resource);
const named = (concept) => concept?.text ?? concept?.coding?.[0]?.display ?? "";
const coded = (concept) => concept?.coding?.[0]?.code ?? "";

export async function drawChart(slug) {
  const about = `patient=${encodeURIComponent(slug)}`;
  const [patient, conditions, vitals] = await Promise.all([
    askJson(`fhir/Patient/${encodeURIComponent(slug)}`),
    askJson(`fhir/Condition?${about}&_sort=-onset-date&_count=50`),
    askJson(`fhir/Observation?${about}&category=vital-signs&_sort=-date&_count=50`),
  ]);
  const name = patient.name?.[0];
  const sizes = resources(vitals).filter((one) => /weight|height/i.test(named(one.code)) && one.valueQuantity);
  const facts = [
    `${name?.given?.join(" ") ?? ""} ${name?.family ?? ""}`.trim(),
    patient.gender ?? "",
    `born ${patient.birthDate}`,
    ...sizes.map((one) => `${one.valueQuantity.value} ${one.valueQuantity.unit}`),
    patient.deceasedDateTime ? `died ${patient.deceasedDateTime.slice(0, 10)}` : "",
  ];
  return [
    element("h2", {}, facts.filter(Boolean).join(" · ")),
    element("ul", {}, ...resources(conditions).map(problem)),
  ];
}

function problem(condition) {
  const status = [coded(condition.clinicalStatus), coded(condition.verificationStatus)]
    .filter((code) => code && code !== "confirmed");
  const when = [condition.onsetDateTime, ...status].filter(Boolean).join(", ");
  return element("li", {}, named(condition.code), " ", element("span", { class: "when" }, `(${when})`));
}
