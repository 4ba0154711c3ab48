"""What prefetch lacks is fetched from the EHR's FHIR server: what is asked, with which token, and when not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.fake_ehr import FakeEHR, Reply, fake_ehr
from tests.integration.live import Live, live_server
from tests.unit.toy_pathway import a_bundle, a_call, a_condition, a_full_prefetch, a_patient, an_observation

OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}


def without(*keys: str) -> dict[str, Any]:
    return {key: value for key, value in a_full_prefetch().items() if key not in keys}


def fetching(ehr: FakeEHR, prefetch: dict[str, Any], **more: Any) -> dict[str, Any]:
    authorization = {"access_token": "token-1", "token_type": "Bearer", "expires_in": 300, "scope": "x", "subject": "y"}
    return a_call(prefetch=prefetch, fhirServer=ehr.base, fhirAuthorization=authorization, **more)


@pytest.mark.req("PF-01", "PF-13", "FHIR-01")
def test_given_a_missing_key_when_a_fhir_server_is_named_then_exactly_its_query_is_asked(
    live: Live, ehr: FakeEHR
) -> None:
    ehr.answer("Observation", a_bundle(an_observation(1), an_observation(2)))

    summary = live.summary(fetching(ehr, without("labs")))

    assert "Observation=2" in summary
    assert ehr.paths() == ["Observation?patient=p1&category=laboratory"]


@pytest.mark.req("PF-03")
def test_given_no_prefetch_at_all_when_everything_is_fetched_then_the_answer_is_that_of_full_prefetch(
    live: Live, ehr: FakeEHR
) -> None:
    ehr.answer("Patient/p1", a_patient())
    ehr.answer("Condition", a_bundle(a_condition()))
    ehr.answer("Observation", a_bundle(an_observation()))

    fetched = live.post(fetching(ehr, {})).json()
    prefetched = live.post(a_call()).json()

    assert fetched == prefetched
    assert len(ehr.paths()) == 4


def test_given_a_silent_gate_when_other_keys_are_missing_then_only_conditions_are_asked_for(
    live: Live, ehr: FakeEHR
) -> None:
    ehr.answer("Condition", a_bundle(a_condition("measles")))

    answer = live.post(fetching(ehr, {}))

    assert answer.json() == {"cards": []}
    assert ehr.paths() == ["Condition?patient=p1&_count=100"]


@pytest.mark.req("FHIR-02", "FHIR-03")
def test_given_an_access_token_when_pages_are_followed_then_every_request_carries_it(live: Live, ehr: FakeEHR) -> None:
    link = [{"relation": "next", "url": f"{ehr.base}/Observation?page=2"}]
    ehr.answer("Observation?patient", {**a_bundle(an_observation(1)), "link": link})
    ehr.answer("Observation?page=2", a_bundle(an_observation(2)))

    summary = live.summary(fetching(ehr, without("labs", "orders")))

    assert "Observation=2" in summary
    assert {asked.headers["Authorization"] for asked in ehr.asked} == {"Bearer token-1"}


def test_given_no_authorization_when_the_server_is_asked_then_no_token_of_an_earlier_call_is_sent(
    live: Live, ehr: FakeEHR
) -> None:
    live.post(fetching(ehr, without("labs")))

    live.post(a_call(prefetch=without("labs"), fhirServer=ehr.base))

    assert ["Authorization" in asked.headers for asked in ehr.asked] == [True, False]


def test_given_a_token_with_bearer_in_front_when_the_server_is_asked_then_it_stands_there_once(
    live: Live, ehr: FakeEHR
) -> None:
    call = fetching(ehr, without("labs"))
    call["fhirAuthorization"]["access_token"] = "Bearer token-2"

    live.post(call)

    assert ehr.asked[0].headers["Authorization"] == "Bearer token-2"


def test_given_cookies_when_the_server_sets_them_then_they_are_not_sent_back(live: Live, ehr: FakeEHR) -> None:
    ehr.answer("Observation", Reply(a_bundle(an_observation()), headers={"Set-Cookie": "who=p1; Path=/"}))
    live.post(fetching(ehr, without("labs")))

    live.post(fetching(ehr, without("labs")))

    assert all("Cookie" not in asked.headers for asked in ehr.asked)


@pytest.mark.req("PF-11", "PF-12")
@pytest.mark.parametrize(
    ("value", "state"),
    [(None, "empty"), ({"resourceType": "Bundle", "total": 0}, "empty"), (OUTCOME, "failed")],
    ids=["null", "empty bundle", "error outcome"],
)
def test_given_a_key_that_was_answered_when_it_holds_nothing_then_the_server_is_not_asked_again(
    live: Live, ehr: FakeEHR, value: object, state: str
) -> None:
    summary = live.summary(fetching(ehr, {**a_full_prefetch(), "labs": value}))

    assert f"labs:{state}" in summary
    assert ehr.paths() == []


@pytest.mark.req("PF-07")
def test_given_a_prefetched_page_with_a_next_link_when_the_server_may_be_asked_then_the_rest_is_fetched(
    live: Live, ehr: FakeEHR
) -> None:
    page = {**a_bundle(an_observation(1)), "link": [{"relation": "next", "url": f"{ehr.base}?_getpages=abc"}]}
    ehr.answer("", a_bundle(an_observation(2)))

    summary = live.summary(fetching(ehr, {**a_full_prefetch(), "labs": page}))

    assert "Observation=2" in summary
    assert "labs:present" in summary


def test_given_conditions_on_two_pages_when_the_second_names_the_disease_then_the_gate_passes(
    live: Live, ehr: FakeEHR
) -> None:
    link = [{"relation": "next", "url": f"{ehr.base}/Condition?page=2"}]
    first = {**a_bundle(a_condition("measles", number=1)), "link": link}
    ehr.answer("Condition?page=2", a_bundle(a_condition("toy", number=2)))

    summary = live.summary(fetching(ehr, {**a_full_prefetch(), "conditions": first}))

    assert "Condition=2" in summary


@pytest.mark.parametrize("elsewhere", ["http://127.0.0.1:9/fhir", "other-path", "up"])
def test_given_a_next_link_that_leaves_the_base_when_pages_are_followed_then_it_is_not_and_the_key_is_truncated(
    live: Live, ehr: FakeEHR, elsewhere: str
) -> None:
    """Hazard: the access token reaches a server that it was not meant for."""
    url = {
        "other-path": ehr.base.replace("/fhir", "/admin"),
        "up": f"{ehr.base}/../admin",
    }.get(elsewhere, elsewhere)
    ehr.answer("Observation", {**a_bundle(an_observation()), "link": [{"relation": "next", "url": url}]})

    summary = live.summary(fetching(ehr, without("labs")))

    assert "labs:truncated" in summary
    assert len(ehr.asked) == 1


@pytest.mark.req("PRIV-02")
@pytest.mark.parametrize(
    "link", ["../admin", "/admin", "//127.0.0.1:9/fhir", "Patient/../../admin", "..;/admin", "\\\\x\\y"]
)
def test_given_a_prefetched_next_link_that_leaves_the_base_when_it_is_read_then_nobody_is_asked(
    live: Live, ehr: FakeEHR, link: str
) -> None:
    """Hazard: on a host of several hospitals, the body of a call carries its token to another one's address."""
    page = {**a_bundle(an_observation()), "link": [{"relation": "next", "url": link}]}

    summary = live.summary(fetching(ehr, {**a_full_prefetch(), "labs": page}))

    assert "labs:truncated" in summary
    assert ehr.asked == []


@pytest.mark.parametrize("token", ["a\r\nX-Who: y", "a\x00b", "a\u2028x", "t\u00f6k"])
def test_given_a_token_that_no_header_can_hold_when_data_is_missing_then_nobody_is_asked(
    live: Live, ehr: FakeEHR, token: str
) -> None:
    call = {**fetching(ehr, without("labs")), "fhirAuthorization": {"access_token": token}}

    assert "labs:missing" in live.summary(call)
    assert ehr.asked == []


def test_given_a_loop_of_next_links_when_pages_are_followed_then_each_is_asked_once(live: Live, ehr: FakeEHR) -> None:
    link = [{"relation": "next", "url": f"{ehr.base}/Observation?page=2"}]
    ehr.answer("Observation", {**a_bundle(an_observation()), "link": link})

    summary = live.summary(fetching(ehr, without("labs")))

    assert "labs:truncated" in summary
    assert len(ehr.asked) == 2


def test_given_more_pages_than_the_limit_when_they_are_read_then_the_key_is_truncated(ehr: FakeEHR) -> None:
    pages = [
        {**a_bundle(an_observation(n)), "link": [{"relation": "next", "url": f"{ehr.base}/Observation?page={n}"}]}
        for n in range(9)
    ]
    ehr.answer("Observation", *pages)

    with live_server(fhir_page_limit=3) as live:
        summary = live.summary(fetching(ehr, without("labs")))

    assert "Observation=3" in summary
    assert "labs:truncated" in summary


@pytest.mark.parametrize("server", ["http://192.0.2.1/fhir", "https://ehr.example.org", "ftp://127.0.0.1/", "nonsense"])
def test_given_a_fhir_server_that_may_not_be_used_when_data_is_missing_then_it_is_as_if_it_were_absent(
    live: Live, server: str
) -> None:
    optional = live.summary(a_call(prefetch=without("labs"), fhirServer=server))
    required = live.post(a_call(prefetch=without("patient"), fhirServer=server))

    assert "labs:missing" in optional
    assert required.status_code == 412


def test_given_a_base_that_the_settings_list_when_a_call_names_it_then_it_is_asked(ehr: FakeEHR) -> None:
    base = ehr.base.replace("127.0.0.1", "localhost")

    with live_server(fhir_servers=(base,)) as live:
        live.post(a_call(prefetch=without("labs"), fhirServer=f"{base}/"))

    assert ehr.paths() == ["Observation?patient=p1&category=laboratory"]


def test_given_a_redirect_to_another_server_when_it_is_answered_then_that_server_is_never_asked(
    live: Live, ehr: FakeEHR
) -> None:
    """Hazard: the access token reaches a server that it was not meant for."""
    with fake_ehr() as other:
        ehr.answer("Observation", Reply({}, 302, {"Location": f"{other.base}/Observation"}))

        summary = live.summary(fetching(ehr, without("labs")))

    assert "labs:failed" in summary
    assert other.asked == []


def test_given_a_proxy_and_a_netrc_of_the_account_when_data_is_fetched_then_neither_is_used(
    live: Live, ehr: FakeEHR, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Hazard: the access token passes through, or is replaced by, something that nobody registered."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with fake_ehr() as proxy:
        monkeypatch.setenv("http_proxy", proxy.base.removesuffix("/fhir"))

        live.post(fetching(ehr, without("labs")))

    assert [asked.headers["Authorization"] for asked in ehr.asked] == ["Bearer token-1"]
    assert proxy.asked == []
