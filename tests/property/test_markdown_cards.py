"""Hazard: something odd in a chart costs a clinician the cards, or breaks them.

Whatever stands in the strings of a recommendation, every profile says it as a response in which the
independent checker finds nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.compose import compose
from cards.profiles import PROFILE_NAMES, profile_named
from hooks.facts.fact import Confidence
from hooks.recommendation import MissingFact, Standing, UsedFact
from tests.contract.checker import check_json, check_response
from tests.unit.cards_samples import CALL, PATHWAY, drug_order, option, regimen, said, service_order, workup

ODD = [
    *("<img src=x onerror=alert(1)>", "</p><iframe srcdoc=x>", "http://evil.com", "www.x.y", "[a](http://b.co)"),
    *(
        "![x](//y.zz)",
        "| a | b |\n|---|---|",
        "# t\n- [ ] x",
        "\ud800",
        "\x00",
        "\u202e",
        "a@b.co",
        "x" * 2000,
        "😀" * 300,
    ),
    *("word " * 300, "\n\n\n", "`x`", "_", "*", "null", "\\"),
]
chart = st.one_of(st.sampled_from(ODD), st.text(max_size=30)).map(lambda text: f"T{text}")
anything = st.one_of(chart, st.sampled_from(ODD), st.text(max_size=10))


@pytest.mark.parametrize("name", PROFILE_NAMES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_given_odd_strings_everywhere_when_composed_then_the_checker_finds_nothing(
    name: str, data: st.DataObject
) -> None:
    said_by = lambda: data.draw(chart)  # noqa: E731  # short, used in every line below
    order = service_order(text=said_by(), label=said_by(), note=data.draw(anything), reason=(data.draw(anything),))
    drug = drug_order(text=said_by(), label=said_by(), dosage_text=data.draw(anything), supporting=(said_by(),))
    used = UsedFact("mycn", data.draw(anything), said_by(), Confidence.TEXT, date(2026, 1, 2), (data.draw(anything),))
    first = workup(
        summary=said_by(),
        why_now=(data.draw(anything),),
        used=(used,),
        missing=(MissingFact("gd2", said_by(), said_by(), (data.draw(anything),)),),
        orders=(order, drug),
        points=(data.draw(anything), data.draw(anything)),
        would_change_if=(said_by(),),
        subject=data.draw(anything),
    )
    options = (
        option(said_by(), Standing.CAUTION, name=said_by(), why=(said_by(),), against=(data.draw(anything),)),
        option("TEMIRI", Standing.ALTERNATIVE, label=said_by(), orders=(drug, drug, order)),
    )
    second = regimen(summary=said_by(), options=options, not_when=(data.draw(anything),))
    call = replace(CALL, hook_instance=data.draw(anything) or "x")

    raw = compose(said(first, second), call, PATHWAY, profile_named(name)).to_json()

    body = check_json(raw.encode("utf-8"))
    check_response(body, {"hook": "patient-view", "context": {"patientId": "child-1"}}, name)
    for card in body["cards"]:
        assert "<img" not in card["detail"]
        assert "<if" not in card["summary"]
        assert len(card["detail"]) < 100_000
