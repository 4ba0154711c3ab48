"""What turns a named finding, or asks for it, in words of every kind: none of it may be read as the finding.

{n} is the finding as a title ("MYCN amplification", "ALK F1174L"), {v} the same as a statement ("MYCN amplified").
"""

from __future__ import annotations

OTHER_LANGUAGES = (
    "Keine {n}", "Kein Nachweis einer {n}", "{n}: nein", "{n} nicht nachweisbar", "{n} negativ", "ohne {n}",
    "{n} ausgeschlossen", "V.a. {n}", "{n} ausstehend", "sans {n}", "pas de {n}", "absence de {n}", "aucune {n}",
    "{n} : non", "{n} non détectée", "{n} négative", "{n} en attente", "suspicion de {n}", "sin {n}",
    "{n}: no detectada", "{n} negativo", "ausencia de {n}", "{n} pendiente", "nessuna {n}", "senza {n}", "{n} assente",
    "geen {n}", "{n} niet aangetoond", "{n}: nee", "{n}: nej", "brak {n}", "нет {n}", "não {n}", "ausência de {n}",
)  # fmt: skip
UNREAD_ANSWERS = (
    "{n}: see separate report", "{n}: see comment", "{n}: refer to report", "{n}: TBA", "{n}: ND", "{n}: -",
    "{n}: \u2013",
    "{n}: not applicable", "{n} in progress", "{n} will be tested", "{n} to be determined", "{n} not reportable",
    "{n} below the cut-off", "{n} FISH", "{n} is not supported by the data", "☐ {n}", "[ ] {n}",
    "{n}: ☐ positive ☒ negative", "{n} (0 %)", "0/200 nuclei with {n}",
)  # fmt: skip
QUESTIONS = (
    "? {n}", "Indication: {n}", "Question: {n}", "Method: {n} by FISH", "Methods: FISH for {n}", "Please check {n}",
    "Advise FISH for {n}", "to exclude {n}", "Exclude {n}", "Limit of detection for {n} is 5%", "Control: {v}",
    "Literature: {n} is found in 20 % of tumours", "{n} is a known driver", "when {v}, RIST", "Eligibility: {n}",
    "{n}, if present, would qualify", "{n}, if confirmed, qualifies for a trial", "suggestive of {n}", "favor {n}",
    "unable to detect {n}", "fails to show {n}", "little evidence of {n}", "{n} counselling given",
    "{n} to be confirmed", "{n} must be verified by FISH", "{n} requires confirmation",
)  # fmt: skip
LATER_LINES = (
    "{n}. Status: absent.", "{n}\nStatus: Absent", "{n}\nCall: absent", "{n}\nInterpretation: negative",
    "{n}\nGenotype: wild type", "{n}\nComment: not detected in this sample", "previously {v}, now lost",
)  # fmt: skip
EVERY = (*OTHER_LANGUAGES, *UNREAD_ANSWERS, *QUESTIONS, *LATER_LINES)
"""Sentences in which the finding is denied, doubted, asked for or left open."""

MYCN_STATED = (
    "The tumour cells show high-level MYCN amplification.", "Relapse biopsy: viable neuroblastoma, MYCN amplification",
    "FISH: MYCN amplification present (MYCN/CEP2 ratio 12.3)", "MYCN amplification (copy number 60)",
    "Positive for MYCN amplification", "Sequencing revealed MYCN amplification", "ABNORMAL RESULT: MYCN amplification",
    "MYCN amplified; DNA index 1.0 (diploid)", "MYCN amplification in >80% of nuclei", "[x] MYCN amplification",
    "MYCN | amplification | 60 copies", "Array CGH: focal amplification at 2p24.3 involving MYCN",
    "FISH confirms amplification of the MYCN oncogene", "The molecular panel reveals MYCN amplification",
    "MYCN was found to be amplified", "Her tumour has MYCN amplification", "MYCN amplification in this 3 year old boy",
)  # fmt: skip
F1174L_STATED = (
    "Gene: ALK\nVariant: p.Phe1174Leu\nVAF: 34%\nClassification: Pathogenic", "Gene: ALK. Variant: p.F1174L",
    "| ALK | c.3522C>A | p.Phe1174Leu | 34% |", "ALK | p.F1174L | 41% | Pathogenic", "ALK F1174L, NRAS wild-type",
    "ALK F1174L at an allele frequency of 41%", "ALK\tp.F1174L\t34%\tTier I", "The tumor harbors ALK F1174L",
    "Activating ALK F1174L mutation in the tyrosine kinase domain", "ALK c.3522C>A (p.F1174L)",
)  # fmt: skip
"""Sentences that state the finding in words around which nothing is left unread."""
