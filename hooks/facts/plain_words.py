"""Words among which a finding stands as stated: "focal MYCN amplification in 80 % of tumour cells".

Place in the flow: `hooks.facts.judging` takes a named finding for found only where every other word is one of these,
or a word states it ("detected", "revealed"). May not: hold a word that denies, doubts, asks or plans, in any language.
"""

from __future__ import annotations

from hooks.facts.spelling import TITLE_ENDS
from hooks.facts.vocabulary import AFFIRMING, FINDING_NOUNS, PARTICIPLES, words

STATING = (AFFIRMING | PARTICIPLES - words("is was are were has have")) | words(
    "show shows showed shown showing reveals revealed revealing harbor harbour harbors harbours harbored harboured "
    "harboring harbouring carries carried carrying demonstrates demonstrating exhibits exhibited exhibiting displays "
    "displayed contain contains contained bears acquired persists persistent persisting persisted remains again dim "
    "weak weakly bright overexpressed affected includes including involves involving encompassing documented "
    "preserved ticked"
)
"""One of these makes a statement of what it stands beside."""

_SMALL = words(
    "a an the of in on at by to for from with within and or both as this these that there per via than then its it is "
    "was are were has have but also more less up over due approximately about ca circa least x nd2 he she "
    "his her their boy girl year years old because per only"
)
_TESTS = words(
    "fish cish ngs sanger sequencing sequenced pcr rt qpcr ddpcr mlpa array arrays snp snparray cgh acgh wes wgs "
    "exome genome panel probe test testing analysis assay study karyotype iscn nuc ish dmin hsr cep2 con nucish"
)
_GENETIC = words(
    "gene genes oncogene locus region exon exons intron codon chromosome arm kinase domain tyrosine receptor "
    "transcript change changes substitution snv snvs indel missense nonsense frameshift hotspot breakpoint copy "
    "copies number signal signals ratio fold level levels vaf maf af allele alleles allelic fraction frequency "
    "percent coverage depth reads nm np nc ng ensp enst lrg refseq grch37 grch38 hg19 hg38 chr hgvs protein dna rna "
    "dnachange p c g del ins complex chromosomal structural inversion dup amp co unbalanced promoter fusions alt vus "
    "segmental imbalance imbalances loh cnv cnvs cna deletion deleted tier class grade category i ii iii iv ia ib iia "
    "acmg asco cap clinvar cosmic ter fs multiplication"
)
_QUALITIES = words(
    "high low moderate strong focal focally diffuse diffusely homogeneous homogeneously heterogeneous heterogeneously "
    "heterogeneity hetmna mna clear clearly definite definitely unequivocal unequivocally marked markedly known "
    "proven pathogenic likely benign polymorphism oncogenic activating driver targetable actionable significant "
    "significance clinical clinically recurrent somatic germline constitutional heterozygous homozygous hemizygous "
    "mosaic clonal subclonal monoallelic biallelic whole partial complete gross massive classic typical established "
    "unchanged main major dominant minor ploidy diploid near triploid tetraploid hyperdiploid aneuploid index subset "
    "subsets single double two three four several multiple many all most some one additional second newly new "
    "acquired now today current currently still original same tumour tumor"
)
_WHERE = words(
    "tumour tumours tumor tumors tumoral cell cells cellular nuclei nucleus interphase neuroblastoma neuroblastomas "
    "neuroblastic ganglioneuroblastoma nb lesion lesions biopsy biopsies core specimen specimens sample samples "
    "tissue material marrow bone blood plasma liquid ctdna cfdna node nodes lymph liver adrenal abdominal primary "
    "metastasis metastatic metastases relapse relapsed recurrence recurrent progression diagnosis diagnostic initial "
    "initially presentation baseline ffpe frozen fresh smear imprint touch prep patient child"
)
_TITLES = words(
    "result results finding findings status interpretation conclusion conclusions summary impression report molecular "
    "genetic genetics genomic genomics cytogenetic cytogenetics pathology histology biology marker markers note "
    "addendum evidence consistent profile features feature abnormal outside laboratory lab hospital since retained "
    "viable classification pathogenicity zygosity origin risk stage m l1 l2 ms inrg inss poorly differentiated "
    "undifferentiated unfavourable unfavorable favourable favorable mki schwannian stroma poor rich pattern group "
    "reported"
)
PLAIN = frozenset({TITLE_ENDS}) | _SMALL | _TESTS | _GENETIC | _QUALITIES | _WHERE | _TITLES | FINDING_NOUNS
"""Words that change nothing in what is said of a finding."""


def is_understood(tokens: tuple[str, ...], known: tuple[frozenset[str], ...]) -> bool:
    """True if a word states the finding, or no unread word stands beside it that may turn it: "see comment", "nein".

    known: the words of the topic itself. A word that holds a digit is a number, a band or a change.
    """
    if not STATING.isdisjoint(tokens):
        return True
    return all(_holds_digit(word) or word in PLAIN or any(word in words for words in known) for word in tokens)


def _holds_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)
