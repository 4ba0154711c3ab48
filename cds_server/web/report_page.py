"""The report as one HTML page: tables with bars, no script, nothing from another place.

Place in the flow: `cds_server.web.report` serves it. May not: decide what is counted, or let a word through unescaped.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from cards.override_reasons import OVERRIDE_REASONS
from cds_server.store.memory import OTHER_REASON
from cds_server.store.report import NO_REASON, Report, ReportRow, reasons_of

STYLE = """
:root { --ink: #16202c; --soft: #4b5a6b; --line: #d5dde6; --ground: #f3f6f9; --accepted: #1c6b3a;
  --overridden: #b4600a; --unanswered: #b9c5d1;
  font-family: system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem clamp(1rem, 3vw, 2rem); background: var(--ground);
  color: var(--ink); line-height: 1.5; }
h1 { font-size: 1.4rem; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1rem; margin: 0 0 .5rem; }
p { margin: .2rem 0 0; color: var(--soft); }
section { background: #fff; border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.1rem;
  margin-top: 1rem; }
dl { display: flex; flex-wrap: wrap; gap: .6rem 2.4rem; margin: 0; }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
dd small { font-size: .85rem; color: var(--soft); }
.key { display: inline-block; width: .7rem; height: .7rem; border-radius: .15rem; margin-right: .35rem; }
.accepted { background: var(--accepted); fill: var(--accepted); }
.overridden { background: var(--overridden); fill: var(--overridden); }
.unanswered { background: var(--unanswered); fill: var(--unanswered); }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th { text-align: left; font-weight: 500; padding: .25rem .6rem .25rem 0; }
thead th { color: var(--soft); font-size: .82rem; border-bottom: 1px solid var(--line); }
tbody th { width: 15rem; overflow-wrap: anywhere; }
td { padding: .25rem 0 .25rem .6rem; text-align: right; font-variant-numeric: tabular-nums; width: 5.5rem; }
td.plot, th.plot { width: auto; padding-left: 0; text-align: left; }
thead th.number { text-align: right; padding-right: 0; }
svg { display: block; width: 100%; height: 1rem; }
@media (max-width: 44rem) { td.plot, th.plot { display: none; } tbody th { width: auto; } }
"""

POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy under which the page is sent: this style and nothing else."""

_REASON_WORDS = {
    **{reason.code: reason.display for listed in OVERRIDE_REASONS.lists for reason in listed.reasons},
    OTHER_REASON: "A reason of the client's own",
    NO_REASON: "No reason given",
}


@dataclass(frozen=True, slots=True)
class _Counts:
    accepted: int = 0
    overridden: int = 0
    unanswered: int = 0

    @property
    def shown(self) -> int:
        return self.accepted + self.overridden + self.unanswered

    def plus(self, row: ReportRow) -> _Counts:
        return _Counts(self.accepted + row.accepted, self.overridden + row.overridden, self.unanswered + row.unanswered)


def page_of(report: Report, client: str, days: int) -> str:
    """Return the page about the cards that one client was shown in the last so many days."""
    total = _total(report.rows)
    sections = [
        _section("By service", _grouped(report.rows, lambda row: row.service)),
        _section("By topic", _grouped(report.rows, lambda row: row.topic)),
        _section("By week (ISO, UTC)", _grouped(report.rows, lambda row: row.week)),
        _reasons(report.rows),
    ]
    body = "".join(sections) if total.shown else "<section><p>No card was shown in this time.</p></section>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>What became of the cards</title><style>{STYLE}</style></head><body>"
        f"<h1>What became of the cards</h1><p>Shown to {escape(client)} in the last {days} days. No patient data: "
        "only which card, when, and how it was answered.</p>"
        f"<section>{_totals(total)}</section>{body}"
        "<p>A card counts once, by its last answer. Clients do not report cards that nobody answered. "
        f"Answers to cards that are not on record: {report.unknown_cards}.</p></body></html>"
    )


def _total(rows: Iterable[ReportRow]) -> _Counts:
    total = _Counts()
    for row in rows:
        total = total.plus(row)
    return total


def _grouped(rows: Sequence[ReportRow], key: Callable[[ReportRow], str]) -> list[tuple[str, _Counts]]:
    groups: dict[str, _Counts] = {}
    for row in rows:
        groups[key(row)] = groups.get(key(row), _Counts()).plus(row)
    return sorted(groups.items())


def _totals(total: _Counts) -> str:
    figures = [
        ("", "Shown", total.shown),
        ("accepted", "Accepted", total.accepted),
        ("overridden", "Overridden", total.overridden),
        ("unanswered", "No answer", total.unanswered),
    ]
    return f"<dl>{''.join(_figure(kind, words, count, total.shown) for kind, words, count in figures)}</dl>"


def _figure(kind: str, words: str, count: int, shown: int) -> str:
    key = f'<span class="key {kind}"></span>' if kind else ""
    share = f" <small>{100 * count / shown:.0f} %</small>" if kind and shown else ""
    return f"<div><dt>{key}{words}</dt><dd>{count}{share}</dd></div>"


def _section(title: str, groups: Sequence[tuple[str, _Counts]]) -> str:
    most = max((counts.shown for _, counts in groups), default=0)
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td class="plot">{_bar(counts, most)}</td><td>{counts.shown}</td>'
        f"<td>{counts.accepted}</td><td>{counts.overridden}</td><td>{counts.unanswered}</td></tr>"
        for label, counts in groups
    )
    names = "".join(
        f'<th scope="col" class="number">{name}</th>' for name in ("Shown", "Accepted", "Overridden", "No answer")
    )
    head = f'<thead><tr><th scope="col"></th><th class="plot"></th>{names}</tr></thead>'
    return f"<section><h2>{title}</h2><table>{head}<tbody>{rows}</tbody></table></section>"


def _bar(counts: _Counts, most: int) -> str:
    """Return a bar of three parts; the longest of a table is as wide as its column."""
    parts = (("accepted", counts.accepted), ("overridden", counts.overridden), ("unanswered", counts.unanswered))
    drawn, start = [], 0.0
    for kind, count in parts:
        width = 100 * count / most
        if count:
            drawn.append(f'<rect class="{kind}" x="{start:.2f}" y="1" width="{width:.2f}" height="8"/>')
        start += width
    return f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{"".join(drawn)}</svg>'


def _reasons(rows: Iterable[ReportRow]) -> str:
    reasons = reasons_of(rows)
    most = max((count for _, count in reasons), default=0)
    lines = "".join(
        f'<tr><th scope="row">{escape(_REASON_WORDS.get(code, code))}</th>'
        f'<td class="plot">{_bar(_Counts(overridden=count), most)}</td><td>{count}</td></tr>'
        for code, count in reasons
    )
    table = f"<table><tbody>{lines}</tbody></table>" if lines else "<p>No card was overridden.</p>"
    return f"<section><h2>Why cards were overridden</h2>{table}</section>"
