"""The pages of one article: its text by zones, its versions side by side, its family, its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from index.article import Article
from index.errors import UsageError
from index.text.quotes import quotes_of
from index.text.zones import all_zones, count_words, is_unspaced
from index.versions.history import DiffPiece, word_diff
from index.versions.liveblog import intro_of
from search_cli.output.moments import dated, moment, span
from search_cli.serve.asked import Asked
from search_cli.serve.results import marked_pieces
from search_cli.view.carriers import MEMBERS_SHOWN, Family, difference_lines, differences
from search_cli.view.optouts import wish_lines
from search_cli.view.versions import Edit, change_in_words, edits_of, removal_in_words
from search_cli.view.word_diff import paragraphs_of, shown_paragraphs, side_by_side

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.store import StoredArticle

Values = dict[str, Any]
Marked = list[tuple[str, bool]]


def head_of(corpus: Corpus, stored: StoredArticle) -> Values:
    """What every page of an article says above: headline, outlet, date, language, how often again."""
    article = stored.article
    names = corpus.outlet_names()
    others = corpus.store.families.sizes().get(stored.family, 1) - 1
    return {
        "id": stored.id,
        "title": article.title,
        "kicker": article.kicker,
        "url": article.url,
        "language": article.language,
        "facts": [
            fact
            for fact in (
                names.get(article.outlet, article.site_name or article.outlet),
                dated(article, corpus.zone),
                article.language,
                ", ".join(article.authors),
            )
            if fact
        ],
        "versions": stored.versions,
        "others": others,
        "removed": removal_in_words(stored.removal, corpus.zone) if stored.removal else "",
        "kept": stored.kept,
    }


def text_of(corpus: Corpus, stored: StoredArticle, asked: Asked) -> Values:
    """The text paragraph by paragraph, each with its zone; what a query asked for is marked."""
    article = stored.article
    marks: Mapping[str, Sequence[tuple[int, int]]] = {"title": (), "text": ()}
    if asked.query:
        from index.corpus.highlight import highlight

        marks = highlight(asked.tree(corpus), article)
    return {
        "title": list(marked_pieces(article.title, marks["title"])),
        "description": article.description,
        "paragraphs": list(_paragraphs(article, marks["text"])),
        "entries": [
            {
                "when": moment(entry.published, corpus.zone),
                "title": entry.title,
                "paragraphs": [line for line in entry.text.split("\n") if line.strip()],
            }
            for entry in article.entries
        ],
        "asides": [
            (aside.kind, aside.text)
            for aside in article.asides
            if aside.kind in ("correction", "note", "caption")
        ],
        "quotes": [
            (quote.text, quote.speaker) for quote in quotes_of(article) if not quote.is_term
        ],
        "more": list(_more(stored)),
        "wishes": list(wish_lines(article, corpus.zone)),
    }


def _paragraphs(article: Article, marks: Sequence[tuple[int, int]]) -> Iterator[tuple[str, Marked]]:
    if article.entries:
        lines = (line for line in intro_of(article).split("\n") if line.strip())
        yield from (("body", [(line, False)]) for line in lines)
        return
    for zone in all_zones(article):
        inside = [
            (max(start, zone.start) - zone.start, min(end, zone.end) - zone.start)
            for start, end in marks
            if start < zone.end and end > zone.start
        ]
        yield zone.kind, list(marked_pieces(article.text[zone.start : zone.end], inside))


def _more(stored: StoredArticle) -> Iterator[str]:
    article = stored.article
    yield from filter(None, (article.section, "" if article.kind == "article" else article.kind))
    if article.agency:
        yield f"from {article.agency}"
    if article.place:
        yield f"filed in {article.place}"
    if words := count_words(article):
        yield f"{words:,} {'characters' if is_unspaced(article) else 'words'}"
    if article.paywalled:
        yield "behind a paywall"
    if article.boilerplate:
        yield f"{len(article.boilerplate)} paragraphs taken out that many pages of the outlet have"
    if stored.remarks.tags:
        yield f"tags: {', '.join(stored.remarks.tags)}"
    if stored.remarks.note:
        yield f"note: {stored.remarks.note}"


def versions_of(
    corpus: Corpus, stored: StoredArticle, before: int | None, after: int | None
) -> Values:
    """Every version with what was changed in it, and two of them side by side.

    Without numbers the last two; raises `UsageError` for an unknown version.
    """
    versions = corpus.store.versions.of(stored.id)
    for number in (before, after):
        if number is not None and not 1 <= number <= len(versions):
            hint = f"its versions: 1 to {len(versions)}"
            raise UsageError(f"{stored.id} has no version {number}", hint=hint)
    last = after or len(versions)
    first = before or max(last - 1, 1)
    edits = zip(versions, edits_of(versions), strict=True)
    edit = Edit(versions[first - 1], versions[last - 1])
    return {
        "rows": [
            {
                "number": version.number,
                "seen": moment(version.seen, corpus.zone),
                "size": change.size() if change else f"{count_words(version.article):,} words",
                "changes": [change_in_words(one) for one in change.changes] if change else [],
                "archive": version.archive,
            }
            for version, change in edits
        ],
        "first": first,
        "last": last,
        "seen": [moment(versions[number - 1].seen, corpus.zone) for number in (first, last)],
        "title": side_by_side(word_diff(edit.before.article.title, edit.after.article.title)),
        "lines": list(_lines_of(edit)) if first != last else [],
        "removals": [removal_in_words(one, corpus.zone) for one in stored.removals],
    }


def _lines_of(edit: Edit) -> Iterator[tuple[list[DiffPiece], list[DiffPiece]] | int]:
    """The paragraphs that differ and their neighbours side by side; for others how many they are."""
    for paragraph in shown_paragraphs(list(paragraphs_of(edit.pieces))):
        yield paragraph if isinstance(paragraph, int) else side_by_side(paragraph)


def family_of(corpus: Corpus, stored: StoredArticle) -> Values:
    """Who carried the article's text, when, and what each changed; the first members only."""
    family = Family.of(corpus.store, stored.id)
    if family is None:
        return {"members": [], "more": 0, "evidence": "", "origin": "", "query": ""}
    names = corpus.outlet_names()
    shown = family.members[:MEMBERS_SHOWN]
    articles = corpus.store.articles.get(
        {family.origin.article, *(member.article for member in shown)}
    )
    origin = articles[family.origin.article].article
    first = min(member.published for member in family.members)
    return {
        "origin": names.get(family.origin.outlet, family.origin.outlet),
        "evidence": family.evidence(origin.site_name, corpus.zone),
        "query": f"group:{family.origin.article}",
        "more": len(family.members) - len(shown),
        "members": [
            {
                "id": member.article,
                "outlet": names.get(member.outlet, member.outlet),
                "title": articles[member.article].article.title,
                "kind": member.kind,
                "after": span((member.published - first).total_seconds())
                if member.published > first
                else "",
                "trusted": member.trusted,
                "verbatim": f"{member.contained:.0%}",
                "differences": list(difference_lines(differences(member, family, articles))),
            }
            for member in shown
            if member.article in articles
        ],
    }


def evidence_of(corpus: Corpus, stored: StoredArticle) -> Values:
    """What the record rests on: its place in the archive, its dates' sources, the verdicts."""
    article = stored.article
    return {
        "archive": stored.archive,
        "parts": [(part.url, part.archive) for part in article.parts],
        "rows": [
            (name, value)
            for name, value in (
                ("address", article.url),
                ("canonical address", article.canonical_url),
                *(("also at", alias) for alias in stored.aliases),
                ("first seen", moment(stored.first_seen, corpus.zone)),
                ("fetched", moment(article.fetched, corpus.zone)),
                ("copy of", article.copy_of),
                ("captured", moment(article.captured, corpus.zone)),
                ("copy to be had at", article.archive_source),
                ("its own name", article.site_name),
                ("date is", article.date_confidence and f"of {article.date_confidence} confidence"),
                ("", "those who date it disagree" if article.date_conflict else ""),
            )
            if value
        ],
        "dates": [
            (one.role, one.source, one.raw, moment(one.value, corpus.zone) or "cannot be")
            for one in article.dates
        ],
        "witnesses": sorted(article.witnesses.items()),
        "verdicts": stored.verdicts,
    }
