"""What a CodeableConcept says in words, the table's own display included.

Place in the flow: readers use it where a fact is told by words (stop reasons, imaging, findings).
May not: judge the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hooks.terminology.table import TABLE, codings_of, text_of


def said_by(codeable: object) -> str:
    """Return text, displays and the table's displays of known codes, joined by " | "; "" for anything else."""
    items = codeable if isinstance(codeable, list) else [codeable]
    words = [word for item in items for word in (item if isinstance(item, str) else text_of(item)).split(" | ")]
    words.extend(_table_displays(codeable))
    once = {word.strip().lower(): word.strip() for word in reversed(words) if word.strip()}
    return " | ".join(reversed(once.values()))


def _table_displays(codeable: object) -> Iterator[str]:
    for coding in codings_of(codeable):
        concept = TABLE.concept_of(coding.get("system"), coding.get("code"))
        for code in TABLE.codes(concept) if concept else ():
            if code.code == coding.get("code"):
                yield code.display


def mappings_in(value: object) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a list, or the object itself where a client sends one instead of a list."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping):
            yield item
