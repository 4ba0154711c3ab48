"""The words by which chart text affirms, denies, doubts or leaves open: single lower-case words and runs of them.

Place in the flow: `hooks.facts.text` matches on them. May not: name a disease, a gene or a drug.
"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of a space-separated list."""
    return frozenset(text.split())


def runs(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the runs of words of a comma-separated list."""
    return tuple(tuple(run.split()) for run in text.split(","))


FAMILY = words(
    "mother mothers father fathers brother brothers sister sisters sibling siblings parent parents uncle aunt cousin "
    "grandmother grandfather grandparent relative relatives twin maternal paternal mum dad"
)
FAMILY_RUNS = runs("family history,family member,family members")
AFFIRMING = words("positive detected present identified found seen observed demonstrated confirmed yes noted shown")
PARTICIPLES = words(
    "amplified mutated relapsed progressed recurred rearranged deleted gained lost altered fused progressing "
    "recurring proven refractory is was are were has shows showed"
)
FORWARD = words("no not non never without neither nor lack lacks lacking absence denies denied")
FORWARD_RUNS = runs("negative for,free of,free from,excluded for")
DOUBLE_RUNS = runs("not absent,not negative,not excluded,no absence")
BACKWARD = words("absent negative undetected undetectable excluded none never")
DETECTION = words(
    "detected seen identified present found observed demonstrated evident noted shown reported there apparent visible"
)
PENDING = words("pending awaited awaiting requested ordered sent follow tbd outstanding scheduled")
FAILED = words("insufficient inadequate failed failure unsuccessful qns unsatisfactory")
UNCLEAR = words("inconclusive indeterminate equivocal uninterpretable borderline unclear undetermined cannot unlikely")
UNKNOWN = words("unknown unavailable")
NOT_DONE = words("tested performed done assessed evaluated examined requested sent analysed analyzed")
NOT_KNOWN = words("available known reported given stated")
NOT_CLEAR = words("evaluable assessable determined confirmed conclusive possible excluded proven certain clear")
HEDGES = words(
    "suspected suspicious suspicion possible possibly probable probably likely presumed query questionable concern "
    "concerning may might could consider presumptive"
)
SIGNIFICANCE = words("pathogenic benign oncogenic")
VOID_RUNS = runs(
    "rule out,r o,risk of,risk for,risk assessment,relapse risk,recurrence risk,history of,h o,in case,fear of,"
    "surveillance for,screening for,monitoring for,evaluate for,evaluation for,assess for,prevention of,prevent,"
    "prophylaxis,if,should,unless,until"
)
FINDING_NOUNS = words(
    "variant variants mutation mutations alteration alterations aberration aberrations rearrangement rearrangements "
    "fusion fusions gain gains loss losses deletion deletions amplification amplifications translocation expression "
    "relapse relapses recurrence recurrences progression disease metastasis metastases"
)
TEST_WORDS = words("testing test analysis assay status study panel probe tests")
DIAGNOSIS_WORDS = words("diagnosis initial initially presentation diagnostic")
RELAPSE_WORDS = words("relapse recurrence relapsed recurrent progression")
NEGATION_PREFIXES = ("non", "un")
