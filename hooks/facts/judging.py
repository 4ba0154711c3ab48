"""What one clause says about one topic: it affirms, denies, suspects or leaves open, or does not speak of it.

Place in the flow: `hooks.facts.text` asks clause by clause. May not: know what other clauses said, or affirm in doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, takewhile

from hooks.facts import vocabulary
from hooks.facts.clauses import SHORTEST_CHANGE, Clause, contains_run
from hooks.facts.fact import Why
from hooks.facts.plain_words import is_understood
from hooks.facts.spelling import COUNTED_NONE, DNA_CHANGE, TITLE_ENDS


class Polarity(StrEnum):
    """What a text says about a finding. SILENT: it does not speak of it. UNKNOWN: it does, without an answer."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    SUSPECTED = "suspected"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a text is asked. All words are single lower-case tokens.

    findings: words that are the finding ("amplified"). subjects: what it is a finding of ("mycn"); empty: the text
    needs to name no subject. others: names of other subjects of the same kind. normal: words that deny it
    ("wildtype"). off_topic: words that make a bare "positive" speak of something else ("protein").
    implied: the text is the result of a test for this finding, so "positive" alone answers.
    implied_subject: the text is about the subject even where it does not name it.
    changes: a protein change (F1174L) is a finding too. na_denies: "MYCN NA" denies (in a FISH result).
    phrase: words that may stand between a finding that describes a noun and the noun, described: such nouns ("recurrent
    metastatic neuroblastoma"); empty: any. With another
    ("recurrent otitis media") it is no finding, nor before one of `vocabulary.TURNING_WORDS` ("relapse prevention").
    unread_opens: a finding that is only named, among words that nobody here knows ("sans", "see comment"), is open.
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
    unread_opens: bool = False
    phrase: frozenset[str] = frozenset()
    described: frozenset[str] = frozenset()


def judge(clause: Clause, topic: Topic, carried: Polarity | None) -> tuple[Polarity, Why]:
    """Return the polarity of a clause with the reason where it gives no answer; `carried`: the negation of a list."""
    tokens = clause.tokens
    positions = [i for i, word in enumerate(tokens) if speaks_of(word, topic) and _is_own_phrase(tokens, i, topic)]
    on_topic = bool(positions) or not topic.normal.isdisjoint(tokens)
    if _says_na(tokens, topic):
        return (Polarity.NEGATIVE if topic.na_denies else Polarity.UNKNOWN), Why.NOT_FOUND
    if topic.changes and not positions and (opened := _unread_change(tokens)):
        return Polarity.UNKNOWN, opened
    if not on_topic and not (topic.implied and topic.off_topic.isdisjoint(tokens)):
        asked = bool(topic.subjects) and topic.off_topic.isdisjoint(tokens)
        open_question = _open_question(tokens) if asked else None
        return (Polarity.UNKNOWN, open_question) if open_question else (Polarity.SILENT, Why.NOT_FOUND)
    if contains_run(tokens, vocabulary.VOID_RUNS):
        return Polarity.SILENT, Why.NOT_FOUND
    if why := _left_open(tokens, topic):
        return Polarity.UNKNOWN, why
    polarity = _polarity(tokens, positions, topic)
    if carried is not None and polarity is Polarity.POSITIVE:
        polarity = carried
    if polarity is Polarity.POSITIVE and topic.subjects and not (_TAKING_BACK - topic.findings).isdisjoint(tokens):
        polarity = Polarity.UNKNOWN
    return _with_doubt(polarity, clause, topic), Why.INDETERMINATE


def _with_doubt(polarity: Polarity, clause: Clause, topic: Topic) -> Polarity:
    """Return what a question mark, a hedge or unread words leave of a polarity."""
    if polarity in {Polarity.POSITIVE, Polarity.NEGATIVE} and (clause.asks or _is_hedged(clause.tokens)):
        return Polarity.SUSPECTED if polarity is Polarity.POSITIVE else Polarity.UNKNOWN
    if polarity is Polarity.POSITIVE and topic.unread_opens and not is_understood(clause.tokens, _own_words(topic)):
        return Polarity.UNKNOWN
    return polarity


def _is_own_phrase(tokens: tuple[str, ...], position: int, topic: Topic) -> bool:
    """True unless the topic knows its phrases and the finding describes, or belongs to, something else."""
    if not topic.phrase:
        return True
    if tokens[position] not in vocabulary.DESCRIBING:
        return vocabulary.TURNING_WORDS.isdisjoint(tokens[position + 1 : position + 2])
    ends = vocabulary.PHRASE_ENDS | topic.described
    described = tuple(takewhile(lambda word: word not in ends, tokens[position + 1 :]))
    noun = tokens[position + 1 + len(described) : position + 2 + len(described)]
    return not vocabulary.OWN_TUMOUR.isdisjoint(noun) or all(
        word in topic.phrase or word.isdigit() for word in described
    )


def _own_words(topic: Topic) -> tuple[frozenset[str], ...]:
    return topic.findings, topic.subjects, topic.others, topic.normal


_TAKING_BACK = vocabulary.GONE | {COUNTED_NONE}


def _left_open(tokens: tuple[str, ...], topic: Topic) -> Why | None:
    """Return why a clause that speaks of the topic answers nothing, or None where it does."""
    if topic.subjects and _only_refers(tokens):
        return Why.UNREAD
    if topic.subjects and _says_nothing_of_it(tokens):
        return Why.INDETERMINATE
    return _open_question(tokens) or _lacks_material(tokens, topic)


def _unread_change(tokens: tuple[str, ...]) -> Why | None:
    """Return why a change is named without an answer: by its DNA alone, or as of uncertain significance."""
    if DNA_CHANGE in tokens:
        return Why.UNTRANSLATED
    return Why.INDETERMINATE if "vus" in tokens else None


def _only_refers(tokens: tuple[str, ...]) -> bool:
    """True for what only says where to look: "amplification see comment"."""
    answers = _TELLING | vocabulary.FORWARD | vocabulary.BACKWARD
    return contains_run(tokens, vocabulary.REFERRING_RUNS) and answers.isdisjoint(tokens)


def _says_nothing_of_it(tokens: tuple[str, ...]) -> bool:
    return (
        is_general(tokens)
        or _only_explains(tokens)
        or not vocabulary.ON_CONDITION.isdisjoint(tokens[:1])
        or contains_run(tokens, vocabulary.REST_RUNS)
        or _is_a_count_of_none(tokens)
    )


def _is_a_count_of_none(tokens: tuple[str, ...]) -> bool:
    """True for a finding that is counted as nought or ticked with a letter: "amplification: 0", "0 of 200 nuclei".

    A nought beside other digits is part of a number with a comma ("8,0-fold").
    """
    around = zip(("", *tokens), tokens, (*tokens[1:], ""), strict=False)
    nought = any(word == "0" and not (before.isdigit() or after.isdigit()) for before, word, after in around)
    ticked = not vocabulary.TICKS.isdisjoint(tokens[-1:])
    return nought or ticked or contains_run(tokens, (("in", COUNTED_NONE), ("in", "about", COUNTED_NONE)))


def is_general(tokens: tuple[str, ...]) -> bool:
    """True for what is said of tumours at large or of controls, not of this child."""
    return not vocabulary.GENERAL.isdisjoint(tokens) or contains_run(tokens, vocabulary.GENERAL_RUNS)


def _only_explains(tokens: tuple[str, ...]) -> bool:
    """True for what only says what the finding would mean."""
    explains = not vocabulary.EXPLAINING.isdisjoint(tokens) or contains_run(tokens, vocabulary.EXPLAINING_RUNS)
    return explains and vocabulary.AFFIRMING.isdisjoint(tokens)


def _says_na(tokens: tuple[str, ...], topic: Topic) -> bool:
    """True for "MYCN NA": not amplified in the report of a FISH test, not available anywhere else."""
    return any(pair[1] == "na" and pair[0] in topic.subjects for pair in pairwise(tokens))


def speaks_of(word: str, topic: Topic) -> bool:
    """True if the word is the finding, denied by a prefix or not: "amplified", "nonamplified", "f1174l"."""
    if word in topic.findings or (topic.changes and SHORTEST_CHANGE.fullmatch(word)):
        return True
    if word in topic.normal:
        return False
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
            if not vocabulary.NOT_CLEAR.isdisjoint(after) or _was_not_there_earlier(after):
                return Why.INDETERMINATE
    for words, why in (
        (vocabulary.PENDING, Why.PENDING),
        (vocabulary.FAILED, Why.FAILED),
        (vocabulary.UNCLEAR, Why.INDETERMINATE),
        (vocabulary.UNKNOWN, Why.NOT_FOUND),
    ):
        if not words.isdisjoint(tokens):
            return why
    denied = not vocabulary.FORWARD.isdisjoint(tokens)
    if contains_run(tokens, vocabulary.UNCLEAR_RUNS) or (denied and contains_run(tokens, vocabulary.EXCEPTING_RUNS)):
        return Why.INDETERMINATE
    return None


def _was_not_there_earlier(after: tuple[str, ...]) -> bool:
    """True for "not seen previously": it denies nothing of today."""
    return not vocabulary.EARLIER.isdisjoint(after) and not vocabulary.DETECTION.isdisjoint(after)


def _lacks_material(tokens: tuple[str, ...], topic: Topic) -> Why | None:
    """Return FAILED for "no tumour cells present for FISH": there was nothing to test."""
    lacking = vocabulary.MATERIAL - topic.findings
    return Why.FAILED if any(first == "no" and second in lacking for first, second in pairwise(tokens)) else None


def _is_hedged(tokens: tuple[str, ...]) -> bool:
    return any(
        word in vocabulary.HEDGES and vocabulary.SIGNIFICANCE.isdisjoint(tokens[position + 1 : position + 3])
        for position, word in enumerate(tokens)
    )


def _polarity(tokens: tuple[str, ...], positions: list[int], topic: Topic) -> Polarity:
    if not positions:
        return _bare_polarity(tokens, topic)
    if len(positions) > _MOST_MENTIONS:
        return Polarity.UNKNOWN
    said = {_polarity_at(tokens, position, topic) for position in positions}
    if only_changes := all(SHORTEST_CHANGE.fullmatch(tokens[position]) for position in positions):
        said.discard(Polarity.NEGATIVE)
    if Polarity.NEGATIVE in said and not only_changes:
        return Polarity.UNKNOWN if _denies_another(tokens, topic) else Polarity.NEGATIVE
    if Polarity.POSITIVE in said:
        stated = not (vocabulary.AFFIRMING | vocabulary.PARTICIPLES).isdisjoint(tokens)
        named_test = not vocabulary.TEST_WORDS.isdisjoint(tokens) or _is_title_of_a_method(tokens, topic)
        return Polarity.SILENT if named_test and not stated else Polarity.POSITIVE
    return Polarity.UNKNOWN if Polarity.UNKNOWN in said else Polarity.SILENT


def _denies_another(tokens: tuple[str, ...], topic: Topic) -> bool:
    """True for "GD2 on CD45-negative cells", "MYCN amplified ALK negative": the only denial is a neighbour's."""
    if not vocabulary.FORWARD.isdisjoint(tokens):
        return False
    own = topic.findings | topic.subjects | topic.normal
    around = zip(("", *tokens), tokens, (*tokens[1:], ""), strict=False)
    attributed = any(
        word in _DENYING_TITLES and before not in own and (before in topic.others or after in vocabulary.ATTRIBUTED)
        for before, word, after in around
    )
    return attributed or contains_run(tokens, tuple(("negative", "for", name) for name in topic.others))


def _is_title_of_a_method(tokens: tuple[str, ...], topic: Topic) -> bool:
    """True for "MYCN amplification FISH": the method right behind the finding, and nothing more."""
    return len(tokens) > 1 and tokens[-1] in vocabulary.METHODS and speaks_of(tokens[-2], topic)


_MOST_MENTIONS = 50
"""More often than this nobody names a finding in one clause; each mention is judged by all words around it."""


def _polarity_at(tokens: tuple[str, ...], position: int, topic: Topic) -> Polarity:
    before, after = tokens[:position], tokens[position + 1 :]
    prefixed = tokens[position] not in topic.findings and not SHORTEST_CHANGE.fullmatch(tokens[position])
    forward = not vocabulary.FORWARD.isdisjoint(before) or contains_run(before, vocabulary.FORWARD_RUNS)
    backward = _is_denied_behind(before, after)
    normal = not topic.normal.isdisjoint(tokens)
    if (prefixed and (forward or backward)) or (normal and (forward or prefixed)):
        return Polarity.UNKNOWN
    if (
        (forward and not _EXCLUSIONS.isdisjoint(after))
        or contains_run(tokens, vocabulary.DOUBLE_RUNS)
        or _is_denied_twice(before)
    ):
        return Polarity.UNKNOWN
    if prefixed or forward or backward or normal:
        return Polarity.NEGATIVE
    return Polarity.UNKNOWN if _is_title_without_answer(after, topic) else Polarity.POSITIVE


def _is_title_without_answer(after: tuple[str, ...], topic: Topic) -> bool:
    """True for "amplification: see comment": before a colon the finding's name only asks, what follows must answer."""
    if TITLE_ENDS not in after or not topic.subjects:
        return False
    answer = after[after.index(TITLE_ENDS) + 1 :]
    telling = _TELLING | topic.findings | topic.subjects | topic.others
    return telling.isdisjoint(answer) and not any(SHORTEST_CHANGE.fullmatch(word) for word in answer)


def _is_denied_twice(before: tuple[str, ...]) -> bool:
    """True for a "not" behind another negation of the same phrase: "it is not the case that it is not"."""
    start = max((position + 1 for position, word in enumerate(before) if word in _NEXT_PHRASE), default=0)
    negations = [word for word in before[start:] if word in vocabulary.FORWARD]
    return len(negations) > 1 and "not" in negations[1:]


_TELLING = (
    vocabulary.AFFIRMING
    | (vocabulary.PARTICIPLES - vocabulary.words("is was are were has have"))
    | {*vocabulary.words("high focal strong exon exons"), DNA_CHANGE}
)
_EXCLUSIONS = vocabulary.words("excluded ruled")
_NEXT_PHRASE = vocabulary.words("and or nor")


def _is_denied_behind(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """True for "amplification absent", "ALK-negative: amplification", "amplification was not detected", "…: no"."""
    if not vocabulary.BACKWARD.isdisjoint(after) or (
        not _DENYING_TITLES.isdisjoint(before) and not contains_run(before, vocabulary.FORWARD_RUNS)
    ):
        return True
    if after[:1] == ("free",) or not vocabulary.LAST_DENIALS.isdisjoint(after[-1:]):
        return True
    if contains_run(after, vocabulary.BACKWARD_RUNS):
        return True
    return any(
        word == "not" and not vocabulary.DETECTION.isdisjoint(after[position + 1 : position + 5])
        for position, word in enumerate(after)
    )


_DENYING_TITLES = vocabulary.words("negative neg absent")


def _bare_polarity(tokens: tuple[str, ...], topic: Topic) -> Polarity:
    """Return the polarity of a clause without the finding's own word: "positive", "not detected", "wild type", "NA"."""
    negated = not vocabulary.FORWARD.isdisjoint(tokens)
    if not topic.normal.isdisjoint(tokens):
        return Polarity.UNKNOWN if negated else Polarity.NEGATIVE
    denied = not vocabulary.BACKWARD.isdisjoint(tokens) or contains_run(tokens, vocabulary.BACKWARD_RUNS)
    if denied and negated:
        return Polarity.UNKNOWN
    if denied or (negated and (not vocabulary.AFFIRMING.isdisjoint(tokens) or tokens[-1:] == ("no",))):
        return Polarity.UNKNOWN if _denies_another(tokens, topic) else Polarity.NEGATIVE
    return Polarity.SILENT if vocabulary.AFFIRMING.isdisjoint(tokens) else Polarity.POSITIVE
