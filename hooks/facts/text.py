"""Polarity of chart text: whether a text affirms, denies, suspects or leaves open a finding.

Place in the flow: disease readers ask one Topic at a time; what comes from here is of text confidence.
May not: know a disease, or take a silent text for a denial.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from hooks.facts import vocabulary
from hooks.facts.clauses import SHORTEST_CHANGE, Clause, contains_run, spelled_alike, split_clauses
from hooks.facts.fact import Why


class Polarity(StrEnum):
    """What a text says about a finding. SILENT: it does not speak of it. UNKNOWN: it does, without an answer."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    SUSPECTED = "suspected"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    SILENT = "silent"


class Moment(StrEnum):
    """Of which time the text says that it speaks."""

    UNSTATED = "unstated"
    DIAGNOSIS = "diagnosis"
    RELAPSE = "relapse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a text is asked. All words are single lower-case tokens.

    findings: words that are the finding ("amplified"). subjects: what it is a finding of ("mycn"); empty: the text
    needs to name no subject. others: names of other subjects of the same kind. normal: words that deny it
    ("wildtype"). off_topic: words that make a bare "positive" speak of something else ("protein").
    implied: the text is the result of a test for this finding, so "positive" alone answers.
    implied_subject: the text is about the subject even where it does not name it.
    changes: a protein change (F1174L) is a finding too. na_denies: "MYCN NA" denies (in a FISH result).
    """

    findings: frozenset[str]
    subjects: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    normal: frozenset[str] = frozenset()
    off_topic: frozenset[str] = frozenset()
    implied: bool = False
    implied_subject: bool = False
    changes: bool = False
    na_denies: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """What one clause says about a topic, with its words."""

    polarity: Polarity
    tokens: tuple[str, ...]
    why: Why = Why.NOT_FOUND
    moment: Moment = Moment.UNSTATED


@dataclass(frozen=True, slots=True)
class TextReading:
    """What a whole text says: its statements folded into one polarity."""

    polarity: Polarity = Polarity.SILENT
    why: Why = Why.NOT_FOUND
    moment: Moment = Moment.UNSTATED
    statements: tuple[Statement, ...] = ()

    @property
    def words(self) -> frozenset[str]:
        """The tokens of the clauses that affirm or deny."""
        decided = (s.tokens for s in self.statements if s.polarity in {Polarity.POSITIVE, Polarity.NEGATIVE})
        return frozenset(word for tokens in decided for word in tokens)


def read_text(text: str, topic: Topic) -> TextReading:
    """Return what the text says about the topic; more than one polarity is a CONFLICT, silence is SILENT."""
    lowered = spelled_alike(text)
    if not lowered or not _may_speak(lowered, topic):
        return TextReading()
    return fold(tuple(_statements(lowered, topic)))


def _may_speak(lowered: str, topic: Topic) -> bool:
    """True unless the text cannot concern the topic, because none of its names or findings stands in it."""
    if topic.subjects and not topic.implied_subject:
        return any(name in lowered for name in topic.subjects)
    return topic.implied or bool(topic.subjects) or any(word in lowered for word in topic.findings | topic.normal)


def fold(statements: tuple[Statement, ...]) -> TextReading:
    """Return one reading of several statements. A firm polarity outweighs an open one."""
    said = {statement.polarity for statement in statements}
    if {Polarity.POSITIVE, Polarity.NEGATIVE} <= said or Polarity.CONFLICT in said:
        return TextReading(Polarity.CONFLICT, statements=statements)
    for polarity in (Polarity.POSITIVE, Polarity.SUSPECTED, Polarity.NEGATIVE, Polarity.UNKNOWN):
        if polarity in said:
            chosen = [statement for statement in statements if statement.polarity is polarity]
            moments = {statement.moment for statement in chosen}
            moment = moments.pop() if len(moments) == 1 else Moment.UNSTATED
            return TextReading(polarity, chosen[-1].why, moment, statements)
    return TextReading()


_COMPLETING = (
    vocabulary.FINDING_NOUNS
    | vocabulary.AFFIRMING
    | vocabulary.PARTICIPLES
    | vocabulary.BACKWARD
    | vocabulary.PENDING
    | vocabulary.FAILED
    | vocabulary.UNCLEAR
)
"""Words that make a statement of a clause, whatever it is about."""


def _statements(text: str, topic: Topic) -> Iterator[Statement]:
    names = topic.subjects | topic.others
    negated = frozenset(prefix + word for word in topic.findings for prefix in vocabulary.NEGATION_PREFIXES)
    clauses = split_clauses(text, names, topic.findings | topic.normal | negated | _COMPLETING)
    named: frozenset[str] = frozenset()
    carried: Polarity | None = None
    for position, clause in enumerate(clauses):
        own = names & frozenset(clause.tokens)
        named = own or (named if clause.same_sentence else frozenset())
        carried = _carried(clauses, position, carried)
        if not _concerns(topic, named) or _is_about_family(clause):
            continue
        polarity, why = _judge(clause, topic, carried)
        if polarity is not Polarity.SILENT:
            yield Statement(polarity, clause.tokens, why, _moment(clause, topic))


def _concerns(topic: Topic, named: frozenset[str]) -> bool:
    if not topic.subjects:
        return not named
    return bool(named & topic.subjects) or (topic.implied_subject and not named)


def _is_about_family(clause: Clause) -> bool:
    return not vocabulary.FAMILY.isdisjoint(clause.tokens) or contains_run(clause.tokens, vocabulary.FAMILY_RUNS)


def _carried(clauses: tuple[Clause, ...], position: int, before: Polarity | None) -> Polarity | None:
    """Return the negation that a list carries over: in "no A, B or C" all are denied; without "or" it is unclear."""
    clause = clauses[position]
    if position == 0 or not clause.listed or _is_predicated(clause):
        return None
    if before is None and not _opens_with_negation(_last_outside_brackets(clauses[:position])):
        return None
    for follower in clauses[position:]:
        if not follower.listed:
            break
        if not {"or", "nor"}.isdisjoint(follower.tokens):
            return Polarity.NEGATIVE
    return Polarity.UNKNOWN


def _last_outside_brackets(clauses: tuple[Clause, ...]) -> Clause:
    return next((clause for clause in reversed(clauses) if not clause.inserted), clauses[-1])


def _is_predicated(clause: Clause) -> bool:
    stated = vocabulary.AFFIRMING | vocabulary.PARTICIPLES | vocabulary.BACKWARD | vocabulary.FORWARD
    return not stated.isdisjoint(clause.tokens)


def _opens_with_negation(clause: Clause) -> bool:
    return not vocabulary.FORWARD.isdisjoint(clause.tokens) or contains_run(clause.tokens, vocabulary.FORWARD_RUNS)


def _judge(clause: Clause, topic: Topic, carried: Polarity | None) -> tuple[Polarity, Why]:
    tokens = clause.tokens
    positions = [i for i, word in enumerate(tokens) if _is_finding(word, topic)]
    on_topic = bool(positions) or not topic.normal.isdisjoint(tokens)
    if _says_na(tokens, topic):
        return (Polarity.NEGATIVE if topic.na_denies else Polarity.UNKNOWN), Why.NOT_FOUND
    if not on_topic and not (topic.implied and topic.off_topic.isdisjoint(tokens)):
        asked = bool(topic.subjects) and topic.off_topic.isdisjoint(tokens)
        open_question = _open_question(tokens) if asked else None
        return (Polarity.UNKNOWN, open_question) if open_question else (Polarity.SILENT, Why.NOT_FOUND)
    if contains_run(tokens, vocabulary.VOID_RUNS):
        return Polarity.SILENT, Why.NOT_FOUND
    if why := _open_question(tokens):
        return Polarity.UNKNOWN, why
    polarity = _polarity(tokens, positions, topic)
    if carried is not None and polarity is Polarity.POSITIVE:
        polarity = carried
    if polarity in {Polarity.POSITIVE, Polarity.NEGATIVE} and (clause.asks or _is_hedged(tokens)):
        polarity = Polarity.SUSPECTED if polarity is Polarity.POSITIVE else Polarity.UNKNOWN
    return polarity, Why.INDETERMINATE


def _says_na(tokens: tuple[str, ...], topic: Topic) -> bool:
    """True for "MYCN NA": not amplified in the report of a FISH test, not available anywhere else."""
    return any(pair[1] == "na" and pair[0] in topic.subjects for pair in pairwise(tokens))


def _is_finding(word: str, topic: Topic) -> bool:
    if word in topic.findings or (topic.changes and SHORTEST_CHANGE.fullmatch(word)):
        return True
    return any(
        word.startswith(prefix) and word[len(prefix) :] in topic.findings for prefix in vocabulary.NEGATION_PREFIXES
    )


def _open_question(tokens: tuple[str, ...]) -> Why | None:
    """Return why the clause gives no answer, or None where it does."""
    for position, word in enumerate(tokens):
        behind_not = word in {"not", "non"} and not vocabulary.NOT_DONE.isdisjoint(tokens[position + 1 : position + 4])
        if behind_not:
            return Why.NOT_TESTED
        if word == "not":
            after = tokens[position + 1 : position + 4]
            if "sufficient" in after or "adequate" in after:
                return Why.FAILED
            if not vocabulary.NOT_KNOWN.isdisjoint(after):
                return Why.NOT_FOUND
            if not vocabulary.NOT_CLEAR.isdisjoint(after):
                return Why.INDETERMINATE
    for words, why in (
        (vocabulary.PENDING, Why.PENDING),
        (vocabulary.FAILED, Why.FAILED),
        (vocabulary.UNCLEAR, Why.INDETERMINATE),
        (vocabulary.UNKNOWN, Why.NOT_FOUND),
    ):
        if not words.isdisjoint(tokens):
            return why
    return None


def _is_hedged(tokens: tuple[str, ...]) -> bool:
    return any(
        word in vocabulary.HEDGES and vocabulary.SIGNIFICANCE.isdisjoint(tokens[position + 1 : position + 3])
        for position, word in enumerate(tokens)
    )


def _polarity(tokens: tuple[str, ...], positions: list[int], topic: Topic) -> Polarity:
    if not positions:
        return _bare_polarity(tokens, topic)
    said = {_polarity_at(tokens, position, topic) for position in positions}
    if only_changes := all(SHORTEST_CHANGE.fullmatch(tokens[position]) for position in positions):
        said.discard(Polarity.NEGATIVE)
    if Polarity.NEGATIVE in said and not only_changes:
        return Polarity.NEGATIVE
    if Polarity.POSITIVE in said:
        test_only = not vocabulary.TEST_WORDS.isdisjoint(tokens) and (
            vocabulary.AFFIRMING | vocabulary.PARTICIPLES
        ).isdisjoint(tokens)
        return Polarity.SILENT if test_only else Polarity.POSITIVE
    return Polarity.UNKNOWN if Polarity.UNKNOWN in said else Polarity.SILENT


def _polarity_at(tokens: tuple[str, ...], position: int, topic: Topic) -> Polarity:
    before, after = tokens[:position], tokens[position + 1 :]
    prefixed = tokens[position] not in topic.findings and not SHORTEST_CHANGE.fullmatch(tokens[position])
    forward = not vocabulary.FORWARD.isdisjoint(before) or contains_run(before, vocabulary.FORWARD_RUNS)
    backward = _is_denied_behind(before, after)
    normal = not topic.normal.isdisjoint(tokens)
    if (prefixed and (forward or backward)) or (normal and (forward or prefixed)):
        return Polarity.UNKNOWN
    if contains_run(tokens, vocabulary.DOUBLE_RUNS):
        return Polarity.UNKNOWN
    return Polarity.NEGATIVE if prefixed or forward or backward or normal else Polarity.POSITIVE


def _is_denied_behind(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """True for "amplification absent", "ALK-negative: amplification", "amplification was not detected", "…: no"."""
    if not vocabulary.BACKWARD.isdisjoint(after) or (
        "negative" in before and not contains_run(before, vocabulary.FORWARD_RUNS)
    ):
        return True
    if after[:1] == ("free",) or after[-1:] == ("no",):
        return True
    return any(
        word == "not" and not vocabulary.DETECTION.isdisjoint(after[position + 1 : position + 5])
        for position, word in enumerate(after)
    )


def _bare_polarity(tokens: tuple[str, ...], topic: Topic) -> Polarity:
    """Return the polarity of a clause without the finding's own word: "positive", "not detected", "wild type", "NA"."""
    negated = not vocabulary.FORWARD.isdisjoint(tokens)
    if not topic.normal.isdisjoint(tokens):
        return Polarity.UNKNOWN if negated else Polarity.NEGATIVE
    denied = not vocabulary.BACKWARD.isdisjoint(tokens)
    if denied and negated:
        return Polarity.UNKNOWN
    if denied or (negated and (not vocabulary.AFFIRMING.isdisjoint(tokens) or tokens[-1:] == ("no",))):
        return Polarity.NEGATIVE
    return Polarity.SILENT if vocabulary.AFFIRMING.isdisjoint(tokens) else Polarity.POSITIVE


def _moment(clause: Clause, topic: Topic) -> Moment:
    at_diagnosis = not vocabulary.DIAGNOSIS_WORDS.isdisjoint(clause.tokens)
    at_relapse = not (vocabulary.RELAPSE_WORDS - topic.findings).isdisjoint(clause.tokens)
    if at_diagnosis == at_relapse:
        return Moment.UNSTATED
    return Moment.DIAGNOSIS if at_diagnosis else Moment.RELAPSE
