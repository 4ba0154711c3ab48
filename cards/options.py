"""The options of a card in words: the first choices in full, the others in a line or two, what they share said once.

Place in the flow: `cards.anatomy` draws the section with it. May not: leave out a reason that bars an option or a
caution about this child; what is folded here stays whole in `relapse-cds.basis`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cards.markdown import Markdown, bold, bullets, lines, text, words
from cards.orders import words_of_order
from hooks.recommendation import (
    Barred,
    Caution,
    Figure,
    LicenceLine,
    NotOnRecord,
    Option,
    Standing,
    StudiedIn,
    ToConfirm,
)

_STANDING_WORDS = {
    Standing.TRIAL: "clinical trial",
    Standing.PREFERRED: "preferred",
    Standing.ALTERNATIVE: "alternative",
    Standing.PROVISIONAL: "provisional, please confirm",
    Standing.CAUTION: "with caution",
    Standing.REFER: "by referral to a specialist centre",
    Standing.NOT_SUITABLE: "not suitable",
}
FIRST_CHOICES = frozenset({Standing.TRIAL, Standing.PREFERRED, Standing.PROVISIONAL})
"""Standings that are said in full."""

_CHOICES = FIRST_CHOICES - {Standing.TRIAL}
_BARRED = "Not suitable: "
_MOST_FIGURES = 2
"""Figures of one first choice; its knowledge file gives the most telling first."""

_SAID_ONCE = (LicenceLine, NotOnRecord)


def options_in_full(options: Iterable[Option]) -> Iterator[Markdown]:
    """Yield every option with all that is known of it, its orders in words."""
    for option in options:
        below = (
            *map(_reason, option.why),
            *(text(_contra(reason)) for reason in option.against),
            *(text(_figure(figure)) for figure in option.figures),
            *(text(f"Draft: {words_of_order(order)}") for order in option.orders),
            *((text(f"Evidence: {', '.join(option.evidence)}"),) if option.evidence else ()),
        )
        yield lines(_head(option), bullets(below))


def options_folded(options: Sequence[Option]) -> Iterator[Markdown]:
    """Yield the first choices in full, the others folded, the unsuitable by reason, then what several share."""
    for option in options:
        if option.standing in FIRST_CHOICES:
            yield lines(_head(option), bullets(_below(option)))
        elif option.standing is not Standing.NOT_SUITABLE:
            yield words(Markdown(f"{_head(option)}:"), text(_folded(option)))
    yield from _unsuitable(options)
    yield from _shared(options)


def _head(option: Option) -> Markdown:
    return words(bold(text(option.name)), text(f"({_STANDING_WORDS[option.standing]})"))


def _reason(reason: str) -> Markdown:
    return text(reason if isinstance(reason, StudiedIn) else f"For: {reason}")


def _contra(reason: str) -> str:
    if isinstance(reason, ToConfirm):
        return f"To confirm: {reason.removesuffix(', please confirm')}"
    return f"Against: {reason}"


def _figure(figure: Figure) -> str:
    return f"{figure.text} ({figure.evidence})"


def _below(option: Option) -> Iterator[Markdown]:
    yield from (_reason(reason) for reason in option.why if not isinstance(reason, _SAID_ONCE))
    yield from (text(_contra(reason)) for reason in _own(option.against))
    yield from (text(_figure(figure)) for figure in option.figures[:_MOST_FIGURES])
    if option.orders:
        yield text(f"Suggestion: {option.drafts or option.label or option.name}")


def _own(reasons: Iterable[str]) -> Iterator[str]:
    """Yield the reasons that only this option has."""
    return (reason for reason in reasons if not isinstance(reason, _SAID_ONCE))


def _folded(option: Option) -> str:
    """Return one figure, or else what speaks for it; every caution, or else the strongest against; the suggestion."""
    parts = [_figure(option.figures[0])] if option.figures else list(_own(option.why))[:1]
    own = list(_own(option.against))
    cautions = [reason for reason in own if isinstance(reason, Caution)]
    parts.extend(cautions)
    parts.extend(_contra(reason) for reason in own[:1] if not cautions)
    if option.drafts and option.orders:
        parts.append(f"{option.drafts[0].upper()}{option.drafts[1:]}")
    return " ".join(map(_ended, parts))


def _ended(part: str) -> str:
    """Return the part as a sentence; one whose source stands behind its full stop has ended."""
    has_ended = part.endswith(".") or (part.endswith(")") and ". (" in part)
    return part if has_ended else f"{part}."


def _unsuitable(options: Iterable[Option]) -> Iterator[Markdown]:
    """Yield one line per reason, or set of reasons, with the options that it bars."""
    by_reason: dict[str, list[str]] = {}
    for option in options:
        if option.standing is Standing.NOT_SUITABLE:
            barred = [reason.removeprefix(_BARRED) for reason in option.against if isinstance(reason, Barred)]
            reasons = "; ".join(barred or option.against)
            by_reason.setdefault(f"{_BARRED}{reasons}" if reasons else "Not suitable", []).append(option.name)
    for reason, names in by_reason.items():
        yield words(text(f"{reason}:"), Markdown("; ".join(bold(text(name)) for name in names)))


def _shared(options: Sequence[Option]) -> Iterator[Markdown]:
    """Yield the checks of all options and the licences of the first choices, or of all if there is none, each once."""
    suitable = [option for option in options if option.standing is not Standing.NOT_SUITABLE]
    against = [reason for option in suitable for reason in option.against]
    things = dict.fromkeys(_short(thing) for line in against if isinstance(line, NotOnRecord) for thing in line.things)
    if things:
        yield text(f"Not on record, check before the options that depend on it: {'; '.join(things)}")
    licences: dict[str, dict[str, None]] = {}
    chosen = [option for option in suitable if option.standing in _CHOICES] or suitable
    for line in (line for option in chosen for line in (*option.why, *option.against)):
        if isinstance(line, LicenceLine):
            licences.setdefault(line.where, {})[line.said] = None
    yield from (text(f"Licence in the {where}: {'; '.join(said)}") for where, said in licences.items())


def _short(thing: str) -> str:
    """Return what is to be checked without the explanation behind it."""
    return thing.partition(" (")[0].partition(": ")[0]
