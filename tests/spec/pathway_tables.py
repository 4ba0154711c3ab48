"""The tables of the pathway's README: settings, regimens, gates, trials, supportive care, sources, what stays open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hooks.knowledge import Access, Citation
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import Engineering
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import Regimen, Status
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import Routine

_LIBRARY = KNOWLEDGE.regimens
_STATUS = {
    Status.SUGGEST: "option",
    Status.TRIAL_ONLY: "in a trial only",
    Status.SPECIALIST_CENTRE: "refer to a specialist centre",
    Status.DO_NOT_SUGGEST: "never offered; named where the chart asks",
}
_ACCESS = {
    Access.FULL: "whole text",
    Access.SECTIONS: "sections",
    Access.TABLE: "a table",
    Access.ABSTRACT: "abstract",
    Access.EXCERPT: "excerpt",
    Access.QUOTED: "not opened",
}


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = tuple(head)
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def settings() -> str:
    """Return the engineering choices with values and reasons."""
    intro = "Thresholds that no source gives: this project's own choice, in `knowledge/engineering.yaml` alone.\n\n"
    choices = ((name, getattr(KNOWLEDGE.engineering, name)) for name in Engineering.model_fields)
    rows = ((f"`{name}`", str(choice.value), choice.why) for name, choice in choices)
    return intro + _table(("setting", "value", "why"), rows)


def _draftable(regimen: Regimen) -> str:
    schedule = regimen.draft_schedule
    return f"draft orders, {schedule.name}" if schedule else "plan from the protocol"


def regimens() -> str:
    """Return every regimen: what it is, how it may be offered, what its evidence is, where it is licensed."""
    intro = (
        "Orders are drafted only where dose, route and days of every anticancer drug were read in a source; of every "
        "other option the card asks to plan it from its protocol, or to refer.\n\n"
    )
    rows = (
        (
            f"`{key}`",
            regimen.name,
            ", ".join(regimen.phases),
            _STATUS[regimen.status],
            _draftable(regimen) if regimen.status is Status.SUGGEST else "-",
            regimen.evidence,
            regimen.approvals.EU.text,
            regimen.approvals.US.text,
            ", ".join(regimen.citations),
        )
        for key, regimen in _LIBRARY.regimens.items()
    )
    head = ("id", "regimen", "phases", "standing at most", "orders", "best evidence", "EU", "US", "sources")
    return intro + _table(head, rows)


def gates() -> str:
    """Return every gate with the regimens that it blocks or makes cautious."""
    used = _LIBRARY.gates.items()
    rows = (
        (
            gate.words,
            ", ".join(key for key, value in used if code in value.block) or "-",
            ", ".join(key for key, value in used if code in value.caution) or "-",
            ", ".join(trial.name for trial in _LIBRARY.trials if code in trial.doubts) or "-",
            gate.basis,
            gate.citation or "no source",
        )
        for code, gate in _LIBRARY.gate_codes.items()
    )
    return _table(("gate", "blocks", "asks for caution", "speaks against the trial", "basis", "source"), rows)


def trials() -> str:
    """Return the trials as they were read."""
    intro = "As read; every card asks to verify the status. A stopped or closed trial is never offered.\n\n"
    rows = (
        (
            f"[{trial.registry_id}]({trial.verify_url})",
            trial.name,
            trial.population,
            ", ".join(trial.phases) or "-",
            trial.status,
            trial.checked_on,
            trial.citation,
        )
        for trial in _LIBRARY.trials
    )
    return intro + _table(("registry", "trial", "for", "phases", "status read", "read", "source"), rows)


def supportive_care() -> str:
    """Return what every course needs, by drug; what is conditional is counted."""
    rows = []
    for agent, items in KNOWLEDGE.supportive.order_sets.items():
        needed = [item for item in items if item.routine is Routine.NEEDED]
        rows += [(agent, item.name, item.timing, item.why, ", ".join(item.sources)) for item in needed]
    intro = (
        "Needed are the items that every course requires by the words of the source. Conditional items (as needed, "
        "rescue, on fever) are named on the card and never counted as missing.\n\n"
    )
    return intro + _table(("drug", "needed", "when", "why it counts as needed", "sources"), rows)


def _title(citation: Citation) -> str:
    return f"[{citation.title}]({citation.link})" if citation.link else citation.title


def sources() -> str:
    """Return every source with how far it was read."""
    rows = (
        (
            citation.id,
            _title(citation),
            str(citation.year or ""),
            f"{_ACCESS[citation.access]}{f', quoted by {citation.via}' if citation.via else ''}",
        )
        for citation in sorted(KNOWLEDGE.citations.values(), key=lambda item: item.id.lower())
    )
    return _table(("id", "source", "year", "read"), rows)


def _undosed() -> Iterator[str]:
    for key, regimen in _LIBRARY.regimens.items():
        if not regimen.schedules:
            yield f"`{key}`: no schedule was read"
        for schedule in regimen.schedules:
            if unread := dict.fromkeys(part.name for part in schedule.components if not part.verified):
                yield f"`{key}`, {schedule.name}: {', '.join(unread)}"


def _disputed() -> Iterator[str]:
    for rules in (*KNOWLEDGE.supportive.safety.values(), KNOWLEDGE.supportive.interactions):
        for rule in rules:
            if rule.other_side:
                sides = f"{rule.says} ({', '.join(rule.sources)}); {rule.other_side} ({', '.join(rule.other_sources)})"
                yield f"{rule.agent}: {sides}"


def open_questions() -> str:
    """Return what the sources leave open, and what the server does there."""
    unsourced = (gate.words for gate in _LIBRARY.gate_codes.values() if gate.citation is None)
    quoted = (
        f"{citation.id} (by {citation.via})"
        for citation in KNOWLEDGE.citations.values()
        if citation.access is Access.QUOTED
    )
    abstracts = [citation.id for citation in KNOWLEDGE.citations.values() if citation.access is Access.ABSTRACT]
    parts = (
        (
            "Doses that no opened source states. They stay empty, and no order is drafted from such a schedule",
            _undosed(),
        ),
        ("Sources that disagree. Both sides stand on the card", _disputed()),
        ("Gates without a source. They are definitions of this project, and say so", unsourced),
        ("Sources that were not opened themselves, and the opened source that quotes each", quoted),
        (f"Read as an abstract only ({len(abstracts)})", (", ".join(abstracts),)),
    )
    return "\n".join(f"**{title}.**\n\n{_bullets(lines)}" for title, lines in parts)


def _bullets(lines: Iterable[str]) -> str:
    return "".join(f"- {line}\n" for line in lines)


PARTS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Regimens", regimens),
    ("Gates", gates),
    ("Trials", trials),
    ("Supportive care that every course needs", supportive_care),
    ("Settings", settings),
    ("What the sources leave open", open_questions),
    ("Sources", sources),
)
"""Title and writer of each part, in order."""
