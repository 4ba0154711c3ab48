"""The pathway's README, written from its specification: `python tests/spec/pathway_readme.py`.

Chapters stand in `chapters`, their sentences are the names of the tests, rules speak by their docstrings, tables by the
knowledge files. Tests are read, not run. A test fails when the README on file is another one.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SPEC = Path(__file__).parent
ROOT = SPEC.parents[1]
sys.path.insert(0, str(ROOT))

from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE  # noqa: E402 - run as a script
from hooks.pathways.relapsed_neuroblastoma.services import RULES, SERVICES  # noqa: E402
from tests.spec import pathway_facts, pathway_tables  # noqa: E402
from tests.spec.chapters import CHAPTERS, Chapter, Rule  # noqa: E402

README = ROOT / "hooks" / "pathways" / "relapsed_neuroblastoma" / "README.md"

HEAD = """# Relapsed high-risk neuroblastoma

What this server decides for a child whose high-risk neuroblastoma has come back, why, and from which source.
**Not clinically reviewed** and not a medical device: options and drafts for a clinician to judge.

This page is written by `python tests/spec/pathway_readme.py` from the specification: every rule stands with the
sentence that a paediatric oncologist should be able to sign and the sources it rests on; every line under "tested" is
a test that runs on each change of the code. Source ids resolve in [the list of sources](#sources), which says how far
each was read. If you find a sentence that you would not sign, that sentence is the defect: please report it.
"""

_GIVEN = re.compile(r"^given (?P<given>.+?)(?: when (?P<when>.+?))? then (?P<then>.+)$")
_WORDS = {
    **{word.lower(): word for word in ("MYCN", "ALK", "GD2", "MIBG", "FDG", "PET", "MRI", "CNS", "EU", "US", "RIST")},
    **{word.lower(): word for word in ("TVD", "TCE", "ICE", "PRES", "ECG", "QT", "CYP3A", "VUS", "INRC", "SD", "PR")},
    **{
        word.lower(): word
        for word in ("CR", "PD", "MR", "TP53", "R1275Q", "F1174L", "FISH", "PDF", "GvHD", "ANC", "H1")
    },
    **{word.lower(): word for word in ("BEACON2", "BEACON", "BIT", "CAR", "IV", "TERT", "ATRX", "H2", "NMTRC")},
    "il2": "IL-2",
    "gmcsf": "GM-CSF",
}
_PHRASES = {"gm csf": "GM-CSF", "il 2": "IL-2", "ras mapk": "RAS-MAPK", "car t": "CAR T", "cyp 3a": "CYP3A"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One test as a person reads it. hazard: what it guards against, "" where its docstring names none."""

    words: str
    hazard: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One file of tests: what it is about, and its sentences."""

    about: str
    path: str
    sentences: tuple[Sentence, ...]


def readable(name: str) -> str:
    """Return the name of a test as a sentence: "Given X, when Y, then Z."."""
    words = " ".join(_WORDS.get(word, word) for word in name.removeprefix("test_").split("_"))
    for spelled, meant in _PHRASES.items():
        words = re.sub(rf"\b{spelled}\b", meant, words, flags=re.IGNORECASE)
    if not (match := _GIVEN.match(words)):
        return f"{words[0].upper()}{words[1:]}."
    when = f", when {match['when']}" if match["when"] else ""
    return f"Given {match['given']}{when}, then {match['then']}."


def hazard_in(docstring: str) -> str:
    """Return the hazard that a docstring names, one sentence without its full stop."""
    found = re.search(r"Hazard: (.+?)\.(?:\s|$)", " ".join(docstring.split()))
    return found[1] if found else ""


def section_of(path: Path) -> Section:
    """Return one file of tests as a section. Its docstring says what it is about."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tests = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))
    sentences = tuple(Sentence(readable(test.name), hazard_in(ast.get_docstring(test) or "")) for test in tests)
    about = " ".join((ast.get_docstring(tree) or "").split())
    return Section(about, path.relative_to(ROOT).as_posix(), sentences)


def sections_of(chapter: Chapter, folder: Path = SPEC) -> tuple[Section, ...]:
    """Return the sections of a chapter, by path."""
    return tuple(section_of(path) for path in sorted((folder / chapter.folder).rglob("test_*.py")))


def rule_lines(rule: Rule) -> Iterator[str]:
    """Yield a rule as one entry: its sentence, what more its docstring says, its sources, its name."""
    paragraphs = [" ".join(part.split()) for part in (rule.__doc__ or "").strip().split("\n\n")]
    sentence, *more = paragraphs
    rest, _, evidence = " ".join(more).partition("Evidence: ")
    yield f"- **{sentence}**{f' {rest.strip()}' if rest.strip() else ''}  \n"
    yield f"  Sources: {evidence.strip().rstrip('.')}. Rule `{rule.__name__}`.\n"


def chapter_text(number: int, chapter: Chapter) -> str:
    """Return one chapter: its paragraph, its rules, its tests by section."""
    parts = [f"## {number}. {chapter.title}\n", f"{chapter.text}\n"]
    for heading, rules in chapter.groups:
        if heading:
            parts.append(f"### {heading}\n")
        parts.append("".join(line for rule in rules for line in rule_lines(rule)))
    parts += [_tested(section) for section in sections_of(chapter)]
    return "\n".join(parts)


def _tested(section: Section) -> str:
    lines = [
        f"- {sentence.words}{f' *Hazard: {sentence.hazard}.*' if sentence.hazard else ''}\n"
        for sentence in section.sentences
    ]
    summary = f"<summary>Tested: {section.about.rstrip('.')} ({len(lines)})</summary>"
    return f"<details>{summary}\n\n{''.join(lines)}\n</details>\n"


def services_table() -> str:
    """Return the four services with their rules."""
    lines = ["| service | hook | answers | rules |", "|---|---|---|---|"]
    lines += [f"| `{each.id}` | {each.hook} | {each.description} | {len(RULES[each.id])} |" for each in SERVICES]
    return "\n".join(lines) + "\n"


def contents() -> str:
    """Return the links to all parts."""
    titles = [f"{number}. {chapter.title}" for number, chapter in enumerate(CHAPTERS, 1)]
    titles += [title for title, _ in pathway_tables.PARTS] + [pathway_facts.TITLE]
    return "".join(f"- [{title}](#{_anchor(title)})\n" for title in titles)


def _anchor(title: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def counted() -> str:
    """Return how much there is of everything."""
    rules = {rule.__name__ for rules in RULES.values() for rule in rules}
    tests = sum(len(section.sentences) for chapter in CHAPTERS for section in sections_of(chapter))
    counts = {"services": len(SERVICES), "rules": len(rules), "tests of the specification": tests}
    return ", ".join(f"{number} {name}" for name, number in {**counts, **KNOWLEDGE.base.counts}.items()) + ".\n"


def document() -> str:
    """Return the whole README."""
    parts = [HEAD, counted(), contents(), services_table()]
    parts += [chapter_text(number, chapter) for number, chapter in enumerate(CHAPTERS, 1)]
    parts += [f"## {title}\n\n{write()}" for title, write in pathway_tables.PARTS]
    parts.append(f"## {pathway_facts.TITLE}\n\n{pathway_facts.text()}")
    return "\n".join(parts)


def main() -> int:
    """Write the README."""
    README.write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
