"""Whether a URL looks like an article's, by its path and query alone: a score, no fetch."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from crawler.refusal import Refusal
from crawler.urls.parts import Parts, query_pairs, read_url, split_pair

ARTICLE_SCORE = 0.5

_MEDIA = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|mjs|json|xml|rss|atom|pdf|docx?|xlsx?|pptx?|zip|gz"
    r"|mp[34]|m4[av]|mov|avi|webm|ogg|wav|woff2?|ttf|eot|exe|apk|dmg|ics|epub|txt)$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:^|[/_.-])(?:19|20)\d{2}(?:[/_.-](?:0?[1-9]|1[0-2])(?:[/_.-](?:0?[1-9]|[12]\d|3[01]))?"
    r"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?=\D|$)"
    r"|(?:^|[/_.-])(?:0[1-9]|[12]\d|3[01])[/_.-](?:0[1-9]|1[0-2])[/_.-](?:19|20)\d{2}(?=\D|$)"
    r"|/(?:19|20)\d{2}/(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/",
    re.IGNORECASE,
)
_DATE_ARCHIVE = re.compile(r"/(?:19|20)\d{2}(?:/\d{1,2}){0,2}$")
_WORD_BREAK = re.compile(r"[-_.+,\s~]+")
_NUMBER = re.compile(r"\d{5,}")
_HEX = re.compile(r"[0-9a-f]{16,}")
_FORM = re.compile(r"/(?:amp|embed|print)/?$", re.IGNORECASE)
_CODE = re.compile(r"(?=[^/]*\d)(?=[^/]*[a-zA-Z])[0-9a-zA-Z]{8,}")
_PAGE_FILE = re.compile(
    r"\.(?:s?html?|php\d?|aspx?|jsp|cms|ece|story|article|cfm|do|read)$", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_]")

# Path segments of lists, services and shops; German, Spanish, French, Portuguese, Italian too.
_LISTS = """
tag tags tagged topic topics thema themen tema temas theme themes tema label labels keyword
category categories categoria categorias categorie kategorie kategorien rubrik rubrique author
authors autor autores autoren auteur auteurs autore byline people user users profile profil
account members member search suche buscar busca recherche suchen cerca archive archives archiv
archivo hemeroteca page pagina seite feed feeds rss comments gallery galleries galerie
fotostrecke newsletter newsletters subscribe subscription suscripcion abo abonnement login
signin signup register logout cart checkout shop store gutscheine coupons promo deals contact
kontakt contacto about impressum imprint privacy datenschutz terms agb legal cookies help hilfe
faq jobs careers karriere stellenangebote advertise mediadaten sitemap index video-channel
live-tv tv-guide schedule weather wetter horoscope horoskop epaper e-paper wp-content wp-admin
wp-json wp-login.php cgi-bin cdn-cgi static assets download downloads special specials dossier
dossiers collection collections series serie hub latest trending
"""
_LIST_WORDS = frozenset(_LISTS.split())
_SERVICE_START = re.compile(
    r"^(?:category|special|user|file|template|help|talk|portal|kategorie|spezial|datei|wikipedia):|^~",
    re.IGNORECASE,
)
_ARTICLES = """
article articles artikel articulo articulos artigo story stories nota notas noticia noticias
news nachrichten nieuws actualite actu blog post posts p a n content contents detail details view
"""
_ARTICLE_WORDS = frozenset(_ARTICLES.split())
_IDENTITIES = """
p id v story article articleid article_id artid aid newsid news_id nid storyid story_id sid
itemid item_id contentid docid idnews idnoticia noticia idxno no seq arcid pid oid
"""
IDENTITY_NAMES = frozenset(_IDENTITIES.split())


def looks_like_article(url: str) -> bool:
    """Whether the URL's `article_score` reaches `ARTICLE_SCORE`."""
    return article_score(url) >= ARTICLE_SCORE


def is_front_page(url: str) -> bool:
    """Whether the URL is a site's front page, or that of one of its languages (`/en/`)."""
    parts = read_url(url)
    return not isinstance(parts, Refusal) and _is_front(parts)


@lru_cache(maxsize=16_384)
def article_score(url: str) -> float:
    """How much a URL looks like an article's, 0 to 1: date, headline, number, against list words.

    Weights were set by hand on the URLs of news feeds (articles) and of navigation menus (mostly
    lists); `bench/speed/channels.py` prints both rates.
    """
    parts = read_url(url)
    if isinstance(parts, Refusal) or _MEDIA.search(parts.path):
        return 0.0
    if _is_front(parts):
        return 0.9 if _names_an_item(parts.query) else 0.0
    path = _FORM.sub("", unquote(parts.path).rstrip("/"))
    segments = [segment for segment in path.lower().split("/") if segment]
    if not segments:
        return 0.0
    score = _path_evidence(path, segments) + (0.4 if _names_an_item(parts.query) else 0.0)
    return min(1.0, max(0.0, score))


def _path_evidence(path: str, segments: list[str]) -> float:
    last = _PAGE_FILE.sub("", segments[-1])
    if _DATE_ARCHIVE.search(path):
        return 0.1
    score = max(_headline(last), _headline(segments[-2]) if len(segments) > 1 else 0.0)
    score += 0.35 if _DATE.search(path) else 0.0
    score += _number(last, segments)
    score += 0.1 if last != segments[-1] else 0.0
    score += 0.1 if not _ARTICLE_WORDS.isdisjoint(segments[:-1]) else 0.0
    score += 0.25 if segments[0] == "p" and len(segments) == 2 else 0.0  # Substack
    score += 0.05 * min(len(segments) - 1, 2)
    return score - _list_penalty(segments)


def _headline(segment: str) -> float:
    """Evidence of a headline in a segment: its words, or its letters where words are not spaced."""
    words = [word for word in _WORD_BREAK.split(segment) if _LETTERS.search(word)]
    if not segment.isascii():
        letters = len(_LETTERS.findall(segment))
        return 0.5 if letters >= 15 or len(words) >= 4 else 0.25 if letters >= 8 else 0.0
    if len(words) >= 5:
        return 0.55
    return {4: 0.45, 3: 0.25, 2: 0.1}.get(len(words), 0.0)


def _number(last: str, segments: list[str]) -> float:
    if _NUMBER.search(last) or _HEX.search(last):
        return 0.4
    if any(_NUMBER.search(segment) for segment in segments[:-1]):
        return 0.3
    return 0.3 if _CODE.search(last) else 0.0


def _list_penalty(segments: list[str]) -> float:
    if any(_SERVICE_START.match(segment) for segment in segments):
        return 0.8
    if (
        segments[-1].isdigit()
        and len(segments[-1]) > 4
        and segments[-2:-1] in (["archives"], ["archive"])
    ):
        return -0.1  # /archives/150013: a permalink of WordPress, Livedoor and others
    listed = [index for index, segment in enumerate(segments) if segment in _LIST_WORDS]
    if not listed:
        return 0.0
    # /tag/x is a list; /dossier/2023/02/04/a-long-headline may well be an article of one.
    return 0.7 if listed[-1] >= len(segments) - 2 else 0.35


def _names_an_item(query: str) -> bool:
    return any(
        name in IDENTITY_NAMES and any(char.isdigit() for char in value)
        for name, value in map(split_pair, query_pairs(query))
    )


def _is_front(parts: Parts) -> bool:
    segments = [segment for segment in parts.path.lower().split("/") if segment]
    if len(segments) > 1:
        return False
    return not segments or bool(
        re.fullmatch(r"[a-z]{2}(?:[-_][a-z]{2})?|(?:index|default|home)(?:\.\w{2,5})?", segments[0])
    )
