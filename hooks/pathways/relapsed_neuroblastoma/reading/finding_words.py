"""The words of adverse findings: which kind a clause speaks of, its grade, and whether it affirms or denies.

Place in the flow: `findings` asks for conditions, observations and adverse events that no code settles.
May not: take a denial, a doubt about the future or a relative's illness for a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from hooks.pathways.relapsed_neuroblastoma.board import FindingKind as K

_LONGEST = 2000

_PATTERNS: tuple[tuple[K, str], ...] = (
    (K.ANAPHYLAXIS, r"\banaphyla(?:xis|ctic)"),
    (K.SERUM_SICKNESS, r"\bserum sickness"),
    (K.HYPERSENSITIVITY, r"\bhypersensitivity\b|\ballergic reaction"),
    (K.INFUSION_REACTION, r"\binfusion[- ](?:related )?reaction"),
    (K.PAIN, r"\bpain\b"),
    (K.SENSORY_NEUROPATHY, r"\bsensory\b[^.;,]{0,20}neuropathy|\bsensori-?motor (?:poly)?neuropathy"),
    (K.MOTOR_NEUROPATHY, r"\b(?:sensori-?)?motor\b[^.;,]{0,20}neuropathy"),
    (K.NEUROPATHY, r"\b(?:poly)?neuropathy\b"),
    (K.TRANSVERSE_MYELITIS, r"\btransverse myelitis|\bmyelitis transversa"),
    (K.PRES, r"\bposterior reversible|\breversible posterior|\brpls\b|\b(?-i:PRES)\b"),
    (K.SEVERE_CNS_TOXICITY, r"\bsevere (?:cns|central) (?:neuro)?toxicity|\bsevere central nervous system toxicity"),
    (K.HEADACHE, r"\bheadache"),
    (K.CONFUSION, r"\bconfusion(?:al)?\b"),
    (K.SEIZURE, r"\bseizures?\b|\bconvulsions?\b"),
    (K.VISION_LOSS, r"\b(?:vision|visual) loss|\bloss of (?:vision|sight)|\bblindness\b"),
    (K.VISUAL_DISTURBANCE, r"\bvisual (?:disturbance|impairment)|\bblurred vision|\bimpaired accommodation"),
    (K.DILATED_PUPIL, r"\bmydriasis\b|\bdilated pupils?\b|\bpupils? dilated\b"),
    (K.URINARY_RETENTION, r"\burinary retention|\bretention of urine"),
    (K.HYPONATRAEMIA, r"\bhyponatra?emia\b"),
    (K.HYPOTENSION, r"\bhypotension\b"),
    (
        K.UNCONTROLLED_HYPERTENSION,
        r"\b(?:uncontrolled|malignant) (?:arterial )?hypertension|\bhypertension,? uncontrolled"
        r"|\bpoorly[- ]controlled (?:arterial )?hypertension|\bhypertension,? poorly[- ]controlled"
        r"|\bhypertensive (?:crisis|emergency|urgency)",
    ),
    (K.HYPERTENSION, r"(?<!pulmonary )(?<!intracranial )(?<!portal )(?<!ocular )\bhypertensi(?:on|ve)\b"),
    (K.CAPILLARY_LEAK, r"\bcapillary leak"),
    (K.EFFUSION, r"\b(?:pleural|pericardial) effusion"),
    (K.OEDEMA, r"\bo?edema\b|\bfluid retention"),
    (K.HEART_FAILURE, r"\b(?:heart|cardiac) failure"),
    (K.HAEMOLYTIC_URAEMIC_SYNDROME, r"\bha?emolytic[- ]ura?emic|\bahus\b"),
    (K.FEBRILE_NEUTROPENIA, r"\bfebrile neutropenia|\bneutropenic fever|\bfever (?:and|with|in) neutropenia"),
    (K.FEVER, r"\bfever\b|\bpyrexia\b"),
    (K.NEUTROPENIA, r"\bneutropenia\b|\bagranulocytosis\b"),
    (K.SEPSIS, r"\bsepsis\b|\bseptic shock|\bsepticaemia\b|\bsepticemia\b"),
    (K.SYSTEMIC_INFECTION, r"\bsystemic infection|\bbactera?emia\b|\bfunga?emia\b"),
    (K.HERPES_SIMPLEX, r"\bherpes simplex|\bhsv\b"),
    (K.VARICELLA_ZOSTER, r"\bzoster\b|\bvaricella\b|\bshingles\b|\bchickenpox\b|\bvzv\b"),
    (K.DIARRHOEA, r"\bdiarrho?ea\b"),
    (K.PREGNANCY, r"\bpregnan(?:t|cy)\b"),
    (K.UNHEALED_WOUND, r"\b(?:unhealed|non-?healing|open|dehisced) wound|\bwound (?:dehiscence|not healed)"),
    (K.THROMBOSIS, r"\bthrombosis\b|\bthromboembolism\b|\bpulmonary embolism"),
    (K.BLEEDING, r"\bbleeding\b|\bha?emorrhage\b"),
    (K.LOW_PLATELETS, r"\bthrombocytopenia\b"),
)
_IRRADIATION: tuple[tuple[K, str], ...] = (
    (K.CRANIOSPINAL_IRRADIATION, r"\bcranio-?spinal (?:irradiation|radiation|radiotherapy|rt)\b"),
    (K.TOTAL_BODY_IRRADIATION, r"\btotal[- ]body irradiation|\btbi\b"),
    (K.CRANIAL_IRRADIATION, r"\b(?:cranial|brain|whole[- ]brain) (?:irradiation|radiation|radiotherapy|rt)\b"),
)
_GVHD = re.compile(r"\bgvhd\b|\bgraft[- ]versus[- ]host", re.IGNORECASE)
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)
_COMPILED_IRRADIATION = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _IRRADIATION)
_STEM_LIST = (
    "anaphyla|serum|hypersens|allergic|infusion|pain|neuropathy|myelitis|reversible|rpls|toxicity|headache|confusion"
    "|seizure|convulsion|vision|visual|sight|blindness|accommodation|pupil|mydriasis|retention|hyponatr|hypotens"
    "|hypertens|capillary|effusion|edema|failure|uremic|uraemic|ahus|neutropeni|agranulocyt|fever|pyrexia|sepsis|septic|infection"
    "|bacter|funga|fungemia|herpes|hsv|zoster|varicella|shingles|chickenpox|vzv|diarrh|pregnan|wound|thrombo|embolism"
    "|bleeding|hemorrhag|haemorrhag|gvhd|graft"
)
_STEMS = tuple(_STEM_LIST.split("|"))
"""A piece of every pattern's words: looking for these first takes 4 us a title, trying every pattern 63 us."""
_PRES = "PRES"

_KINDS_OF_NEUROPATHY = frozenset({K.SENSORY_NEUROPATHY, K.MOTOR_NEUROPATHY})

_CLAUSE = re.compile(r"[;|\n]|\.(?=\s|$)|\b(?:but|however|whereas|although)\b", re.IGNORECASE)
_GRADE = re.compile(r"\bgrade[\s:]*(?P<grade>[1-5]|iv|v|i{1,3})\b", re.IGNORECASE)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_DENIED = re.compile(
    r"\b(?:no|not|without|denies|negative|absent|never|nor|free of|ruled out|excluded)\b", re.IGNORECASE
)
_IGNORED = re.compile(
    r"\b(?:rule out|to exclude|r/o|risk of|at risk|prophyla\w+|prevent\w*|screening|family|mother|father|sibling"
    r"|vaccin\w*|immuni[sz]ation|if)\b|\?",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:history of|h/o|hx of|previous(?:ly)?|prior|past|resolved|former(?:ly)?)\b", re.IGNORECASE)


class Stance(StrEnum):
    """What a clause says of its finding."""

    PRESENT = "present"
    PAST = "past"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Worded:
    """One finding that a text names. grade: CTCAE grade in words, the lower one of a range."""

    kind: K
    stance: Stance
    grade: int | None = None


def names_finding(text: str) -> bool:
    """True if words of some finding may stand in the text, whatever it says of them; a cheap first question."""
    lowered = text[:_LONGEST].lower()
    return any(stem in lowered for stem in _STEMS) or _PRES in text[:_LONGEST]


def findings_in(text: str) -> Iterator[Worded]:
    """Yield every finding that the text names, affirmed, past or denied; what is only feared is left out."""
    if not names_finding(text):
        return
    for clause in _CLAUSE.split(text[:_LONGEST]):
        if _IGNORED.search(clause):
            continue
        stance = _stance(clause)
        for kind in kinds_in(clause):
            yield Worded(kind, stance, grade_in(clause))


def kinds_in(text: str) -> Iterator[K]:
    """Yield the kinds whose words stand in a text, whatever it says of them."""
    if _GVHD.search(text):
        yield _gvhd_kind(text)
    found = [kind for kind, pattern in _COMPILED if pattern.search(text)]
    yield from (kind for kind in found if kind is not K.NEUROPATHY or not _KINDS_OF_NEUROPATHY & set(found))


def irradiations_in(text: str) -> Iterator[K]:
    """Yield the kinds of irradiation of the brain that the name of a procedure says."""
    for kind, pattern in _COMPILED_IRRADIATION:
        if pattern.search(text):
            yield kind


def grade_in(text: str) -> int | None:
    """Return the CTCAE grade that a text says ("grade 3", "Grade IV"), or None."""
    found = _GRADE.search(text)
    return None if found is None else _ROMAN.get(found["grade"].lower()) or int(found["grade"])


def _stance(clause: str) -> Stance:
    if _DENIED.search(clause):
        return Stance.DENIED
    return Stance.PAST if _PAST.search(clause) else Stance.PRESENT


def _gvhd_kind(text: str) -> K:
    lowered = text.lower()
    if "chronic" in lowered:
        if "extensive" in lowered:
            return K.CHRONIC_GVHD_EXTENSIVE
        return K.CHRONIC_GVHD_LIMITED if "limited" in lowered and "acute" not in lowered else K.CHRONIC_GVHD
    return K.ACUTE_GVHD if "acute" in lowered else K.GVHD
