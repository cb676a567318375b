"""The content of a report on a story, gathered from the corpus as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from index.coverage.outlet_health import OutletHealth
from index.study.intervals import UNDATED, Interval, group_days
from index.text.wording import counted
from index.versions.history import changes
from index.workspace.story import Story
from search_cli.output.moments import dated, moment
from search_cli.output.reference import outlet_name
from search_cli.view.charting import fitting, intervals_between
from search_cli.view.outlet_health import outlooks, remarks
from search_cli.view.provenance import archive_name, cited_sources
from search_cli.view.report_pictures import Figure, chronology_of, figures_of, flow_of
from search_cli.view.report_studies import keywords_by_group, words_against
from search_cli.view.spread import family_records, largest_families
from search_cli.view.versions import Edit, change_in_words
from search_cli.view.watching import ALL, Watch
from search_cli.view.word_diff import paragraphs_of, shown_paragraphs, side_by_side

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node
    from index.store import StoredArticle
    from index.workspace import Workspace

FAMILIES = 20
CHANGES = 6  # of one article
QUOTED = 12
EDIT_PARAGRAPHS = 6  # of the edit that is shown before and after
BARS = 92  # a quarter of a year in days

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An interval of the chart: its first day, articles in it, and distinct texts among them.

    `gap` says that it has none and that nobody looked.
    """

    first: str
    articles: int
    texts: int
    gap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A story's coverage as the corpus holds it, every part ready to be shown."""

    story: Story
    counts: Mapping[str, int]
    interval: Interval
    bars: tuple[Bar, ...]
    undated: int
    missed: str
    outlets: tuple[Row, ...]
    families: tuple[Row, ...]
    changed: tuple[Row, ...]
    articles: tuple[Row, ...]
    basis: Mapping[str, str]
    figures: tuple[Figure, ...]
    chronology: tuple[Row, ...]
    edit: Row | None
    quoted: tuple[Row, ...]
    flow: Figure | None
    apart: tuple[str, ...]
    keywords: tuple[Row, ...]


def gather_report(
    workspace: Workspace, corpus: Corpus, story: Story, now: datetime, version: str
) -> Report:
    """The report on a story; raises as a search does."""
    query = f"story:{story.id}"
    tree = corpus.understand(query)
    matches = corpus.match(tree)
    found = list(corpus.articles(query, sort="oldest"))
    days = corpus.count_facet(matches, "day")
    watch = Watch.of(corpus, list(days), by_outlet=False)
    interval = fitting(list(days), "day", BARS)
    borderline = len(corpus.store.verdicts.borderline(story.id))
    seen = {one.outlet: one for one in outlooks(workspace, story=story.id)}
    countries = {outlet.id: outlet.country for outlet in workspace.outlets()}
    names = corpus.outlet_names()
    return Report(
        story=story,
        counts={
            "articles": matches.total,
            "distinct texts": matches.texts,
            "outlets": len({one.article.outlet for one in found}),
            "languages": len({one.article.language for one in found} - {""}),
            "edited after publication": sum(one.versions > 1 for one in found),
            "removed by the outlet": sum(one.removal is not None for one in found),
            "only mention it, left out": corpus.hidden_mentions(tree),
            "awaiting review": borderline,
        },
        interval=interval,
        bars=tuple(_bars(corpus, tree, days, interval, watch)),
        undated=days.get(UNDATED, 0),
        missed=watch.missed(names),
        outlets=tuple(_outlet_rows(found, seen, countries, names, corpus.zone)),
        families=tuple(
            _named(one, names)
            for one in family_records(
                corpus, matches, largest_families(matches)[:FAMILIES], countries
            )
        ),
        changed=tuple(_changed_rows(corpus, found)),
        articles=tuple(_article_row(one, names, corpus.zone) for one in found),
        basis=_basis(corpus, story, found, now, version),
        figures=tuple(figures_of(corpus, tree, story)),
        chronology=tuple(
            {
                "when": when,
                "what": what,
                "articles": [_article_row(one, names, corpus.zone) for one in articles],
                "words": words,
            }
            for when, what, articles, words in chronology_of(corpus, found, tree)
        ),
        edit=_largest_edit(corpus, found, names),
        quoted=tuple(_quoted(found, names)),
        flow=flow_of(corpus, tree, names),
        apart=words_against(corpus, tree, corpus.understand("*")),
        keywords=tuple(keywords_by_group(corpus, tree, names)),
    )


def _quoted(found: Sequence[StoredArticle], names: Mapping[str, str]) -> Iterator[Row]:
    """The utterances that most outlets printed, with who said them and who printed them first."""
    from index.study.quotes import full_speakers, group_utterances, sayings_of

    sayings = full_speakers([saying for one in found for saying in sayings_of(one)])
    spoken = [one for one in group_utterances(sayings) if one.speaker]
    spoken.sort(key=lambda one: (-len(one.outlets), -len(one.text), one.text))
    for one in spoken[:QUOTED]:
        yield {
            "speaker": one.speaker,
            "text": one.text,
            "language": one.first.language,
            "outlets": [names.get(outlet, outlet) for outlet in one.outlets],
            "altered": len(one.altered),
        }


def _named(record: Row, names: Mapping[str, str]) -> Row:
    """A family's record with its origin by name."""
    return {**record, "origin": names.get(record["origin"] or "", record["origin"])}


def _largest_edit(
    corpus: Corpus, found: Sequence[StoredArticle], names: Mapping[str, str]
) -> Row | None:
    """The edit that changed most words, as paragraphs before and after; None if none was edited."""
    edits: list[tuple[int, StoredArticle, Edit]] = []
    for one in found:
        if one.versions > 1:
            for before, after in pairwise(corpus.store.versions.of(one.id)):
                edit = Edit(before, after)
                edits.append((edit.added + edit.removed, one, edit))
    if not edits:
        return None
    _, stored, edit = max(edits, key=lambda item: (item[0], item[1].id))
    changed = [
        side_by_side(paragraph)
        for paragraph in shown_paragraphs(list(paragraphs_of(edit.pieces)))
        if not isinstance(paragraph, int) and any(piece.op != "=" for piece in paragraph)
    ]
    return {
        **_article_row(stored, names, corpus.zone),
        "seen": [moment(one.seen, corpus.zone) for one in (edit.before, edit.after)],
        "paragraphs": changed[:EDIT_PARAGRAPHS],
        "more": max(len(changed) - EDIT_PARAGRAPHS, 0),
    }


def _bars(
    corpus: Corpus, tree: Node, days: Mapping[str, int], interval: Interval, watch: Watch
) -> Iterator[Bar]:
    """The bars from the first to the last interval with an article."""
    from index.query import And, Filter

    originals = corpus.match(And((tree, Filter("is", ("original",)))))
    firsts = corpus.count_facet(originals, "day")
    articles, texts = group_days(days, interval), group_days(firsts, interval)
    known = [place for place in articles if place != UNDATED]
    gaps = watch.gaps(ALL, interval)
    for place in intervals_between(min(known), max(known), interval) if known else ():
        number = articles.get(place, 0)
        yield Bar(
            first=place,
            articles=number,
            texts=texts.get(place, 0),
            gap=not number and place in gaps,
        )


def _outlet_rows(
    found: Sequence[StoredArticle],
    seen: Mapping[str, OutletHealth],
    countries: Mapping[str, str],
    names: Mapping[str, str],
    zone: tzinfo,
) -> Iterator[Row]:
    """Every outlet that was read or published, the busiest first."""
    held = Counter(one.article.outlet for one in found)
    own = Counter(one.article.outlet for one in found if one.family == one.id)
    for name in sorted({*held, *seen}, key=lambda name: (-held[name], name)):
        outlook = seen.get(name)
        estimate = outlook.recall.estimate if outlook else None
        yield {
            "outlet": names.get(name, name),
            "country": countries.get(name, "").upper(),
            "articles": held[name],
            "own": own[name],
            "probably": f"{estimate.low:.0f}–{estimate.high:.0f}" if estimate else "",
            "remarks": list(remarks(outlook, zone)) if outlook else [],
        }


def _changed_rows(corpus: Corpus, found: Sequence[StoredArticle]) -> Iterator[Row]:
    """The articles that were edited or removed, with what was altered in words."""
    for one in found:
        if one.versions < 2 and one.removal is None:
            continue
        told: list[str] = []
        versions = corpus.store.versions.of(one.id)
        for before, after in pairwise(versions):
            when = moment(after.seen, corpus.zone)
            altered = changes(before.article, after.article)
            told += [f"{when}: {change_in_words(change)}" for change in altered]
        if one.removal is not None:
            told.append(f"{moment(one.removal.seen, corpus.zone)}: removed by the outlet")
        yield {
            **_article_row(one, corpus.outlet_names(), corpus.zone),
            "versions": one.versions,
            "changes": told[:CHANGES],
            "more": max(0, len(told) - CHANGES),
        }


def _article_row(one: StoredArticle, names: Mapping[str, str], zone: tzinfo) -> Row:
    article = one.article
    return {
        "id": one.id,
        "when": dated(article, zone),
        "outlet": outlet_name(one, names),
        "language": article.language,
        "title": article.title,
        "url": article.url,
        "reprint_of": "" if one.family == one.id else one.family,
        "edited": one.versions - 1,
        "removed": one.removal is not None,
        "paywalled": article.paywalled,
        "copied_from": archive_name(article),
    }


def _basis(
    corpus: Corpus, story: Story, found: Sequence[StoredArticle], now: datetime, version: str
) -> Mapping[str, str]:
    """What the report rests on, so that another can make it again."""
    labels = corpus.store.labels.of(story.id)
    channels = [one.source for one in corpus.store.backfill.counts(story.id) if one.candidates]
    sources = cited_sources(found, channels)
    return {
        "made": moment(now, corpus.zone),
        "by": f"pressclip {version}",
        "corpus": f"{corpus.index.store}, revision {corpus.index.revision}",
        "window": str(story.window) or "open",
        **{f"query, {language}": query for language, query in story.match.items()},
        **({"never": story.not_query} if story.not_query else {}),
        **({"with thanks to": ", ".join(sources)} if sources else {}),
        "decided by hand": counted(len(labels), "article"),
    }
