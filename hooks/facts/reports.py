"""DiagnosticReports: whether they speak of tissue or genes, what they conclude, and what they only attach.

Place in the flow: molecular readers take conclusions as text; reports that hold nothing but a document are named.
May not: open an attachment that is not plain text, or take an imaging report's clinical history for a result.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping

from hooks.facts.vocabulary import words
from hooks.record import PatientRecord, Resource
from hooks.terminology.table import TABLE, codings_of, concepts_of, is_a, normal_system, text_of

_WORD = re.compile(r"[a-z]+")
_NAME = re.compile(r"[a-z0-9]+")
_MOLECULAR = words(
    "molecular genomic genomics genetic genetics cytogenetic cytogenetics fish sequencing ngs microarray mycn alk "
    "exome genome karyotype mutation profiling snp ctdna"
)
_TISSUE = words(
    "pathology histology histopathology biopsy marrow cytology flow cytometry immunohistochemistry surgical resection"
)
_CATEGORIES = TABLE.codes("diagnosticreport.category")
_GENETIC_CATEGORIES = frozenset({"Genetics", "Cytogenetics"})
_IMAGING_CATEGORIES = frozenset({"Radiology"})
_MOLECULAR_CONCEPTS = ("genomic", "molecular_panel", "MYCN.amplification", "ALK.rearrangement")
_TISSUE_CONCEPTS = ("pathology", "biopsy", "bone_marrow")


def is_molecular(report: Resource) -> bool:
    """True if category, code or title say genetics, cytogenetics or a molecular test."""
    if _categories(report) & _GENETIC_CATEGORIES:
        return True
    if any(is_a(concept, *_MOLECULAR_CONCEPTS) for concept in _code_concepts(report)):
        return True
    return bool(_title_words(report) & _MOLECULAR) and not _categories(report) & _IMAGING_CATEGORIES


def is_molecular_document(document: Resource) -> bool:
    """True for a DocumentReference whose type or description names a molecular test."""
    if document.get("status") in ("entered-in-error", "superseded") or document.get("docStatus") == "entered-in-error":
        return False
    description = document.get("description")
    said = f"{text_of(document.get('type'))} {description if isinstance(description, str) else ''}"
    return bool(frozenset(_WORD.findall(said[:500].lower())) & _MOLECULAR)


def is_about_tissue(report: Resource) -> bool:
    """True if the conclusion may hold molecular results: molecular, pathology and other laboratory reports."""
    categories = _categories(report)
    if categories & _IMAGING_CATEGORIES:
        return False
    if is_molecular(report) or bool(categories):
        return True
    named = any(is_a(concept, *_TISSUE_CONCEPTS) for concept in _code_concepts(report))
    return named or bool(_title_words(report) & _TISSUE)


def names_tissue_test(title: str) -> bool:
    """True if a title says genetics, a molecular test, pathology or another examination of tissue."""
    return bool(frozenset(_WORD.findall(title[:500].lower())) & (_MOLECULAR | _TISSUE))


def conclusion_of(report: Resource) -> str:
    """Return conclusion, the words of conclusionCode, and what is attached as plain text."""
    conclusion = report.get("conclusion")
    codes = report.get("conclusionCode")
    parts = [conclusion if isinstance(conclusion, str) else ""]
    parts.extend(text_of(code) for code in (codes if isinstance(codes, list) else (codes,)))
    parts.extend(_plain_text(form) for form in attachments_of(report))
    return " | ".join(part for part in parts if part)


def _plain_text(attachment: Mapping[str, object]) -> str:
    """Return an attachment that came along as plain text; "" for a link, another format, or too long a one."""
    data = attachment.get("data")
    if not is_plain_text(attachment) or not isinstance(data, str) or len(data) > _LONGEST_ATTACHMENT:
        return ""
    try:
        return b64decode(data).decode(errors="replace").strip()
    except ValueError:
        return ""


def is_plain_text(attachment: Mapping[str, object]) -> bool:
    """True for an attachment that calls itself plain text, whatever its character set."""
    kind = attachment.get("contentType")
    return isinstance(kind, str) and kind.split(";")[0].strip().lower() == "text/plain"


_LONGEST_ATTACHMENT = 24_000
"""Characters of base64: as much text as is examined of any one."""


def is_only_attached(report: Resource, record: PatientRecord) -> bool:
    """True if a document is attached and there is neither a conclusion nor a result that can be read."""
    return bool(attachments_of(report)) and not conclusion_of(report) and not any(_results_found(report, record))


def lacks_its_results(report: Resource, record: PatientRecord) -> bool:
    """True if a report says nothing in words and refers to results of which none came with it."""
    found = _results_found(report, record)
    return bool(found) and not any(found) and not conclusion_of(report) and not attachments_of(report)


def _results_found(report: Resource, record: PatientRecord) -> list[bool]:
    """Return for each result that the report refers to whether it is at hand."""
    results = report.get("result")
    listed = results if isinstance(results, list) else () if results is None else (results,)
    return [record.find(item, within=report) is not None for item in listed]


def attachments_of(report: Resource) -> tuple[Mapping[str, object], ...]:
    """Return the attachments of presentedForm."""
    forms = report.get("presentedForm")
    return tuple(
        form for form in (forms if isinstance(forms, list) else (forms,)) if isinstance(form, Mapping) and form
    )


def title_of(report: Resource) -> str:
    """Return the title of the attached document, else the words of the report's code."""
    titles = (form.get("title") for form in attachments_of(report))
    return next((title for title in titles if isinstance(title, str) and title.strip()), text_of(report.get("code")))


def title_words(report: Resource) -> frozenset[str]:
    """Return the words of the report's title and code, digits kept, lower case: "mycn", "11q"."""
    return frozenset(_NAME.findall(f"{title_of(report)} {text_of(report.get('code'))}"[:500].lower()))


def _categories(report: Resource) -> frozenset[str]:
    """Return the table's displays of the report's categories."""
    sent = [
        (normal_system(str(coding.get("system"))), coding.get("code")) for coding in codings_of(report.get("category"))
    ]
    return frozenset(code.display for code in _CATEGORIES if (code.system, code.code) in sent)


def _code_concepts(report: Resource) -> tuple[str, ...]:
    return concepts_of(report.get("code"))


def _title_words(report: Resource) -> frozenset[str]:
    return frozenset(_WORD.findall(f"{title_of(report)} {text_of(report.get('code'))}"[:500].lower()))
