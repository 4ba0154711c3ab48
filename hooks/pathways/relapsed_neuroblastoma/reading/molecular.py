"""The molecular facts of one child, with the specimen's date held against the disease event.

Place in the flow: called with the record and the date of the event; fills the molecular fields of Facts.
May not: decide, or read a report that exists only as a document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hooks.facts.dates import Interval, result_date
from hooks.facts.fact import Fact
from hooks.facts.laboratory import laboratory_of
from hooks.facts.observations import Gate, gate_of
from hooks.facts.reports import is_molecular, is_molecular_document, is_only_attached, lacks_its_results, title_of
from hooks.pathways.relapsed_neuroblastoma.facts import ALK, GD2, MYCN, Altered, Molecular, UnreadableReport
from hooks.pathways.relapsed_neuroblastoma.reading import gd2, mycn
from hooks.pathways.relapsed_neuroblastoma.reading.alk import read_alk
from hooks.pathways.relapsed_neuroblastoma.reading.gene_groups import read_group, read_segmental
from hooks.pathways.relapsed_neuroblastoma.reading.results import fold
from hooks.record import PatientRecord, Resource, reference_to
from hooks.terminology.table import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MolecularFacts:
    """The molecular fields of Facts, by the same names."""

    mycn: Fact[Molecular[MYCN]]
    alk: Fact[Molecular[ALK]]
    gd2: Fact[Molecular[GD2]]
    tp53_pathway: Fact[Molecular[Altered]]
    ras_mapk: Fact[Molecular[Altered]]
    tert: Fact[Molecular[Altered]]
    atrx: Fact[Molecular[Altered]]
    segmental_changes: Fact[Molecular[Altered]]
    unreadable_reports: tuple[UnreadableReport, ...]


def read_molecular(record: PatientRecord, event_date: date | Interval | None) -> MolecularFacts:
    """Return the molecular facts. Without the date of the event every timing is unknown."""
    event = Interval(event_date, event_date) if isinstance(event_date, date) else event_date
    laboratory = laboratory_of(record)
    return MolecularFacts(
        mycn=fold(mycn.mycn_results(record), event, mycn.FOLDING),
        alk=read_alk(laboratory, event),
        gd2=fold(gd2.gd2_results(laboratory), event, gd2.FOLDING),
        tp53_pathway=read_group(laboratory, "tp53_pathway", event),
        ras_mapk=read_group(laboratory, "ras_mapk", event),
        tert=read_group(laboratory, "tert", event),
        atrx=read_group(laboratory, "atrx", event),
        segmental_changes=read_segmental(laboratory, event),
        unreadable_reports=tuple(unreadable_reports(record)),
    )


def unreadable_reports(record: PatientRecord) -> list[UnreadableReport]:
    """Return the molecular reports that hold nothing but a document, or results that did not come, the latest last.

    A DocumentReference counts where there is none such and no DiagnosticReport of the record is behind it; its own
    date is that of filing and is not taken.
    """
    found = []
    for report in record.of_type("DiagnosticReport"):
        gate, attached = gate_of(report), is_only_attached(report, record)
        referring = gate is not Gate.PENDING and lacks_its_results(report, record)
        if gate is not Gate.DROPPED and (attached or referring) and is_molecular(report):
            dated = result_date(report, record)
            day = dated.day if dated else None
            found.append(UnreadableReport(reference_to(report), day, title_of(report)[:200], attached))
    for document in () if found else record.of_type("DocumentReference"):
        if is_molecular_document(document) and not _is_of_a_report(document, record):
            title = document.get("description")
            said = title if isinstance(title, str) and title else text_of(document.get("type"))
            found.append(UnreadableReport(reference_to(document), None, said[:200]))
    return sorted(found, key=lambda report: report.date or date.min)


def _is_of_a_report(document: Resource, record: PatientRecord) -> bool:
    context = document.get("context")
    related = context.get("related") if isinstance(context, Mapping) else None
    found = (record.find(item) for item in (related if isinstance(related, list) else (related,)))
    return any(item is not None and item.get("resourceType") == "DiagnosticReport" for item in found)
