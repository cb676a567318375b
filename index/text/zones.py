"""The zones of an article (Manning et al. 2008, ch. 6): which part of it a place in its text is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from index.article import Article, TextZone, ZoneKind

NOT_STORY: frozenset[ZoneKind] = frozenset({"caption", "credit"})
"""What no search and no story counts as said in the text."""

UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my"})
PARAGRAPH = re.compile(r"[^\n]+")
# After the word nothing but its date or an aside may come before the colon: "Corrections officers
# said" opens a story.
_TO_COLON = (
    r"(?!\w)\s*(?:\([^()\n]{0,40}\)|[^\n:：]{0,20}\d[^\n:：]{0,14})?\s*(?:[:：\]】）)]|[—–-]\s|$)"
)
_NOTE = (
    r"(?i)^\W*(?:editor['’]?s['’]? note|note de la r[ée]daction|ndlr|nota del? editora?"
    r"|nota de la redacci[óo]n|nota da redaç[ãa]o|nota della redazione|anm(?:erkung|\.) der redaktion"
    r"|(?:noot|naschrift) van de redactie|od redakcji|от редакции|примечание редакции|від редакції"
    r"|примітка редакції|editörün notu|编者注|编者按|編者按|編集部注|編集部より|편집자 ?주"
    r"|ملاحظة المحرر)(?!\w)"
)
_CORRECTION = (
    r"(?i)^\W*(?:corrections?|clarifications?|erratum|errata(?: corrige)?|correctif|rectificatif"
    r"|correcci[óo]n|rectificaci[óo]n|aclaraci[óo]n|fe de erratas?|fe de errores|correç[ãa]o"
    r"|correzione|rettifica|korrektur|berichtigung|richtigstellung|rectificatie|correctie|rättelse"
    r"|rettelse|sprostowanie|korekta|поправка|исправление|уточнение|виправлення|уточнення|düzeltme"
    r"|更正|勘误|勘誤|訂正|おわびと訂正|정정|바로잡습니다|تصحيح|تصويب)" + _TO_COLON
)
# What every phrase below has one of: most paragraphs are not looked through for them.
_CORRECTED_WORDS = (
    "vers",
    "wersj",
    "верс",
    "fassung",
    "this story",
    "this article",
    "this report",
    "本文",
)
_CORRECTED = (
    r"(?i)\b(?:an )?earlier versions? of th(?:is|e)\b|\bthis (?:story|article|report) (?:has been|was)"
    r" (?:corrected|updated to correct|amended|clarified)\b|\bin einer früheren (?:version|fassung)\b"
    r"|\bune version (?:antérieure|précédente)\b|\buna versi[óo]n anterior\b|\buma versão anterior\b"
    r"|\buna versione precedente\b|\bin een eerdere versie\b|\bw poprzedniej wersji\b"
    r"|\bв (?:более )?ранней версии\b|\bу попередній версії\b|本文(?:之前|早前|此前)"
)


def note_kind(paragraph: str) -> ZoneKind | None:
    """`correction` or `note` for a paragraph in which the editors speak, or else None."""
    lower = paragraph.lower()
    if _correction().match(paragraph) or (
        any(word in lower for word in _CORRECTED_WORDS) and _corrected().search(paragraph)
    ):
        return "correction"
    return "note" if _note().match(paragraph) else None


# Compiled for the first paragraph that is asked about, since a search asks about none.
@cache
def _note() -> re.Pattern[str]:
    return re.compile(_NOTE)


@cache
def _corrected() -> re.Pattern[str]:
    return re.compile(_CORRECTED)


@cache
def _correction() -> re.Pattern[str]:
    return re.compile(_CORRECTION)


def zone_at(article: Article, offset: int) -> ZoneKind:
    """The zone of a place in the article's text, in characters from its beginning.

    `body` where no other is marked; raises `IndexError` outside the text.
    """
    if not 0 <= offset < len(article.text):
        raise IndexError(f"no place {offset} in a text of {len(article.text)} characters")
    place = bisect_right(article.zones, offset, key=lambda zone: zone.start) - 1
    if place >= 0 and offset < article.zones[place].end:
        return article.zones[place].kind
    return "body"


def all_zones(article: Article) -> tuple[TextZone, ...]:
    """Every paragraph of the text in a zone: the marked ones, and between them `body`."""
    return tuple(_paragraph_zones(article))


def lead_of(article: Article) -> str:
    """The standfirst of the text, or else what the page calls its description."""
    return zone_text(article, "lead") or article.description


def body_of(article: Article) -> str:
    """The text with a blank for each character that is not of the story, so that places stay."""
    text, pieces, position = article.text, [], 0
    for zone in article.zones:
        if zone.kind in NOT_STORY:
            pieces += [text[position : zone.start], " " * (zone.end - zone.start)]
            position = zone.end
    return "".join((*pieces, text[position:])) if pieces else text


def count_words(article: Article) -> int:
    """Words of the text without captions; characters in Chinese, Japanese, Thai, Lao, Khmer, Burmese."""
    body = body_of(article)
    return sum(map(str.isalnum, body)) if is_unspaced(article) else len(body.split())


def is_unspaced(article: Article) -> bool:
    """Whether the article's language is written without spaces, so that characters are counted."""
    return article.language.partition("-")[0] in UNSPACED


def zone_text(article: Article, kind: ZoneKind) -> str:
    """The paragraphs of the text that are marked as that kind, a line each; "" for none."""
    return "\n".join(
        article.text[zone.start : zone.end] for zone in article.zones if zone.kind == kind
    )


def sayings(article: Article, kind: ZoneKind) -> tuple[str, ...]:
    """All that the article has of a kind, in its text and beside it."""
    within = tuple(
        article.text[zone.start : zone.end] for zone in article.zones if zone.kind == kind
    )
    return (*within, *(aside.text for aside in article.asides if aside.kind == kind))


def _paragraph_zones(article: Article) -> Iterator[TextZone]:
    for found in PARAGRAPH.finditer(article.text):
        yield TextZone(kind=zone_at(article, found.start()), start=found.start(), end=found.end())
