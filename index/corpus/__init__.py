"""A workspace's corpus, open for reading: the one door for commands and notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index.corpus.engines import open_searcher
from index.corpus.highlight import in_characters, marks_in_text
from index.corpus.hits import Hit, Hits
from index.corpus.narrow import (
    HIDING,
    Moment,
    count_mentions,
    hide_mentions,
    narrow,
    read_filters,
    read_moment,
    read_period,
    replace_filters,
    stories_named,
    without_hiding,
)
from index.errors import ConfigError, UsageError
from index.fulltext.engine import Answer, Searcher
from index.fulltext.searcher import (
    FACETS,
    OF_OUTLET,
    SORTS,
    Ranked,
    Sort,
    Valued,
    When,
    count_groups,
)
from index.fulltext.searcher.snippet import Snippet, make_snippet
from index.query import (
    Filter,
    Node,
    Or,
    expand_collections,
    parse,
    unparse,
)
from index.query.spans import Span
from index.store import Store, StoreAt
from index.text.zones import body_of, lead_of
from index.workspace.timezone import find_zone

if TYPE_CHECKING:
    from index.article import Article, LiveEntry
    from index.corpus.nothing import NoHits
    from index.store import StoredArticle
    from index.workspace import Workspace
    from index.workspace.outlets import Outlets
    from index.workspace.story import Story

__all__ = ["FACETS", "SORTS", "Corpus", "Hit", "Hits", "Sort", "corpus_of", "open_corpus"]

PAGE = 200
"""Articles read from the store at a time when all are wanted."""


class Corpus:
    """Searches and reads a corpus; never writes, and never starts a crawl.

    It shows the corpus as it was when it was opened, or as of `when`. A context manager.
    """

    def __init__(
        self,
        store: Store,
        index: Searcher,
        *,
        outlets: Outlets | None = None,
        stories: Callable[[], Iterable[Story]] = tuple,
        check_stories: Callable[[Iterable[str]], None] | None = None,
        saved: Mapping[str, str] | None = None,
        zone: tzinfo = UTC,
        when: When = "now",
    ) -> None:
        """`outlets` give countries and collections, `saved` are the queries behind `query:name`.

        `stories`, which are read after a search without hits, know words in other languages.
        `check_stories` raises `UsageError` for an id in a query that is not a story's.

        `when` says which versions are searched; with a moment, the store too is as it stood then.
        """
        self.store = StoreAt(store, when) if isinstance(when, datetime) else store
        self.when = when
        self.index = index
        self.zone = zone
        self._outlets = outlets
        self._stories = stories
        self._check_stories = check_stories
        self._saved = saved or {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store and the index."""
        self.index.close()
        self.store.close()

    # Searching

    def search(
        self,
        query: str = "*",
        *,
        limit: int | None = 10,
        sort: Sort = "relevance",
        fold: bool = True,
        since: Moment = None,
        until: Moment = None,
        outlet: str | Iterable[str] | None = None,
        lang: str | Iterable[str] | None = None,
        story: str | Iterable[str] | None = None,
        mentions: bool = False,
    ) -> Hits:
        """Find the first hits, with exact counts; `fold` shows only the best of each family of reprints.

        Articles that only mention their story are left out, unless `mentions` is true or the query
        asks for them (`is:mention`). Raises `QuerySyntaxError`, `UsageError` or `IndexUnusable`.
        """
        tree = self.understand(
            query,
            since=since,
            until=until,
            outlet=outlet,
            lang=lang,
            story=story,
            mentions=mentions,
        )
        return self.search_tree(tree, limit=limit, sort=sort, fold=fold)

    def search_tree(
        self, tree: Node, *, limit: int | None = 10, sort: Sort = "relevance", fold: bool = True
    ) -> Hits:
        """`search` with a tree that `understand` gave."""
        if sort not in SORTS:
            raise UsageError(f"no such order: {sort}", hint=f"one of: {', '.join(SORTS)}")
        matches = self.match(tree)
        with self.index.reading():
            ranked = matches.top(limit, sort=sort, fold=fold)
        return Hits(self, self.echo(tree), matches, ranked)

    def understand(
        self,
        query: str,
        *,
        since: Moment = None,
        until: Moment = None,
        outlet: str | Iterable[str] | None = None,
        lang: str | Iterable[str] | None = None,
        story: str | Iterable[str] | None = None,
        mentions: bool = False,
        now: datetime | None = None,
    ) -> Node:
        """Parse a query and the options given with it into one tree; raises as `search`."""
        tree = parse(query, now=now, zone=self.zone, saved=self._saved)
        if self._check_stories and (named := stories_named(tree)):
            self._check_stories(named)
        options = read_filters({"outlet": outlet, "lang": lang, "story": story})
        whole = narrow(tree, [*options, *read_period(since, until, self.zone, now)])
        return whole if mentions else hide_mentions(whole)

    def echo(self, tree: Node) -> str:
        """The query as it was understood, in the corpus's zone."""
        return unparse(self.asked(tree), zone=self.zone)

    def asked(self, tree: Node) -> Node:
        """The tree without the part that leaves out what only mentions its story."""
        return without_hiding(tree)

    def hidden_mentions(self, tree: Node) -> int:
        """Count the matching articles hidden as mere mentions of their story; raises as `match`."""
        asked = self.asked(tree)
        return 0 if asked == tree else self.match(narrow(asked, [HIDING.part])).total

    def match(self, tree: Node) -> Answer:
        """Every article that matches; raises `UsageError` or `IndexUnusable`."""
        return self.index.search(self._resolve(tree), when=self.when)

    def count(self, query: str = "*") -> int:
        """How many articles match; raises as `search`."""
        return self.match(self.understand(query)).total

    def facets(self, query: str = "*", *names: str) -> dict[str, dict[str, int]]:
        """Matching articles by `outlet`, `lang`, `country`, `day`, … (`FACETS`); raises as `search`."""
        matches = self.match(self.understand(query))
        return {name: self.count_facet(matches, name) for name in names}

    def articles(self, query: str = "*", *, sort: Sort = "newest") -> Iterator[StoredArticle]:
        """Every matching article, none folded, read from the store in pages; raises as `search`."""
        matches = self.match(self.understand(query))
        with self.index.reading():
            ordered = matches.in_order(sort)
        for start in range(0, len(ordered), PAGE):
            ids = ordered[start : start + PAGE]
            found = self.store.articles.get(ids)
            yield from (found[identity] for identity in ids if identity in found)

    def get(self, name: str) -> StoredArticle:
        """The article with that id, unique beginning of an id, or URL; raises `UsageError`."""
        ids = self.store.articles.find(name)
        if not ids:
            raise UsageError(f"no article {name}", hint="ids are in the first column of a search")
        if len(ids) > 1:
            raise UsageError(f"{name} begins {len(ids)} ids", hint=f"one of: {', '.join(ids[:8])}")
        found = self.store.articles.get(ids)
        if not found:
            raise UsageError(f"{ids[0]} was not published by then", hint="leave out --as-of")
        return found[ids[0]]

    # Beside a search

    @property
    def behind(self) -> int:
        """How many changes of the store are not in the index yet."""
        if self.index.store != self.store.identity():
            return self.store.revision()
        return max(0, self.store.revision() - self.index.revision)

    def fetched(self) -> dict[str, datetime]:
        """For each outlet that is crawled by lists, when one of them last answered."""
        newest: dict[str, datetime] = {}
        for page in self.store.lists.all().values():
            if page.fetched and page.fetched > newest.get(
                page.outlet, datetime.min.replace(tzinfo=UTC)
            ):
                newest[page.outlet] = page.fetched
        return newest

    def explain_nothing(self, tree: Node) -> NoHits:
        """Explain why a query has no hits, and what to try."""
        from index.corpus.nothing import explain_nothing

        return explain_nothing(self, tree)

    def stories(self) -> tuple[Story, ...]:
        """The stories of the desk; none if one of their files has a fault."""
        try:
            return tuple(self._stories())
        except ConfigError:  # which `story check` reports
            return ()

    def outlet_names(self) -> dict[str, str]:
        """The names of outlets in outlets.toml, by id; outlets without a name are missing."""
        return {outlet.id: outlet.name for outlet in self._outlets or () if outlet.name}

    def count_facet(self, matches: Answer, name: str) -> dict[str, int]:
        """Matching articles by value, days in order and anything else by count; raises `UsageError`."""
        if name not in FACETS:
            raise UsageError(f"no such facet: {name}", hint=f"one of: {', '.join(FACETS)}")
        with self.index.reading():
            if name in OF_OUTLET:
                counted = count_groups(matches.count_values("outlet"), self.outlet_groups(name))
            else:
                counted = matches.count_values(name, zone=self.zone)
        if name == "day":
            return dict(sorted(counted.items()))
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    def read_values(self, matches: Answer, *names: str) -> list[Valued]:
        """Every matching article with its values of some facets; raises `UsageError`."""
        for name in names:
            if name not in FACETS:
                raise UsageError(f"no such facet: {name}", hint=f"one of: {', '.join(FACETS)}")
        groups = {name: self.outlet_groups(name) for name in names if name in OF_OUTLET}
        with self.index.reading():
            return list(matches.read_values(names, groups, zone=self.zone))

    def outlet_ids(self) -> tuple[str, ...]:
        """The outlets of outlets.toml."""
        return tuple(outlet.id for outlet in self._outlets or ())

    def outlet_groups(self, name: str) -> dict[str, tuple[str, ...]]:
        """By outlet its values of `country` or `collection`; nothing if it has none."""
        if self._outlets is None:
            return {}
        outlets = self._outlets
        if name == "country":
            return {outlet.id: (outlet.country,) for outlet in outlets if outlet.country}
        found = ((outlet.id, outlets.collections_of(outlet.id)) for outlet in outlets)
        return {outlet: names for outlet, names in found if names}

    def read_hits(self, matches: Answer, ranked: Sequence[Ranked]) -> list[Hit]:
        """The articles of ranked hits, each with its snippet; what left the store is left out."""
        found = self.store.articles.get([hit.id for hit in ranked])
        return [self._read_hit(matches, hit, found[hit.id]) for hit in ranked if hit.id in found]

    def version_of(self, hit: Ranked, stored: StoredArticle) -> StoredArticle:
        """The article with the text that a hit matched, which may be an older one."""
        if self.when != "ever" or hit.version >= stored.versions:
            return stored
        version = self.store.versions.of(stored.id)[hit.version - 1]
        return replace(stored, article=version.article, archive=version.archive)

    def marks_of(
        self, matches: Answer, hit: Ranked, stored: StoredArticle
    ) -> Mapping[str, list[list[Span]]]:
        """Where each term of the query is in a hit: by zone, its positions there."""
        if stored.revision <= self.index.revision:
            with self.index.reading():
                if (marks := matches.marks(hit)) is not None:
                    return marks
        # The engine keeps no places; or edited since it was indexed: the words may be elsewhere now.
        return marks_in_text(matches.tree, stored.article)

    def _read_hit(self, matches: Answer, hit: Ranked, newest: StoredArticle) -> Hit:
        stored = self.version_of(hit, newest)
        article = stored.article
        marks = self.marks_of(matches, hit, stored)
        zone = "lead" if any(marks["lead"]) and not any(marks["text"]) else "text"
        text = body_of(article) if any(marks["text"]) else article.text
        shown = lead_of(article) if zone == "lead" or not text else text
        title = sorted({span for found in marks["title"] for span in found})
        snippet = make_snippet(shown, marks[zone], article.language)
        return Hit(
            stored=stored,
            score=hit.score,
            reprints=hit.reprints,
            version=hit.version if self.when == "ever" else stored.versions,
            snippet=snippet,
            title_marks=tuple(in_characters(title, article.title, article.language)),
            entry=_entry_of(article, snippet),
        )

    # Names that only the desk and its store know

    def _resolve(self, tree: Node) -> Node:
        if self._outlets is not None:
            tree = expand_collections(tree, self._outlets.collections)
        known = {
            "country": self._outlets_of_country,
            "group": self._families_of,
            "tag": self._tagged,
            "is": self._flagged,
        }
        return replace_filters(count_mentions(tree), known)

    def _outlets_of_country(self, wanted: Filter) -> Node:
        countries = {value.casefold() for value in wanted.values}
        own = self.outlet_groups("country")
        return Filter("outlet", tuple(name for name, (code,) in own.items() if code in countries))

    def _tagged(self, wanted: Filter) -> Node:
        return Filter("id", tuple(self.store.tags.tagged(wanted.values)))

    def _flagged(self, wanted: Filter) -> Node:
        """`is:noted` is what the store alone knows."""
        others = tuple(value for value in wanted.values if value.casefold() != "noted")
        if len(others) == len(wanted.values):
            return wanted
        noted = Filter("id", tuple(self.store.tags.noted()))
        return Or((Filter("is", others), noted)) if others else noted

    def _families_of(self, wanted: Filter) -> Node:
        """`group:` takes the id of any member."""
        keys = [value.casefold() for value in wanted.values]
        members = self.store.families.of(keys)
        families = [members.get(key, key) for key in keys]
        return Filter("group", tuple(dict.fromkeys(families)))


def open_corpus(path: str | Path | None = None, *, as_of: Moment = None) -> Corpus:
    """Open the corpus of a folder, or else of $PRESSCLIP_WORKSPACE, or else of the nearest desk above.

    `as_of` shows it as it was at a moment, in the desk's zone; a day means its end. Raises
    `UsageError` for a text that is not a date, `WorkspaceNotFound`, `ConfigError`, `StoreError` when
    there is no corpus yet, or `IndexUnusable` when there is no index. Works on a read-only folder and
    while a crawl writes.
    """
    from index.workspace import Workspace

    workspace = Workspace.find(Path(path) if path is not None else None)
    return corpus_of(workspace, as_of=as_of)


def corpus_of(workspace: Workspace, *, as_of: Moment = None) -> Corpus:
    """The corpus of a workspace that has been read; `as_of` and what is raised as by `open_corpus`."""
    zone = find_zone(workspace.zone)
    when = read_moment(as_of, zone)
    outlets = workspace.outlets()
    store = Store.open(workspace.database)
    try:
        index = open_searcher(workspace, store)
    except BaseException:
        store.close()
        raise
    return Corpus(
        store,
        index,
        outlets=outlets,
        stories=lambda: workspace.stories().values(),
        check_stories=workspace.check_stories,
        saved=workspace.queries,
        zone=zone,
        when=when or "now",
    )


def _entry_of(article: Article, snippet: Snippet) -> LiveEntry | None:
    """The entry of a live blog that a snippet is from."""
    if not (article.entries and snippet.marks):
        return None
    from index.versions.liveblog import entry_with

    return entry_with(article, snippet.text, snippet.marks[0][0])
