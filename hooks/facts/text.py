"""Polarity of chart text: whether a text affirms, denies, suspects or leaves open a finding.

Place in the flow: disease readers ask one Topic at a time; what comes from here is of text confidence.
May not: know a disease, or take a silent text for a denial.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from hooks.facts import vocabulary
from hooks.facts.clauses import SHORTEST_CHANGE, Clause, contains_run, is_bare_answer, split_clauses
from hooks.facts.fact import Why
from hooks.facts.judging import Polarity, Topic, is_general, judge, speaks_of
from hooks.facts.plain_words import STATING
from hooks.facts.spelling import COUNTED_NONE, named_by_a_change, spelled_alike

__all__ = ["Moment", "Polarity", "Statement", "TextReading", "Topic", "fold", "read_text"]


class Moment(StrEnum):
    """Of which time the text says that it speaks."""

    UNSTATED = "unstated"
    DIAGNOSIS = "diagnosis"
    RELAPSE = "relapse"


@dataclass(frozen=True, slots=True)
class Statement:
    """What one clause says about a topic, with its words."""

    polarity: Polarity
    tokens: tuple[str, ...]
    why: Why = Why.NOT_FOUND
    moment: Moment = Moment.UNSTATED


@dataclass(frozen=True, slots=True)
class TextReading:
    """What a whole text says: its statements folded into one polarity.

    named: the subject stands in a clause of this child that says nothing of the finding.
    """

    polarity: Polarity = Polarity.SILENT
    why: Why = Why.NOT_FOUND
    moment: Moment = Moment.UNSTATED
    statements: tuple[Statement, ...] = ()
    named: bool = False

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
    if topic.changes and (foreign := named_by_a_change(text) - topic.subjects):
        topic = replace(topic, others=topic.others | foreign)
    found = tuple(_statements(lowered, topic))
    said = tuple(statement for statement in found if statement.polarity is not Polarity.SILENT)
    return replace(fold(said), named=len(said) < len(found))


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
    last: frozenset[str] = frozenset()
    carried: Polarity | None = None
    asked = affirmed = family = general = held = False
    alternatives = _alternatives(clauses)
    outside: Clause | None = None
    for position, clause in enumerate(clauses):
        own = names & frozenset(clause.tokens)
        named = own or (named if clause.same_sentence else frozenset())
        carried = _carried(clause, outside, carried, is_alternative=alternatives[position])
        if outside is None or outside.inserted or not clause.inserted:
            outside = clause
        asked = asked and clause.same_sentence and not own
        family = _is_about_family(clause) or (family and clause.listed)
        if family:
            continue
        last = named or last
        general = is_general(clause.tokens) or (general and clause.listed)
        if _concerns(topic, named):
            polarity, why = judge(
                clause, replace(topic, implied=True) if asked and _answers(clause) else topic, carried
            )
        elif affirmed and not named and _denies_it_after_all(clause, topic, last):
            polarity, why = Polarity.NEGATIVE, Why.INDETERMINATE
        else:
            continue
        if polarity is Polarity.POSITIVE and topic.subjects and (general or _is_unsettled(clauses, position, held)):
            polarity, why = Polarity.UNKNOWN, Why.INDETERMINATE
        elif polarity is Polarity.POSITIVE:
            polarity = _shared(clauses, position, topic) or polarity
        held = held if clause.inserted else polarity is Polarity.UNKNOWN and why is not Why.UNTRANSLATED
        if polarity is not Polarity.SILENT:
            asked, affirmed = True, affirmed or polarity is Polarity.POSITIVE
        if polarity is not Polarity.SILENT or _is_named(clause, topic):
            yield Statement(polarity, clause.tokens, why, _moment(clause, topic))


def _is_named(clause: Clause, topic: Topic) -> bool:
    """True if the clause itself names the subject, and speaks of nothing else of it nor of a mere possibility."""
    own = not topic.subjects.isdisjoint(clause.tokens) and topic.off_topic.isdisjoint(clause.tokens)
    return own and not contains_run(clause.tokens, vocabulary.VOID_RUNS)


def _is_unsettled(clauses: tuple[Clause, ...], position: int, open_holder: bool) -> bool:
    """True for what the next clause puts under a condition, a count of nought, and what an unread clause inserts.

    "MYCN amplification, if present, ..."; "MYCN amplification (0 %)"; "kein Nachweis einer ALK-Mutation (F1174L)".
    """
    clause = clauses[position]
    if clause.inserted and open_holder and STATING.isdisjoint(clause.tokens):
        return True
    conditional = any(behind.listed and behind.tokens[:1] == ("if",) for behind in clauses[position + 1 : position + 2])
    return conditional or _is_counted_beside(clauses, position)


def _is_counted_beside(clauses: tuple[Clause, ...], position: int) -> bool:
    """True if the clause before or behind it in its sentence is a bare count of nought: "amplification (0 %)"."""
    before = clauses[position - 1 : position] if clauses[position].same_sentence else ()
    behind = [clause for clause in clauses[position + 1 : position + 2] if clause.same_sentence]
    return any(_counts_none(clause.tokens) for clause in (*before, *behind))


def _counts_none(tokens: tuple[str, ...]) -> bool:
    return COUNTED_NONE in tokens and all(
        word == COUNTED_NONE or word.isdigit() or word in vocabulary.COUNTING for word in tokens
    )


def _shared(clauses: tuple[Clause, ...], position: int, topic: Topic) -> Polarity | None:
    """Return the answer that stands behind a list and is owed to each of its titles, None where none does.

    "MYCN amplification and ALK mutation are absent" denies both; without a plural it may speak of the last alone
    and leaves the others open. That one change of a protein was not found says nothing of its gene.
    """
    if not vocabulary.VERDICTS.isdisjoint(clauses[position].tokens):
        return None
    for follower in clauses[position + 1 :]:
        if not follower.listed:
            break
        if follower.inserted:
            continue
        tail = _answer_behind(follower.tokens)
        polarity = judge(Clause(tail), replace(topic, implied=True), None)[0] if tail else Polarity.SILENT
        if polarity is not Polarity.SILENT:
            of_change = any(SHORTEST_CHANGE.fullmatch(word) for word in clauses[position].tokens)
            firm = not vocabulary.OF_SEVERAL.isdisjoint(tail) and not of_change
            return polarity if polarity is Polarity.POSITIVE or firm else Polarity.UNKNOWN
        if not vocabulary.VERDICTS.isdisjoint(follower.tokens):
            break
    return None


def _answer_behind(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Return the bare answer at the end of a clause that says more than that; () for none."""
    only = vocabulary.ANSWERS | vocabulary.AROUND_ANSWERS | vocabulary.OF_SEVERAL
    start = next((i + 1 for i in range(len(tokens) - 1, -1, -1) if tokens[i] not in only), 0)
    return tokens[start:] if start and not vocabulary.ANSWERS.isdisjoint(tokens[start:]) else ()


def _answers(clause: Clause) -> bool:
    """True for a bare answer on what the same sentence spoke of; "not seen at diagnosis" speaks of another time."""
    another_time = vocabulary.EARLIER | vocabulary.DIAGNOSIS_WORDS
    return is_bare_answer(clause.tokens) and another_time.isdisjoint(clause.tokens)


def _denies_it_after_all(clause: Clause, topic: Topic, named: frozenset[str]) -> bool:
    """True for a sentence without a name that denies what an earlier one affirmed of this subject alone.

    "Outside report: MYCN amplified. FISH today: not amplified."; "no other amplification" denies nothing of it.
    """
    spoken = named.issubset(topic.subjects) and any(speaks_of(word, topic) for word in clause.tokens)
    return spoken and judge(clause, topic, None)[0] is Polarity.NEGATIVE


def _concerns(topic: Topic, named: frozenset[str]) -> bool:
    if not topic.subjects:
        return not named
    return bool(named & topic.subjects) or (topic.implied_subject and not named)


def _is_about_family(clause: Clause) -> bool:
    return not vocabulary.FAMILY.isdisjoint(clause.tokens) or contains_run(clause.tokens, vocabulary.FAMILY_RUNS)


def _carried(
    clause: Clause, outside: Clause | None, before: Polarity | None, *, is_alternative: bool
) -> Polarity | None:
    """Return the negation that a list carries over: in "no A, B or C" all are denied; without "or" it is unclear.

    outside: the last clause before this one that does not stand in brackets. before: what was carried to there.
    """
    if outside is None or not clause.listed or _is_predicated(clause):
        return None
    if before is None and not _opens_with_negation(outside):
        return None
    return Polarity.NEGATIVE if is_alternative else Polarity.UNKNOWN


def _alternatives(clauses: tuple[Clause, ...]) -> list[bool]:
    """Return for each clause whether it is listed and an "or" stands in it, or in what is listed behind it."""
    found: list[bool] = []
    for clause in reversed(clauses):
        found.append(clause.listed and (found[-1:] == [True] or not {"or", "nor"}.isdisjoint(clause.tokens)))
    return found[::-1]


def _is_predicated(clause: Clause) -> bool:
    return not _PREDICATES.isdisjoint(clause.tokens)


_PREDICATES = vocabulary.AFFIRMING | vocabulary.PARTICIPLES | vocabulary.BACKWARD | vocabulary.FORWARD


def _opens_with_negation(clause: Clause) -> bool:
    opened = not vocabulary.BACKWARD.isdisjoint(clause.tokens[:1])
    return (
        opened
        or any(_denies_a_list(clause.tokens, i) for i, word in enumerate(clause.tokens) if word in vocabulary.FORWARD)
        or contains_run(clause.tokens, vocabulary.FORWARD_RUNS)
    )


def _denies_a_list(tokens: tuple[str, ...], position: int) -> bool:
    """True unless the negation, inside a clause, denies its own word alone: "MYCN not amplified", "non amplified"."""
    own = not (vocabulary.PARTICIPLES | vocabulary.DETECTION).isdisjoint(tokens[position + 1 : position + 2])
    return position == 0 or tokens[position] not in vocabulary.DENYING_ONE or not own


def _moment(clause: Clause, topic: Topic) -> Moment:
    at_diagnosis = not vocabulary.DIAGNOSIS_WORDS.isdisjoint(clause.tokens)
    at_relapse = not (vocabulary.RELAPSE_WORDS - topic.findings).isdisjoint(clause.tokens)
    if at_diagnosis == at_relapse:
        return Moment.UNSTATED
    return Moment.DIAGNOSIS if at_diagnosis else Moment.RELAPSE
