"""Which lists a crawl visits for its stories: feeds, sitemaps, sections, on-site searches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote_plus

from crawler.ingest.read import ReadingContext
from crawler.lists import Kind
from crawler.planning.intervals import LONGEST, interval_of
from crawler.urls import registered_domain
from index.capture import LIST_PREFIX, Listing
from index.query import And, Near, Node, Or, Phrase, Word
from index.store import ListPage
from index.workspace.outlets import Outlet
from index.workspace.story import Story
from index.workspace.story_tree import query_tree

SEARCH = "search"
MAX_PAGES = 20  # of one paginated list in one run
MAX_SEARCH_PAGES = 5
MAX_SEARCHES = 4  # queries of one story at one outlet
MAX_SITEMAPS = 500  # of one outlet in one run
MAX_DEPTH = 3  # of sitemap indexes


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSource:
    """A list page to visit: whose it is, how it is read, and where it is.

    `channel` is what its finds are said to come from; `parent` is the list that named it, `depth`
    how deep in sitemap indexes, `number` which page of a paginated list; `is_first` says that the
    list was never had before.
    """

    url: str
    kind: Kind
    outlet: Outlet
    channel: str = ""
    parent: str = ""
    depth: int = 0
    number: int = 1
    is_first: bool = False

    @property
    def site(self) -> str:
        """The site that is asked for it."""
        return registered_domain(self.url)

    @property
    def listing(self) -> Listing:
        """What the archive notes of the page."""
        return Listing(channel=LIST_PREFIX + self.channel, outlet=self.outlet.id)

    @property
    def page(self) -> ListPage:
        """The list as one that was never visited."""
        return ListPage(
            url=self.url, outlet=self.outlet.id, channel=self.channel, parent=self.parent
        )


def outlets_of(stories: Sequence[Story], context: ReadingContext) -> dict[str, Outlet]:
    """The outlets that any of the stories reads, by id."""
    return {outlet.id: outlet for story in stories for outlet in story.outlets_of(context.outlets)}


def interval_at(
    outlet: Outlet, stories: Sequence[Story], context: ReadingContext, today: date
) -> timedelta:
    """How often the most hurried of the stories wants an outlet looked at."""
    intervals = (
        interval_of(story.schedule, today)
        for story in stories
        if context.readers.reads(story, outlet.id)
    )
    return min(intervals, default=LONGEST)


def lists_of(
    outlet: Outlet, stories: Sequence[Story], context: ReadingContext
) -> Iterator[ListSource]:
    """The lists of one outlet, in the order in which they are worth reading.

    An outlet with neither feed nor sitemap nor section has its front page.
    """
    discover = [story.discover for story in stories]
    feeds = outlet.feeds if any(one.feeds for one in discover) else ()
    sitemaps = outlet.sitemaps if any(one.sitemaps for one in discover) else ()
    sections = [*outlet.sections]
    for one in discover:
        sections += one.sections.get(outlet.id, ())
        sections += [url for url in one.seeds if context.outlet_of(url) == outlet.id]
    if not (feeds or sitemaps or sections):
        sections = [outlet.home]
    kinds: tuple[tuple[Kind, Sequence[str]], ...] = (
        ("feed", feeds),
        ("sitemap", sitemaps),
        ("section", sections),
    )
    for kind, urls in kinds:
        for url in urls:
            yield ListSource(url=url, kind=kind, channel=kind, outlet=outlet)
    yield from _searches(outlet, stories)


def search_page(template: str, query: str, number: int) -> str:
    """The address of a page of an outlet's own search; empty past the first where it has no pages."""
    if number > 1 and "{page}" not in template:
        return ""
    return template.replace("{query}", quote_plus(query)).replace("{page}", str(number))


def search_queries(story: Story, languages: Sequence[str]) -> list[str]:
    """A few plain queries that an outlet's search understands: the story's alternatives, as words."""
    if story.keeps_everything:
        return []
    queries: dict[str, None] = {}
    for language in languages or ("",):
        for alternative in _alternatives(query_tree(story, language)):
            if words := _spell(alternative):
                queries[words] = None
    return list(queries)[:MAX_SEARCHES]


def _searches(outlet: Outlet, stories: Sequence[Story]) -> Iterator[ListSource]:
    if not outlet.search:
        return
    queries = {query: None for story in stories for query in search_queries(story, outlet.lang)}
    for query in queries:
        url = search_page(outlet.search, query, 1)
        yield ListSource(url=url, kind="section", channel=SEARCH, outlet=outlet)


def _alternatives(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, Or) else (node,)


def _spell(node: Node) -> str:
    """What of a query can be said in plain words: of alternatives the first, of filters nothing."""
    match node:
        case Phrase(text=text):
            return f'"{text}"'
        case Word(text=text):
            return text
        case Or(parts):
            return _spell(parts[0])
        case And(parts) | Near(parts):
            return " ".join(filter(None, map(_spell, parts)))
        case _:
            return ""
