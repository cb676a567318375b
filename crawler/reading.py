"""One capture read whole: extracted, identified, judged and fingerprinted; a pure function on values.

The live crawl, replay and imported archives run this very function, in worker processes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from crawler.extract import NotAnArticle, extract
from crawler.relevance import judge_analysed
from crawler.urls import canonical, outlet_of
from index.article import Article, Verdict
from index.capture import Capture
from index.fingerprint import Fingerprint, fingerprint
from index.match import analyse
from index.outlet import Outlets
from index.story import Story
from index.warc import MAX_BODY

GIVEN_CHANNELS = frozenset({"urls", "warc"})  # the user named the page, not an outlet's list


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a capture is read against: the stories, the outlets each reads, and their time zones."""

    stories: tuple[Story, ...] = ()
    outlets: Outlets = field(default_factory=Outlets)
    readers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, stories: Sequence[Story], outlets: Outlets) -> Desk:
        """The desk of a workspace's stories; raises `UsageError` for an outlet not declared."""
        chosen = {
            story.id: frozenset(outlet.id for outlet in story.outlets_of(outlets))
            for story in stories
            if story.outlets.use or story.outlets.add or story.outlets.drop
        }
        return cls(stories=tuple(stories), outlets=outlets, readers=chosen)

    def outlet_of(self, url: str) -> str:
        """The id of the outlet that publishes at a URL: a declared one, else its registered domain."""
        declared = self.outlets.of_url(url)
        return declared.id if declared else outlet_of(url)

    def stories_of(self, outlet: str, channel: str) -> list[Story]:
        """The stories that judge what comes from an outlet through a channel."""
        return [
            story
            for story in self.stories
            if channel in GIVEN_CHANNELS
            or story.id not in self.readers
            or outlet in self.readers[story.id]
        ]

    def zone_of(self, outlet: str) -> str:
        """The time zone of an outlet's clocks; empty when not known."""
        return self.outlets.get(outlet).zone if outlet in self.outlets else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """An article with all that the store needs of it."""

    article: Article
    key: str
    aliases: tuple[tuple[str, str], ...]
    verdicts: tuple[Verdict, ...]
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A page that is not an article, or could not be read: a code for the ledger, and why in words."""

    code: str
    detail: str = ""


Reading = ReadArticle | Refused


def read(capture: Capture, desk: Desk) -> Reading:
    """Read a capture: the article with its verdicts, or why there is none. Never raises on a page."""
    if capture.status != 200:
        return Refused(code=f"http-{capture.status}", detail="the server did not give the page")
    if len(capture.body) > MAX_BODY:
        return Refused(code="too-large", detail=f"over {MAX_BODY // 2**20} MiB")
    outlet = desk.outlet_of(capture.url)
    found = extract(capture, zone=desk.zone_of(outlet))
    if isinstance(found, NotAnArticle):
        return Refused(code=found.kind, detail=found.reason)
    article = replace(found, outlet=outlet)
    stories = desk.stories_of(outlet, capture.listing.channel)
    return ReadArticle(
        article=article,
        key=canonical(article.canonical_url),
        aliases=_aliases(article, capture.listing.url),
        verdicts=_judge(article, stories),
        fingerprint=fingerprint(article),
    )


def _judge(article: Article, stories: Sequence[Story]) -> tuple[Verdict, ...]:
    """The verdict of each story, on one analysis of the text."""
    if not stories:
        return ()
    analysed = analyse(article)
    return tuple(judge_analysed(analysed, story) for story in stories)


def _aliases(article: Article, listed: str) -> tuple[tuple[str, str], ...]:
    """The addresses that led to the page, where they are not its canonical one."""
    own = canonical(article.canonical_url)
    led = {canonical(url): url for url in (article.url, listed) if url}
    return tuple((key, url) for key, url in led.items() if key and key != own)
