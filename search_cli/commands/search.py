"""`pressclip search`: the articles that match a query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from index.article import isoformat
from index.errors import UsageError
from index.workspace import Workspace
from search_cli.asking.narrowing import ORDERS, Narrowing, open_desk, query_options, require_words
from search_cli.output.formats import choose_fields, chosen_format
from search_cli.output.moments import moment
from search_cli.output.render import Format, one_line, write_rows
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session
from search_cli.state import remember
from search_cli.view.listing import (
    articles_and_texts,
    behind,
    explain,
    header,
    list_hits,
    remarks,
)

if TYPE_CHECKING:
    from index.corpus import Corpus, Hit, Hits
    from index.fulltext.searcher import Matches, Sort
    from index.query import Node
    from search_cli.asking.novelty import Told

Style = Format | Literal["ids", "md", "bib", "ris", "csl"]
TABLES = ("table", "tsv", "csv", "json", "jsonl")
FORMATS = (*TABLES, "ids", "md", "bib", "ris", "csl")
FIELDS = (
    "id", "published", "outlet", "language", "title", "reprints", "url", "authors", "section",
    "family", "score", "snippet", "first_seen", "updated", "fetched", "canonical_url",
    "kicker", "lead", "description", "text", "words", "tags", "image", "site_name", "agency", "place",
    "kind", "paywalled", "published_day", "date_confidence", "date_conflict", "entry", "version",
    "versions", "removed", "revision", "story", "relevance", "reasons", "archive",
)  # fmt: skip
TSV_FIELDS = FIELDS[:7]
DATA_FIELDS = FIELDS[:13]
LISTED = 10


class _Search(click.Command):
    """A command whose `--new` takes a name only after `=`, so that a query may stand behind it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As Click does, with `--new` read as `--new=`."""
        end = args.index("--") if "--" in args else len(args)
        options = ["--new=" if word == "--new" else word for word in args[:end]]
        return super().parse_args(ctx, [*options, *args[end:]])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """How the answer is wanted; without a limit everything is listed."""

    sort: Sort
    limit: int | None
    fold: bool
    style: Style | None
    fields: tuple[str, ...]
    explained: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is looked for, and how to tell it; `told` is what an earlier search has told of it."""

    tree: Node
    asked: str
    told: Told | None = None
    current: dict[str, int] | None = None


@click.command(cls=_Search)
@query_options
@click.option("-n", "limit", metavar="N", type=click.IntRange(1), help="At most N; 10.")
@click.option(
    "--sort", type=click.Choice(ORDERS), default="relevance", help="relevance, unless said."
)
@click.option("--all", "every", is_flag=True, help="Reprints in rows of their own, not folded.")
@click.option("--all-versions", "ever", is_flag=True, help="Older versions of articles, too.")
@click.option("--like", metavar="ID", help="Articles that share the words that set this one apart.")
@click.option(
    "--new", metavar="[=NAME]", help="Only what this query, or NAME, has not told you before."
)
@click.option("--peek", is_flag=True, help="With --new: do not count it as told.")
@click.option("--count", "only_count", is_flag=True, help="Only how many articles match.")
@click.option("--facet", metavar="F,…", help="Counts by outlet, lang, country, day, …, instead.")
@click.option("--explain", "explained", is_flag=True, help="Show hits by term, and what scores.")
@click.option(
    "-f", "--format", "style", type=click.Choice(FORMATS), help="table on a terminal, else tsv."
)
@click.option("--json", "style", flag_value="json", help="The same as -f json.")
@click.option("--fields", "names", metavar="A,B,…", help="Which fields; ? lists them.")
@click.pass_obj
def search(
    session: Session,
    words: tuple[str, ...],
    sort: Sort,
    limit: int | None,
    every: bool,
    ever: bool,
    like: str | None,
    new: str | None,
    peek: bool,
    only_count: bool,
    facet: str | None,
    explained: bool,
    style: Style | None,
    names: str | None,
    narrowing: Narrowing,
) -> int:
    """Find articles: words, phrases, NEAR, dates, outlets, languages, stories.

    EXAMPLES
      pressclip search balloon montana                     both words
      pressclip search '"spy balloon" -festival'           a phrase, without a word
      pressclip search 'balloon NEAR/8 pentagon' --since 2023-02-01 --sort newest
      pressclip search 'title:balloon lang:fr,es' -n 50 --json
      pressclip search story:balloon --facet outlet,day    how the articles divide
      pressclip search story:balloon --new=mail -f md      what came since this was last asked
      pressclip search balloon --as-of 2023-02-04T12:00    what was published then
      pressclip search '"weather balloon"' --all-versions  also where an edit took it out
      pressclip search --like k7q2d lang:en
      pressclip search 'title:airship' -f bib > refs.bib
      pressclip search -- -festival                        a query that begins with -

    Reprints of a text stand behind the best of them (+3 reprints). A row's id, or @ and its number,
    names the article for `pressclip show`. Facets: outlet, lang, country, day, author, section,
    story, is. With --new all that is new or edited is listed, and told once. Exit status 1 when
    nothing matches, or nothing is new.

    With --as-of an article counts from its publication on, with the text that stood then, as far as
    it was seen; stories and reprints are told as they are known today. With --all-versions an
    article is listed once, by its newest version that matches.
    """
    narrowing = replace(narrowing, ever=ever)
    fields = choose_fields(names, FIELDS, TSV_FIELDS if style in (None, "tsv") else DATA_FIELDS)
    if not fields:
        write(f"{name}\n" for name in FIELDS)
        return 0
    _check_together(new=new, peek=peek, only_count=only_count, facet=facet, style=style)
    if new is not None and (narrowing.as_of or ever):
        raise UsageError("--new tells of the newest versions only: no --as-of, no --all-versions")
    if like is None:
        require_words(words, "search")
    workspace, corpus = open_desk(session, narrowing)
    with corpus:
        question = _understand(workspace, corpus, words, narrowing, like)
        if new is not None:
            name = new or "\0".join((*words, repr(narrowing), like or ""))
            question = _only_new(workspace, corpus, question, name)
        matches = corpus.match(question.tree)
        if only_count:
            write([f"{matches.total}\n"])
            note(session, articles_and_texts(matches.total, matches.texts))
            return 0 if matches.total else 1
        if not matches.total:
            _write_empty(style, fields)
            _tell_nothing(session, corpus, question)
            return 1
        if facet is not None:
            _show_facets(session, corpus, question, matches, facet, style, limit)
            return 0
        wish = _Wish(
            sort=sort,
            limit=limit or (LISTED if new is None else None),
            fold=not every,
            style=style,
            fields=fields,
            explained=explained,
        )
        hits = _answer(corpus, question, matches, wish)
        remember(workspace, [hit.id for hit in hits])
        _show(session, corpus, question, hits, wish)
        if question.told and not peek:
            question.told.write(question.current or {}, datetime.now(UTC))
    return 0


def _check_together(
    *, new: str | None, peek: bool, only_count: bool, facet: str | None, style: Style | None
) -> None:
    """Raise `UsageError` for options that make no sense together."""
    if peek and new is None:
        raise UsageError("--peek goes with --new", hint="pressclip search QUERY --new --peek")
    if facet is not None and only_count:
        raise UsageError("--facet and --count exclude each other")
    if facet is not None and style not in (None, *TABLES):
        raise UsageError(f"--facet has no format {style}", hint=f"one of: {', '.join(TABLES)}")


def _understand(
    workspace: Workspace,
    corpus: Corpus,
    words: Sequence[str],
    narrowing: Narrowing,
    like: str | None,
) -> _Question:
    tree = narrowing.understand(corpus, words or ("*",))
    question = _Question(tree=tree, asked=corpus.echo(tree))
    return question if like is None else _like(workspace, corpus, question, like)


def _like(workspace: Workspace, corpus: Corpus, question: _Question, name: str) -> _Question:
    """The question, for articles like one, without it and its reprints."""
    from index.corpus.like import characteristic_words, like_tree
    from index.corpus.narrow import narrow
    from index.query import Filter, Not
    from search_cli.asking.articles import find_articles

    (identity, *_) = find_articles(workspace, corpus.store, [name])
    stored = corpus.get(identity)
    family = Filter("group", (stored.family,))
    carriers = corpus.match(family).total
    words = characteristic_words(corpus.index, stored.article, carriers=carriers)
    tree = like_tree(words)
    if tree is None:
        raise UsageError(f"{identity}: no word that sets it apart is in another article")
    asked = f"like {identity}: {', '.join(words)}"
    if question.asked != "*":
        asked = f"{question.asked} · {asked}"
    return replace(question, tree=narrow(question.tree, [tree, Not(family)]), asked=asked)


def _only_new(workspace: Workspace, corpus: Corpus, question: _Question, name: str) -> _Question:
    from search_cli.asking.novelty import Told, count_versions, only

    told = Told.read(workspace, name)
    current = count_versions(corpus, question.tree)
    fresh = told.fresh(current)
    tree = question.tree if len(fresh) == len(current) else only(question.tree, fresh)
    since = f"since {moment(told.at, corpus.zone)}" if told.at else "as nothing was told before"
    return _Question(tree=tree, asked=f"{question.asked} · new {since}", told=told, current=current)


def _answer(corpus: Corpus, question: _Question, matches: Matches, wish: _Wish) -> Hits:
    from index.corpus import Hits

    ranked = matches.top(wish.limit, sort=wish.sort, fold=wish.fold)
    return Hits(corpus, question.asked, matches, ranked)


def _show_facets(
    session: Session,
    corpus: Corpus,
    question: _Question,
    matches: Matches,
    names: str,
    style: Style | None,
    limit: int | None,
) -> None:
    from search_cli.view.faceting import facet_lines, facet_pieces, split_names

    wanted = split_names(names)
    facets = {name: corpus.count_facet(matches, name) for name in wanted}
    terminal = Terminal.of(session)
    chosen = chosen_format(cast("Format | None", style), terminal)
    if chosen == "table":
        head = header(corpus, matches, question.asked)
        terminal.show(facet_lines(head, facets, terminal, limit=limit))
    else:
        total, texts = matches.total, matches.texts
        write(facet_pieces(facets, chosen, total=total, texts=texts, limit=limit))
    _tell_behind(session, corpus)


def _show(session: Session, corpus: Corpus, question: _Question, hits: Hits, wish: _Wish) -> None:
    terminal = Terminal.of(session)
    understood, scores = _explanation(corpus, question, hits) if wish.explained else ([], [])
    if (wish.style is None and terminal.screen) or wish.style == "table":
        lines = list_hits(
            corpus, hits, terminal, fold=wish.fold, asked=question.asked, below=scores
        )
        terminal.show([*understood, *lines])
        return
    write(_pieces(corpus, hits, wish))
    for line in understood:
        note(session, line)
    for hit, line in zip(hits, scores, strict=False):
        note(session, f"{hit.id}  {line}")
    _tell_behind(session, corpus)


def _explanation(corpus: Corpus, question: _Question, hits: Hits) -> tuple[list[str], list[str]]:
    """The lines on the query, and one for each hit that is listed."""
    from search_cli.view.explaining import score_line, tree_lines

    ranked = {hit.id: hit for hit in hits.ranked}
    scores = [score_line(corpus, hits.matches, ranked[hit.id]) for hit in hits]
    return [*tree_lines(corpus, question.tree), ""], scores


def _pieces(corpus: Corpus, hits: Hits, wish: _Wish) -> Iterator[str]:
    """The hits for a program."""
    from search_cli.output.citing import cite, markdown_item

    zone = corpus.zone
    match wish.style:
        case "ids":
            return (f"{hit.id}\n" for hit in hits)
        case "md":
            return (
                markdown_item(hit.stored, zone, more=remarks(hit, zone), quoted=hit.snippet.text)
                for hit in hits
            )
        case "bib" | "ris" | "csl":
            return cite((hit.stored for hit in hits), wish.style, zone)
        case style:
            rows = (_record(hit, wish.fields) for hit in hits)
            return write_rows(rows, wish.fields, style or "tsv")


def _record(hit: Hit, fields: Sequence[str]) -> dict[str, Any]:
    from index.corpus.export_record import to_record

    own = {
        "reprints": hit.reprints,
        "score": hit.score,
        "snippet": hit.snippet.text,
        "version": hit.version,
        "entry": isoformat(hit.entry.published) if hit.entry else None,
    }
    record = to_record(hit.stored) | own
    return {name: record[name] for name in fields}


def _write_empty(style: Style | None, fields: Sequence[str]) -> None:
    """What a program that reads the format expects of an empty list."""
    if style in ("json", "csv"):
        write(write_rows([], fields, style))
    elif style == "csl":
        write(["[]\n"])


def _tell_nothing(session: Session, corpus: Corpus, question: _Question) -> None:
    if session.quiet:
        return
    if question.told and question.current:
        note(session, f"Nothing new: {one_line(question.asked)}; {len(question.current):,} match.")
    else:
        for line in explain(corpus.explain_nothing(question.tree)):
            note(session, line)
    _tell_behind(session, corpus)


def _tell_behind(session: Session, corpus: Corpus) -> None:
    if told := behind(corpus):
        note(session, told)
