"""The options of a card in words: folded beside suggestions, whole for a client that shows text only."""

from __future__ import annotations

from cards.compose import compose
from cards.profiles import profile_named
from hooks.recommendation import (
    Barred,
    Caution,
    Figure,
    LicenceLine,
    MissingFact,
    NotOnRecord,
    Option,
    Shared,
    Standing,
    StudiedIn,
    ToConfirm,
    UsedFact,
)
from tests.unit.cards_samples import CALL, LABEL, PATHWAY, REVIEW, option, regimen, said

SPEC = profile_named("spec")
TEXT_ONLY = profile_named("text_only")


def detail(*options: Option, text_only: bool = False, **more: object) -> str:
    card = regimen(options=options, **more)
    return compose(said(card), CALL, PATHWAY, TEXT_ONLY if text_only else SPEC).cards[0].detail


def lines(*options: Option) -> list[str]:
    """The lines of the options section."""
    return detail(*options).partition("**Options**\n\n")[2].partition("\n\n")[0].split("\n")


def test_given_an_alternative_when_folded_then_one_line_has_name_standing_figure_reason_and_suggestion() -> None:
    shown = option("X", Standing.ALTERNATIVE, against=("first", "second"), drafts="plan from its protocol")

    assert lines(shown) == [
        "- **Regimen X** (alternative): ORR 41 % (n=53) (LABEL). Against: first. Plan from its protocol."
    ]


def test_given_a_folded_option_without_figure_when_said_then_what_speaks_for_it_stands_instead() -> None:
    shown = option("X", Standing.REFER, figures=(), why=("It is possible. (LABEL)", "more"), against=(), orders=())

    assert lines(shown) == ["- **Regimen X** (by referral to a specialist centre): It is possible. (LABEL)"]
    assert lines(option("Y", Standing.ALTERNATIVE, figures=(), why=(), against=(), orders=())) == [
        "- **Regimen Y** (alternative):"
    ]


def test_given_cautions_about_this_child_when_folded_then_all_of_them_stay() -> None:
    """Hazard: a caution is folded away."""
    shown = option("X", Standing.CAUTION, against=(Caution("Caution: kidney"), Caution("Caution: ear"), "also"))

    (line,) = lines(shown)

    assert line.endswith("Caution: kidney. Caution: ear.")
    assert "also" not in line


def test_given_what_the_chart_says_in_words_when_said_then_it_is_to_be_confirmed_and_speaks_against_nothing() -> None:
    """Hazard: a positive GD2 result read as a reason against the antibody."""
    gd2 = ToConfirm("GD2 on tumour cells: positive, from text, please confirm")
    confirm = "To confirm: GD2 on tumour cells: positive, from text"

    assert lines(option("X", Standing.ALTERNATIVE, figures=(), why=(), against=(gd2,), orders=())) == [
        f"- **Regimen X** (alternative): {confirm}."
    ]
    for text_only in (False, True):
        said_in_full = detail(option("X", Standing.PREFERRED, against=(gd2,)), text_only=text_only)
        assert f"  - {confirm}\n" in said_in_full
        assert "Against: GD2" not in said_in_full


def test_given_unsuitable_options_when_folded_then_those_of_one_reason_share_a_line() -> None:
    barred = Barred("Not suitable: progression")
    shown = lines(
        option("X", Standing.NOT_SUITABLE, against=(barred, "further")),
        option("Y", Standing.NOT_SUITABLE, against=(barred,)),
        option("Z", Standing.NOT_SUITABLE, against=(barred, Barred("Not suitable: allergy"))),
        option("V", Standing.NOT_SUITABLE, against=()),
    )

    assert shown == [
        "- Not suitable: progression: **Regimen X**; **Regimen Y**",
        "- Not suitable: progression; allergy: **Regimen Z**",
        "- Not suitable: **Regimen V**",
    ]


def test_given_checks_and_licences_of_several_options_when_said_then_each_stands_once() -> None:
    eu = LicenceLine.of("Licence in the EU: off-label; beta", "EU", "beta (LABEL)")
    us = LicenceLine.of("Licence in the US: licensed", "US", "licensed: X")
    shown = lines(
        option("X", Standing.PREFERRED, why=(us,), against=(eu, NotOnRecord.of(["GD2 absent", "GvHD"])), figures=()),
        option(
            "Y",
            Standing.ALTERNATIVE,
            against=(eu, NotOnRecord.of(["GvHD (a label)", "age: under 1"])),
            figures=(),
            why=(),
        ),
        option("Z", Standing.NOT_SUITABLE, against=(NotOnRecord.of(["unread"]),)),
    )

    assert shown == [
        "- **Regimen X** (preferred)",
        "  - Suggestion: Regimen X",
        "- **Regimen Y** (alternative):",
        "- Not suitable: Check, not on record: unread: **Regimen Z**",
        "- Not on record, check before the options that depend on it: GD2 absent; GvHD; age",
        "- Licence in the US: licensed: X",
        "- Licence in the EU: beta (LABEL)",
    ]


def test_given_first_choices_when_licences_are_said_then_only_theirs_are() -> None:
    one, other = (LicenceLine.of(f"Licence in the EU: {name}", "EU", name) for name in ("one", "other"))
    preferred = option("X", Standing.PREFERRED, against=(one,))
    alternative = option("Y", Standing.ALTERNATIVE, against=(other,))

    assert lines(preferred, alternative)[-1] == "- Licence in the EU: one"
    assert lines(alternative)[-1] == "- Licence in the EU: other"


def test_given_a_population_when_said_then_it_speaks_neither_for_nor_against() -> None:
    shown = option("X", Standing.PREFERRED, why=(StudiedIn("Studied in: adults"), "good"), orders=())

    assert "  - Studied in: adults\n  - For: good\n" in detail(shown)
    assert "Suggestion" not in detail(shown)


def test_given_text_only_when_said_then_nothing_is_folded() -> None:
    eu = LicenceLine.of("Licence in the EU: off-label; beta", "EU", "beta (LABEL)")
    shown = option("X", Standing.ALTERNATIVE, against=(eu, "second", NotOnRecord.of(["age"])), drafts="plan")

    assert detail(shown, text_only=True).startswith(
        "**Options**\n\n"
        "- **Regimen X** (alternative)\n"
        "  - For: speaks for X\n"
        "  - Against: Licence in the EU: off-label; beta\n"
        "  - Against: second\n"
        "  - Against: Check, not on record: age\n"
        "  - ORR 41 % (n=53) (LABEL)\n"
        "  - Draft: Plan X from its protocol. Start 2026-11-23. Fresh, frozen and fixed tissue.\n"
        "  - Evidence: REVIEW2026\n"
    )
    assert "Evidence" not in detail(option("X", Standing.TRIAL, evidence=(), figures=()), text_only=True)


def test_given_folded_options_when_cited_then_every_source_in_the_text_is_listed_with_its_address() -> None:
    shown = option("X", Standing.PREFERRED, why=("so (REVIEW2026)",), figures=(Figure(text="9 %", evidence=LABEL),))
    hidden = option("Y", Standing.ALTERNATIVE, evidence=("PAGE",))

    said_here = detail(shown, hidden, evidence=(REVIEW,)).partition("**Evidence**\n\n")[2].partition("\n\n")[0]

    assert said_here == (
        "- LABEL: Product label (not opened, quoted by REVIEW2026)\n"
        "- Abstract read: [REVIEW2026](https://doi.org/10.1016/S1%2818%292)"
    )
    assert "- Read: [PAGE](https://example.org/page)" in detail(
        shown, option("Z", Standing.TRIAL, why=("PAGE",)), evidence=("PAGE",)
    )


def test_given_facts_that_share_a_line_when_said_then_they_stand_together_where_the_first_stands() -> None:
    head = "No progression on record on"
    used = (
        UsedFact("a", "no", "A: no", shared=Shared(head, "a")),
        UsedFact("c", "c", "C: c"),
        UsedFact("d", "d", "D: d", shared=Shared("Only said elsewhere")),
        UsedFact("b", "no", "B: no", shared=Shared(head, "b")),
    )
    missing = (
        MissingFact("x", "not found", "X: not found", shared=Shared("Not found", "X")),
        MissingFact("y", "not found", "Y: not found", shared=Shared("Not found", "Y")),
    )

    written = detail(used=used, missing=missing)

    assert "**Read in the chart**\n\n- No progression on record on: a, b\n- C: c\n\n" in written
    assert "**Missing or too old**\n\n- Not found: X, Y\n\n" in written
