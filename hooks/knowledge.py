"""Typed knowledge: citations, doses, regimens, order items; and the strict loader of their YAML.

Place in the flow: loaded once when a pathway is imported; rules read the typed values.
May not: accept an unknown key, a duplicate key, an unresolved or unused citation, or a unit outside the enum.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import pydantic
from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from hooks.errors import KnowledgeError

ModelT = TypeVar("ModelT", bound=BaseModel)


class KnowledgeModel(BaseModel):
    """Base of everything read from a knowledge file: frozen, no unknown keys, no coercion of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, str_strip_whitespace=True)


class Access(StrEnum):
    """How much of a source was read."""

    FULL = "full"
    SECTIONS = "sections"
    TABLE = "table"
    ABSTRACT = "abstract"
    EXCERPT = "excerpt"
    QUOTED = "quoted"


class Citation(KnowledgeModel):
    """A source that was opened, or one quoted by a source that was opened (access: quoted, `via` names it)."""

    id: str
    title: str
    year: int | None = None
    doi: str | None = None
    url: str | None = None
    identifier: str | None = None
    access: Access
    via: str | None = None

    @property
    def link(self) -> str | None:
        """An https address that resolves, or None where the source has none."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return self.url


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """Identity of a pathway's knowledge, as every card states it."""

    pathway: str
    version: str
    digest: str
    reviewed: bool
    counts: Mapping[str, int]


def load_yaml(path: Path) -> Any:
    """Return the plain data of one YAML 1.2 file. Raises KnowledgeError, also for a duplicate key."""
    loader = YAML(typ="safe", pure=True)
    loader.allow_duplicate_keys = False
    try:
        return loader.load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise KnowledgeError(f"{path.name}: cannot be read as YAML: {_problem(error)}") from error


def _problem(error: Exception) -> str:
    """Return what is wrong in one line, with its place in the file where the parser knows it."""
    if isinstance(error, MarkedYAMLError) and error.problem and error.problem_mark:
        mark = error.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}"
    return " ".join(str(error).split())


def load_model(path: Path, model: type[ModelT]) -> ModelT:
    """Return one knowledge file as a model. Raises KnowledgeError naming file, place and what was expected."""
    try:
        return model.model_validate(load_yaml(path))
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise KnowledgeError(f"{path.name}: {place}: {first['msg']} ({error.error_count()} errors)") from error


def check_citations(citations: Iterable[Citation], used: Iterable[tuple[str, str]]) -> None:
    """Refuse unresolved and unused citations. `used`: (citation id, where it is used). Raises KnowledgeError."""
    known = {citation.id for citation in citations}
    seen: set[str] = set()
    for citation_id, where in used:
        if citation_id not in known:
            raise KnowledgeError(f"{where}: citation {citation_id} is not in the list of citations")
        seen.add(citation_id)
    for citation in citations:
        if citation.via:
            seen.add(citation.via)
            if citation.via not in known:
                raise KnowledgeError(f"citations: {citation.id}: via {citation.via} is not in the list")
    if unused := sorted(known - seen):
        raise KnowledgeError(f"citations: never used: {', '.join(unused)}")


def digest_of(paths: Iterable[Path]) -> str:
    """Return "sha256:<hex>" over the names and bytes of the knowledge files, in order of name."""
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda item: item.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"sha256:{digest.hexdigest()}"
