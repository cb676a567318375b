"""A desk, open for reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pressclip.records import (
    Article,
    Compared,
    Count,
    Edit,
    Family,
    Member,
    Quote,
    Story,
    Version,
)
from pressclip.rows import Articles, Rows

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.corpus.record_types import ValueType
    from index.query import Node
    from index.store import StoredArticle
    from index.workspace import Workspace

Order = Literal["relevance", "recent", "newest", "oldest", "seen", "outlet"]
Interval = Literal["day", "week", "month", "year"]
Moment = date | datetime | str | None
Names = str | Iterable[str] | None

PAGE = 200  # articles read from the disk at a time

_TEXTS = dict[str, "ValueType"]
_VERSION: _TEXTS = {
    "article": "text", "number": "integer", "seen": "time", "title": "text", "authors": ["text"],
    "published": "time", "updated": "time", "text": "text",
}  # fmt: skip
_QUOTE: _TEXTS = {
    "article": "text", "outlet": "text", "published": "time", "text": "text", "speaker": "text",
    "named": "text", "cue": "text", "start": "integer", "end": "integer",
}  # fmt: skip
_FAMILY: _TEXTS = {
    "family": "text", "origin": "text", "size": "integer", "article": "text", "outlet": "text",
    "kind": "text", "published": "time", "similarity": "number", "contained": "number",
    "contains": "number",
}  # fmt: skip
_COUNT: _TEXTS = {"interval": "day", "group": "text", "articles": "integer"}
_COMPARED: _TEXTS = {
    "group": "text", "articles": "integer", "texts": "integer", "outlets": "integer",
    "measure": "text", "count": "integer", "total": "integer", "share": "number", "low": "number",
    "high": "number", "drawn": "text",
}  # fmt: skip


def open(folder: str | Path | None = None, *, as_of: Moment = None) -> Desk:
    """Open the desk in a folder.

    >>> desk = pressclip.open("desk")
    >>> before = pressclip.open("desk", as_of="2023-02-04T16:00")

    Without a folder, it opens the desk of $PRESSCLIP_WORKSPACE, or else the nearest one above the
    current folder. With `as_of` you see what was published at that moment; a day means its end, in
    the desk's time zone. It works while a crawl is running and on a read-only disk.

    Raises children of `PressclipError`, each with one line and a `hint`: `WorkspaceNotFound`,
    `ConfigError` for a fault in the desk's files, `StoreError` if nothing was crawled yet or the
    database is damaged or of an older format, `IndexUnusable`, and `UsageError` if `as_of` is not a
    date.
    """
    from index.corpus import corpus_of
    from index.workspace import Workspace

    workspace = Workspace.find(Path(folder) if folder is not None else None)
    return Desk(workspace, corpus_of(workspace, as_of=as_of))


class Desk:
    """A desk as it was when it was opened; open it again to see what came later.

    >>> with pressclip.open("desk") as desk:
    ...     desk.count("balloon")
    3

    It is a context manager; `close` closes its files.
    """

    def __init__(self, workspace: Workspace, corpus: Corpus) -> None:
        """Make one with `pressclip.open`."""
        self._workspace, self._corpus = workspace, corpus

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Desk {str(self.folder)!r}>"

    def close(self) -> None:
        """Close the files. After that, the desk can no longer be used."""
        self._corpus.close()

    @property
    def folder(self) -> Path:
        """The folder of the desk.

        >>> desk.folder.name
        'desk'
        """
        return self._workspace.root

    # Articles

    def search(
        self,
        query: str = "*",
        *,
        limit: int | None = None,
        sort: Order = "relevance",
        fold: bool = False,
        since: Moment = None,
        until: Moment = None,
        outlet: Names = None,
        lang: Names = None,
        story: Names = None,
        mentions: bool = False,
    ) -> Articles:
        """Find the articles that match a query, in the language of `pressclip help query`.

        >>> found = desk.search("balloon", since="2023-02", sort="oldest")
        >>> found.total
        3
        >>> [article.outlet for article in found][-1]
        'harbour-daily.example'

        `since` and `until` are the first and last day of publication: a date, or a text such as
        `"2023-02"` or `"7d"`. `fold` keeps only the best article of each family of reprints.
        `mentions` includes articles that only mention their story. Raises `QuerySyntaxError`, or
        `UsageError` for a wrong option or an unknown story.
        """
        from index.errors import UsageError

        if limit is not None and limit < 0:
            raise UsageError(f"limit {limit}: must be 0 or more")
        from index.corpus.record_types import FIELD_TYPES

        stories = (story,) if isinstance(story, str) else tuple(story or ())
        self._workspace.check_stories(stories)
        tree = self._corpus.understand(
            query,
            since=since,
            until=until,
            outlet=outlet,
            lang=lang,
            story=stories,
            mentions=mentions,
        )
        _check_order(sort)
        matches = self._corpus.match(tree)
        chosen = story if isinstance(story, str) else ""

        def read() -> Iterator[Article]:
            with self._corpus.index.reading():
                ids: Sequence[str] = (
                    [hit.id for hit in matches.top(limit, sort=sort, fold=fold)]
                    if fold or limit is not None
                    else matches.in_order(sort)
                )
            for stored in self._stored(ids):
                yield _article(stored, chosen)

        return Articles(
            read,
            FIELD_TYPES,
            query=self._corpus.echo(tree),
            total=matches.total,
            texts=matches.texts,
        )

    def article(self, name: str) -> Article:
        """Get one article by its id, the beginning of its id, or its URL.

        >>> desk.article("https://prairie-courier.example/balloon").title
        'Balloon seen over the barns'

        Raises `UsageError` if no article has it, or more than one.
        """
        return _article(self._corpus.get(name))

    def count(self, query: str = "*") -> int:
        """Count the articles that match; raises as `search`.

        >>> desk.count("lang:fr")
        1
        """
        return self._corpus.count(query)

    def facets(self, query: str = "*", *names: str) -> dict[str, dict[str, int]]:
        """Count the matching articles by `outlet`, `lang`, `country`, `day`, …; raises as `search`.

        >>> desk.facets("balloon", "outlet")
        {'outlet': {'prairie-courier.example': 2, 'harbour-daily.example': 1}}
        """
        return self._corpus.facets(query, *names)

    # Stories

    def stories(self) -> tuple[Story, ...]:
        """List the stories of the desk; raises `ConfigError` for a fault in their files.

        >>> [story.id for story in desk.stories()]
        ['balloon']
        """
        return tuple(map(_story, self._workspace.stories().values()))

    def story(self, name: str) -> Story:
        """Get one story by its id; raises `UsageError` for an unknown one.

        >>> desk.story("balloon").title
        'A balloon over the prairie'
        """
        return _story(self._workspace.story(name))

    # Versions, edits, quotations, reprints

    def versions(self, name: str) -> Rows[Version]:
        """List every text that was seen of an article, oldest first; `name` as for `article`.

        >>> [one.title for one in desk.versions("https://prairie-courier.example/balloon")]
        ['Balloon seen over the elevators', 'Balloon seen over the barns']
        """
        stored = self._corpus.get(name)

        def read() -> Iterator[Version]:
            for one in self._corpus.store.versions.of(stored.id)[: stored.versions]:
                yield Version(
                    article=stored.id,
                    number=one.number,
                    seen=one.seen,
                    title=one.article.title,
                    authors=one.article.authors,
                    published=one.article.published,
                    updated=one.article.updated,
                    text=one.article.text,
                )

        return Rows(read, _VERSION)

    def edits(self, query: str = "*") -> Rows[Edit]:
        """List every change of the matching articles since they were first seen; raises as `search`.

        >>> [(edit.kind, edit.after) for edit in desk.edits("barns")][0]
        ('headline', 'Balloon seen over the barns')
        """
        from index.corpus.record_types import EDIT_TYPES
        from index.study.edits import read_edits

        tree = self._corpus.understand(query)
        names = tuple(Edit.__slots__)

        def read() -> Iterator[Edit]:
            for one in read_edits(self._corpus, tree):
                yield Edit(**{name: getattr(one, name) for name in names})

        types = {"article": EDIT_TYPES["id"], **EDIT_TYPES}
        return Rows(read, {name: types[name] for name in names})

    def quotes(self, query: str = "*") -> Rows[Quote]:
        """List the direct quotations of the matching articles; raises as `search`.

        >>> [(quote.speaker, quote.text) for quote in desk.quotes()]
        [('Ann Reyes', 'We followed it for two days over the plains')]

        Quoted terms of up to three words without a speaker are left out.
        """
        from index.text.quotes import quotes_of

        self.count(query)  # to raise now, not when the rows are read

        def read() -> Iterator[Quote]:
            for stored in self._corpus.articles(query, sort="oldest"):
                for quote in quotes_of(stored.article):
                    if not quote.is_term:
                        yield Quote(
                            article=stored.id,
                            outlet=stored.article.outlet,
                            published=stored.article.published,
                            text=quote.text,
                            speaker=quote.speaker or None,
                            named=quote.named or None,
                            cue=quote.cue or None,
                            start=quote.start,
                            end=quote.end,
                        )

        return Rows(read, _QUOTE)

    def families(self, query: str = "*", *, least: int = 2) -> Rows[Family]:
        """List the families of reprints of the matching articles, the earliest match first.

        >>> [[member.kind for member in family.members] for family in desk.families()]
        [['origin', 'reprint']]

        Only families with at least `least` members are listed. Their table has a row for each
        member. Raises as `search`.
        """
        tree = self._corpus.understand(query)
        matches = self._corpus.match(tree)

        def read() -> Iterator[Family]:
            with self._corpus.index.reading():
                ranked = matches.top(sort="oldest", fold=True)
            for start in range(0, len(ranked), PAGE):
                ids = [hit.id for hit in ranked[start : start + PAGE]]
                families = self._corpus.store.families.of(ids)
                for name in filter(families.__contains__, ids):
                    family = families[name]
                    members = self._corpus.store.families.members(name)
                    if len(members) >= least:
                        yield _family(family, members)

        return _FamilyRows(read)

    # Counts

    def timeline(
        self, query: str = "*", *, by: str | None = None, interval: Interval = "day"
    ) -> Rows[Count]:
        """Count the matching articles by day, week, month or year of publication, in order.

        >>> for count in desk.timeline("lang:en", by="lang", interval="month"):
        ...     print(count.interval, count.group, count.articles)
        2023-02-01 en 3

        `by` is a facet (`outlet`, `lang`, `country`, …) and gives a row for each of its values in
        each interval. `by="frame"` uses the frames of the story that the query asks for. Intervals
        without articles have no row. Raises `UsageError` for an unknown facet or interval, or as
        `search`.
        """
        from index.errors import UsageError
        from index.study.groups import FRAME, days_of, read_cells
        from index.study.intervals import INTERVALS, group_days

        if interval not in INTERVALS:
            raise UsageError(f"interval {interval}: one of {', '.join(INTERVALS)}")
        tree = self._corpus.understand(query)
        groups = () if by is None else (by,)
        frames = self._frames(tree) if by == FRAME else {}
        if by == FRAME and not frames:
            raise UsageError("by frame needs a query of one story that has frames: story:ID")
        days = days_of(read_cells(self._corpus, tree, (*groups, "day"), frames))
        rows = [
            Count(
                interval=date.fromisoformat(place) if place else None,
                group=(cell[0] or None) if cell else None,
                articles=articles,
            )
            for cell, counted in days.items()
            for place, articles in group_days(counted, interval).items()
        ]
        return Rows(lambda: rows, _COUNT)

    def compare(
        self,
        query: str = "*",
        *,
        by: str | Sequence[str] = (),
        versus: str | Sequence[str] = (),
        frames: Mapping[str, str] | None = None,
        carried: bool = False,
    ) -> Rows[Compared]:
        """Compare groups: a row for each measure of each group.

        >>> found = desk.compare("balloon", versus="festival OR lang:fr")
        >>> [(row.group, row.articles) for row in found if row.measure == "published"]
        [('balloon', 3), ('festival OR lang:fr', 1)]

        The groups are the values of the facet `by`, or the query and the queries of `versus`. The
        measures are `published` (the share of everything that the outlets' lists named in the same
        days) and the frames. Frames come from `frames`, queries by name, or else from the story that
        the query asks for. `carried` counts every reprint. Raises `UsageError` without groups or
        with both kinds, or as `search`.
        """
        from index.errors import UsageError
        from index.study.compare import compared_records, measure_groups

        groups = (by,) if isinstance(by, str) else tuple(by)
        versus = (versus,) if isinstance(versus, str) else versus
        if bool(groups) == bool(versus):
            raise UsageError("compare needs either by or versus")
        tree = self._corpus.understand(query)
        trees = {self._corpus.echo(tree): tree}
        for other in map(self._corpus.understand, versus):
            trees[self._corpus.echo(other)] = other
        if versus and len(trees) != 1 + len(versus):
            raise UsageError("two of the queries are the same: each must be another one")
        asked = (
            self._frames(tree)
            if frames is None
            else {name: self._corpus.understand(one, mentions=True) for name, one in frames.items()}
        )
        found = measure_groups(self._corpus, trees, groups, asked, carried=carried)
        rows = [Compared(**record) for record in compared_records(found)]
        return Rows(lambda: rows, _COMPARED)

    def _frames(self, tree: Node) -> dict[str, Node]:
        from index.study.groups import frame_trees, story_named

        story = story_named(self._workspace, tree)
        return frame_trees(story) if story else {}

    def _stored(self, ids: Sequence[str]) -> Iterator[StoredArticle]:
        for start in range(0, len(ids), PAGE):
            page = ids[start : start + PAGE]
            found = self._corpus.store.articles.get(page)
            yield from (found[name] for name in page if name in found)


class _FamilyRows(Rows[Family]):
    """Families; their table has a row for each member."""

    def __init__(self, read: Callable[[], Iterable[Family]]) -> None:
        super().__init__(read, _FAMILY)

    def df(self, library: Literal["pandas", "polars"] | None = None) -> Any:
        """Make a table with a row for each member, and its family's id, origin and size."""
        from index.corpus.frames import make_frame

        names = tuple(Member.__slots__)
        rows = (
            {
                "family": family.id,
                "origin": family.origin,
                "size": family.size,
                **{name: getattr(member, name) for name in names},
            }
            for family in self
            for member in family.members
        )
        return make_frame(rows, _FAMILY, library)


def _check_order(sort: str) -> None:
    from index.corpus import SORTS
    from index.errors import UsageError

    if sort not in SORTS:
        raise UsageError(f"no such order: {sort}", hint=f"one of: {', '.join(SORTS)}")


def _article(stored: StoredArticle, story: str = "") -> Article:
    from index.corpus.export_record import to_record
    from index.corpus.record_types import FIELD_TYPES, typed_row

    record = typed_row(to_record(stored, story=story), FIELD_TYPES)
    own = {name: record[name] for name in Article.__slots__ if name in record}
    own |= {"authors": tuple(record["authors"]), "tags": tuple(record["tags"])}
    return Article(**own, record=record)


def _family(identity: str, members: Sequence[Any]) -> Family:
    names = tuple(Member.__slots__)
    own = tuple(Member(**{name: getattr(one, name) for name in names}) for one in members)
    origin = next((one.article for one in own if one.kind == "origin"), identity)
    return Family(id=identity, origin=origin, size=len(own), members=own)


def _story(story: Any) -> Story:
    return Story(
        id=story.id,
        title=story.title,
        about=story.about,
        since=story.window.start,
        until=story.window.end,
        languages=story.languages,
        frames=tuple(story.frames),
    )
