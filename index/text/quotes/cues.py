"""Words that tell who spoke, by language: verbs of saying, "according to", pronouns, titles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """The patterns of a language: what stands for saying, for according to, and for he or she."""

    verbs: re.Pattern[str]
    according: re.Pattern[str] | None
    pronouns: frozenset[str]
    roles: re.Pattern[str]


_VERBS = {
    "en": r"said|says|say|told (?:reporters|journalists|us|the [\w ]{2,30}|[A-Z][\w’' ]{2,25})|told|tells|wrote|writes|added"
    r"|adds|tweeted|posted|asked|asks|warned|argued|insisted|announced|declared|stated|noted|explained"
    r"|replied|continued|recalled|admitted|acknowledged|claimed|confirmed|stressed|testified|responded|went on"
    r"|concluded|remarked|joked|shouted|commented",
    "fr": r"a[- ]t[- ](?:il|elle)[- ](?:déclaré|dit|affirmé|ajouté|expliqué|écrit|assuré|indiqué|précisé|estimé|souligné)"
    r"|a (?:déclaré|dit|affirmé|ajouté|expliqué|écrit|assuré|indiqué|précisé|estimé|souligné|répondu|lancé|confié|annoncé|raconté|rappelé|résumé|prévenu|témoigné)"
    r"|(?:déclare|dit|affirme|ajoute|explique|écrit|assure|indique|précise|estime|souligne|répond|raconte|rappelle|ironise|résume|confie|lance|poursuit|reconnaît|prévient|insiste|juge|témoigne|se souvient)(?:[- ]t?-?(?:il|elle))?",
    "es": r"dijo|dice|afirmó|afirma|declaró|declara|aseguró|asegura|señaló|señala|explicó|explica|indicó|indica|escribió"
    r"|escribe|agregó|añadió|sostuvo|manifestó|expresó|respondió|advirtió|subrayó|comentó|apuntó|contó|cuenta|recordó|recuerda|resumió|resume|opinó|opina|sostiene|relató|reconoció|insistió",
    "pt": r"disse|diz|afirmou|afirma|declarou|declara|escreveu|explicou|explica|acrescentou|garantiu|respondeu|informou"
    r"|comentou|destacou|alertou|ressaltou|contou|conta|resume|resumiu|lembra|lembrou|avalia|avaliou|brinca|ironiza|opina|relatou|ponderou",
    "de": r"sagte|sagt|erklärte|erklärt|schrieb|schreibt|betonte|ergänzte|fügte [\w ]{1,30}hinzu|teilte [\w ]{1,40}mit|berichtete"
    r"|meinte|antwortete|warnte|kritisierte|versicherte|bestätigte|hieß es",
    "it": r"ha (?:detto|dichiarato|affermato|aggiunto|spiegato|scritto|sottolineato|risposto)|dice|afferma|spiega|aggiunge|disse",
    "ru": r"сказал[аи]?|заявил[аи]?|отметил[аи]?|добавил[аи]?|сообщил[аи]?|написал[аи]?|подчеркнул[аи]?|пояснил[аи]?"
    r"|рассказал[аи]?|говорит|считает",
}  # fmt: skip
_ACCORDING = {
    "en": r"according to",
    "fr": r"selon|d[’']après",
    "es": r"según",
    "pt": r"segundo|de acordo com",
    "de": r"laut|so",
    "it": r"secondo",
    "ru": r"по словам|по мнению",
}
_PRONOUNS = {
    "en": "he she they it we",
    "fr": "il elle ils elles",
    "es": "él ella ellos ellas",
    "pt": "ele ela eles elas",
    "de": "er sie es",
    "it": "lui lei egli ella",
    "ru": "он она они",
}
_ROLES = (
    r"(?:president|secretary|minister|ministre|ministro|ministra|presidente|presidenta|spokes(?:man|woman|person)|porte-parole"
    r"|portavoz|vocero|vocera|porta-voz|portavoce|general|colonel|coronel|captain|capitán|admiral|sheriff|mayor|maire"
    r"|alcalde|alcaldesa|prefeito|governor|gobernador|governador|senator|senador|senadora|representative|congressman"
    r"|congresswoman|professor|professeur|profesor|doctor|chancellor|prime|foreign|defen[cs]e|state|chief|director|directeur"
    r"|directrice|director|diretora?|ambassador|embajador|king|queen|sir|mr|mrs|ms|dr|gen|col|brig|lt|maj|capt|adm|sen|rep|gov"
    r"|prof|mme|sra?|srta|herr|frau|dr\w*|teacher|analyst|expert|experte|expertin|farmer|pilot|witness|neighbou?r|of|the"
    r"|\w*(?:minister|ministerin|präsident|präsidentin|kanzler|kanzlerin|sprecher|sprecherin|chef|chefin|direktor|direktorin"
    r"|forscher|forscherin|leiter|leiterin|bürgermeister|bürgermeisterin|general|lehrer|lehrerin))\.?"
)


@cache
def cues_of(language: str) -> Cues | None:
    """The cues of a language; None for one that is read otherwise, or not at all."""
    if language not in _VERBS:
        return None
    according = _ACCORDING.get(language)
    return Cues(
        verbs=re.compile(rf"(?<!\w)(?:{_VERBS[language]})(?!\w)"),
        according=re.compile(rf"(?i)(?<!\w)(?:{according})(?!\w)") if according else None,
        pronouns=frozenset(_PRONOUNS[language].split()),
        roles=re.compile(rf"(?i){_ROLES}"),
    )


# Chinese and Arabic are read by patterns of their own: no capitals, other orders.
CHINESE_VERBS = r"表示|说道|说|說|称|稱|指出|强调|強調|回应称|回應|写道|寫道|宣布|透露|告诉[^，。：“]{1,10}|告訴[^，。：「“]{1,10}|认为|認為|[补補]充(?:道|说|說)|坦言"
CHINESE_TITLES = re.compile(
    r"^.*(?:发言人|發言人|部长|部長|国务卿|國務卿|总统|總統|主席|总理|總理|将军|將軍|上将|教授|专家|專家|主任|州长|市长|议员|議員"
    r"|研究员|老师|居民|局长|先生|女士|队长|校长|农民)(?=.{2,5}$)"
)
# The hundred most frequent family names, as both scripts write them: after the last sign of a trade or
# an office one of them begins a name (镇长王…, 牧民林…).
_CHINESE_FAMILIES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅高郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭萧蕭蔡潘田董袁于余叶葉蒋蔣杜苏蘇魏程吕呂丁沈任姚卢盧傅钟鍾姜崔谭譚廖范范"
    "汪陆陸金石戴贾賈韦韋夏邱方侯邹鄒熊孟秦白江阎閻薛尹段雷黎史龙龍陶贺賀顾顧毛郝龚龔邵万萬钱錢严嚴覃武莫孔向汤湯"
)
CHINESE_TRADES = re.compile(
    r"^.+(?:长|長|员|員|民|师|師|家|生|工|商|兵|者|官|手|匠|理|授|任|人)"
    rf"(?=[{_CHINESE_FAMILIES}].{{1,2}}$)"
)
CHINESE_PRONOUNS = frozenset(
    {"他", "她", "他们", "它", "其", "该发言人", "他还", "她还", "他又", "她又"}
)
ARABIC_VERBS = r"(?:[وف]?(?:قال|قالت|أضاف|أضافت|صرح|صرحت|أكد|أكدت|أعلن|أعلنت|ذكر|ذكرت|أوضح|أوضحت|كتب|كتبت|تابع|تابعت|علق|علقت|رد|ردت|أشار|أشارت))"
ARABIC_TITLES = re.compile(
    r"^(?:(?:ال)?(?:متحدثة?|ناطقة?)\s+باسم\s+\S+(?:\s+ال\S+)?"
    r"|(?:ال)?(?:رئيس|رئيسة|وزير|وزيرة|جنرال|عقيد|عميد|لواء|سيد|سيدة|دكتور|دكتورة|مدير|مديرة|محلل|محللة|مزارع|مزارعة|معلم|معلمة"
    r"|مهندس|مهندسة|باحث|باحثة|نائب|نائبة|خبير|خبيرة)(?:\s+ال\S+(?=\s+\S+\s+\S))?)\s+(?=\S)"
)
# A trade has the article, the name behind it has none: "الصياد كريم عينة".
ARABIC_TRADES = re.compile(r"^(?:ال\S+\s+)+(?=(?!ال|لل)\S+\s+\S)")
