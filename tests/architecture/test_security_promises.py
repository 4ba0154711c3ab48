"""SECURITY.md keeps its word: each threat has a defence and tests that exist; image and queries are minimal."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

import fhir_fixtures
from cards.profiles import profile_named
from cds_server.catalogue import Catalogue, Served
from cds_server.pipeline import Desk, Notes, read_record
from hooks.pathways.relapsed_neuroblastoma.pathway import PATHWAY
from hooks.pathways.relapsed_neuroblastoma.prefetch import TEMPLATES
from hooks.request import parse_request
from hooks.service import Circumstances

ROOT = Path(__file__).parents[2]
THREATS = (
    "SSRF through `fhirServer`",
    "access token sent to another server",
    "`alg: none`, HS* with the public key, a key of another type",
    "`jku` abuse",
    "replay",
    "token for another endpoint",
    "the public sandbox's published signing key",
    "telling an attacker why",
    "HTML or Markdown from a chart in a card",
    "forged log lines; patient data in logs, errors, metrics",
    "giant, deep, duplicate-keyed, compressed, non-UTF-8 bodies",
    "a regular expression that never ends",
    "slow or dripping clients and FHIR servers",
    "feedback abuse",
    "one hospital's data, keys or decisions at another's",
    "dependencies and container",
    "more data than needed",
    "patient data at rest",
    "data about another patient",
    "a broken database",
    "an order that a clinician did not give",
    "an open server where a closed one was meant",
)
"""What is defended against: the threats of a CDS Hooks service, and five of this one."""


def rows() -> list[list[str]]:
    """Return the cells of the threat table."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    lines = text.partition("| threat | defence | proved by |\n")[2].partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_given_the_threat_table_when_read_then_every_threat_stands_there_once() -> None:
    assert tuple(row[0] for row in rows()) == THREATS


@pytest.mark.parametrize("threat", THREATS)
def test_given_a_threat_when_its_row_is_read_then_it_has_a_defence_and_tests_that_exist(threat: str) -> None:
    (row,) = (row for row in rows() if row[0] == threat)
    _, defence, proofs = row

    paths = re.findall(r"`([^`]+)`", proofs)
    assert defence
    assert paths
    assert [path for path in paths if not path.startswith("tests/") or not (ROOT / path).is_file()] == []


def test_given_the_image_when_built_then_it_runs_as_nobody_in_particular_from_pinned_versions() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    commands = [line.split(maxsplit=1) for line in lines if line and not line.startswith((" ", "#"))]
    pinned = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]

    users = [int(rest) for name, rest in (command for command in commands if command[0] == "USER")]
    assert users == [10001]
    assert "ADD" not in {command[0] for command in commands}
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^ ]+.*", line) for line in pinned)
    versions = dict(line.lower().split(";")[0].strip().split("==") for line in pinned)
    assert tuple(map(int, versions["pyjwt"].split("."))) >= (2, 13), "2.9.0 to 2.12.1 accept HMAC with a public key"


class Noting(dict[str, Any]):
    """The resources of a record; notes which types somebody looked for."""

    looked_for: ClassVar[set[str]] = set()

    def get(self, resource_type: str, default: Any = None) -> Any:
        self.looked_for.add(resource_type)
        return super().get(resource_type, default)


@pytest.mark.req("PRIV-01")
def test_given_all_templates_when_children_are_decided_on_then_no_type_is_asked_for_that_nothing_reads() -> None:
    """Hazard: more of a chart than needed leaves the EHR."""
    catalogue, today = Catalogue((PATHWAY,)), fhir_fixtures.ANCHOR
    for slug in ("mycn-amplified-at-relapse", "molecular-report-pdf"):
        for service in ("relapse-workup", "relapse-regimen"):
            decide(catalogue.find(service), fhir_fixtures.hook_request(slug, "patient-view", today, TEMPLATES))
    for name in ("order-select-dinutuximab", "order-sign-beta-dexamethasone"):
        service = fhir_fixtures.hook_call(name).service
        decide(catalogue.find(service), fhir_fixtures.filed_request(name, today, TEMPLATES))

    asked = {template.partition("?")[0].partition("/")[0] for template in TEMPLATES.values()}
    assert asked - Noting.looked_for == set()


def decide(served: Served, body: dict[str, Any]) -> None:
    circumstances = Circumstances(fhir_fixtures.ANCHOR)
    desk = Desk(circumstances=circumstances, profile=profile_named("spec"), public_url="http://127.0.0.1")
    record = read_record(parse_request(body), served, desk, Notes())
    assert record is not None
    served.service.decide(replace(record, resources=Noting(record.resources)), circumstances)
