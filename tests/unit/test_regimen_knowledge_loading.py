"""What the loader of the regimen knowledge refuses, and what holds over all of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hooks.errors import KnowledgeError
from hooks.knowledge import load_model
from hooks.pathways.relapsed_neuroblastoma.knowledge import FOLDER, KNOWLEDGE, Citations, load_knowledge
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import Licence, Place, Status, TrialStatus, load_regimens
from hooks.pathways.relapsed_neuroblastoma.reading.signatures import SIGNATURES

LIBRARY = KNOWLEDGE.regimens


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the knowledge folder that a test may spoil."""
    for path in FOLDER.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("regimens.yaml", "unit: mg/m2", "unit: mg/sqm", "regimens.yaml"),
        ("regimens.yaml", "unit: ug/m2", "unit: mcg/m2", "regimens.yaml"),
        ("regimens.yaml", "value: 250, unit: ug/m2", "value: 250, unit: mg/m2", "sargramostim is dosed in micrograms"),
        ("regimens.yaml", "value: 10, unit: mg/m2, per: dose", "value: -10, unit: mg/m2, per: dose", "regimens.yaml"),
        ("regimens.yaml", "value: 10, unit: mg/m2, per: dose", "value: 10, unit: mg/m2, per: week", "regimens.yaml"),
        ("regimens.yaml", "value: 10, unit: mg/m2, per: dose", "value: .inf, unit: mg/m2, per: dose", "regimens.yaml"),
        ("regimens.yaml", "  status: suggest\n", "  status: recommend\n", "regimens.yaml"),
        ("regimens.yaml", "  evidence: phase 2\n", "  evidence: strong\n", "regimens.yaml"),
        ("regimens.yaml", "TOTEM:\n", "TOTEM:\n  draft: true\n", "Extra inputs are not permitted"),
        ("regimens.yaml", "TOTEM:\n", "TEMIRI:\n", "duplicate"),
        ("regimens.yaml", "route: by mouth, dose: {value: 60", "route: orally, dose: {value: 60", "regimens.yaml"),
        (
            "regimens.yaml",
            "dose: null, days: daily, verified: false",
            "dose: null, days: daily, verified: true",
            "cefixime",
        ),
        ("regimens.yaml", "drugs: [drug.topotecan, drug.temozolomide]", "drugs: [drug.topotecan]", "does not list"),
        ("regimens.yaml", "drugs: [drug.irinotecan]", "drugs: [drug.irinotecann]", "no concept"),
        ("regimens.yaml", "drug: drug.vorinostat", "drug: drug.vorinostatt", "is no concept"),
        ("regimens.yaml", "phases: [maintenance]", "phases: []", "regimens.yaml"),
        ("gates.yaml", "block: [failed_temozolomide, failed_irinotecan]}", "block: [unheard_of]}", "codes unknown"),
        ("gates.yaml", "  TOTEM: {place", "  TOTEMM: {place", "do not match"),
        ("gates.yaml", "block: [anthracycline_limit], ", "", "anthracycline_limit"),
        ("gates.yaml", "place: first_choice_backbone", "place: best", "gates.yaml"),
        ("trials.yaml", "key: BEACON2_PART2", "key: BEACON2_PART1", "stands twice"),
        ("trials.yaml", "doubts: [failed_lorlatinib]", "doubts: [unheard_of]", "unknown gate codes: unheard_of"),
        ("trials.yaml", "status: recruiting", "status: open", "trials.yaml"),
        ("trials.yaml", 'checked_on: "2026-11"', 'checked_on: "last autumn"', "trials.yaml"),
        ("trials.yaml", "verify_url: https://", "verify_url: http://", "trials.yaml"),
        ("regimen_statements.yaml", "no_consensus:\n", "no_consensus:\n  certain: yes\n", "regimen_statements.yaml"),
    ],
)
def test_given_a_spoiled_file_when_loaded_then_the_server_does_not_start(
    folder: Path, file: str, old: str, new: str, said: str
) -> None:
    """DESIGN 3: unknown key, duplicate key, unit outside the enum: the loader refuses."""
    spoil(folder, file, old, new)

    with pytest.raises(KnowledgeError) as refused:
        load_regimens(folder)

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("regimens.yaml", "citations: [TOTEM]", "citations: [TOTEMM]", "regimens.yaml: TOTEM: citation TOTEMM"),
        ("gates.yaml", "citation: BIT-MSKCC}", "citation: NOBODY}", "gates.yaml: failed_temozolomide"),
        ("gates.yaml", "citation: KUSHNER-ICE}", "citation: NOBODY}", "gates.yaml: HD_ICE"),
        ("trials.yaml", "citation: VERITAS", "citation: NOBODY", "trials.yaml: VERITAS"),
        ("regimen_statements.yaml", "evidence: [HERD]", "evidence: [NOBODY]", "NOBODY"),
        ("citations.yaml", "via: GD2REVIEW}", "via: NOBODY}", "via NOBODY"),
        (
            "citations.yaml",
            "- {id: EJC2026,",
            "- {id: IDLE, title: Nobody quotes this, access: full}\n- {id: EJC2026,",
            "never used: IDLE",
        ),
        (
            "citations.yaml",
            "- {id: EJC2026,",
            "- {id: EJC2026, title: The same id again, access: full}\n- {id: EJC2026,",
            "one id stands twice",
        ),
    ],
)
def test_given_an_unresolved_or_idle_citation_when_loaded_then_the_server_does_not_start(
    folder: Path, file: str, old: str, new: str, said: str
) -> None:
    spoil(folder, file, old, new)

    with pytest.raises(KnowledgeError) as refused:
        load_knowledge(folder)

    assert said in str(refused.value)


def test_given_the_files_as_they_are_when_loaded_again_then_the_digest_is_the_same(folder: Path) -> None:
    assert load_knowledge(folder).base.digest == KNOWLEDGE.base.digest
    assert KNOWLEDGE.base.pathway == "relapsed-neuroblastoma"
    assert KNOWLEDGE.base.reviewed is False


def test_given_the_regimens_when_counted_then_all_34_are_there() -> None:
    assert len(LIBRARY.regimens) == 34
    assert KNOWLEDGE.base.counts["regimens"] == 34
    assert LIBRARY.gates.keys() == LIBRARY.regimens.keys()
    assert LIBRARY.approvals.keys() == LIBRARY.regimens.keys()


def test_given_every_citation_when_listed_then_each_can_be_found() -> None:
    """A DOI, an address or an identifier; what was only quoted names the source that quotes it."""
    for citation in load_model(FOLDER / "citations.yaml", Citations).root:
        assert citation.doi or citation.url or citation.identifier, citation.id
        assert (citation.access == "quoted") is bool(citation.via), citation.id


def test_given_regimens_that_are_never_suggested_when_listed_then_they_are_these() -> None:
    never = {key for key, regimen in LIBRARY.regimens.items() if regimen.status is Status.DO_NOT_SUGGEST}

    assert never == {"DIT_DFMO", "IT_TEMSIROLIMUS", "IRINOTECAN_SINGLE", "DINUTUXIMAB_FIRSTLINE"}
    assert {key for key, gates in LIBRARY.gates.items() if gates.place is Place.NEVER} == never - {
        "DINUTUXIMAB_FIRSTLINE"
    }


def test_given_regimens_of_trials_and_expert_centres_when_listed_then_they_are_these() -> None:
    found = {
        status: {key for key, regimen in LIBRARY.regimens.items() if regimen.status is status} for status in Status
    }

    assert found[Status.TRIAL_ONLY] == {"DB_BIT", "ALECTINIB", "GD2_CART01"}
    assert found[Status.SPECIALIST_CENTRE] == {
        "DB_N5N6",
        "MIBG_131I",
        "HD_CARBO_IRI",
        "HAPLO_SCT_DB",
        "METRONOMIC_5",
    }


def test_given_licences_when_listed_then_they_are_those_of_the_labels() -> None:
    """9.1: dinutuximab beta in the EU; naxitamab with GM-CSF and eflornithine in the US."""
    licensed = {
        (key, where)
        for key, approvals in LIBRARY.approvals.items()
        for where, approval in (("EU", approvals.EU), ("US", approvals.US))
        if approval.licence is Licence.LICENSED
    }

    assert licensed == {("DB_LTI", "EU"), ("NAXITAMAB_GMCSF", "US"), ("EFLORNITHINE", "US")}


def test_given_trials_when_listed_then_stopped_and_closed_ones_are_never_offered() -> None:
    """Table E: VERITAS stopped, ANBL1821 closed."""
    assert {trial.key for trial in LIBRARY.trials if not trial.may_be_offered} == {"VERITAS", "ANBL1821"}
    assert {trial.key for trial in LIBRARY.trials if trial.status is TrialStatus.RECRUITING} == {
        "BEACON2_PART1",
        "BEACON2_PART2",
    }


def test_given_a_figure_or_statement_when_printed_then_no_greek_letter_stands_for_micrograms() -> None:
    for path in FOLDER.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert "\u00b5" not in text, path.name
        assert "\u03bc" not in text, path.name


def test_given_age_limits_when_listed_then_the_antibodies_begin_at_twelve_months() -> None:
    """QARZIBA, NAXI-LABEL."""
    limited = {key for key, regimen in LIBRARY.regimens.items() if regimen.age_min_months == 12}

    assert limited == {key for key, gates in LIBRARY.gates.items() if "age_lt_12m" in gates.block}
    assert LIBRARY.gate_codes["age_lt_12m"].limit == 12


def test_given_the_signatures_by_which_charts_are_read_when_compared_then_they_name_the_same_regimens() -> None:
    """A regimen that is recognised but unknown here, or the reverse, would silently change the phase."""
    assert SIGNATURES.regimens.keys() == LIBRARY.regimens.keys()
    for key, signature in SIGNATURES.regimens.items():
        drugs = {drug for required in signature.drugs for drug in required if drug.startswith("drug.")}
        blocks_not_read = drugs if key == "DB_N5N6" else set()
        assert drugs - blocks_not_read <= set(LIBRARY.regimens[key].drugs), key
