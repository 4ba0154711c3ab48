"""All safety rules, in the order in which they run: most urgent first, the antibody before its partners.

Place in the flow: `order_rules` joins them with the rules of supportive care. May not: decide.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.rules import (
    safety_alk,
    safety_antibody,
    safety_antibody_fit,
    safety_antibody_setting,
    safety_drugs,
    safety_emergency,
    safety_partner,
    safety_qt,
    safety_regimen,
    safety_surgery,
    safety_targeted,
    safety_windows,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import SafetyKnowledge
from hooks.recommendation import Outcome

SafetyRule = Callable[[Facts, SafetyKnowledge, date], Outcome]

ANTIBODY_RULES: tuple[SafetyRule, ...] = (
    safety_antibody_setting.antibody_in_doubt,
    safety_antibody.dinutuximab_forbidden,
    safety_antibody.dinutuximab_beta_forbidden,
    safety_antibody.naxitamab_forbidden,
    safety_antibody.dinutuximab_events,
    safety_antibody.dinutuximab_beta_events,
    safety_antibody.naxitamab_events,
    safety_antibody_setting.two_antibodies,
    safety_antibody_setting.antibody_after_reaction_to_another,
    safety_windows.steroid_with_dinutuximab,
    safety_windows.steroid_with_dinutuximab_beta,
    safety_windows.immunosuppressant_with_dinutuximab_beta,
    safety_windows.immunoglobulin_with_dinutuximab_beta,
    safety_windows.il2_with_dinutuximab_beta,
    safety_windows.il2_with_naxitamab,
    safety_antibody_fit.dinutuximab_beta_start_criteria,
    safety_antibody_fit.antibody_below_age,
    safety_antibody_fit.antibody_without_gd2,
    safety_antibody_fit.antibody_in_pregnancy,
    safety_antibody_setting.antibody_alone_in_progression,
    safety_windows.vaccine_with_dinutuximab,
    safety_windows.vaccine_with_dinutuximab_beta,
)
"""About the anti-GD2 antibody at hand, for any neuroblastoma."""

TARGETED_RULES: tuple[SafetyRule, ...] = (
    safety_targeted.lorlatinib_with_strong_inducer,
    safety_alk.alk_inhibitor_without_aberration,
    safety_alk.crizotinib_on_resistant_variant,
    safety_alk.alectinib_without_fusion,
    safety_targeted.lorlatinib_interactions,
    safety_targeted.crizotinib_interactions,
    safety_targeted.alectinib_interactions,
    safety_targeted.ceritinib_interactions,
    safety_qt.crizotinib_with_qt_drug,
    safety_qt.ceritinib_with_qt_drug,
    safety_targeted.alk_inhibitor_contraception,
    safety_targeted.alk_inhibitor_below_age,
)
"""About ALK inhibitors, in active disease."""

PARTNER_RULES: tuple[SafetyRule, ...] = (
    safety_surgery.bevacizumab_forbidden,
    safety_surgery.bevacizumab_near_surgery,
    safety_surgery.bevacizumab_cautions,
    safety_partner.sirolimus_forbidden,
    safety_partner.sirolimus_interactions,
    safety_partner.sirolimus_cautions,
    safety_partner.dasatinib_interactions,
    safety_partner.temozolomide_forbidden,
    safety_regimen.temozolomide_after_failure,
    safety_regimen.irinotecan_after_failure,
    safety_partner.irinotecan_interactions,
    safety_partner.irinotecan_with_laxative,
    safety_drugs.cefixime_with_cephalosporin_allergy,
    safety_drugs.irinotecan_without_cefixime,
    safety_regimen.mibg_therapy_without_avidity,
    safety_drugs.mibg_therapy_with_uptake_drug,
    safety_drugs.mibg_scan_with_uptake_drug,
    safety_regimen.eflornithine_without_antibody,
    safety_regimen.eflornithine_with_dit,
    safety_partner.temozolomide_with_eflornithine,
    safety_drugs.gm_csf_forbidden,
    safety_drugs.gm_csf_near_chemotherapy,
)
"""About everything else."""

FAMILY_RULES: tuple[SafetyRule, ...] = (safety_targeted.alk_inhibitor_family_page,)
"""On selection only: nobody who signs needs the page again."""

EMERGENCY_RULES: tuple[SafetyRule, ...] = (safety_emergency.febrile_neutropenia_first,)
UNREADABLE_RULES: tuple[SafetyRule, ...] = (safety_emergency.drafts_unreadable,)
