"""Clippings that a person gives to tell what a story is about: files of text or HTML, or URLs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from importlib.resources import files
from pathlib import Path

from babel import Locale, UnknownLocaleError

from crawler.extract import NotAnArticle, extract
from crawler.extract.language import language_of
from crawler.extract.page.decode import decode
from crawler.pages import capture_of_answer, capture_of_html
from crawler.refusal import Refusal
from crawler.wire.web import FetchedPage
from index.article import Article
from index.capture import Capture
from index.errors import UsageError
from index.files import storage_error
from index.relevance.suggest import Rarity
from index.text.analysis import fold, read_tokens
from index.text.sentences import split_sentences
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.codes import LANGUAGES

FEWEST_WORDS = 8  # as a headline has
SHORTEST_TOLD = 5  # words of the longest sentence; buttons and notices of a page have fewer
LARGEST = 10 * 2**20
_TITLE_LENGTH = 200
_ODD = 0.02  # share of signs that no text has
_DATED = re.compile(r"\s*date:?[ \t]+(\S+)[ \t]*", re.IGNORECASE)
_MARKUP = re.compile(
    rb"^\s*<(?:!doctype|html|\?xml|head|body|article|!--)|<html[\s>]", re.IGNORECASE
)
# What CLDR calls otherwise than jusText's lists of words are called.
_LISTS = {"no": "Norwegian_Bokmal", "nb": "Norwegian_Bokmal", "nn": "Norwegian_Nynorsk"}


def read_clippings(
    sources: Sequence[str], workspace: Workspace, *, language: str = ""
) -> list[Article]:
    """The articles of files (plain text, HTML) and URLs, each with its language.

    A plain text may begin with `date 2023-02-04`. `language` is what the user says they are in.
    Raises `UsageError` for one that cannot be read, is not an article, too short, or in a language that
    cannot be told; `StorageError` for a file that the system does not give.
    """
    addresses = list(filter(_is_address, sources))
    answers = _fetched(addresses, workspace) if addresses else {}
    return [_checked(_read(source, answers, language), source) for source in sources]


def usual_words(language: str) -> Rarity:
    """How rare the words of a language are, by jusText's lists of its most frequent ones."""
    try:
        name = _LISTS.get(language) or Locale.parse(language).get_language_name("en") or ""
    except (UnknownLocaleError, ValueError):
        return Rarity()
    path = files("justext") / "stoplists" / f"{name.replace(' ', '_')}.txt"
    if not path.is_file():
        return Rarity()
    ranks: dict[str, int] = {}
    for rank, word in enumerate(path.read_text("utf-8").split(), start=1):
        ranks.setdefault(fold(word), rank)
    return Rarity(ranks=ranks)


def _fetched(urls: Sequence[str], workspace: Workspace) -> dict[str, FetchedPage | Refusal]:
    from crawler.wire.lookup import fetch_pages  # with Scrapy, which a file does not need

    return fetch_pages(workspace, urls)


def _is_address(source: str) -> bool:
    return re.match(r"https?://", source, re.IGNORECASE) is not None


def _read(source: str, answers: Mapping[str, FetchedPage | Refusal], language: str) -> Article:
    if _is_address(source):
        return _spoken(_of_capture(_captured(source, answers[source]), source), language)
    body = _body_of(source)
    if _MARKUP.search(body[:2_000]):
        place = Path(source).resolve().as_uri()
        page = capture_of_html(body, place=place, written=datetime.now(UTC))
        return _spoken(_of_capture(page, source), language)
    text = decode(body, "")
    if sum(map(_is_odd, text)) > _ODD * len(text):
        raise UsageError(f"{source}: not a text", hint="a file of plain text or HTML, or a URL")
    return _plain(text, source, language)


def _is_odd(letter: str) -> bool:
    return letter == "\ufffd" or not (letter.isprintable() or letter.isspace())


def _body_of(source: str) -> bytes:
    path = Path(source)
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise UsageError(
            f"{source}: no such file", hint="a file of text or HTML, or a URL with https://"
        ) from error
    except IsADirectoryError as error:
        raise UsageError(f"{source}: a folder, not a file") from error
    except OSError as error:
        raise storage_error(error, path) from error
    if len(body) > LARGEST:
        raise UsageError(f"{source}: over {LARGEST // 2**20} MiB, too large for an article")
    if not body.strip():
        raise UsageError(f"{source}: empty", hint="give the article's text")
    return body


def _captured(url: str, answer: FetchedPage | Refusal) -> Capture:
    if isinstance(answer, Refusal):
        hint = "save the page in your browser and give the file"
        raise UsageError(f"{url}: {answer}", hint=hint)
    return capture_of_answer(answer)


def _of_capture(capture: Capture, source: str) -> Article:
    if capture.status != 200:
        raise UsageError(f"{source}: the server answers {capture.status}")
    found = extract(capture)
    if isinstance(found, NotAnArticle):
        raise UsageError(
            f"{source}: not an article ({found.kind}: {found.reason})",
            hint="copy the article's text into a file and give that",
        )
    return found


def _plain(text: str, source: str, language: str) -> Article:
    """A plain text: its date line, a short first line as its title, paragraphs."""
    published = None
    if dated := _DATED.match(text):
        published = _midday(dated[1], source)
        text = text[dated.end() :]
    title, _, rest = text.strip().partition("\n\n")
    if (
        len(title) > _TITLE_LENGTH
        or "\n" in title
        or title.rstrip().endswith((".", "。"))
        or not rest
    ):
        title, rest = "", text
    return Article(
        url="",
        canonical_url="",
        outlet="",
        title=title.strip(),
        text=rest.strip(),
        fetched=datetime.now(UTC),
        published=published,
        published_precision="day",
        language=language or language_of(text),
    )


def _midday(text: str, source: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f'{source}: "{text}" is not a day', hint="the first line may be: date 2023-02-04"
        ) from error
    return datetime.combine(day, time(12), tzinfo=UTC)


def _spoken(article: Article, language: str) -> Article:
    return replace(article, language=language) if language else article


def _count_words(text: str, language: str) -> int:
    return sum(any(map(str.isalpha, token.text)) for token in read_tokens(text, language))


def _checked(article: Article, source: str) -> Article:
    lines = dict.fromkeys(
        f"{article.title}\n{article.text}".split("\n")
    )  # what is said twice tells no more
    words = _count_words("\n".join(lines), article.language)
    sentences = split_sentences("\n".join(lines))
    longest = max((_count_words(one, article.language) for one in sentences), default=0)
    if words >= FEWEST_WORDS and longest < SHORTEST_TOLD:
        raise UsageError(
            f"{source}: no sentence of it tells a story: the longest has {counted(longest, 'word')}",
            hint="give the article's text, without what stands around it",
        )
    if words < FEWEST_WORDS:
        raise UsageError(
            f"{source}: {words} words are too few to tell a story by",
            hint=f"give the article's text, {FEWEST_WORDS} words or more",
        )
    if article.language not in LANGUAGES:
        raise UsageError(f"{source}: its language cannot be told", hint="say it, as in: --lang en")
    return article
