"""One capture read whole: extracted, identified, judged and fingerprinted; a pure function on values.

The live crawl, replay and imported archives run this very function, in worker processes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crawler.extract import NotAnArticle
from crawler.ingest.related_pages import RelatedPage, assemble
from crawler.urls import canonical, outlet_of, page_of
from crawler.wire.optouts import TDM_RESERVED, OptOuts, optouts_of, optouts_of_article, with_optouts
from index.archive.warc import MAX_BODY
from index.article import Article, Verdict
from index.capture import Capture
from index.families.fingerprint import Fingerprint, fingerprint
from index.habits.priors import priors_of
from index.habits.values import NO_TRAITS, Habits, Priors, Traits
from index.query.match import analyse
from index.relevance import Readers, judge_analysed
from index.relevance.profile import Profile
from index.workspace import OptOutPolicy
from index.workspace.outlets import Outlets
from index.workspace.story import Story

FEED_TEXT = "feed-text"  # the channel of a page made of the whole text that a feed carried
REFUSED_PAGES = frozenset(  # where such a page is read instead of the site's own
    {"paywall", "bot-wall", "login", "consent", "js-shell", "too-short"}
    | {f"http-{status}" for status in (401, 402, 403, 451)}
)
_REFUSALS = {
    "noarchive": "the page asks not to be kept, and workspace.toml says to keep nothing then",
    TDM_RESERVED: "its text is reserved from mining, and workspace.toml says to obey",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingContext:
    """What a capture is read against: stories and outlets, what was learned of them, opt-outs' policy."""

    stories: tuple[Story, ...] = ()
    outlets: Outlets = field(default_factory=Outlets)
    readers: Readers = field(default_factory=Readers)
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    optouts: OptOutPolicy = field(default_factory=OptOutPolicy)
    habits: Mapping[str, Habits] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        stories: Sequence[Story],
        outlets: Outlets,
        *,
        profiles: Mapping[str, Profile] | None = None,
        optouts: OptOutPolicy | None = None,
    ) -> ReadingContext:
        """The context of a workspace's stories; raises `UsageError` for an outlet not declared."""
        return cls(
            stories=tuple(stories),
            outlets=outlets,
            readers=Readers.of(stories, outlets),
            profiles=profiles or {},
            optouts=optouts or OptOutPolicy(),
        )

    def outlet_of(self, url: str) -> str:
        """The id of the outlet that publishes at a URL: a declared one, or else its registered domain.

        Of a copy in a web archive it is the outlet of the page that was copied.
        """
        url = page_of(url)
        declared = self.outlets.of_url(url)
        return declared.id if declared else outlet_of(url)

    def stories_of(self, outlet: str, channel: str) -> list[Story]:
        """The stories that judge what comes from an outlet through a channel."""
        return self.readers.stories_of(outlet, [channel])

    def priors_of(self, outlet: str) -> Priors:
        """What is known of an outlet: by outlets.toml, else learned from its pages."""
        return priors_of(self.outlets.by_id.get(outlet), self.habits.get(outlet))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """An article with all that the store needs of it; `wants` is a page that may complete it."""

    article: Article
    key: str
    aliases: tuple[tuple[str, str], ...]
    verdicts: tuple[Verdict, ...]
    fingerprint: Fingerprint
    traits: Traits = NO_TRAITS
    claims: tuple[str, ...] = ()
    wants: RelatedPage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A page that is not an article, or could not be read: a code for the ledger, and why in words."""

    code: str
    detail: str = ""
    wants: RelatedPage | None = None


Reading = ReadArticle | Refused


def read(capture: Capture, context: ReadingContext, related: Sequence[Capture] = ()) -> Reading:
    """Read a capture: the article with its verdicts, or why there is none. Never raises on a page.

    `related` are the captures of the article's further parts, or of another form of its page.
    """
    if capture.status != 200:
        return Refused(code=f"http-{capture.status}", detail="the server did not give the page")
    if len(capture.body) > MAX_BODY:
        return Refused(code="too-large", detail=f"over {MAX_BODY // 2**20} MiB")
    optouts = optouts_of(capture)
    if refused := _refuse(optouts, context):
        return refused
    related = [one for one in related if not _refuse(optouts_of(one), context)]
    whole = assemble(capture, related, priors=context.priors_of(context.outlet_of(capture.url)))
    found = whole.result
    if isinstance(found, NotAnArticle):
        return Refused(code=found.kind, detail=found.reason, wants=whole.wants)
    if capture.listing.channel == FEED_TEXT:
        found = replace(found, witnesses={**found.witnesses, "text": FEED_TEXT})
    return replace(
        _read_article(_sourced(found, capture), optouts, capture, context),
        wants=whole.wants,
        traits=whole.traits,
        claims=whole.claims,
    )


def _sourced(found: Article, capture: Capture) -> Article:
    """The article with the archive that its page was had from, if it was from one."""
    listing = capture.listing
    if not listing.copy_of:
        return found
    return replace(
        found,
        copy_of=listing.copy_of,
        captured=capture.fetched,
        archive_source=listing.archive_source,
    )


def read_again(article: Article | None, capture: Capture, context: ReadingContext) -> Reading:
    """Read a capture whose page was not archived from the article that was once read from it.

    Without one there is nothing left to be read.
    """
    if article is None:
        lost = "the page asked not to be archived, and no database has its text: crawl it again"
        return Refused(code=capture.withheld, detail=lost)
    optouts = optouts_of_article(article)
    return _refuse(optouts, context) or _read_article(article, optouts, capture, context)


def _refuse(optouts: OptOuts, context: ReadingContext) -> Refused | None:
    code = optouts.refused(context.optouts)
    terms = f"; terms: {optouts.tdm_policy}" if code == TDM_RESERVED and optouts.tdm_policy else ""
    return Refused(code=code, detail=f"{_REFUSALS[code]}{terms}") if code else None


def _read_article(
    found: Article, optouts: OptOuts, capture: Capture, context: ReadingContext
) -> ReadArticle:
    outlet = context.outlet_of(capture.url)
    article = replace(with_optouts(found, optouts, context.optouts), outlet=outlet)
    key = canonical(article.canonical_url)
    aliases = _aliases(article, capture.listing.url)
    names = {key, *(name for pair in aliases for name in pair)}
    return ReadArticle(
        article=article,
        key=key,
        aliases=aliases,
        verdicts=_judge(article, names, context, capture.listing.channel),
        fingerprint=fingerprint(article),
    )


def _judge(
    article: Article, names: Collection[str], context: ReadingContext, channel: str
) -> tuple[Verdict, ...]:
    """The verdict of each story by what is known now, on one analysis; re-evaluated at the end of the run."""
    stories = context.stories_of(article.outlet, channel)
    if not stories:
        return ()
    analysed = analyse(article)
    return tuple(
        judge_analysed(analysed, story, names=names, profile=context.profiles.get(story.id))
        for story in stories
    )


def _aliases(article: Article, listed: str) -> tuple[tuple[str, str], ...]:
    """The addresses that led to the page, where they are not its canonical one."""
    own = canonical(article.canonical_url)
    parts = (part.url for part in article.parts)
    led = {canonical(url): url for url in (article.url, listed, *parts) if url}
    return tuple((key, url) for key, url in led.items() if key and key != own)
