"""Properties of the readers: no JSON makes them raise, no text makes them slow or louder than it is."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hooks.facts.hgvs import protein_changes
from hooks.facts.spelling import MAX_LENGTH
from hooks.facts.text import Polarity, Topic, read_text
from hooks.pathways.relapsed_neuroblastoma.reading.disease import DiseaseFacts, read_disease
from hooks.pathways.relapsed_neuroblastoma.reading.gate import concerns
from hooks.pathways.relapsed_neuroblastoma.reading.molecular import MolecularFacts, read_molecular
from tests.unit.reading_chart import (
    AS_OF,
    HGNC,
    ICD_CM,
    LOINC,
    NCIT,
    RELAPSE_DAY,
    SNOMED,
    TUMOUR,
    born,
    coded,
    component,
    fish,
    observation,
    on_specimen,
    primary,
    record,
    relapse,
    report,
    specimen,
    variant,
)

MANY = settings(
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
TELLING = (
    *("final", "relapse", "Neuroblastoma, relapse", "MYCN amplified", "ALK F1174L", "GD2 negative", "2026-05-18"),
    *("2026", "432328008", "69548-6", "93796-1", "93797-9", "48018-6", "82155-3", "HGNC:427", "C74.90", "LA6576-8"),
    *(SNOMED, LOINC, HGNC, ICD_CM, "Condition/c1", "#x", "Patient/p1", "97509-4", "271299001", "", " ", "\0", "¹½"),
)
ELEMENTS = """
    abatementString birthDate bodySite category code coding collectedDateTime collection component conclusion
    conclusionCode contained dataAbsentReason deceasedBoolean denominator derivedFrom detail display effectiveDateTime
    effectiveTiming end event evidence extension focus hasMember id interpretation low note numerator onsetDateTime
    onsetPeriod period presentedForm reasonCode recordedDate reference repeat result severity specimen stage start
    status summary system text title type unit url value valueCodeableConcept valueQuantity valueRange valueRatio
    valueString verificationStatus clinicalStatus
""".split()  # noqa: SIM905
KINDS = tuple("Condition Observation DiagnosticReport Specimen Patient Procedure CarePlan ServiceRequest".split())  # noqa: SIM905
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(TELLING), st.text(max_size=12)
)
NAMES = st.sampled_from(ELEMENTS)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=5)),
    max_leaves=20,
)
RESOURCES = st.builds(
    lambda kind, body: {**body, "resourceType": kind},
    st.sampled_from(KINDS),
    st.dictionaries(NAMES, ANY_JSON, max_size=8),
)
ODD_PERIOD = {"resourceType": "Condition", "code": coded(SNOMED, "432328008"), "onsetPeriod": {"end": "2026"}}
SEEDS: list[dict[str, Any]] = [
    primary(stage=[{"summary": coded(NCIT, "C133430")}]),
    relapse(note=[{"text": "Relapse 2026-05-17"}], severity=coded(SNOMED, "723509005")),
    born(),
    fish({"valueCodeableConcept": coded(LOINC, "LA6576-8")}, **on_specimen()),
    variant(
        component("48018-6", {"valueCodeableConcept": coded(HGNC, "HGNC:427")}),
        component("82155-3", {"valueQuantity": {"value": 3}}),
    ),
    specimen("2026-05-20", TUMOUR),
    report("MYCN amplified", presentedForm=[{"title": "x"}], result=[{"reference": "Observation/o1"}]),
    observation(coded(LOINC, "97509-4"), {"valueCodeableConcept": coded(SNOMED, "271299001")}, id="s"),
    observation(coded(LOINC, "93797-9"), {"valueQuantity": {"value": 3}}, id="q"),
    {"resourceType": "CarePlan", "id": "p", "period": {"start": "2026"}, "category": [coded(SNOMED, "363676003")]},
]


def graft(inside: Any, path: list[int], value: object) -> Any:
    """Return the JSON with one value somewhere inside replaced; `path` chooses where."""
    if not path or not isinstance(inside, dict | list) or not inside:
        return value
    keys = sorted(inside) if isinstance(inside, dict) else list(range(len(inside)))
    chosen = keys[path[0] % len(keys)]
    replaced = graft(inside[chosen], path[1:], value)
    if isinstance(inside, dict):
        return {**inside, chosen: replaced}
    return [replaced if index == chosen else item for index, item in enumerate(inside)]


def everything(resources: list[dict[str, Any]]) -> tuple[DiseaseFacts, MolecularFacts]:
    chart = record(*resources)
    concerns(tuple(chart.of_type("Condition")), "patient-view")
    return read_disease(chart, AS_OF), read_molecular(chart, RELAPSE_DAY)


@MANY
@given(st.lists(RESOURCES, max_size=4))
@example([ODD_PERIOD])
@example([{"resourceType": "Procedure", "status": []}])
@example([{**SEEDS[8], "code": {"coding": [{**coded(LOINC, "93797-9")["coding"][0]}, {"code": []}]}}])
def test_given_any_json_in_fhir_shapes_when_read_then_nothing_is_raised(resources: list[dict[str, Any]]) -> None:
    """Hazard: one odd entry that costs a clinician the whole answer."""
    everything(resources)


@MANY
@given(st.integers(0, len(SEEDS) - 1), st.lists(st.integers(0, 7), min_size=1, max_size=6), ANY_JSON)
def test_given_a_sound_chart_with_one_value_replaced_when_read_then_nothing_is_raised(
    which: int, path: list[int], value: object
) -> None:
    chart = list(SEEDS)
    chart[which] = {**graft(chart[which], path, value), "resourceType": SEEDS[which]["resourceType"]}

    everything(chart)


LETTERS = "mycn alkF1174Lnotdetected;,.()?-+|\nnegative amplified without normal NA"


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=st.sampled_from(LETTERS), max_size=200), st.booleans())
def test_given_any_text_when_read_then_a_polarity_and_never_an_exception(
    text: str,
    asked: bool,
) -> None:
    topic = Topic(
        findings=frozenset({"amplified"}), subjects=frozenset({"mycn"}), others=frozenset({"alk"}), implied=asked,
        normal=frozenset({"normal"}), implied_subject=asked, changes=True,
    )  # fmt: skip

    assert read_text(text, topic).polarity in Polarity
    assert protein_changes(text) == tuple(dict.fromkeys(protein_changes(text)))


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=50))
def test_given_text_beyond_the_limit_when_read_then_it_does_not_count(tail: str) -> None:
    topic = Topic(findings=frozenset({"relapse"}))

    assert read_text(" " * MAX_LENGTH + tail + " relapse", topic).polarity is Polarity.SILENT
