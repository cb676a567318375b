"""One capture read whole: extracted, identified, judged and fingerprinted; a pure function on values.

The live crawl, replay and imported archives run this very function, in worker processes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crawler.extract import NotAnArticle, extract
from crawler.urls import canonical, outlet_of
from index.article import Article, Verdict
from index.capture import Capture
from index.fingerprint import Fingerprint, fingerprint
from index.judging import Readers, judge_analysed
from index.match import analyse
from index.outlet import Outlets
from index.profile import Profile
from index.story import Story
from index.warc import MAX_BODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a capture is read against: the stories, what was learned of them, the outlets they read."""

    stories: tuple[Story, ...] = ()
    outlets: Outlets = field(default_factory=Outlets)
    readers: Readers = field(default_factory=Readers)
    profiles: Mapping[str, Profile] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        stories: Sequence[Story],
        outlets: Outlets,
        *,
        profiles: Mapping[str, Profile] | None = None,
    ) -> Desk:
        """The desk of a workspace's stories; raises `UsageError` for an outlet not declared."""
        return cls(
            stories=tuple(stories),
            outlets=outlets,
            readers=Readers.of(stories, outlets),
            profiles=profiles or {},
        )

    def outlet_of(self, url: str) -> str:
        """The id of the outlet that publishes at a URL: a declared one, else its registered domain."""
        declared = self.outlets.of_url(url)
        return declared.id if declared else outlet_of(url)

    def stories_of(self, outlet: str, channel: str) -> list[Story]:
        """The stories that judge what comes from an outlet through a channel."""
        return self.readers.stories_of(outlet, [channel])

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
    key = canonical(article.canonical_url)
    aliases = _aliases(article, capture.listing.url)
    names = {key, *(name for pair in aliases for name in pair)}
    return ReadArticle(
        article=article,
        key=key,
        aliases=aliases,
        verdicts=_judge(article, names, desk, capture.listing.channel),
        fingerprint=fingerprint(article),
    )


def _judge(
    article: Article, names: Collection[str], desk: Desk, channel: str
) -> tuple[Verdict, ...]:
    """The verdict of each story by what is known now, on one analysis; the end of the run settles."""
    stories = desk.stories_of(article.outlet, channel)
    if not stories:
        return ()
    analysed = analyse(article)
    return tuple(
        judge_analysed(analysed, story, names=names, profile=desk.profiles.get(story.id))
        for story in stories
    )


def _aliases(article: Article, listed: str) -> tuple[tuple[str, str], ...]:
    """The addresses that led to the page, where they are not its canonical one."""
    own = canonical(article.canonical_url)
    led = {canonical(url): url for url in (article.url, listed) if url}
    return tuple((key, url) for key, url in led.items() if key and key != own)
