"""The words by which chart text affirms, denies, doubts or leaves open: single lower-case words and runs of them.

Place in the flow: `hooks.facts.text` matches on them. May not: name a disease, a gene or a drug.
"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of a space-separated list."""
    return frozenset(text.split())


def runs(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the runs of words of a comma-separated list."""
    return tuple(tuple(run.split()) for run in text.split(","))


FAMILY = words(
    "mother mothers father fathers brother brothers sister sisters sibling siblings parent parents uncle aunt cousin "
    "grandmother grandfather grandparent relative relatives twin maternal paternal mum dad"
)
FAMILY_RUNS = runs(
    "family history,family member,family members,per family,family reports,family reported,according to family"
)
AFFIRMING = words("positive pos detected present identified found seen observed demonstrated confirmed yes noted shown")
TICKS = words("n f")
"""Letters that some forms put for no; one letter is too little to deny by, and nothing to affirm by."""
PARTICIPLES = words(
    "amplified mutated relapsed progressed recurred rearranged deleted gained lost altered fused progressing "
    "recurring proven refractory is was are were has shows showed reveals revealed demonstrates confirms"
)
FORWARD = words("no not non un nil never without neither nor lack lacks lacking absence denies denied excluding")
FORWARD_RUNS = runs("negative for,free of,free from,excluded for")
DOUBLE_RUNS = runs("not absent,not negative,not excluded,no absence,no doubt,without doubt,no question")
EXCEPTING_RUNS = runs(
    "other than,except,excepting,apart from,aside from,besides,beside,exception of,excluding,bar,save for,beyond"
)
BACKWARD = words(
    "absent negative neg undetected undetectable excluded none never refuted disproven disproved retracted "
    "denied nil false"
)
BACKWARD_RUNS = runs("ruled out,no cell,no cells,no nucleus,no nuclei,no reads")
LAST_DENIALS = words("no nil none non")
DETECTION = words(
    "detected seen identified present found observed demonstrated evident noted shown reported there apparent visible "
    "met"
)
PENDING = words("pending await awaits awaited awaiting requested ordered sent follow tbd tba outstanding scheduled")
FAILED = words("insufficient inadequate failed fails failure unsuccessful qns unsatisfactory")
NOT_ENGLISH = words(
    "kein keine keinen keinem keiner nicht nein ohne verdacht fraglich ausschluss ausgeschlossen fehlt sans aucun "
    "aucune absente négatif négative sospecha sin ningún ninguna descartar descartada negativo negativa ausencia "
    "ausente senza nessun nessuna assente sospetto geen niet nee ingen inte ikke nej sem ausência não"
)
"""Words of other languages that deny or doubt: what stands beside them is not read here."""
UNCLEAR = NOT_ENGLISH | words(
    "inconclusive indeterminate equivocal uninterpretable borderline unclear undetermined cannot unlikely uncertain "
    "unsure ambiguous doubtful unconfirmed artifact artefact artifactual artefactual erroneous erroneously error "
    "unreliable unticked unable"
)
UNCLEAR_RUNS = runs(
    "below reporting,below the reporting,below threshold,below the threshold,below the limit,below detection,"
    "below the detection,below cutoff,below the cutoff,pas de,pas d,be confirmed,be verified,be determined,"
    "need confirmation,needs confirmation,requires confirmation,for confirmation"
)
UNKNOWN = words("unknown unavailable")
REFERRING_RUNS = runs(
    "see comment,see comments,see below,see above,see report,see note,see notes,see addendum,see table,see separate,"
    "see attached,see attachment,see text,refer to,reported separately,report separately,separate report"
)
COUNTING = words(
    "of in out cell cells nucleus nuclei interphase tumour tumor reads read analysed analyzed counted scored examined "
    "vaf allele fraction frequency only total about fish"
)
"""Words of which a bare count is made, beside its numbers: "0 of 200 interphase nuclei"."""
NOT_DONE = words("tested performed done assessed evaluated examined requested sent analysed analyzed")
NOT_KNOWN = words("available known reported given stated")
NOT_CLEAR = words(
    "evaluable assessable determined confirmed conclusive possible excluded proven certain clear ruled interpreted "
    "interpretable reliable"
)
EARLIER = words("previously previous prior earlier before")
HEDGES = words(
    "suspected suspicious suspicion possible possibly probable probably likely presumed query questionable concern "
    "concerning may might could would consider presumptive expected anticipated vs "
    "versus differential ddx suggestive suggests suggesting favor favour favors favours"
)
GONE = words("loss lost disappeared vanished resolved resolution")
MATERIAL = words("tumour tumor malignant viable neoplastic material dna tissue result results specimen sample")
GENERAL = words(
    "patients children cases neuroblastomas tumours tumors survival defined definition designed occurs occur "
    "frequency prevalence depends literature"
)
GENERAL_RUNS = runs(
    "control sample,control samples,control cell,positive control,negative control,cell line,cell lines,"
    "reference range,normal range"
)
REST_RUNS = runs("no other,no others,no further,no additional,without other,without further,without additional")
EXPLAINING = words(
    "prognostic prognosis associated indicated adverse inhibitor inhibitors criteria criterion threshold sensitivity"
)
EXPLAINING_RUNS = runs("is a,is an,are a,are an")
RECORD_TITLES = words("gene genes symbol name")
RECORD_LABELS = words(
    "variant variants mutation alteration change protein amino hgvs cdna dna nucleotide coding effect result status "
    "call classification significance interpretation pathogenicity vaf allele frequency zygosity origin tier exon "
    "transcript"
)
"""How the lines of a record begin: "Gene: ALK", "Variant: p.Phe1174Leu", "Classification: benign"."""
DESCRIBING = words("recurrent relapsing recurring refractory progressive")
PHRASE_ENDS = words(
    "in of at by to on after during from since following despite with without post and or for until when"
)
TURNING_WORDS = words(
    "prevention prophylaxis surveillance monitoring screening protocol protocols clinic counselling counseling score "
    "scores risk workup study trial plan planning see"
)
METHODS = words("fish cish ngs sequencing pcr mlpa array probe")
ON_CONDITION = words("if when whenever once where provided assuming control controls")
"""Opening words under which a clause says nothing of this tumour as it is."""
SIGNIFICANCE = words("pathogenic benign oncogenic")
VOID_RUNS = runs(
    "rule out,r o,exclude,risk of,risk for,risk assessment,relapse risk,recurrence risk,history of,hx of,h o,in case,"
    "fear of,"
    "surveillance for,screening for,monitoring for,evaluate for,evaluation for,assess for,prevention of,prevent,"
    "prophylaxis,if,should,unless,until"
)
FINDING_NOUNS = words(
    "variant variants mutation mutations alteration alterations aberration aberrations rearrangement rearrangements "
    "fusion fusions gain gains loss losses deletion deletions amplification amplifications translocation expression "
    "relapse relapses recurrence recurrences progression disease metastasis metastases"
)
TEST_WORDS = words("testing test analysis assay status study panel probe tests ratio")
DIAGNOSIS_WORDS = words("diagnosis initial initially presentation diagnostic")
RELAPSE_WORDS = words("relapse recurrence relapsed recurrent progression")
NEGATION_PREFIXES = ("non", "un")
DENYING_ONE = words("not non un")
"""Inside a clause ("MYCN not amplified", "non amplified") they deny their own word, not what a list goes on to name."""
ANSWERS = (
    (AFFIRMING | BACKWARD | FORWARD | DETECTION | PENDING | FAILED | UNCLEAR | UNKNOWN | NOT_DONE | NOT_KNOWN)
    | (NOT_CLEAR | HEDGES | GONE | {"ruled"})
) - {"there", "excluding", "denies"}
"""Words of which a bare answer is made ("not detected"), with those that only stand around it."""
NORMAL_ANSWERS = words("normal wildtype")
"""Answers where they stand alone; behind another name they are that one's ("MYCN amplification, NRAS wild type")."""
AROUND_ANSWERS = words(
    "is was are were be been being has have had it this that these the a an in on at of by to out result results "
    "sample specimen specimens tumor tumour tissue fish ngs sequencing test testing today now currently again still "
    "longer any anymore low high level clearly diagnosis initial relapse laboratory lab previously "
    "previous prior earlier pathogenic benign activating oncogenic vus germline somatic heterozygous homozygous "
    "status call finding findings outcome interpretation conclusion comment genotype answer"
)
VERDICTS = AFFIRMING | PARTICIPLES | BACKWARD | FORWARD | PENDING | FAILED | UNCLEAR | UNKNOWN | HEDGES
"""A clause without any of these is a title, not yet a statement."""
OF_SEVERAL = words("are were both all neither")
OWN_TUMOUR = words("neuroblastoma neuroblastomas ganglioneuroblastoma nb nbl")
"""What is described is the tumour itself, whatever stands before it: "recurrent suprarenal neuroblastoma"."""
ATTRIBUTED = OWN_TUMOUR | words("tumour tumor tumours cell cells population disease relapse marrow trephine bone")
"""Behind "negative" these are described by it: "CD45-negative cells", "an ALK-negative tumour"."""
