"""Names of persons in their parts: which of `Ursula von der Leyen` or `刘国栋` is the family's.

Names in Latin, Cyrillic and Greek letters go through nameparser; what differs by language is here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HAN_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "石廖贾夏韦付方邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭葉蘇"
    "呂盧鐘譚陸賈韋鄒閻龍賀顧萬錢嚴湯莊庄连連牛岳柏"
)
"""Characters that begin a Chinese name."""
_HAN_DOUBLE = re.compile(
    "欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|东方|東方|皇甫|尉迟|公孙|公孫|令狐|慕容|宇文|夏侯"
)
_HANGUL_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국은편용"
)
_HANGUL_DOUBLE = re.compile("남궁|황보|제갈|선우|독고|사공|서문")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{1,3} [\u3040-\u30ff\u3400-\u9fff]{1,4}")
# Letters of the scripts whose names end with the family's: Latin, Greek, Cyrillic, Hebrew, Georgian, …
_WESTERN = re.compile(r"[\sA-Za-z\u00aa-\u05ff\u10a0-\u10ff\u1e00-\u1fff’'`´.,()\"“”«»‐-]+")
_ORGANIZATION = re.compile(
    r"^(?:the|die|les|los) |[&/@\d]|\b(?:news|press|agenc\w+|agentur|agenzia|staff|desk|team|editors?|"
    r"editorial|board|bureau|newsroom|reda[ckz]\w+|rédaction|media|radio|tv|service|services|wire|reporters?|"
    r"correspondents?|ministry|department|association|institut\w*|university|council|committee|foundation|"
    r"group|network|times|herald|tribune|gazette|inc|ltd|llc|gmbh|агентство|редакция|новости)\b",
    re.IGNORECASE,
)
# Second given names that are in Spanish between the first one and two family names.
_SPANISH_SECOND = re.compile(
    "josé|jose|maría|maria|luis|carlos|antonio|ángel|angel|manuel|pablo|ignacio|jesús|jesus|isabel|"
    "carmen|teresa|javier|alberto|enrique|fernando|andrés|andres|ramón|ramon|elena|josefa|dolores|pilar|"
    "luisa|ana|eduardo",
    re.IGNORECASE,
)
# Languages that put the particle behind the given name: `Leyen, Ursula von der`.
_DROPPING = frozenset({"de", "fr", "pt", "it", "es", "ca"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """A name and its parts. `family` is empty if it has none: an agency, an account, a script without.

    `particle` is a `von` or `de` that stays behind when the family's name is put first.
    """

    whole: str
    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""

    @property
    def turned(self) -> str:
        """Family first, as in lists: `Leyen, Ursula von der`; `刘国栋` and what has no parts as it is."""
        if not self.family or _is_eastern(self.family):
            return self.whole
        given = " ".join(filter(None, (self.given, self.particle)))
        return ", ".join(filter(None, (self.family, given, self.suffix)))


def split_name(name: str, language: str = "") -> PersonName:
    """The parts of a name as its script and the article's language (ISO 639-1) have them."""
    whole = " ".join(name.split())
    if not whole or _ORGANIZATION.search(whole):
        return PersonName(whole=whole)
    if _HAN.fullmatch(whole) and language != "ja":
        return _unspaced(whole, _HAN_DOUBLE, HAN_SURNAMES)
    if _HANGUL.fullmatch(whole):
        return _unspaced(whole, _HANGUL_DOUBLE, _HANGUL_SURNAMES)
    words = whole.split()
    if _JAPANESE.fullmatch(whole):
        return PersonName(whole=whole, family=words[0], given=words[1])
    if not _WESTERN.fullmatch(whole) or not 2 <= len(words) <= 7:
        return PersonName(whole=whole)
    if language in ("hu", "vi") and "," not in whole:
        return PersonName(whole=whole, family=words[0], given=" ".join(words[1:]))
    return _western(whole, language)


def _unspaced(whole: str, double: re.Pattern[str], single: frozenset[str]) -> PersonName:
    """A name without blanks: two characters of the family, or one, before one or two of the given name."""
    if double.match(whole) and 3 <= len(whole) <= 4:
        return PersonName(whole=whole, family=whole[:2], given=whole[2:])
    if whole[0] in single and 2 <= len(whole) <= 3:
        return PersonName(whole=whole, family=whole[0], given=whole[1:])
    return PersonName(whole=whole)


def _western(whole: str, language: str) -> PersonName:
    from nameparser import HumanName

    found = HumanName(whole)
    given = " ".join(filter(None, (found.first, found.middle)))
    particle, family = str(found.last_prefixes), str(found.last_base)
    if not given or not family:
        return PersonName(whole=whole)
    names = given.split()
    two = 3 if len(names) > 1 and _SPANISH_SECOND.fullmatch(names[1]) else 2
    if language in ("es", "gl") and not particle and len(names) >= two and "." not in names[-1]:
        given, family = " ".join(names[:-1]), f"{names[-1]} {family}"
    if particle and (language not in _DROPPING or particle[0].isupper()):
        particle, family = "", f"{particle} {family}"
    return PersonName(
        whole=whole, family=family, given=given, particle=particle, suffix=str(found.suffix)
    )


def _is_eastern(family: str) -> bool:
    return bool(re.match(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]", family))
