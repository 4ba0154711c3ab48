"""A FHIR server that refuses once: what is asked again, when, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.fake_ehr import FakeEHR, Reply
from tests.integration.live import Live, live_server
from tests.unit.toy_pathway import a_bundle, a_call, a_condition, a_full_prefetch, an_observation

GRANTED = a_bundle(an_observation())
SECOND = {"Retry-After": "1"}


def asking(ehr: FakeEHR, missing: str = "labs") -> dict[str, Any]:
    prefetch = {key: value for key, value in a_full_prefetch().items() if key != missing}
    return a_call(prefetch=prefetch, fhirServer=ehr.base)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_given_a_gateway_with_nobody_behind_it_when_asked_again_then_its_answer_counts(
    live: Live, ehr: FakeEHR, status: int
) -> None:
    ehr.answer("Observation", Reply({}, status), GRANTED)

    assert "labs:present" in live.summary(asking(ehr))


@pytest.mark.parametrize("status", [429, 503])
def test_given_a_server_that_asks_to_wait_when_there_is_time_then_it_is_asked_once_more(
    ehr: FakeEHR, status: int
) -> None:
    ehr.answer("Observation", Reply({}, status, SECOND), GRANTED)

    with live_server(call_deadline_s=10) as live:
        assert "labs:present" in live.summary(asking(ehr))


@pytest.mark.parametrize(
    "reply",
    [
        Reply({}, 400),
        Reply({}, 401),
        Reply({}, 403, {"Retry-After": "0"}),
        Reply({}, 404),
        Reply({}, 429),
        Reply({}, 429, {"Retry-After": "-1"}),
        Reply({}, 500),
        Reply({}, 503, {"Retry-After": "60"}),
        Reply({}, 503, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}),
    ],
)
def test_given_any_other_refusal_when_it_was_answered_then_nobody_is_asked_again(
    live: Live, ehr: FakeEHR, reply: Reply
) -> None:
    ehr.answer("Observation", reply, GRANTED)

    assert "labs:failed" in live.summary(asking(ehr))
    assert len(ehr.asked) == 1


def test_given_a_server_that_stays_away_when_asked_again_then_that_was_the_last_time(live: Live, ehr: FakeEHR) -> None:
    ehr.answer("Observation", Reply({}, 503), Reply({}, 503), GRANTED)

    assert "labs:failed" in live.summary(asking(ehr))
    assert len(ehr.asked) == 2


def test_given_a_server_without_page_sizes_when_it_refuses_one_then_the_bare_search_is_asked(
    live: Live, ehr: FakeEHR
) -> None:
    """Hazard: a site whose server knows no _count, or none so large, never sees a card."""
    ehr.answer("Condition?patient=p1&_count=100", Reply({}, 400))
    ehr.answer("Condition?patient=p1", a_bundle(a_condition()))

    assert "conditions:present" in live.summary(asking(ehr, "conditions"))
    assert ehr.paths() == ["Condition?patient=p1&_count=100", "Condition?patient=p1"]


def test_given_a_further_page_that_is_refused_when_it_holds_a_page_size_then_no_other_page_is_asked(
    live: Live, ehr: FakeEHR
) -> None:
    link = [{"relation": "next", "url": f"{ehr.base}/Condition?patient=p1&_count=100&page=2"}]
    ehr.answer("Condition", {**a_bundle(a_condition()), "link": link}, Reply({}, 400))

    assert live.post(asking(ehr, "conditions")).status_code == 200
    assert len(ehr.asked) == 2
