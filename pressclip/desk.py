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

PAGE = 200  # articles that are read from the disk at a time

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
    """The desk in a folder, else of $PRESSCLIP_WORKSPACE, else the nearest above the current one.

    With `as_of` it is the desk as it was published at a moment (a day at its end, in the desk's
    zone). Works while a crawl is running and on a read-only disk.

    Raises children of `PressclipError`, each with one line and a `hint`: `WorkspaceNotFound`;
    `ConfigError` for a fault in the desk's files; `StoreError` where nothing was crawled yet, or the
    database is damaged or of an older format; `IndexUnusable`; `UsageError` for an `as_of` that is
    no date.
    """
    from index.corpus import corpus_of
    from index.workspace import Workspace

    workspace = Workspace.find(Path(folder) if folder is not None else None)
    return Desk(workspace, corpus_of(workspace, as_of=as_of))


class Desk:
    """A desk as it was when it was opened. A context manager; `close` lets go of its files."""

    def __init__(self, workspace: Workspace, corpus: Corpus) -> None:
        """Use `pressclip.open`."""
        self._workspace, self._corpus = workspace, corpus

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Desk {str(self.folder)!r}>"

    def close(self) -> None:
        """Let go of the files; the desk cannot be asked any more."""
        self._corpus.close()

    @property
    def folder(self) -> Path:
        """Where it is."""
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
        """The articles that match a query of `pressclip help query`.

        `since` and `until` are the first and last day of publication: a date, or a text such as
        `"2023-02"` or `"7d"`. `fold` gives only the best of each family of reprints, `mentions` also
        what only mentions its story. Raises `QuerySyntaxError` or `UsageError`.
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
        """The article with that id, unique beginning of an id, or URL; raises `UsageError`."""
        return _article(self._corpus.get(name))

    def count(self, query: str = "*") -> int:
        """How many articles match; raises as `search`."""
        return self._corpus.count(query)

    def facets(self, query: str = "*", *names: str) -> dict[str, dict[str, int]]:
        """Matching articles by `outlet`, `lang`, `country`, `day`, …; raises as `search`."""
        return self._corpus.facets(query, *names)

    # Stories

    def stories(self) -> tuple[Story, ...]:
        """Every story of the desk; raises `ConfigError` for a fault in their files."""
        return tuple(map(_story, self._workspace.stories().values()))

    def story(self, name: str) -> Story:
        """One story by its id; raises `UsageError` for an unknown one."""
        return _story(self._workspace.story(name))

    # What the articles went through

    def versions(self, name: str) -> Rows[Version]:
        """Every text that was seen of an article, the oldest first; `name` as for `article`."""
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
        """Every change of the matching articles since they were first seen; raises as `search`."""
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
        """The direct quotations of the matching articles, without terms in marks; raises as `search`."""
        from index.text.quotes import quotes_of

        self.count(query)  # raises now, not when somebody goes through them

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
        """The families of the matching articles that have `least` members, the earliest match first.

        A table of them has a row for each member. Raises as `search`.
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
        """Matching articles by day, week, month or year of publication, in order.

        `by` is a facet (`outlet`, `lang`, `country`, …), or `frame` for the frames of the one story
        that the query asks for: a row for each of its values in each interval. Only intervals with
        articles have a row. Raises `UsageError` for an unknown one, or as `search`.
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
        """Groups side by side: a row for each measure of each group.

        The groups are the values of `by`, or the query and those of `versus`. The measures are
        `published` (the share in all that the outlets' lists named in the same days) and the frames:
        `frames` by name, else those of the one story that the query asks for. `carried` counts
        reprints as carried. Raises `UsageError` without groups or with both, or as `search`.
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
    """Families, whose table has a row for each member."""

    def __init__(self, read: Callable[[], Iterable[Family]]) -> None:
        super().__init__(read, _FAMILY)

    def df(self, library: Literal["pandas", "polars"] | None = None) -> Any:
        """A row for each member, with its family's id, origin and size."""
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
