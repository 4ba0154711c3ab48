"""What comes from a chart becomes harmless text, and stays readable."""

from __future__ import annotations

import pytest

from cards.markdown import Markdown, bold, bullets, document, lines, link, text, words
from cards.override_reasons import OVERRIDE_REASONS, override_reasons_for
from cards.plain import clean, plain, shorten, utf16_length
from hooks.errors import InvalidOutput
from hooks.recommendation import Indicator, Recommendation, RuleId, Topic
from tests.unit.cards_samples import regimen, workup


@pytest.mark.parametrize(
    "readable",
    [
        "MYCN: amplified, 12 copies (2026-09-18), MYCN/CEP2 ratio 6.5",
        "NM_004304.5(ALK):c.3522C>A p.Phe1174Leu, p.F1174L, p.(Arg1275Gln)",
        "weight 19 kg, < 20 kg, <5 %, >=3, ~5 cm, ~ 3 cm, 17.5 mg/m2/day",
        "i.v. on days 1-5; e.g. 10 mg/kg; R&D; 50 % & more; a/b; STOP!",
        "-3 degrees; +2; day -3",
        "\u00a7 5 \u2265 3 \u00b5g \u2013 na\u00efve \u5c0f\u513f",
    ],
)
def test_given_ordinary_chart_text_when_escaped_then_nothing_changes(readable: str) -> None:
    assert text(readable) == readable
    assert plain(readable) == readable


@pytest.mark.parametrize(
    ("hostile", "safe"),
    [
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("<!-- x --> <?php ?> ends <", "&lt;!-- x --> &lt;?php ?> ends &lt;"),
        ("![x](http://a.b/c) [y][z] [^1] [ ]", r"!\[x\](http:/ /a.b/c) \[y\]\[z\] \[^1\] \[ \]"),
        ("*a* **b** _c_ __d__ snake_case", r"\*a\* \*\*b\*\* \_c\_ \_\_d\_\_ snake_case"),
        ("~~gone~~ ~x~", r"\~\~gone\~\~ \~x\~"),
        ("`code` ```", r"\`code\` \`\`\`"),
        (r"\* \a \ ".strip(), r"\\\* \a \\"),
        ("&lt;b&gt; &#60; &amp", "&amp;lt;b&amp;gt; &amp;#60; &amp"),
        ("###### six", r"\###### six"),
        ("www.evil.com", "ww w.evil. com"),
        ("WWW.x", "WW W.x"),
        ("www", "ww w"),
        ("http://evil.com/x ftp://e.org //localhost", "http:/ /evil. com/x ftp:/ /e. org / /localhost"),
        ("mail jane.doe@example.org or mailto:a@b.co", "mail jane.doe @ example. org or mailto:a @ b. co"),
        ("stable.No change", "stable. No change"),
        ("# Title", r"\# Title"),
        ("####### seven", "####### seven"),
        ("> quoted", r"\> quoted"),
        ("- item", r"\- item"),
        ("+ item", r"\+ item"),
        ("---", r"\---"),
        ("===", r"\==="),
        ("12. item", r"12\. item"),
        ("1) item", r"1\) item"),
        ("1.com", r"1\. com"),
        ("a\nb\r\n\tc\u2028d\u00a0e", "a b c d e"),
        ("a\x00b\u202ec\u200bd\ud800e\ufefff\ue000g", "abcdefg"),
        ("  spaced   out  ", "spaced out"),
        ("", ""),
    ],
)
def test_given_hostile_chart_text_when_escaped_then_it_shows_as_characters(hostile: str, safe: str) -> None:
    assert text(hostile) == safe


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("<b>bold</b> and 3 < 5", "\u2039b>bold\u2039/b> and 3 < 5"),
        ("see www.evil.com\n", "see ww w.evil. com"),
        ("*stays*", "*stays*"),
    ],
)
def test_given_text_for_a_plain_member_when_made_then_no_tag_and_no_address_is_left(said: str, sent: str) -> None:
    assert plain(said) == sent


@pytest.mark.parametrize(
    ("long", "limit", "short"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one two, three", 10, "one two…"),
        ("onetwothree", 5, "onet…"),
        ("😀😀😀", 6, "😀😀😀"),
        ("😀😀😀", 5, "😀😀…"),
        ("😀😀😀", 4, "😀…"),
    ],
)
def test_given_a_limit_when_shortened_then_the_cut_is_between_words_and_never_inside_a_character(
    long: str, limit: int, short: str
) -> None:
    assert shorten(long, limit) == short
    assert utf16_length(short) <= limit


def test_given_a_very_long_text_when_cleaned_then_it_is_cut() -> None:
    assert utf16_length(clean("word " * 1_000_000)) <= 1000
    assert utf16_length(text("x" * 5000)) == 1000


def test_given_builders_when_used_then_only_their_own_elements_stand() -> None:
    drawn = document(
        (bold(text("Title")), bullets((lines(text("a"), bullets((text("b"), text("c")))), text(""))), text(""))
    )

    assert drawn == "**Title**\n\n- a\n  - b\n  - c"
    assert bold(Markdown("")) == ""
    assert words(text("a"), text(""), text("b")) == "a b"


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://doi.org/10.1016/S1470-2045(18)30578-3", "https://doi.org/10.1016/S1470-2045%2818%2930578-3"),
        ("http://example.org/a b?c=<d>&e=%20#f_g", "http://example.org/a%20b?c=%3Cd%3E&e=%20#f_g"),
    ],
)
def test_given_an_address_of_ours_when_linked_then_it_cannot_end_early(url: str, written: str) -> None:
    assert link("a ](b) [c]", url) == rf"[a \](b) \[c\]]({written})"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/path", "", "data:text/html,x", "https:///x"])
def test_given_no_absolute_address_when_linked_then_it_is_refused(url: str) -> None:
    with pytest.raises(InvalidOutput):
        link("x", url)


def test_given_the_reasons_when_read_then_they_are_nine_of_hl7_and_six_of_ours() -> None:
    hl7, ours = OVERRIDE_REASONS.lists

    assert hl7.system == "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes"
    assert [reason.code for reason in hl7.reasons] == [
        "patient-ineligible",
        "patient-contraindication",
        "indication-order-exists",
        "action-completed",
        "expert-contradicts",
        "risk-benefit-ratio",
        "need-more-info",
        "limited-time",
        "inappropriate-recipient",
    ]
    assert [reason.code for reason in ours.reasons] == [
        "on-trial",
        "tumour-board-differs",
        "drug-access",
        "family-preference",
        "prior-toxicity",
        "biopsy-not-feasible",
    ]


def test_given_a_card_when_it_recommends_or_warns_then_it_offers_the_reasons_of_its_topic() -> None:
    informs = Recommendation(topic=Topic.ORDER_SAFETY, rule=RuleId("r"), summary="s")
    warns = Recommendation(topic=Topic.ORDER_SAFETY, rule=RuleId("r"), summary="s", indicator=Indicator.WARNING)

    codes = {
        name: {reason.code for reason in override_reasons_for(recommendation)}
        for name, recommendation in {
            "informs": informs,
            "warns": warns,
            "workup": workup(),
            "regimen": regimen(),
        }.items()
    }

    assert codes["informs"] == set()
    assert {"drug-access", "on-trial"} <= codes["warns"]
    assert "biopsy-not-feasible" in codes["workup"]
    assert "drug-access" not in codes["workup"]
    assert "biopsy-not-feasible" not in codes["regimen"]
    assert "drug-access" in codes["regimen"]
