"""Every synthetic child through the whole server: with prefetch, and fetched from a FHIR server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import fhir_fixtures
from fhir_fixtures.server import create_fixture_server, running
from hooks.pathways.relapsed_neuroblastoma.pathway import PATHWAY
from hooks.pathways.relapsed_neuroblastoma.prefetch import TEMPLATES
from tests.contract.checker import check_json, check_response
from tests.integration.live import Live, live_server

SLUGS = [child.slug for child in fhir_fixtures.children()]
CHILDREN = [
    slug if number % 4 == 0 else pytest.param(slug, marks=pytest.mark.full) for number, slug in enumerate(SLUGS)
]
"""Every fourth child in the quick tests, all of them in the full ones."""
VIEWS = [service.id for service in PATHWAY.services if service.hook == "patient-view"]


@pytest.fixture(scope="module")
def whole() -> Iterator[Live]:
    """The server with its real pathway, on the day on which the children are written; it remembers nothing."""
    settings = {"as_of": fhir_fixtures.ANCHOR.isoformat(), "call_deadline_s": 20, "memory_days": 0}
    with live_server((PATHWAY,), **settings) as server:
        yield server


@pytest.fixture(scope="module")
def fhir_base() -> Iterator[str]:
    """A FHIR server with all children."""
    with running(create_fixture_server(fhir_fixtures.ANCHOR)) as url:
        yield f"{url}/fhir"


@pytest.mark.req("PF-03", "PF-05", "CARD-01", "CARD-02", "CARD-03", "CARD-05", "CARD-06")
@pytest.mark.parametrize("slug", CHILDREN)
def test_given_a_child_when_its_data_is_prefetched_or_fetched_then_the_cards_are_the_same(
    whole: Live, fhir_base: str, slug: str
) -> None:
    """Medications that orders only refer to are in no prefetch template; both calls say where they are to be had."""
    prefetched = fhir_fixtures.hook_request(slug, "patient-view", fhir_fixtures.ANCHOR, TEMPLATES)
    prefetched["fhirServer"] = fhir_base
    fetched = {name: value for name, value in prefetched.items() if name != "prefetch"}

    for service in VIEWS:
        answers = [whole.post(call, service) for call in (prefetched, fetched)]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        check_response(check_json(answers[0].content), prefetched, "spec")
