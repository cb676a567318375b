"""An outlet's boilerplate taken out of its articles: what stands on many of its pages is of none.

Learned from `families` (paragraphs under three different headlines that have a word of none of them),
unless the pages share more than half of their text: then they are one article, published again. The
versions keep each text as it was read, so what is forgotten comes back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from index.article import Article, TextZone
from index.families.fingerprint import hash_block
from index.store.store import StoreWriter
from index.text.shingles import normal_tokens
from index.text.zones import PARAGRAPH

PAGES = 3
COMPARED = 24  # articles that are looked at for one paragraph
SAME_ARTICLE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """What was learned and forgotten, in paragraphs, and how many articles have another text now."""

    learned: int = 0
    forgotten: int = 0
    articles: int = 0


def tidy(store: StoreWriter, ids: Collection[str]) -> Tidied:
    """Learn from the outlets of these articles, new or changed; bring every text of theirs up to it.

    The result depends on the set of articles, not on their order, where each was told of at least once.
    Raises `StorageError` children.
    """
    by_outlet: dict[str, list[str]] = defaultdict(list)
    for part in _parts(ids):
        for identity, stored in store.articles.get(part).items():
            by_outlet[stored.article.outlet].append(identity)
    learned = forgotten = articles = 0
    for outlet in sorted(by_outlet):
        with store.transaction():
            new, gone = _learn(store, outlet)
            touched = {*by_outlet[outlet], *store.boilerplate.articles_with(outlet, new | gone)}
            articles += _rewrite(store, outlet, touched)
        learned, forgotten = learned + len(new), forgotten + len(gone)
    return Tidied(learned=learned, forgotten=forgotten, articles=articles)


def without_boilerplate(article: Article, blocks: Collection[int]) -> Article:
    """The article without the paragraphs of those hashes, its zones and parts where they then are.

    One that would be left without any text stays as it is, and so does a live blog, whose entries are
    told apart by their text.
    """
    if article.entries:
        return article
    lines = list(PARAGRAPH.finditer(article.text))
    kept = [line for line in lines if _hash(line[0]) not in blocks]
    if len(kept) == len(lines) or not kept:
        return article
    gap = article.text[lines[0].end() : lines[1].start()]
    places: dict[int, int] = {}
    position = 0
    for line in kept:
        places[line.start()] = position
        position += len(line[0]) + len(gap)
    return replace(
        article,
        text=gap.join(line[0] for line in kept),
        zones=tuple(_moved(article.zones, places)),
        parts=tuple(replace(one, start=_next(places, one.start)) for one in article.parts),
        boilerplate=tuple(line[0] for line in lines if _hash(line[0]) in blocks),
    )


def _learn(store: StoreWriter, outlet: str) -> tuple[set[int], set[int]]:
    """Bring what is known of an outlet up to date; return what is new and what is known no more."""
    before = set(store.boilerplate.of(outlet))
    repeated = store.boilerplate.repeated(outlet)
    gone = before - repeated
    texts: dict[str, dict[int, str]] = {}
    new = {}
    for block in sorted(repeated - before):
        pages = store.boilerplate.articles_with(outlet, [block])[:COMPARED]
        for identity in pages:
            texts.setdefault(identity, _paragraphs(store, identity))
        if _stands_apart(texts[identity] for identity in pages):
            new[block] = next(texts[one][block] for one in pages if block in texts[one])
    store.boilerplate.change(outlet, new, gone)
    return set(new), gone


def _stands_apart(pages: Iterable[Mapping[int, str]]) -> bool:
    """Whether three of the pages are different articles, of which no two share half of their text."""
    apart: list[dict[int, int]] = []
    for page in pages:
        sizes = {block: len(text) for block, text in page.items()}
        if sizes and all(_share(sizes, other) <= SAME_ARTICLE for other in apart):
            apart.append(sizes)
        if len(apart) == PAGES:
            return True
    return False


def _share(one: Mapping[int, int], other: Mapping[int, int]) -> float:
    common = sum(one[block] for block in one.keys() & other.keys())
    return common / min(sum(one.values()), sum(other.values()))


def _rewrite(store: StoreWriter, outlet: str, ids: Iterable[str]) -> int:
    """Give articles the text as it was read, without what is boilerplate now; how many changed."""
    blocks = store.boilerplate.of(outlet).keys()
    changed = 0
    for part in _parts(sorted(ids)):
        for identity, stored in store.articles.get(part).items():
            whole = store.versions.newest(identity)
            if whole is None:
                continue
            restored = replace(
                stored.article,
                text=whole.text,
                zones=whole.zones,
                parts=whole.parts,
                boilerplate=(),
            )
            tidied = without_boilerplate(restored, blocks)
            if tidied.text != stored.article.text:
                store.articles.rewrite(identity, tidied)
                changed += 1
    return changed


def _paragraphs(store: StoreWriter, identity: str) -> dict[int, str]:
    whole = store.versions.newest(identity)
    lines = PARAGRAPH.findall(whole.text) if whole else []
    return {_hash(line): line for line in lines}


def _moved(zones: Iterable[TextZone], places: Mapping[int, int]) -> Iterator[TextZone]:
    for zone in zones:
        if zone.start in places:
            start = places[zone.start]
            yield replace(zone, start=start, end=start + zone.end - zone.start)


def _next(places: Mapping[int, int], start: int) -> int:
    """Where the first paragraph from a place on is now; the last one when all those are gone."""
    return next((new for old, new in places.items() if old >= start), max(places.values()))


def _hash(line: str) -> int:
    return hash_block(normal_tokens(line))


def _parts(ids: Collection[str], size: int = 200) -> Iterator[list[str]]:
    listed = list(ids)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]
