"""The head of a regimen card: at most three lines that a reader with little time needs.

Place in the flow: `regimen_card` puts it before everything else. May not: say what the options below do not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hooks.facts.fact import Why
from hooks.pathways.relapsed_neuroblastoma.rules.saying import NAMES, in_sentence
from hooks.recommendation import MissingFact, Option, Standing

_MOST_NAMED = 4
_REASONS = {
    str(Why.NOT_FOUND): "not on record",
    str(Why.STALE): "not of current tissue",
    str(Why.UNTIMED): "perhaps not of current tissue",
    "conflicting": "sources disagree",
}
_USUAL = (Standing.ALTERNATIVE, Standing.CAUTION, Standing.REFER)


def head_of(options: Sequence[Option], missing: Iterable[MissingFact]) -> tuple[str, ...]:
    """Return the trials, the first choices, and what must be known before one of them is taken."""
    return tuple(line for line in (_trials(options), _choices(options), _to_know(missing)) if line)


def _trials(options: Sequence[Option]) -> str:
    names = _names(options, Standing.TRIAL)
    return f"Trials to check first: {_listed(names)}." if names else ""


def _choices(options: Sequence[Option]) -> str:
    return " ".join(_choice_sentences(options))


def _choice_sentences(options: Sequence[Option]) -> Iterator[str]:
    preferred, provisional = _names(options, Standing.PREFERRED), _names(options, Standing.PROVISIONAL)
    if preferred:
        yield f"First choices: {_listed(preferred)}."
    if provisional:
        yield f"Provisional, to be confirmed: {_listed(provisional)}."
    if not preferred:
        yield from _without_preferred(options)


def _without_preferred(options: Sequence[Option]) -> Iterator[str]:
    """Yield the best standing there is, where nothing is preferred."""
    words = {
        Standing.ALTERNATIVE: "No single first choice; alternatives",
        Standing.CAUTION: "Each with caution",
        Standing.REFER: "By referral only",
    }
    for standing in _USUAL:
        if names := _names(options, standing):
            yield f"{words[standing]}: {_listed(names)}."
            return


def _to_know(missing: Iterable[MissingFact]) -> str:
    """Return the missing facts by reason ("ALK, GD2 on tumour cells (not on record); MYCN (on current tissue)")."""
    by_reason: dict[str, dict[str, None]] = {}
    for gap in missing:
        by_reason.setdefault(_REASONS.get(gap.why, gap.why), {})[in_sentence(NAMES[gap.fact])] = None
    said = "; ".join(f"{', '.join(names)} ({reason})" for reason, names in by_reason.items())
    return f"To know first: {said}." if said else ""


def _names(options: Sequence[Option], standing: Standing) -> tuple[str, ...]:
    return tuple(option.name for option in options if option.standing is standing)


def _listed(names: Sequence[str]) -> str:
    more = f"; and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"{'; '.join(names[:_MOST_NAMED])}{more}"
