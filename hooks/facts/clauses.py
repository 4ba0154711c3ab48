"""Chart text as clauses: where one statement ends and the next begins.

Place in the flow: `hooks.facts.text` judges what a clause says. May not: judge polarity, or backtrack on chart
text: one pass over the characters and one over the tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from hooks.facts import vocabulary
from hooks.facts.spelling import spelled_alike

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|\n")
_HARD = frozenset({";", ".", "\n", "|", "!", "but", "however", "whereas", "although", "though"})
_SOFT = frozenset({",", "-", "–", "—", "and", "with", "without", "while"})  # noqa: RUF001
_ENDING = _HARD | _SOFT
_OPENING, _CLOSING = frozenset("(["), frozenset(")]")
_JOINING = frozenset({"and", "with", "without", "while"})
_PARAGRAPH = frozenset({".", "\n", "|", "!", "?"})

_ANOTHER_TIME = vocabulary.EARLIER | vocabulary.DIAGNOSIS_WORDS

SHORTEST_CHANGE = re.compile(r"[a-z]\d{1,4}[a-z]|[a-z]{3}\d{1,4}[a-z]{3}")
"""A protein change as one lower-case word: f1174l, phe1174leu."""


@dataclass(frozen=True, slots=True)
class Clause:
    """The tokens of one clause, lower case, punctuation left out.

    asks: a question mark stands in it. same_sentence: what stood before it is in the same sentence, so that
    its subject may carry over. listed: it follows the one before by a comma, dash or "and". inserted: it stood
    in brackets inside the last clause that is not inserted.
    """

    tokens: tuple[str, ...]
    asks: bool = False
    same_sentence: bool = False
    listed: bool = False
    inserted: bool = False


@dataclass(slots=True)
class _Piece:
    """A clause in the making. names: it names a subject. states, inserts: it, or what it inserts, makes a statement.

    only_names: it is names and nothing else. opens_list: it ends as "mutations in NRAS" does.
    opens_record: it holds nothing but the name, as the first cell of a row or the first line of a record does.
    """

    tokens: list[str] = field(default_factory=list)
    asks: bool = False
    same_sentence: bool = False
    separator: str = ""
    inner: list[Clause] = field(default_factory=list)
    names: bool = False
    states: bool = False
    inserts: bool = False
    only_names: bool = False
    opens_list: bool = False
    opens_record: bool = False


def split_clauses(text: str, names: frozenset[str], complete: frozenset[str]) -> tuple[Clause, ...]:
    """Return the clauses of a text; what stood in brackets follows the clause that it stood in.

    names: tokens that name a subject (genes). complete: tokens that make a statement of a clause; a piece
    before a comma that names a subject and states nothing belongs to the piece behind it.
    """
    clauses: list[Clause] = []
    first, *others = (_weighed(piece, names, complete) for piece in _pieces(text))
    current = first
    for piece in _not_empty(others):
        if _is_answered_by(current, piece) or _belong_together(current, piece) or _is_of_record(current, piece):
            _join(current, piece, complete)
            continue
        clauses.extend(_closed(current))
        current = piece
    clauses.extend(_closed(current))
    return tuple(clause for clause in clauses if clause.tokens)


def _weighed(piece: _Piece, names: frozenset[str], complete: frozenset[str]) -> _Piece:
    piece.names = not names.isdisjoint(piece.tokens)
    piece.opens_record = piece.names and (names | vocabulary.RECORD_TITLES).issuperset(piece.tokens)
    piece.states = _states(piece.tokens, complete)
    piece.only_names = piece.names and names.issuperset(piece.tokens)
    piece.opens_list = piece.names and piece.tokens[-2:-1] in (["in"], ["of"]) and piece.tokens[-1] in names
    piece.inserts = any(_states(clause.tokens, complete) for clause in piece.inner)
    return piece


def _join(left: _Piece, right: _Piece, complete: frozenset[str]) -> None:
    """Put the right piece behind the left one; a list of any length is weighed piece by piece."""
    if right.separator in _JOINING:
        left.tokens.append(right.separator)
    left.tokens.extend(right.tokens)
    left.inner.extend(right.inner)
    left.asks = left.asks or right.asks
    left.names = left.names or right.names
    left.states = _states(left.tokens, complete) if left.states else right.states
    left.inserts = left.inserts or right.inserts


def _not_empty(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Yield the pieces that hold anything; what stood before an empty one still ends the sentence."""
    skipped: _Piece | None = None
    for piece in pieces:
        if skipped is not None:
            piece.same_sentence = piece.same_sentence and skipped.same_sentence
            piece.separator = piece.separator if skipped.separator in _SOFT else skipped.separator
        skipped = None if piece.tokens or piece.inner or piece.asks else piece
        if skipped is None:
            yield piece


def is_bare_answer(tokens: Sequence[str]) -> bool:
    """True for words that only answer: "not detected", "is now absent", "confirmed"."""
    answering = vocabulary.ANSWERS | vocabulary.NORMAL_ANSWERS
    return not answering.isdisjoint(tokens) and (answering | vocabulary.AROUND_ANSWERS).issuperset(tokens)


def _is_answered_by(left: _Piece, right: _Piece) -> bool:
    """True for a title and the bare answer behind it, on the same line or the next; for a statement and its doubt.

    What was absent earlier is the newer for it, and so is a change that was absent at diagnosis: that answer does
    not belong to it.
    """
    if not left.states:
        return False
    if right.separator in _SOFT and vocabulary.AROUND_ANSWERS.issuperset(right.tokens):
        return True
    if not is_bare_answer(right.tokens):
        return False
    if vocabulary.VERDICTS.isdisjoint(left.tokens):
        of_change = any(SHORTEST_CHANGE.fullmatch(word) for word in left.tokens)
        another_time = _ANOTHER_TIME if of_change or "new" in left.tokens else vocabulary.EARLIER
        denies = not (vocabulary.FORWARD | vocabulary.BACKWARD).isdisjoint(right.tokens)
        return not denies or another_time.isdisjoint(right.tokens)
    return right.separator in _SOFT and _doubts(right.tokens)


def _doubts(tokens: Sequence[str]) -> bool:
    doubtful = not (vocabulary.UNCLEAR | vocabulary.HEDGES | vocabulary.GONE).isdisjoint(tokens)
    return doubtful or ("not" in tokens and not vocabulary.NOT_CLEAR.isdisjoint(tokens))


def _closed(piece: _Piece) -> Iterator[Clause]:
    tokens = ("without", *piece.tokens) if piece.separator == "without" else tuple(piece.tokens)
    yield Clause(tokens, piece.asks, piece.same_sentence, piece.separator in _SOFT)
    yield from piece.inner


def _belong_together(left: _Piece, right: _Piece) -> bool:
    if right.separator not in _SOFT:
        return False
    if left.opens_list and left.states and right.only_names:
        return True
    unfinished = left.names and not left.states and not left.inserts
    if right.separator in _JOINING:
        return unfinished or not (right.states and right.names)
    return unfinished


def _is_of_record(left: _Piece, right: _Piece) -> bool:
    """True for the further cells of a row, and the further lines of a record, that the name of a gene opens."""
    if not left.opens_record or right.names:
        return False
    if right.separator == "|":
        return not left.states or all(_qualifies(word) for word in right.tokens)
    return not vocabulary.RECORD_LABELS.isdisjoint(right.tokens[:1])


def _qualifies(word: str) -> bool:
    return word in vocabulary.AROUND_ANSWERS or any(letter.isdigit() for letter in word)


def _states(tokens: Sequence[str], complete: frozenset[str]) -> bool:
    for position, word in enumerate(tokens):
        if word in complete and (position + 1 == len(tokens) or tokens[position + 1] != "for"):
            return True
        if SHORTEST_CHANGE.fullmatch(word):
            return True
    return False


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield the pieces between separators; what stands in brackets becomes clauses inside its piece."""
    piece = _Piece()
    outer: list[_Piece] = []
    for word, ends in _tokens(text):
        if not ends and word[0].isalnum():
            piece.tokens.append(word)
            continue
        if word == "?":
            piece.asks = True
        at_start = word == "?" and not piece.tokens and not piece.inner
        if word in _OPENING:
            outer.append(piece)
            piece = _Piece(same_sentence=True)
        elif word in _CLOSING:
            if outer:
                piece = _inserted(piece, outer.pop())
        elif ends and outer:
            outer[-1] = _inserted(piece, outer[-1])
            piece = _Piece(same_sentence=True)
        elif ends and not at_start:
            yield piece
            piece = _Piece(same_sentence=word not in _PARAGRAPH, separator=word)
    while outer:
        piece = _inserted(piece, outer.pop())
    yield piece


def _inserted(piece: _Piece, holder: _Piece) -> _Piece:
    """Return the holder with what stood in brackets: a bare answer or doubt is part of it, the rest stands apart."""
    holder.asks = holder.asks or (piece.asks and not piece.tokens)
    if is_bare_answer(piece.tokens) and (vocabulary.VERDICTS.isdisjoint(holder.tokens) or _doubts(piece.tokens)):
        holder.tokens.extend(piece.tokens)
        holder.asks = holder.asks or piece.asks
        holder.inner.extend(piece.inner)
        return holder
    holder.inner.append(Clause(tuple(piece.tokens), piece.asks, same_sentence=True, listed=True, inserted=True))
    holder.inner.extend(piece.inner)
    return holder


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """Yield (word, whether it ends a piece)."""
    lowered = spelled_alike(text)
    for match in _TOKEN.finditer(lowered):
        word = match.group()
        if word[0].isalnum():
            yield word, word in _ENDING
            continue
        before, after = lowered[match.start() - 1 : match.start()], lowered[match.end() : match.end() + 1]
        if word in ".,":
            inside_number = before.isalnum() and after.isdigit()
            protein_prefix = word == "." and before in {"p", "c"} and after.isalnum()
            yield word, not (inside_number or protein_prefix)
        elif word == "?":
            yield word, not after.isalnum()
        elif word == "-":
            yield word, before.isspace() and after.isspace()
        else:
            yield word, word in _ENDING


def contains_run(tokens: tuple[str, ...], runs: Iterable[tuple[str, ...]]) -> bool:
    """True if one of the runs of words stands in the tokens, in this order and unbroken."""
    possible = [run for run in runs if run[0] in tokens]
    return any(
        run == tokens[start : start + len(run)] for run in possible for start in range(len(tokens) - len(run) + 1)
    )
