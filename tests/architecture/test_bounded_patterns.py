"""Hazard: a text made for it keeps a regular expression busy for minutes, and the worker with it."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import hooks

OWN_FILES = {"hooks.terminology.drug_names", "hooks.terminology.drugs"}
"""Modules whose open-ended patterns read files of ours at the start, never a chart."""
OPEN_ENDED = re.compile(r"(?<!\\)\.[*+]|\[\^[^]]*\]\*")
LONG = 60_000


def patterns(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from patterns(item)


def of_readers() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Return the patterns of every module of hooks that may see a chart."""
    names = [found.name for found in pkgutil.walk_packages(hooks.__path__, "hooks.")]
    modules = {name: importlib.import_module(name) for name in names if name not in OWN_FILES}
    return {name: tuple(p for value in vars(one).values() for p in patterns(value)) for name, one in modules.items()}


def test_given_the_patterns_of_the_readers_when_they_are_looked_at_then_none_looks_ahead_without_end() -> None:
    found = of_readers()

    assert sum(map(len, found.values())) > 80
    assert [(name, p.pattern) for name, listed in found.items() for p in listed if OPEN_ENDED.search(p.pattern)] == []


@pytest.mark.parametrize("word", ["urine ", "port ", "limit ", "biopsy ", "refused ", "drop ", "guided "])
def test_given_a_word_that_opens_a_pattern_when_a_text_repeats_it_then_all_patterns_read_it_soon(word: str) -> None:
    text = word * (LONG // len(word))

    start = time.process_time()
    for listed in of_readers().values():
        for pattern in listed:
            pattern.search(text)

    assert time.process_time() - start < 10
