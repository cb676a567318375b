"""What words are called in other languages: Wikipedia's interlanguage titles, by MediaWiki's API.

Few requests, one at a time, the way of any look-up of a person; the answers are archived, and what they
say is kept in `data/interlanguage.json`, so that a word is asked for once. Titles are facts; nothing of an
article is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from crawler.backfill import SOURCES
from crawler.backfill.answers import read_json, rows_of, text_of
from crawler.backfill.wikipedia import BASE, SOURCE
from crawler.refusal import Refusal
from index.files import write_atomic
from index.workspace import Workspace

MOST_WORDS = 40
"""How many words are asked for at most: MediaWiki takes fifty titles in a request."""

FILE = "interlanguage.json"
_FURTHER = 4  # requests for the rest of a long answer
_BRACKETS = re.compile(r"\s*[(（][^)）]*[)）]\s*$")
_VARIANTS = {"zh": ("zh-hans", "zh-hant")}  # languages with titles in either of two scripts

Titles = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interlanguage:
    """What words are called, by word and language; without any where Wikipedia has no article of that name.

    `missing` are words that were not asked for yet, since Wikipedia gave no answer: `refusal` says why.
    """

    titles: Titles = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    refusal: Refusal | None = None


def read_interlanguage(
    workspace: Workspace, words: Sequence[str], source: str, languages: Collection[str]
) -> Interlanguage:
    """What words of a language (ISO 639-1) are called in others; asked of Wikipedia where not known yet.

    Raises `StorageError` and `WorkspaceBusy`, as any look-up.
    """
    path = workspace.data / FILE
    known = _read(path)
    wanted = list(dict.fromkeys(words))[:MOST_WORDS]
    missing = [word for word in wanted if word not in known.get(source, {})]
    refusal = None
    if missing:
        answer = _ask(workspace, missing, source, languages)
        if isinstance(answer, Refusal):
            refusal = answer
        else:
            known.setdefault(source, {}).update({word: answer.get(word, {}) for word in missing})
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True))
    own = known.get(source, {})
    return Interlanguage(
        titles={word: own[word] for word in wanted if word in own},
        missing=tuple(word for word in wanted if word not in own),
        refusal=refusal,
    )


def _read(path: Path) -> dict[str, dict[str, dict[str, list[str]]]]:
    """What was kept; nothing of a file that is damaged, as it can be asked for again."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _ask(
    workspace: Workspace, words: Sequence[str], source: str, languages: Collection[str]
) -> dict[str, dict[str, list[str]]] | Refusal:
    from crawler.wire.lookup import Lookup, look_around

    base = workspace.backfill.bases.get(SOURCE, BASE)

    async def work(lookup: Lookup) -> dict[str, dict[str, list[str]]] | Refusal:
        found: dict[str, dict[str, list[str]]] = {}
        query = title_query(words)
        further: dict[str, str] = {}
        for _ in range(_FURTHER + 1):
            url = f"{base.replace('{lang}', source)}?{urlencode({**query, **further})}"
            value = await _value(lookup, url)
            if isinstance(value, Refusal):
                return value
            for word, titles in read_titles(value, words).items():
                found.setdefault(word, {}).update(titles)
            further = _further(value)
            if not further:
                break
        for language in _VARIANTS.keys() & set(languages):
            named = sorted({name for titles in found.values() for name in titles.get(language, ())})
            if named:
                url = f"{base.replace('{lang}', language)}?{urlencode(variant_query(named))}"
                value = await _value(lookup, url)
                if not isinstance(value, Refusal):
                    _spell(found, language, read_variants(value, language))
        return found

    pause = workspace.backfill.pauses.get(SOURCE, SOURCES[SOURCE].pause)
    return look_around(
        workspace,
        work,
        named=[base.replace("{lang}", source)],
        settings={"DOWNLOAD_SLOTS": {SOURCE: {"concurrency": 1, "delay": pause}}},
    )


async def _value(lookup: Any, url: str) -> Any | Refusal:
    answer = await lookup.ask_service(url, SOURCE)
    if isinstance(answer, Refusal):
        return answer
    if answer.status != 200:
        return Refusal(code=f"http-{answer.status}", detail=urlsplit(url).netloc)
    return read_json(answer.body, answer.content_type)


def title_query(words: Sequence[str]) -> dict[str, str]:
    """The request for the titles of words, each read as the title of an article."""
    return {
        "action": "query",
        "prop": "langlinks|pageprops",
        "ppprop": "disambiguation",
        "titles": "|".join(map(_title, words)),
        "redirects": "1",
        "lllimit": "500",
        "format": "json",
        "formatversion": "2",
    }


def read_titles(value: Any, words: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """By word and language what the answer says; a page that only lists meanings says nothing."""
    query = value.get("query") if isinstance(value, dict) else None
    if not isinstance(query, dict):
        return {}
    moved = {
        text_of(row, "from"): text_of(row, "to")
        for name in ("normalized", "redirects")
        for row in rows_of(query, name)
    }
    pages: dict[str, dict[str, list[str]]] = {}
    for page in rows_of(query, "pages"):
        props = page.get("pageprops")
        if isinstance(props, dict) and "disambiguation" in props:
            continue
        links = [
            (text_of(row, "lang", 20), text_of(row, "title", 200))
            for row in rows_of(page, "langlinks")
        ]
        pages[text_of(page, "title")] = {
            language: [_BRACKETS.sub("", title)] for language, title in links if language and title
        }
    return {word: pages[title] for word in words if (title := _moved(_title(word), moved)) in pages}


def variant_query(titles: Sequence[str]) -> dict[str, str]:
    """The request for titles in the scripts of their language."""
    return {
        "action": "query",
        "prop": "info",
        "inprop": "varianttitles",
        "titles": "|".join(titles[:MOST_WORDS]),
        "redirects": "1",
        "format": "json",
        "formatversion": "2",
    }


def read_variants(value: Any, language: str) -> dict[str, list[str]]:
    """By title its spellings in the scripts of the language."""
    query = value.get("query") if isinstance(value, dict) else None
    found: dict[str, list[str]] = {}
    for page in rows_of(query, "pages"):
        spelt = page.get("varianttitles")
        if isinstance(spelt, dict):
            names = [_BRACKETS.sub("", text_of(spelt, name, 200)) for name in _VARIANTS[language]]
            found[_BRACKETS.sub("", text_of(page, "title"))] = list(
                dict.fromkeys(filter(None, names))
            )
    return found


def _spell(
    found: dict[str, dict[str, list[str]]], language: str, variants: Mapping[str, list[str]]
) -> None:
    for titles in found.values():
        own = titles.get(language, [])
        spelt = [name for title in own for name in variants.get(title) or [title]]
        if spelt:
            titles[language] = list(dict.fromkeys(spelt))


def _title(word: str) -> str:
    """A word as MediaWiki writes a title: without its signs, the first letter large."""
    plain = " ".join(re.sub(r"[\[\]{}|#<>_]", " ", word).split())
    return plain[:1].upper() + plain[1:]


def _moved(title: str, moved: Mapping[str, str]) -> str:
    for _ in range(3):  # normalized, then redirected
        title = moved.get(title, title)
    return title


def _further(value: Any) -> dict[str, str]:
    further = value.get("continue") if isinstance(value, dict) else None
    return (
        {str(name): str(text) for name, text in further.items()}
        if isinstance(further, dict)
        else {}
    )
