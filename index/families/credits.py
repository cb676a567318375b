"""Whose text an article says it is: agency datelines, bylines, copyright and source lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from unicodedata import combining, normalize
from urllib.parse import urlsplit

from index.article import Article

CreditKind = Literal["dateline", "byline", "source", "copyright", "canonical", "contribution"]

# Agencies by the name that stands for all their spellings: the main label of their address.
AGENCIES: dict[str, tuple[str, ...]] = {
    "apnews": (
        "AP",
        "Associated Press",
        "The Associated Press",
        "A.P.",
        "美联社",
        "美聯社",
        "AP通信",
    ),
    "reuters": (
        "Reuters",
        "Thomson Reuters",
        "Рейтер",
        "رويترز",
        "路透社",
        "路透",
        "ロイター",
        "로이터",
    ),
    "afp": ("AFP", "Agence France-Presse", "أ ف ب", "فرانس برس", "法新社", "АФП"),
    "upi": ("UPI", "United Press International"),
    "bloomberg": ("Bloomberg", "Bloomberg News", "彭博社"),
    "efe": ("EFE", "Agencia EFE", "Agência EFE"),
    "europapress": ("Europa Press",),
    "notimex": ("Notimex",),
    "telam": ("Télam",),
    "lusa": ("Lusa", "Agência Lusa"),
    "agenciabrasil": ("Agência Brasil",),
    "estadaoconteudo": ("Estadão Conteúdo",),
    "dpa": ("dpa", "Deutsche Presse-Agentur"),
    "apa": ("APA", "Austria Presse Agentur"),
    "keystonesda": ("Keystone-SDA", "SDA", "ATS", "Keystone-ATS"),
    "epd": ("epd",),
    "kna": ("KNA",),
    "ansa": ("ANSA", "Ansa"),
    "adnkronos": ("Adnkronos",),
    "agi": ("AGI",),
    "anp": ("ANP",),
    "belga": ("Belga",),
    "pamedia": ("PA", "PA Media", "Press Association"),
    "thecanadianpress": ("The Canadian Press", "Canadian Press", "La Presse Canadienne", "CP"),
    "aap": ("AAP", "Australian Associated Press"),
    "tt": ("TT", "TT Nyhetsbyrån"),
    "ntb": ("NTB",),
    "ritzau": ("Ritzau",),
    "stt": ("STT",),
    "pap": ("PAP", "Polska Agencja Prasowa"),
    "ctk": ("ČTK",),
    "mti": ("MTI",),
    "agerpres": ("Agerpres",),
    "tanjug": ("Tanjug",),
    "hina": ("Hina",),
    "anadolu": ("AA", "Anadolu", "Anadolu Agency", "Anadolu Ajansı"),
    "tass": ("TASS", "ТАСС"),
    "ria": ("RIA Novosti", "РИА Новости", "РИА"),
    "interfax": ("Interfax", "Интерфакс"),
    "ukrinform": ("Ukrinform", "Укрінформ", "Укринформ"),
    "irna": ("IRNA",),
    "wafa": ("WAFA",),
    "xinhuanet": ("Xinhua", "新华社", "新華社", "新华网"),
    "chinanews": ("China News Service", "中新社", "中新网"),
    "cna": ("CNA", "中央社"),
    "kyodonews": ("Kyodo", "Kyodo News", "共同", "共同社", "共同通信"),
    "jiji": ("Jiji", "Jiji Press", "時事", "時事通信"),
    "yonhap": ("Yonhap", "연합뉴스", "韩联社"),
    "pti": ("PTI", "Press Trust of India"),
    "ani": ("ANI",),
    "ians": ("IANS",),
    "bernama": ("Bernama",),
    "antaranews": ("Antara",),
    "vnanet": ("VNA", "TTXVN"),
}

_WEAK: tuple[CreditKind, ...] = ("contribution",)
_FIRST_UNSPACED = "\u3000"
_HEAD = 160
_TAIL = 700
_SECOND_LEVEL = frozenset(
    {"co", "com", "org", "net", "gov", "ac", "edu", "gob", "gouv", "or", "ne"}
)


@dataclass(frozen=True, slots=True)
class Credit:
    """A source that an article names as the owner of its text, and the words that say so."""

    source: str
    kind: CreditKind
    evidence: str

    @property
    def strong(self) -> bool:
        """Whether the text is the source's, not only helped by it."""
        return self.kind not in _WEAK


def find_credits(article: Article) -> tuple[Credit, ...]:
    """The sources an article credits, each once a kind, in the order of trust."""
    found: dict[tuple[str, CreditKind], Credit] = {}
    for credit in _all_credits(article):
        found.setdefault((credit.source, credit.kind), credit)
    return tuple(found.values())


@lru_cache(maxsize=8192)
def name_source(outlet: str, site_name: str = "") -> str:
    """The name under which credits would give an outlet: an agency's, or else its address's main label."""
    label = _main_label(outlet)
    return _agency(site_name) or _agency(label) or _slug(label)


def _all_credits(article: Article) -> Iterator[Credit]:
    yield from _canonical(article)
    if organization := article.witnesses.get("sourceOrganization"):
        yield Credit(_source(organization), "source", organization)
    head, tail = article.text[:_HEAD], article.text[-_TAIL:]
    yield from _datelines(head)
    for author in article.authors:
        yield from (Credit(one, "byline", author) for one in _bylined(author))
    yield from _tail_lines(tail)


def _bylined(author: str) -> list[str]:
    """The agencies in a byline; else its one word, which may be an outlet's name but hardly a person's."""
    slug = "" if " " in author.strip() else _slug(author)
    return _agencies_in_list(author) or ([slug] if slug else [])


def _canonical(article: Article) -> Iterator[Credit]:
    """A canonical address at another outlet: the page says that it is a copy."""
    own = name_source(urlsplit(article.url).hostname or "")
    other = name_source(urlsplit(article.canonical_url).hostname or "")
    if other and own and other != own:
        yield Credit(other, "canonical", article.canonical_url)


# "WASHINGTON, Feb 4 (Reuters) -", "Madrid, 4 feb (EFE).-", "(AFP) –": any name, for the dash tells.
_DATELINE = (
    r"^\W*[^\n()（）]{0,60}?[(（]\s*(?P<name>[^()（）\n]{2,40}?)\s*[)）]\s*(?:\.?\s*[-–—−]|[:：])"
)
# "【ワシントン共同】", "［２日 ロイター］", "(서울=연합뉴스)", "/ТАСС/": brackets with an agency in them.
_BRACKETS = r"[(（【［\[/](?P<body>[^()（）【】［］\[\]/\n]{2,40})[)）】］\]/]"
# "新华社北京2月3日电", "МОСКВА, 4 фев — РИА Новости."
_WIRED = r"^\W{0,3}(?P<name>[\u4e00-\u9fff]{2,4}?社)[^\n。，]{0,24}?电"
_AFTER_DASH = r"^[^\n]{3,60}[—–-]\s*(?P<name>[^\W\d_][^\n.]{1,24})\."


def _datelines(head: str) -> Iterator[Credit]:
    if match := re.match(_DATELINE, head):
        yield Credit(_source(match["name"]), "dateline", match[0].strip())
    for pattern in (_WIRED, _AFTER_DASH):
        match = re.match(pattern, head)
        if match and (agency := _agency(match["name"])):
            yield Credit(agency, "dateline", match[0].strip())
    for match in re.finditer(_BRACKETS, head):
        yield from (Credit(one, "dateline", match[0]) for one in _agencies_in_list(match["body"]))


_CONTRIBUTED = "contributed"
_WITH_MATERIAL = (
    r"(?i)\b(?:with (?:information|reporting|material|files|inputs?) (?:from|by)|con informaci[oó]n de"
    r"|com informações d[aoe]s?|avec|mit (?:Material|Informationen) (?:von|der)|по материалам"
    r"|met informatie van)\s+(?P<names>[^.\n)]{2,60})"
)
_COPYRIGHT = (
    r"(?i)(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:\d{4}\s*)?(?:by\s+|the\s+)*(?P<name>[^\n.,|(]{2,40})"
)
_SOURCE_LABEL = (
    r"(?i)^\W*(?:source|quelle|fuente|fonte|bron|źródło|источник|джерело|kaynak|来源|來源|출처)"
    r"\s*[:：]"
)
_LINE = 48  # characters; a longer line is not a signature
_LAST_LINES = 4


def _tail_lines(tail: str) -> Iterator[Credit]:
    for match in re.finditer(_COPYRIGHT, tail):
        yield from (Credit(one, "copyright", match[0].strip()) for one in _leading(match["name"]))
    lines = [line.strip() for line in tail.split("\n")]
    for line in lines[-_LAST_LINES:]:
        if len(line) <= _LINE:
            named = re.sub(_SOURCE_LABEL, "", line).strip(" ()（）[].-–—*")
            found = _agencies_in_list(named)
            if not found and re.match(_SOURCE_LABEL, line) and _slug(named):
                found = [_slug(named)]  # whoever is named so
            yield from (Credit(one, "source", line) for one in found)
    for line in lines:
        yield from _contributions(line)


def _contributions(line: str) -> Iterator[Credit]:
    """Who helped: "Associated Press writer Jane Roe contributed to this report", "avec AFP"."""
    before, contributed, after = line.partition(_CONTRIBUTED)
    if contributed:
        sentence = before.rsplit(". ", 1)[-1]
        found = _agencies_within(sentence)
        words = f"{sentence}{contributed}{after}".strip()
        yield from (Credit(one, "contribution", words) for one in found)
    for match in re.finditer(_WITH_MATERIAL, line):
        found = _agencies_within(match["names"])
        yield from (Credit(one, "contribution", match[0].strip()) for one in found)


def _source(name: str) -> str:
    """An agency's name when it is one (also the first of "dpa/lby"), or else the name's own slug."""
    return next(iter(_agencies_in_list(name)), "") or _slug(name)


def _agencies_in_list(text: str) -> list[str]:
    """The agencies among the parts of "Jane Roe, Associated Press" or "AFP=時事" or "dpa/afp"."""
    parts = re.split(r"\s*(?:[,;/|=・]| and | und | et | y | e )\s*|\s+[-–—]\s+", text)
    names = [re.sub(r"^(?:by|por|par|von|di)\s+|\s+staff$", "", part, flags=re.I) for part in parts]
    found = [_agency(name) for name in names if name]
    found += [_agency(name.split()[-1]) for name in names if re.search(r"[\u3040-\u9fff]", name)]
    found += [agency for agency in _ends_with(text) if agency]
    return list(dict.fromkeys(agency for agency in found if agency))


def _ends_with(text: str) -> Iterator[str]:
    """Agencies in scripts without spaces at the end of a place's name: "ワシントン共同"."""
    slug = _slug(text)
    if slug[-1:] >= _FIRST_UNSPACED:
        yield from (agency for name, agency in _unspaced() if slug.endswith(name))


def _agencies_within(text: str) -> list[str]:
    """The agencies named anywhere in a phrase, by their whole words."""
    words = re.findall(r"[\w.’'-]+", text)
    runs = [" ".join(words[i : i + n]) for n in (3, 2, 1) for i in range(len(words) - n + 1)]
    return list(dict.fromkeys(agency for run in runs if (agency := _agency(run))))


def _leading(name: str) -> list[str]:
    """The agency at the beginning of a copyright holder's name."""
    words = name.split()
    runs = [" ".join(words[:count]) for count in (3, 2, 1)]
    return [agency for run in runs if (agency := _agency(run))][:1]


def _agency(name: str) -> str:
    return _spellings().get(_slug(name), "")


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    own = {agency: agency for agency in AGENCIES}
    return own | {_slug(name): agency for agency, names in AGENCIES.items() for name in names}


@lru_cache(maxsize=1)
def _unspaced() -> list[tuple[str, str]]:
    return [pair for pair in _spellings().items() if pair[0][0] >= _FIRST_UNSPACED]


@lru_cache(maxsize=4096)
def _slug(name: str) -> str:
    """Letters and digits without case and accents."""
    folded = normalize("NFKD", name).casefold()
    return "".join(char for char in folded if char.isalnum() and not combining(char))


def _main_label(outlet: str) -> str:
    """The label of a host that names its owner: `bbc` of `www.bbc.co.uk`; an id that is not a host."""
    labels = outlet.casefold().split(":")[0].split(".")
    labels = labels[:-1] if len(labels) > 1 else labels
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels = labels[:-1]
    return labels[-1]
