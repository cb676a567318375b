"""The result of a search: hits as a list or as data, their facets, or why there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from search_cli.output.formats import chosen_format, write_list
from search_cli.output.render import Format, one_line
from search_cli.output.terminal import Terminal, note, write
from search_cli.view.listing import articles_and_texts, explain, header, list_hits, remarks
from search_cli.view.study import note_behind

if TYPE_CHECKING:
    from index.corpus import Corpus, Hit, Hits
    from index.fulltext.engine import Answer
    from search_cli.asking.question import Question
    from search_cli.asking.request import SearchRequest
    from search_cli.session import Session


def show_count(session: Session, matches: Answer) -> None:
    """Print how many articles match, and how many texts they are."""
    write([f"{matches.total}\n"])
    note(session, articles_and_texts(matches.total, matches.texts))


def show_nothing(
    session: Session, corpus: Corpus, question: Question, request: SearchRequest
) -> None:
    """Print an empty list as data, or explain on a terminal why nothing was found."""
    if request.style in ("json", "csv"):
        write(write_list([], request.fields, request.style))
    elif request.style == "csl":
        write(["[]\n"])
    if session.quiet:
        return
    if question.told and question.current:
        note(session, f"Nothing new: {one_line(question.asked)}; {len(question.current):,} match.")
    else:
        for line in explain(corpus.explain_nothing(question.tree)):
            note(session, line)
    note_behind(session, corpus)


def show_facets(
    session: Session,
    corpus: Corpus,
    question: Question,
    matches: Answer,
    request: SearchRequest,
) -> None:
    """Print the counts of each facet asked for; raises `UsageError` for an unknown facet."""
    from search_cli.view.faceting import facet_lines, facet_pieces, split_names

    wanted = split_names(request.facet or "")
    facets = {name: corpus.count_facet(matches, name) for name in wanted}
    terminal = Terminal.of(session)
    chosen = chosen_format(cast("Format | None", request.style), terminal)
    if chosen == "table":
        head = header(corpus, matches, question.asked)
        terminal.show(facet_lines(head, facets, terminal, limit=request.limit))
    else:
        total, texts = matches.total, matches.texts
        write(facet_pieces(facets, chosen, total=total, texts=texts, limit=request.limit))
    note_behind(session, corpus)


def show_hits(
    session: Session, corpus: Corpus, question: Question, hits: Hits, request: SearchRequest
) -> None:
    """Print the hits in the format asked for, with an explanation of their scores if wanted."""
    terminal = Terminal.of(session)
    understood, scores = _explanation(corpus, question, hits) if request.explained else ([], [])
    if (request.style is None and terminal.screen) or request.style == "table":
        lines = list_hits(
            corpus, hits, terminal, fold=not request.every, asked=question.asked, below=scores
        )
        terminal.show([*understood, *lines])
        return
    write(_pieces(corpus, hits, request))
    for line in understood:
        note(session, line)
    for hit, line in zip(hits, scores, strict=False):
        note(session, f"{hit.id}  {line}")
    note_behind(session, corpus)


def _explanation(corpus: Corpus, question: Question, hits: Hits) -> tuple[list[str], list[str]]:
    """The lines on the query, and one for each hit that is listed."""
    from search_cli.view.explaining import score_line, tree_lines

    ranked = {hit.id: hit for hit in hits.ranked}
    scores = [score_line(corpus, hits.matches, ranked[hit.id]) for hit in hits]
    return [*tree_lines(corpus, question.tree), ""], scores


def _pieces(corpus: Corpus, hits: Hits, request: SearchRequest) -> Iterator[str]:
    """The hits for a program."""
    zone, names = corpus.zone, corpus.outlet_names()
    match request.style:
        case "ids":
            return (f"{hit.id}\n" for hit in hits)
        case "md":
            from search_cli.output.citing import markdown_item

            return (
                markdown_item(
                    hit.stored, zone, names, more=remarks(hit, zone), quoted=hit.snippet.text
                )
                for hit in hits
            )
        case "bib" | "ris" | "csl":
            from search_cli.output.citing import cite

            return cite((hit.stored for hit in hits), request.style, zone, names)
        case style:
            rows = (_record(hit, request.fields) for hit in hits)
            return write_list(rows, request.fields, style or "tsv")


def _record(hit: Hit, fields: Sequence[str]) -> dict[str, Any]:
    from index.article import isoformat
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
