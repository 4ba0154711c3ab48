"""What each rule on orders waits for: a fact that nobody recorded neither clears nor forbids, it is named."""

from __future__ import annotations

import pytest

from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.order_rules import ORDER_SELECT_RULES
from hooks.recommendation import Undetermined
from tests.spec.children import AS_OF
from tests.spec.safety.charts import ALL_RULES, ANTIBODIES, Chart, chart

WAITING: dict[str, dict[str, str]] = {
    "dinutuximab": {
        "dinutuximab_forbidden": "allergies",
        "dinutuximab_events": "allergies",
        "antibody_alone_in_progression": "response",
    },
    "dinutuximab beta": {
        "dinutuximab_beta_forbidden": "allergies",
        "dinutuximab_beta_events": "allergies",
        "dinutuximab_beta_start_criteria": "measurements",
        "antibody_alone_in_progression": "response",
    },
    "naxitamab": {
        "naxitamab_forbidden": "allergies",
        "naxitamab_events": "allergies",
        "antibody_alone_in_progression": "response",
    },
    "sirolimus": {"sirolimus_forbidden": "allergies"},
    "irinotecan": {"irinotecan_after_failure": "failed_irinotecan", "irinotecan_without_cefixime": "allergies"},
    "temozolomide": {"temozolomide_forbidden": "allergies", "temozolomide_after_failure": "failed_temozolomide"},
    "bevacizumab": {"bevacizumab_forbidden": "allergies"},
    "iobenguane_I131": {"mibg_therapy_without_avidity": "mibg_avidity"},
    "eflornithine": {"eflornithine_without_antibody": "prior_anti_gd2"},
    "sargramostim": {"gm_csf_forbidden": "allergies"},
    "cefixime": {"cefixime_with_cephalosporin_allergy": "allergies"},
    "dasatinib": {},
    "topotecan": {},
    "lorlatinib": {},
    "crizotinib": {},
    "alectinib": {},
    "ceritinib": {},
}
"""By selected drug: the rules that cannot tell, and the fact that each of them waits for."""


def waiting(board: Chart) -> dict[str, str]:
    found = {}
    for rule in ORDER_SELECT_RULES:
        outcome = rule(board.facts(), KNOWLEDGE, AS_OF)
        if isinstance(outcome, Undetermined):
            found[rule.__name__] = ", ".join(sorted({gap.fact for gap in outcome.missing}))
    return found


@pytest.mark.parametrize("drug", WAITING)
def test_given_a_drug_and_nothing_else_on_record_when_selected_then_each_open_rule_names_what_it_waits_for(
    drug: str,
) -> None:
    """Hazard: an allergy that nobody asked for is taken for none."""
    assert waiting(chart().with_unknown_allergies().selecting(drug, 1)) == WAITING[drug]


@pytest.mark.parametrize("antibody", ANTIBODIES)
def test_given_an_active_antibody_without_its_day_1_when_another_drug_is_selected_then_its_needs_wait_for_the_day(
    antibody: str,
) -> None:
    name = antibody.replace(" ", "_")

    found = waiting(chart().active(antibody).selecting("ondansetron", 1))

    assert {rule: fact for rule, fact in found.items() if fact == "day_1"} == {
        f"{name}_premedication": "day_1",
        f"{name}_monitoring": "day_1",
    }


@pytest.mark.parametrize("rule", [rule.__name__ for rule in ALL_RULES])
def test_given_no_order_at_all_when_asked_then_every_safety_rule_is_silent(rule: str) -> None:
    assert chart().silent(rule).because
