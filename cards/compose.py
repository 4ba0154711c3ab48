"""Decision -> CDSResponse: one card per recommendation, worded, drafted and measured.

Place in the flow: the step between `hooks` and `cds_server`. May not: decide, rank or drop a recommendation;
raise anything but InvalidOutput, which is a defect of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

import pydantic

from cards.anatomy import detail_of, title_of
from cards.basis import BASIS, basis_of
from cards.card import NO_CARDS, SUMMARY_LIMIT, Card, CDSResponse, Link, Source, TopicCoding
from cards.identity import CallIdentity, card_uuid
from cards.lettering import tall
from cards.override_reasons import override_reasons_for
from cards.plain import plain
from cards.profiles import Profile
from hooks.errors import InvalidOutput
from hooks.knowledge import Citation, KnowledgeBase
from hooks.recommendation import CardLink, Decision, Recommendation, Standing, Topic

TOPIC_SYSTEM = "urn:relapse-cds:topic"
"""The code system of `source.topic`: the topics of DESIGN.md section 5."""

_SOURCE_LABEL_LIMIT = 120
_MAX_LINKS = 2

_TOPIC_WORDS = {
    Topic.RELAPSE_BIOPSY: "Work-up of a relapse",
    Topic.MOLECULAR_REPORT_UNREADABLE: "Molecular report that cannot be read",
    Topic.REINDUCTION_REGIMEN: "Re-induction regimen",
    Topic.RESPONSE_EVALUATION: "Response evaluation",
    Topic.CONSOLIDATION_REGIMEN: "Consolidation regimen",
    Topic.MAINTENANCE_REGIMEN: "Maintenance regimen",
    Topic.SALVAGE_REGIMEN: "Salvage regimen",
    Topic.OUT_OF_SCOPE: "Out of scope",
    Topic.ANTI_GD2_SUPPORTIVE_CARE: "Supportive care of an anti-GD2 antibody",
    Topic.ANTI_GD2_SAFETY: "Safety of an anti-GD2 antibody",
    Topic.TARGETED_THERAPY_SAFETY: "Safety of a targeted therapy",
    Topic.PARTNER_SUPPORTIVE_CARE: "Supportive care of a partner drug",
    Topic.ORDER_SAFETY: "Safety of the orders",
}


class CitedKnowledge(Protocol):
    """What compose needs of a pathway; every `hooks.service.Pathway` has it."""

    @property
    def knowledge(self) -> KnowledgeBase:
        """Identity of the knowledge."""

    def citation(self, citation_id: str) -> Citation:
        """The citation with this id. Raises KeyError where there is none."""


def compose(decision: Decision, call: CallIdentity, pathway: CitedKnowledge, profile: Profile) -> CDSResponse:
    """Return the response that says a decision. Raises InvalidOutput if a card or a draft of ours is not valid."""
    if not decision.recommendations:
        return NO_CARDS
    ordered = map(_trials_first, decision.recommendations)
    try:
        return CDSResponse(cards=tuple(_card(said, call, pathway, profile) for said in ordered))
    except pydantic.ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise InvalidOutput(f"{error.title} is not valid at {place or 'its whole'}.") from None


def _card(said: Recommendation, call: CallIdentity, pathway: CitedKnowledge, profile: Profile) -> Card:
    uuid = card_uuid(call, said.topic, said.indicator, said.subject)
    citations = _citations(said, pathway)
    suggestions, selection_behavior = profile.suggest(said, uuid, call.patient_id)
    return Card(
        uuid=uuid,
        summary=plain(tall(said.summary), SUMMARY_LIMIT - 1),
        indicator=said.indicator,
        detail=detail_of(said, citations, pathway.knowledge, in_full=profile.tells_orders_in_full),
        source=_source(said.topic, citations, pathway.knowledge, call.public_url),
        suggestions=suggestions,
        selection_behavior=selection_behavior,
        override_reasons=override_reasons_for(said),
        links=tuple(_link(link, call.public_url) for link in said.links[:_MAX_LINKS]),
        extension={BASIS: basis_of(said, citations, pathway.knowledge)},
    )


def _trials_first(said: Recommendation) -> Recommendation:
    """Return the recommendation with trials at the head of its options, their order otherwise kept."""
    options = sorted(said.options, key=lambda option: option.standing is not Standing.TRIAL)
    return replace(said, options=tuple(options))


def _citations(said: Recommendation, pathway: CitedKnowledge) -> tuple[Citation, ...]:
    """Return what the card cites, the card's own evidence first, then that of options and figures."""
    try:
        return tuple(pathway.citation(citation_id) for citation_id in dict.fromkeys(_citation_ids(said)))
    except KeyError:
        raise InvalidOutput(f"{said.rule}: a citation is not in the knowledge.") from None


def _citation_ids(said: Recommendation) -> Iterable[str]:
    yield from said.evidence
    for option in said.options:
        yield from option.evidence
        yield from (figure.evidence for figure in option.figures)


def _source(topic: Topic, citations: tuple[Citation, ...], knowledge: KnowledgeBase, public_url: str) -> Source:
    """Return the primary source of the guidance: the first citation with an address, else our knowledge as such."""
    coding = TopicCoding(system=TOPIC_SYSTEM, code=topic, display=_TOPIC_WORDS[topic])
    for citation in citations:
        if citation.link:
            return Source(label=plain(title_of(citation), _SOURCE_LABEL_LIMIT), url=citation.link, topic=coding)
    label = f"Published evidence on {knowledge.pathway.replace('-', ' ')}"
    return Source(label=label, url=f"{public_url.rstrip('/')}/", topic=coding)


def _link(link: CardLink, public_url: str) -> Link:
    url = f"{public_url.rstrip('/')}{link.url}" if link.url.startswith("/") else link.url
    return Link(label=plain(link.label), url=url, type="absolute")
