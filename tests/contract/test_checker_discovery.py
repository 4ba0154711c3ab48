"""The judge of discovery is judged: every way to break it is caught, and named by its requirement."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.checker import RequirementError, check_discovery, template_problems

SERVICE = {
    "id": "relapse-workup",
    "hook": "patient-view",
    "title": "Work-up of a relapse",
    "description": "What is due",
    "version": "2.0.1",
    "usageRequirements": "FHIR R4",
    "prefetch": {
        "patient": "Patient/{{context.patientId}}",
        "labs": "Observation?patient={{context.patientId}}&category=laboratory&_count=200&_sort=-date",
        "variants": "Observation?patient={{context.patientId}}&code=http://loinc.org|69548-6,http://loinc.org|48676-1",
    },
}


def test_given_a_right_discovery_when_judged_then_nothing_is_found() -> None:
    check_discovery({"services": []})
    check_discovery({"services": [SERVICE, {**SERVICE, "id": "relapse-regimen"}]})
    bare = {
        name: member for name, member in SERVICE.items() if name not in {"prefetch", "version", "usageRequirements"}
    }
    check_discovery({"services": [bare]})


@pytest.mark.parametrize(
    ("requirement", "body"),
    [
        ("DISC-02", []),
        ("DISC-02", {"services": {}}),
        ("DISC-02", {"services": ["x"]}),
        ("DISC-04", {"services": [{**SERVICE, "hook": ""}]}),
        ("DISC-05", {"services": [{**SERVICE, "description": None}]}),
        ("DISC-06", {"services": [{**SERVICE, "id": 5}]}),
        ("DISC-06", {"services": [{**SERVICE, "id": "a b"}]}),
        ("DISC-07", {"services": [{**SERVICE, "title": " "}]}),
        ("DISC-08", {"services": [{**SERVICE, "prefetch": {}}]}),
        ("DISC-08", {"services": [{**SERVICE, "prefetch": ["x"]}]}),
        ("DISC-08", {"services": [{**SERVICE, "prefetch": {"x": 5}}]}),
        ("DISC-09", {"services": [{**SERVICE, "usageRequirements": ""}]}),
        ("DISC-10", {"services": [{**SERVICE, "version": "STU2"}]}),
        ("DISC-12", {"services": [SERVICE, SERVICE]}),
        ("TOK-02", {"services": [{**SERVICE, "prefetch": {"x": "Patient/{{context.patientId}"}}]}),
    ],
)
def test_given_a_broken_discovery_when_judged_then_the_requirement_is_named(requirement: str, body: Any) -> None:
    with pytest.raises(RequirementError, match=f"(?m)^{requirement}"):
        check_discovery(body)


@pytest.mark.parametrize(
    ("requirement", "template"),
    [
        ("DISC-08", ""),
        ("TOK-02", "Observation?patient={{today()}}"),
        ("TOK-02", "Observation?patient={{context.draftOrders.entry}}"),
        ("QRY-02", "Patient/{{context.patientId}}/$everything"),
        ("QRY-02", "Patient/{{context.patientId}}/_history"),
        ("QRY-02", "Patient/{{context.patientId}}/Observation"),
        ("QRY-02", "?patient={{context.patientId}}"),
        ("QRY-02", "Patient/{{context.patientId}}?_count=1"),
        ("QRY-03", "Observation?subject.name=x"),
        ("QRY-03", "Observation?_include=Observation:patient"),
        ("QRY-03", "Observation?_has:Group:member:_id=1"),
        ("QRY-04", "Observation?code:not=x"),
        ("QRY-05", "Observation?date=sa2020"),
        ("QRY-08", "Observation?date=ge2020&date=lt2021"),
    ],
)
def test_given_a_template_outside_the_subset_when_judged_then_the_requirement_is_named(
    requirement: str, template: str
) -> None:
    assert [problem for problem in template_problems(template) if problem.startswith(requirement)]


@pytest.mark.parametrize("template", [*SERVICE["prefetch"].values(), "Condition?code:in=http://x&date=ge2020"])  # type: ignore[union-attr,attr-defined]  # a dict
def test_given_a_template_inside_the_subset_when_judged_then_nothing_is_found(template: str) -> None:
    assert not list(template_problems(template))
