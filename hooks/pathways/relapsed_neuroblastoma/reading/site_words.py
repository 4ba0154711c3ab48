"""The words by which charts name sites of disease and uptake of MIBG.

Place in the flow: `sites` and `avidity` ask what a text affirms of them. May not: believe a former or
physiological finding, or one of the time of diagnosis.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hooks.facts.text import Moment, Polarity, Statement, Topic, read_text
from hooks.pathways.relapsed_neuroblastoma.facts import Site

_ONE_WORD = re.compile(
    r"\b(?:(?P<marrow>bone[- ]marrow)|(?P<softtissue>soft[- ]tissues?)|(?P<lymphnode>lymph[- ]?nod(?:es?|al))"
    r"|(?P<cns>(?:central )?nervous system|spinal cord)|(?P<mibg>m-ibg)"
    r"|(?P<primarysite>primary (?:site|tumou?r|mass|lesion|bed)|tumou?r bed))\b",
    re.IGNORECASE,
)
"""Terms of several words, each made into the one word that names its group before a text is read."""


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


SITE_WORDS: dict[Site, frozenset[str]] = {
    site: words_of(words)
    for site, words in {
        Site.BONE: "bone bones bony osseous skeletal skeleton skull calvarium calvarial vertebra vertebral vertebrae "
        "femur femora femoral tibia tibial humerus humeral rib ribs sternum ilium iliac sacrum sacral scapula",
        Site.MARROW: "marrow",
        Site.SOFT_TISSUE: "softtissue muscle paraspinal",
        Site.LYMPH_NODE: "lymphnode lymphnodes node nodes nodal lymphadenopathy",
        Site.LIVER: "liver hepatic",
        Site.CNS: "cns brain cerebral cerebellar cerebellum meningeal leptomeningeal meninges intracranial",
        Site.LUNG: "lung lungs pulmonary pleura pleural",
        Site.SKIN: "skin subcutaneous cutaneous",
        Site.PRIMARY: "primarysite adrenal suprarenal retroperitoneal retroperitoneum",
    }.items()
}
_ALL_SITES = frozenset().union(*SITE_WORDS.values())
_ACTIVE = words_of(
    "avid uptake metastasis metastases metastatic lesion lesions involvement involved infiltration infiltrated "
    "infiltrates mass masses disease tumour tumor tumours tumors neuroblastoma neuroblasts relapse relapsed recurrence "
    "recurrent recurred progression progressive deposit deposits nodule nodules malignant"
)
_NORMAL = words_of("normal clear unremarkable unaffected spared")
_PAST = words_of(
    "previous previously prior former formerly resolved healed healing physiologic physiological physiologically "
    "degenerative postoperative scar"
)
_OTHER_TRACERS = words_of("fdg dotatate dotatoc dopa fdopa")
_TOPICS = {
    site: Topic(findings=_ACTIVE, subjects=words, others=_ALL_SITES - words, normal=_NORMAL, implied=True)
    for site, words in SITE_WORDS.items()
}
_MARROW_RESULT = Topic(findings=_ACTIVE, normal=_NORMAL, implied=True)
_UPTAKE = Topic(findings=words_of("avid uptake accumulation accumulating"), normal=_NORMAL, off_topic=_OTHER_TRACERS)
_MIBG_WORDS = frozenset({"mibg"})


def plain(text: str) -> str:
    """Return a text with the terms of several words made into one."""
    return _ONE_WORD.sub(lambda found: found.lastgroup or "", text)


def sites_named(texts: Iterable[str]) -> tuple[Site, ...]:
    """Return the sites that some words name, whatever else they say; for body sites and names of diagnoses."""
    tokens = {token for text in texts for token in re.findall(r"[a-z]+", plain(text).lower())}
    return tuple(site for site, words in SITE_WORDS.items() if words & tokens)


def sites_affirmed(texts: Iterable[str], *, of_marrow: bool = False) -> tuple[Site, ...]:
    """Return the sites of which a report affirms disease. of_marrow: it is a marrow report."""
    found: list[Site] = []
    for text in map(plain, texts):
        found.extend(site for site in sites_named((text,)) if _affirms(text, _TOPICS[site]))
        if of_marrow and _affirms(text, _MARROW_RESULT):
            found.append(Site.MARROW)
    return tuple(dict.fromkeys(found))


def uptake_in(texts: Iterable[str], *, of_mibg: bool) -> frozenset[Polarity]:
    """Return what texts say about uptake of MIBG. of_mibg: they are an MIBG result and need not name the tracer."""
    return frozenset(
        statement.polarity
        for text in map(plain, texts)
        for statement in _now(text, _UPTAKE)
        if _speaks_of_mibg(statement, of_mibg=of_mibg)
    )


def _affirms(text: str, topic: Topic) -> bool:
    return any(statement.polarity is Polarity.POSITIVE for statement in _now(text, topic))


def _speaks_of_mibg(statement: Statement, *, of_mibg: bool) -> bool:
    tokens = set(statement.tokens)
    return bool(tokens & _MIBG_WORDS) or (of_mibg and not tokens & _OTHER_TRACERS)


def _now(text: str, topic: Topic) -> Iterator[Statement]:
    for statement in read_text(text, topic).statements:
        if _PAST.isdisjoint(statement.tokens) and statement.moment is not Moment.DIAGNOSIS:
            yield statement
