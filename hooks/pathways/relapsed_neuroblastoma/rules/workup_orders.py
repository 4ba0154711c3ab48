"""The orders of the work-up, one per item of decision table D.

Place in the flow: `workup` offers those that are due. May not: hold a code literal; codes come from the table.
"""

from __future__ import annotations

from hooks.pathways.relapsed_neuroblastoma.facts import WorkupItem
from hooks.recommendation import OrderKind, ProposedOrder
from hooks.terminology.codes import Code, HL7Code, LoincCode, SnomedCode
from hooks.terminology.table import code_for, code_named

_IMAGING = (code_named("imaging.procedure", SnomedCode, "Imaging (procedure)"),)
_GENETICS = (code_named("diagnosticreport.category", HL7Code, "Genetics"),)


def _order(
    item: WorkupItem, label: str, text: str, codes: tuple[Code, ...], category: tuple[Code, ...]
) -> ProposedOrder:
    return ProposedOrder(
        kind=OrderKind.SERVICE_REQUEST, item=item, label=label, text=text, codes=codes, category=category
    )


ORDERS: dict[WorkupItem, ProposedOrder] = {
    WorkupItem(order.item): order
    for order in (
        _order(
            WorkupItem.BIOPSY,
            "Image-guided biopsy of an active lesion",
            "Image-guided biopsy of an MIBG- or FDG-avid lesion, several passes; tissue for histology and molecular "
            "profiling (MYCN, ALK, segmental changes, TERT, ATRX, TP53 and RAS-MAPK pathways, GD2)",
            (code_named("biopsy.procedure", SnomedCode, "Imaging guided"),),
            (),
        ),
        _order(
            WorkupItem.MOLECULAR_PANEL,
            "Molecular panel on current tissue",
            "Molecular characterisation of the tumour: MYCN status (amplified, gain, heterogeneous, normal); ALK "
            "sequence, copy number and fusion; RAS-MAPK; TP53 pathway, MDM2, CDK4, CDKN2A; TERT; ATRX; "
            "segmental chromosome changes; specimen collection date on the report",
            (code_named("molecular_panel.procedure", SnomedCode, "Molecular genetic test"),),
            _GENETICS,
        ),
        _order(
            WorkupItem.MIBG_SCAN,
            "123I-MIBG scan",
            "123I-MIBG whole body with SPECT or SPECT/CT; report Curie or SIOPEN score",
            (code_for("MIBG.I-123.scan", LoincCode),),
            _IMAGING,
        ),
        _order(
            WorkupItem.FDG_PET,
            "FDG-PET (disease not MIBG-avid)",
            "FDG-PET/CT or FDG-PET/MRI, because the disease is not MIBG-avid",
            (code_named("imaging.procedure", SnomedCode, "Positron emission tomography"),),
            _IMAGING,
        ),
        _order(
            WorkupItem.CROSS_SECTIONAL,
            "CT or MRI of primary and soft tissue",
            "CT or MRI of the primary site and soft-tissue disease; MRI of brain and orbits if signs or skull disease",
            _IMAGING,
            _IMAGING,
        ),
        _order(
            WorkupItem.MARROW,
            "Bilateral marrow aspirates and trephines",
            "Bilateral bone marrow aspirates and bilateral trephine biopsies",
            (code_named("bone_marrow.procedure", SnomedCode, "Bone marrow sampling"),),
            (),
        ),
        _order(
            WorkupItem.GD2,
            "GD2 expression on tumour cells",
            "GD2 expression on tumour cells (immunohistochemistry or flow cytometry on tumour or marrow), not the "
            "serum anti-GD2 antibody test",
            (code_named("pathology.procedure", SnomedCode, "Anatomic pathology"),),
            (),
        ),
        _order(
            WorkupItem.TUMOUR_BOARD,
            "Molecular tumour board",
            "Present to the molecular tumour board with biopsy, molecular results and staging",
            (code_named("tumour_board.coordination", SnomedCode, "Coordination of case conference"),),
            (),
        ),
        _order(
            WorkupItem.GENETICS,
            "Genetics referral (germline ALK variant)",
            "Referral to clinical genetics: ALK variant reported as germline; counselling and testing of the family",
            (),
            _GENETICS,
        ),
    )
}
"""In the order in which a card offers them."""
