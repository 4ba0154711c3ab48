"""Codes as types: one class per code system, so that a LOINC code cannot pass where SNOMED CT is wanted.

Place in the flow: read from `codes.csv` by `hooks.terminology.table`; carried by proposed orders.
May not: be written as a literal anywhere but in tests; every code comes from the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Code:
    """One code of one code system, with the display that the system gives it."""

    system: str
    code: str
    display: str


class SnomedCode(Code):
    """SNOMED CT concept."""

    __slots__ = ()
    SYSTEM: ClassVar[str] = "http://snomed.info/sct"


class LoincCode(Code):
    """LOINC term or answer."""

    __slots__ = ()
    SYSTEM: ClassVar[str] = "http://loinc.org"


class RxNormCode(Code):
    """RxNorm ingredient or product."""

    __slots__ = ()
    SYSTEM: ClassVar[str] = "http://www.nlm.nih.gov/research/umls/rxnorm"


class ATCCode(Code):
    """WHO ATC code."""

    __slots__ = ()
    SYSTEM: ClassVar[str] = "http://www.whocc.no/atc"


class ICD10CMCode(Code):
    """ICD-10-CM (US) code, dotted."""

    __slots__ = ()
    SYSTEM: ClassVar[str] = "http://hl7.org/fhir/sid/icd-10-cm"


class ICD10Code(Code):
    """WHO ICD-10 code, dotted."""

    __slots__ = ()
    SYSTEM: ClassVar[str] = "http://hl7.org/fhir/sid/icd-10"


class ICDO3Code(Code):
    """ICD-O-3 morphology, with behaviour ("9500/3")."""

    __slots__ = ()
    SYSTEM: ClassVar[str] = "http://terminology.hl7.org/CodeSystem/icd-o-3"


class NCItCode(Code):
    """NCI Thesaurus concept."""

    __slots__ = ()
    SYSTEM: ClassVar[str] = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"


class OncoTreeCode(Code):
    """OncoTree code."""

    __slots__ = ()
    SYSTEM: ClassVar[str] = "http://oncotree.mskcc.org"


class HGNCCode(Code):
    """HGNC gene id ("HGNC:427")."""

    __slots__ = ()
    SYSTEM: ClassVar[str] = "http://www.genenames.org"


class SequenceOntologyCode(Code):
    """Sequence Ontology term ("SO:0001742")."""

    __slots__ = ()
    SYSTEM: ClassVar[str] = "http://www.sequenceontology.org"


class CVXCode(Code):
    """CDC vaccine code."""

    __slots__ = ()
    SYSTEM: ClassVar[str] = "http://hl7.org/fhir/sid/cvx"


class HL7Code(Code):
    """A code of one of HL7's own small code systems (status, category, interpretation)."""

    __slots__ = ()


CODE_TYPES: dict[str, type[Code]] = {
    SnomedCode.SYSTEM: SnomedCode,
    LoincCode.SYSTEM: LoincCode,
    RxNormCode.SYSTEM: RxNormCode,
    ATCCode.SYSTEM: ATCCode,
    ICD10CMCode.SYSTEM: ICD10CMCode,
    ICD10Code.SYSTEM: ICD10Code,
    ICDO3Code.SYSTEM: ICDO3Code,
    NCItCode.SYSTEM: NCItCode,
    OncoTreeCode.SYSTEM: OncoTreeCode,
    HGNCCode.SYSTEM: HGNCCode,
    SequenceOntologyCode.SYSTEM: SequenceOntologyCode,
    CVXCode.SYSTEM: CVXCode,
}
