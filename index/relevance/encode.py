"""What was read gets its vectors, where the extra `pressclip[semantic]` is installed.

At the end of a run and at its beginning, so that articles that were read before it was installed get
theirs too; about 5 ms of CPU an article, once. Without the extra nothing is done and nothing is lost.
"""

from __future__ import annotations

import logging
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter

from index.errors import UsageError
from index.meaning.chains import translated_share
from index.meaning.encoder import (
    LANGUAGES,
    Encoder,
    cosines,
    is_installed,
    load_encoder,
    texts_of,
)
from index.store import StoreWriter
from index.store.encodings import Encoded, Told
from index.workspace.story import Story

_PART = 200
DAYS = 4  # between a text and its translation
_CANDIDATES, _OPENINGS_ALIKE = 5, 0.3
_LEAST_PARAGRAPH, _PARAGRAPH, _MOST_PARAGRAPHS = 10, 300, 12  # characters, characters, paragraphs

Report = Callable[[int, int], None]

logger = logging.getLogger(__name__)


def encode_news(
    store: StoreWriter,
    stories: Iterable[Story],
    report: Report = lambda done, number: None,
) -> int:
    """Give vectors to all articles and seeds that have none; returns how many articles. Safe to kill.

    `report` hears how many are done, of how many. Raises `StorageError`.
    """
    if not is_installed():
        return 0
    ids = store.encodings.missing(LANGUAGES)
    headlines = {seed.title for story in stories for seed in story.seeds if seed.title}
    headlines -= store.encodings.seeds(headlines).keys()
    if not ids and not headlines:
        return 0
    encoder = _encoder()
    if encoder is None:
        return 0
    store.encodings.put_seeds(
        zip(sorted(headlines), encoder.encode(sorted(headlines)), strict=True)
    )
    report(0, len(ids))
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        with store.transaction():
            store.encodings.put(_encode(store, encoder, part))
            store.evaluations.reopen(store.encodings.oldest(part) - 1)
        report(start + len(part), len(ids))
        logger.info("encoded %d of %d articles", start + len(part), len(ids))
    return len(ids)


def find_translations(store: StoreWriter) -> int:
    """Look for translations of the coverage that has none noted yet; returns how many pairs were found.

    Of coverage of the same story in another language, at most four days apart, the five with the nearest
    openings are compared paragraph by paragraph. Without the extra nothing is done.
    """
    waiting = store.encodings.uncompared() if is_installed() else []
    encoder = _encoder() if waiting else None
    if encoder is None:
        return 0
    paragraphs = _Paragraphs(store, encoder)
    coverage = Coverage(store)
    number = 0
    for article in waiting:
        found = list(_translations(store, article, coverage, paragraphs))
        with store.transaction():
            store.encodings.note_compared(article, found)
        number += len(found)
    return number


def _translations(
    store: StoreWriter, article: str, coverage: Coverage, paragraphs: _Paragraphs
) -> Iterator[tuple[str, float]]:
    known = store.encodings.translations([article])
    others = [name for name in coverage.abroad(article) if name not in known]
    openings = store.encodings.openings([article, *others])
    own = openings.pop(article)
    alike = cosines(own, list(openings.values())) if openings else []
    near = sorted(zip(alike, openings, strict=True), reverse=True)
    for value, name in near[:_CANDIDATES]:
        if value < _OPENINGS_ALIKE:
            return
        if share := translated_share(paragraphs.of(article), paragraphs.of(name)):
            yield name, share


class Coverage:
    """The coverage that was encoded, by story and day; read once a run."""

    def __init__(self, store: StoreWriter) -> None:
        self._by_story: dict[str, list[Told]] = {}
        self._own: dict[str, list[Told]] = {}
        for one in store.encodings.coverage():
            self._by_story.setdefault(one.story, []).append(one)
            self._own.setdefault(one.article, []).append(one)

    def abroad(self, article: str) -> list[str]:
        """The ids of what its stories have in other languages, at most four days away, in their order."""
        found: set[str] = set()
        for own in self._own.get(article, ()):
            told = self._by_story[own.story]
            first = bisect_left(told, own.day - DAYS, key=attrgetter("day"))
            last = bisect_right(told, own.day + DAYS, key=attrgetter("day"))
            found |= {one.article for one in told[first:last] if one.language != own.language}
        return sorted(found)


class _Paragraphs:
    """The packed vectors of articles' first paragraphs, each article's encoded once a run."""

    def __init__(self, store: StoreWriter, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder
        self._known: dict[str, list[bytes]] = {}

    def of(self, article: str) -> list[bytes]:
        """Those of one article."""
        if article not in self._known:
            text = self._store.articles.texts([article]).get(article, "")
            parts = [part for part in text.split("\n") if len(part) >= _LEAST_PARAGRAPH]
            short = [part[:_PARAGRAPH] for part in parts[:_MOST_PARAGRAPHS]]
            self._known[article] = [vector for vector in self._encoder.encode(short) if vector]
        return self._known[article]


def _encoder() -> Encoder | None:
    """The encoder; None, and a warning, where another version of it is installed."""
    try:
        return load_encoder()
    except UsageError as error:  # a run goes on without
        logger.warning("headlines are not encoded: %s; %s", error, error.hint)
        return None


def _encode(store: StoreWriter, encoder: Encoder, ids: list[str]) -> list[Encoded]:
    found = store.encodings.beginnings(ids)
    vectors = encoder.encode(texts_of(article for _, article in found))
    return [
        Encoded(article=identity, title=vectors[2 * place], opening=vectors[2 * place + 1])
        for place, (identity, _) in enumerate(found)
    ]
