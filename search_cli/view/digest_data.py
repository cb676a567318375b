"""The content of a digest on a story: new texts, by family and outlet, and edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from index.text.quotes import Quote, quotes_of
from index.text.wording import counted
from index.text.zones import lead_of
from index.versions.history import changes
from search_cli.output.moments import dated, moment
from search_cli.output.reference import outlet_name
from search_cli.output.render import one_line
from search_cli.output.typeset import weblink
from search_cli.view.versions import change_in_words

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.store import StoredArticle
    from index.workspace.story import Story
    from search_cli.asking.novelty import Told

QUOTES = 2  # of one text
CHANGES = 4  # of one article
LEAD = 280  # characters
QUOTE = 200
MARKS = "“”„«»「」『』\"',"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """A new text, or an article that was edited: its headline and what is told of it.

    `others` are the further outlets that carried a new text; `ids` are the articles it stands for.
    """

    id: str
    title: str
    url: str
    outlet: str
    when: str
    language: str
    ids: tuple[str, ...]
    lead: str = ""
    others: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDigest:
    """What is new of a story since it was last told; `left` items are for the next time.

    `current` are all articles of the story with the number of versions of each.
    """

    story: str
    title: str
    since: str
    texts: tuple[DigestItem, ...]
    edited: tuple[DigestItem, ...]
    left: int
    current: Mapping[str, int]

    @property
    def shown(self) -> dict[str, int]:
        """The articles that the digest tells of, with the number of versions of each."""
        ids = [name for item in (*self.texts, *self.edited) for name in item.ids]
        return {name: self.current[name] for name in ids}

    @property
    def summary(self) -> str:
        """`3 new texts, 1 edited article`."""
        parts = [
            counted(len(self.texts), "new text") if self.texts else "",
            counted(len(self.edited), "edited article") if self.edited else "",
        ]
        return ", ".join(filter(None, parts))


def gather_story(corpus: Corpus, story: Story, told: Told, most: int) -> StoryDigest:
    """What is new of a story, at most that many items: new texts first, the most reprinted first."""
    from search_cli.asking.novelty import count_versions

    current = count_versions(corpus, corpus.understand(f"story:{story.id}"))
    fresh = told.fresh(current)
    stored = corpus.store.articles.get(fresh)
    found = [stored[name] for name in fresh if name in stored]
    texts = list(_texts(corpus, [one for one in found if one.id not in told.versions]))
    edited = [one for one in found if one.id in told.versions]
    edited.sort(key=lambda one: (one.article.fetched, one.id), reverse=True)
    room = max(most - len(texts), 0)
    return StoryDigest(
        story=story.id,
        title=story.title,
        since=moment(told.at, corpus.zone),
        texts=tuple(texts[:most]),
        edited=tuple(_edited(corpus, one, told.versions[one.id]) for one in edited[:room]),
        left=max(len(texts) - most, 0) + max(len(edited) - room, 0),
        current=current,
    )


def _texts(corpus: Corpus, found: Sequence[StoredArticle]) -> Iterator[DigestItem]:
    """A text for each family among the articles."""
    families: dict[str, list[StoredArticle]] = {}
    for one in found:
        families.setdefault(one.family, []).append(one)
    for members in sorted(families.values(), key=_weight):
        members.sort(key=lambda one: (one.id != one.family, _time(one), one.id))
        first, article = members[0], members[0].article
        names = corpus.outlet_names()
        own = outlet_name(first, names)
        others = dict.fromkeys(outlet_name(one, names) for one in members[1:])
        quotes = [quote for quote in quotes_of(article) if not quote.is_term]
        quotes.sort(key=lambda quote: (not quote.speaker, -len(quote.text)))
        yield _item(
            corpus,
            first,
            ids=tuple(one.id for one in members),
            lead=_cut(lead_of(article) or article.text.partition("\n")[0], LEAD),
            others=tuple(name for name in others if name != own),
            quotes=tuple(map(_told, quotes[:QUOTES])),
        )


def _told(quote: Quote) -> str:
    """The words in marks, and who said them where that is known."""
    words = f"“{_cut(quote.text, QUOTE).strip(MARKS)}”"
    return f"{words} – {one_line(quote.speaker)}" if quote.speaker else words


def _edited(corpus: Corpus, one: StoredArticle, known: int) -> DigestItem:
    """What was changed in an article since the version that was told."""
    versions = corpus.store.versions.of(one.id)[max(known - 1, 0) :]
    lines = [
        change_in_words(change)
        for before, after in pairwise(versions)
        for change in changes(before.article, after.article)
    ]
    more = [f"and {counted(len(lines) - CHANGES, 'more change')}"] if len(lines) > CHANGES else []
    told = tuple(_cut(line, LEAD) for line in lines[:CHANGES])
    return _item(corpus, one, ids=(one.id,), changes=(*told, *more))


def _item(
    corpus: Corpus,
    one: StoredArticle,
    *,
    ids: tuple[str, ...],
    lead: str = "",
    others: tuple[str, ...] = (),
    quotes: tuple[str, ...] = (),
    changes: tuple[str, ...] = (),
) -> DigestItem:
    article = one.article
    return DigestItem(
        id=one.id,
        title=one_line(article.title) or "untitled",
        url=weblink(one_line(article.url)),
        outlet=one_line(outlet_name(one, corpus.outlet_names())),
        when=dated(article, corpus.zone),
        language=article.language,
        ids=ids,
        lead=lead,
        others=tuple(map(one_line, others)),
        quotes=quotes,
        changes=changes,
    )


def _weight(members: Sequence[StoredArticle]) -> tuple[int, float, str]:
    """Sort key: what most outlets printed comes first, then what is newest."""
    newest = max(map(_time, members)).timestamp()
    return -len({one.article.outlet for one in members}), -newest, members[0].id


def _time(one: StoredArticle) -> datetime:
    return one.article.published or one.first_seen


def _cut(text: str, most: int) -> str:
    """The text on one line, at most so long, ended at a word."""
    line = one_line(text)
    if len(line) <= most:
        return line
    head = line[:most]
    return f"{head.rpartition(' ')[0] or head}…"
