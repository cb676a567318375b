"""The family of an article: who printed its text, and what each of them added or dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from index.article import isoformat
from index.families.credits import Credit, name_source
from index.families.reading import Member
from index.store import StoreAt
from index.text.wording import counted
from index.versions.history import Change, changes
from search_cli.output.moments import moment, span
from search_cli.output.render import hang, one_line, paint, shorten
from search_cli.output.terminal import Terminal

if TYPE_CHECKING:
    from index.store import Store, StoredArticle

MEMBERS_SHOWN = 30
PARAGRAPHS_SHOWN = 3
_INDENT = " " * 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """An article's family by time of publication, and the article that its text comes from."""

    members: tuple[Member, ...]
    origin: Member

    @classmethod
    def of(cls, store: Store, identity: str) -> Family | None:
        """The family of an article, of a past store as far as it was out; None when it has none.

        Off-story members are in it too.
        """
        found = store.families.members(identity)
        if isinstance(store, StoreAt):
            found = tuple(member for member in found if member.published <= store.moment)
        if not found:
            return None
        origin = next((member for member in found if member.kind == "origin"), found[0])
        return cls(members=found, origin=origin)

    def evidence(self, site_name: str, zone: tzinfo) -> str:
        """Why the origin, whose outlet calls itself so, is thought to be it."""
        source = name_source(self.origin.outlet, site_name)
        credits = [credit for member in self.members for credit in member.credits]
        named = [credit for credit in credits if credit.source == source]
        when = "published by" if self.origin.trusted else "first seen"
        first = min(member.published for member in self.members)
        parts = [
            f"{when} {moment(self.origin.published, zone)}",
            "earliest copy" if self.origin.published == first and len(self.members) > 1 else "",
            _credited(named),
        ]
        return ", ".join(filter(None, parts))


def _credited(named: Sequence[Credit]) -> str:
    """How many articles credit the origin, with the words of the first."""
    if not named:
        return ""
    return f"credited by {counted(len(named), 'article')}: {one_line(named[0].evidence)}"


def member_records(family: Family, store: Store) -> Iterator[dict[str, Any]]:
    """The members as JSON values, each with the changes from the origin's text to its own.

    They are read one by one: a family may have thousands.
    """
    origin = store.articles.get([family.origin.article])
    for member in family.members:
        articles = origin | store.articles.get([member.article])
        yield _member_record(member, family, articles)


def _member_record(
    member: Member, family: Family, articles: dict[str, StoredArticle]
) -> dict[str, Any]:
    stored = articles.get(member.article)
    return {
        "id": member.article,
        "outlet": member.outlet,
        "title": stored.article.title if stored else None,
        "url": stored.article.url if stored else None,
        "kept": bool(stored and stored.kept),
        "kind": member.kind,
        "published": isoformat(member.published),
        "trusted": member.trusted,
        "seconds_after": _seconds_after(member, family),
        "verbatim": round(member.contained, 3),
        "contains": round(member.contains, 3),
        "similarity": round(member.similarity, 3),
        "credits": [asdict(credit) for credit in member.credits],
        "changes": [asdict(change) for change in differences(member, family, articles)],
    }


def family_lines(family: Family, store: Store, terminal: Terminal, zone: tzinfo) -> Iterator[str]:
    """A head, then each member: time after the first, outlet, kind, share verbatim, what differs."""
    shown = family.members[:MEMBERS_SHOWN]
    articles = store.articles.get({family.origin.article, *(member.article for member in shown)})
    origin = articles[family.origin.article]
    yield paint(one_line(origin.article.title), "bold", colored=terminal.colored)
    yield f"group:{origin.id} · {_size(family)}"
    evidence = family.evidence(origin.article.site_name, zone)
    yield f"origin: {one_line(family.origin.outlet)}, {evidence}"
    width = terminal.width if terminal.screen else 1_000_000
    for member in shown:
        yield ""
        yield _member_line(member, family, articles, colored=terminal.colored)
        found = differences(member, family, articles)
        yield from (shorten(f"{_INDENT}{line}", width) for line in difference_lines(found))
    if len(family.members) > len(shown):
        yield f"\n… {len(family.members) - len(shown):,} more: pressclip search group:{origin.id} --all"


def translation_records(family: Family, store: Store) -> Iterator[dict[str, Any]]:
    """What the family's text is in other languages, as JSON values under the keys of a member.

    `similarity` is the share of the shorter text's paragraphs that the other has.
    """
    first = min(one.published for one in family.members)
    for stored, share in _translations(family, store):
        published = stored.article.published or stored.first_seen
        yield {
            "id": stored.id,
            "outlet": stored.article.outlet,
            "title": stored.article.title,
            "url": stored.article.url,
            "kept": stored.kept,
            "kind": "translation",
            "published": isoformat(published),
            "trusted": stored.article.published is not None,
            "seconds_after": int((published - first).total_seconds()),
            "verbatim": 0.0,
            "contains": 0.0,
            "similarity": share,
            "credits": [],
            "changes": [],
        }


def translation_lines(
    family: Family, store: Store, terminal: Terminal, zone: tzinfo
) -> Iterator[str]:
    """What the family's text is in other languages, a line each, the likest first."""
    found = _translations(family, store)
    width = terminal.width if terminal.screen else 1_000_000
    if found:
        yield "\nTranslations, by meaning:"
    for stored, share in found[:MEMBERS_SHOWN]:
        article = stored.article
        facts = [
            stored.id,
            article.language,
            one_line(article.outlet),
            moment(article.published or stored.first_seen, zone),
            f"{share:.0%} of paragraphs",
            one_line(article.title),
        ]
        yield from hang(f"  {'  '.join(facts)}", width, 4)


def _translations(family: Family, store: Store) -> list[tuple[StoredArticle, float]]:
    """The articles in other languages whose paragraphs are those of some member; likest first."""
    shares = store.encodings.translations({member.article for member in family.members})
    found = store.articles.get(shares)
    ranked = sorted(found, key=lambda name: (-shares[name], name))
    return [(found[name], shares[name]) for name in ranked]


def _size(family: Family) -> str:
    outlets = {member.outlet for member in family.members}
    size = f"{counted(len(family.members), 'article')} of {counted(len(outlets), 'outlet')}"
    last = max(_seconds_after(member, family) for member in family.members)
    return f"{size} · {span(last)} from first to last" if last else size


def _member_line(
    member: Member, family: Family, articles: dict[str, StoredArticle], *, colored: bool
) -> str:
    stored = articles.get(member.article)
    after = _seconds_after(member, family)
    facts = [
        paint(member.article, "cyan", colored=colored),
        one_line(member.outlet),
        member.kind,
        "" if member.kind == "origin" else f"{member.contained:.0%} verbatim",
        "" if member.trusted else "time of first sight",
        "" if stored and stored.kept else "not in the corpus",
    ]
    when = f"+{span(after)}" if after else "first"
    return f"{when:<{len(_INDENT)}}{'  '.join(filter(None, facts))}"


def _seconds_after(member: Member, family: Family) -> int:
    first = min(one.published for one in family.members)
    return int((member.published - first).total_seconds())


def differences(
    member: Member, family: Family, articles: dict[str, StoredArticle]
) -> tuple[Change, ...]:
    """What a member changed of the origin's text and headline, none for the origin itself."""
    if member == family.origin or not {member.article, family.origin.article} <= articles.keys():
        return ()
    origin, own = articles[family.origin.article].article, articles[member.article].article
    return tuple(change for change in changes(origin, own) if change.kind != "silent")


def difference_lines(found: Sequence[Change]) -> Iterator[str]:
    """Another headline, the paragraphs added and dropped, and how much else was changed."""
    titles = [change for change in found if change.kind == "headline"]
    yield from (f"headline: {one_line(change.after)}" for change in titles)
    added = [one for one in found if one.kind in ("added", "correction") and one.after]
    dropped = [one for one in found if one.kind == "removed"]
    for sign, some in (("+", added), ("−", dropped)):
        for change in some[:PARAGRAPHS_SHOWN]:
            yield f"{sign} {one_line(change.after or change.before)}"
        if len(some) > PARAGRAPHS_SHOWN:
            yield f"{sign} {counted(len(some) - PARAGRAPHS_SHOWN, 'more paragraph')}"
    edits = [one for one in found if one.kind in ("number", "name", "wording")]
    if edits:
        yield f"{counted(len(edits), 'passage')} worded otherwise"
    if moves := sum(change.kind == "moved" for change in found):
        yield f"{counted(moves, 'paragraph')} moved"


def passage_lines(store: Store, identity: str, terminal: Terminal) -> Iterator[str]:
    """Articles of other families that share a passage with this one, the longest first."""
    found = store.families.links(identity, lambda name: store.articles.texts([name]).get(name, ""))
    width = terminal.width if terminal.screen else 1_000_000
    if found:
        yield "\nOther texts sharing a passage:"
    for link in found[:MEMBERS_SHOWN]:
        kind = "new edition, " if link.edition else ""
        told = f"  {link.article}  {kind}{link.words} words: {one_line(link.passage)}"
        yield from hang(told, width, 4)
