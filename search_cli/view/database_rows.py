"""The rows of an export's database: what the corpus knows of each article, table by table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from index.article import isoformat
from search_cli.output.render import Row
from search_cli.view.exporting import PAGE, Selection, flatten

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.families.reading import Member
    from index.store import StoredArticle, Version
    from index.workspace.outlets import Outlets
    from search_cli.output.database import Database

Place = tuple[str, int]  # a capture's file and its offset there


def fill_database(
    database: Database, corpus: Corpus, outlets: Outlets, selection: Selection
) -> int:
    """Put the articles and all that is known of them into the tables; how many articles.

    Article by article, so that the memory it takes does not grow with them.
    """
    count = 0
    for start in range(0, len(selection.ids), PAGE):
        page = selection.ids[start : start + PAGE]
        found = corpus.store.articles.get(page)
        places = _add_captures(database, corpus, found)
        for name in page:
            if name in found:
                _add_article(database, corpus, found[name], selection, places)
                count += 1
    _add_families(database, corpus)
    _add_outlets(database, outlets)
    database.finish()
    return count


def _add_captures(
    database: Database, corpus: Corpus, found: Mapping[str, StoredArticle]
) -> dict[Place, int]:
    """The captures of the articles; their numbers by their places.

    As of a moment, those until then and those that the versions of then were read from, which may be
    later: an article counts from its publication on.
    """
    captures = corpus.store.captures.of_articles(list(found))
    if isinstance(corpus.when, datetime):
        until = isoformat(corpus.when) or ""
        rests = {
            (version.archive.file, version.archive.offset)
            for stored in found.values()
            for version in versions_of(corpus, stored)
            if version.archive
        }
        captures = [
            one for one in captures if one.fetched <= until or (one.file, one.offset) in rests
        ]
    database.add("captures", map(asdict, captures))
    return {(one.file, one.offset): one.id for one in captures}


def _add_article(
    database: Database,
    corpus: Corpus,
    stored: StoredArticle,
    selection: Selection,
    places: dict[Place, int],
) -> None:
    from index.corpus.export_record import to_record
    from index.study.edits import list_edits
    from index.text.quotes import quotes_of

    record = to_record(stored, story=selection.story)
    database.add_article(flatten(record))
    database.add("verdicts", ({"article": stored.id, **one} for one in record["verdicts"]))
    versions = versions_of(corpus, stored)
    database.add("versions", (_version_row(stored.id, one, places) for one in versions))
    database.add(
        "edits",
        (
            {
                "article": one.article,
                "version_before": one.version_before,
                "version": one.version,
                "kind": one.kind,
                "silent": one.silent,
                "paragraph": one.paragraph,
                "before": one.before,
                "after": one.after,
                "seen_before": isoformat(one.seen_before),
                "seen": isoformat(one.seen),
                "updated": isoformat(one.updated),
            }
            for one in list_edits(stored.id, versions)
        ),
    )
    database.add(
        "quotes",
        (
            {
                "article": stored.id,
                "text": quote.text,
                "speaker": quote.speaker or None,
                "named": quote.named or None,
                "cue": quote.cue or None,
                "start": quote.start,
                "end": quote.end,
                "term": quote.is_term,
            }
            for quote in quotes_of(stored.article)
        ),
    )


def versions_of(corpus: Corpus, stored: StoredArticle) -> Sequence[Version]:
    """The versions of an article; as of a moment those until then."""
    return corpus.store.versions.of(stored.id)[: stored.versions]


def _version_row(article: str, version: Version, places: dict[Place, int]) -> Row:
    text, archive = version.article, version.archive
    return {
        "article": article,
        "number": version.number,
        "seen": isoformat(version.seen),
        "title": text.title,
        "authors": list(text.authors),
        "published": isoformat(text.published),
        "updated": isoformat(text.updated),
        "text": text.text,
        "capture": places.get((archive.file, archive.offset)) if archive else None,
    }


def _add_families(database: Database, corpus: Corpus) -> None:
    """The families of the articles, and what each article of the export is in its own."""
    for family, exported in database.families():
        members = corpus.store.families.members(exported[0])
        origin = next((one.article for one in members if one.kind == "origin"), family)
        database.add(
            "families",
            [
                {
                    "id": family,
                    "origin": origin,
                    "articles": max(len(members), len(exported)),
                    "exported": len(exported),
                }
            ],
        )
        held = frozenset(exported)
        database.add(
            "members", (_member_row(family, one) for one in members if one.article in held)
        )


def _member_row(family: str, member: Member) -> dict[str, Any]:
    return {
        "article": member.article,
        "family": family,
        "kind": member.kind,
        "published": isoformat(member.published),
        "trusted": member.trusted,
        "similarity": round(member.similarity, 4),
        "contained": round(member.contained, 4),
        "contains": round(member.contains, 4),
        "credits": [asdict(credit) for credit in member.credits],
    }


def _add_outlets(database: Database, outlets: Outlets) -> None:
    """The outlets of outlets.toml, and those that only articles name."""
    database.add("outlets", _outlet_rows(outlets))
    unknown = database.unknown_outlets()
    database.add("outlets", ({"id": name, "name": name, "languages": []} for name in unknown))


def _outlet_rows(outlets: Outlets) -> Iterator[Row]:
    for outlet in outlets:
        yield {
            "id": outlet.id,
            "name": outlet.title,
            "url": outlet.home,
            "country": outlet.country or None,
            "languages": list(outlet.lang),
            "kind": outlet.kind or None,
            "zone": outlet.zone or None,
        }
