"""The studies by name, each as a page, a file for other programs, and a picture."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from index.errors import UsageError
from search_cli.output.pictures import can_draw, draw_svg
from search_cli.output.render import write_rows
from search_cli.serve.compare_page import COMPARE, compare_page
from search_cli.serve.said_pages import EDITS, QUOTES, edits_page, quotes_page
from search_cli.serve.study import Study, View
from search_cli.serve.timeline_page import TIMELINE, timeline_page
from search_cli.serve.word_pages import (
    COLLOCATES,
    KEYWORDS,
    KWIC,
    collocates_page,
    keywords_page,
    kwic_page,
)

if TYPE_CHECKING:
    from search_cli.serve.asked import Asked
    from search_cli.serve.desk import ServedDesk

KEPT = 3  # studies that are kept for their pictures and files
VIEWS: Mapping[str, View] = {
    "timeline": View(
        name="Timeline", options=TIMELINE, gather=timeline_page, template="timeline.html",
        about="Articles by day, week, month or year, in groups.",
    ),
    "compare": View(
        name="Compare", options=COMPARE, gather=compare_page,
        about="Groups side by side: how much each published, and in which frames.",
    ),
    "keywords": View(
        name="Keywords", options=KEYWORDS, gather=keywords_page,
        about="Words that these articles use more than others do.",
    ),
    "collocates": View(
        name="Collocates", options=COLLOCATES, gather=collocates_page,
        about="Words that stand near a word more often than elsewhere.",
    ),
    "kwic": View(
        name="In context", options=KWIC, gather=kwic_page, template="kwic.html", is_kept=False,
        about="Each match in the line it stands in.",
    ),
    "quotes": View(
        name="Quotes", options=QUOTES, gather=quotes_page, template="quotes.html",
        about="Who is quoted, by whom, and with which words altered.",
    ),
    "edits": View(
        name="Edits", options=EDITS, gather=edits_page, template="edits.html", is_kept=False,
        about="What was changed after publication, before and after.",
    ),
}  # fmt: skip
STYLES: Mapping[str, tuple[Literal["csv", "json"], str]] = {
    "csv": ("csv", "text/csv"), "json": ("json", "application/json"),
}  # fmt: skip
Question = tuple[str, "Asked", dict[str, str]]


def read_question(verb: str, asked: Asked, given: Sequence[tuple[str, str]]) -> Question:
    """The study that an address asks for; raises `UsageError` for a value that cannot be."""
    values = VIEWS[verb].read(given)
    every = bool(values.get("all", asked.every))
    return verb, replace(asked, page=1, every=every), values


def make_study(question: Question) -> Callable[[ServedDesk], Study]:
    """How the study is made, or found among those that were made last."""
    verb, asked, values = question
    view = VIEWS[verb]

    def made(desk: ServedDesk) -> Study:
        corpus = desk.corpus
        key = verb, asked, *sorted(values.items())
        if view.is_kept and key in desk.kept:
            kept: Study = desk.kept[key]
            return kept
        study = view.gather(desk.workspace, corpus, asked, values)
        if view.is_kept:
            while len(desk.kept) >= KEPT:
                desk.kept.pop(next(iter(desk.kept)))
            desk.kept[key] = study
        return study

    return made


def page_of(question: Question, study: Study) -> dict[str, Any]:
    """What the page of a study shows."""
    verb, asked, values = question
    view = VIEWS[verb]
    more = view.changed(values)
    return {
        "verb": verb,
        "view": view,
        "values": values,
        "study": study,
        "line": asked.command(verb, study.arguments, study.before),
        "files": [(style, asked.address(f"/{verb}/{style}", more)) for style in STYLES]
        if not study.nothing
        else [],
        "picture": asked.address(f"/{verb}/svg", more) if study.picture and can_draw() else "",
    }


def picture_of(question: Question) -> Callable[[ServedDesk], str]:
    """How the study's picture is drawn as SVG."""

    def drawn(desk: ServedDesk) -> str:
        study = make_study(question)(desk)
        if study.picture is None:
            raise UsageError("there is no picture of this")
        return draw_svg(study.picture())

    return drawn


def pieces_of(question: Question, style: str) -> Callable[[ServedDesk], Generator[str]]:
    """How the study is written for other programs, piece by piece, from a corpus of its own.

    What cannot be asked is raised before the first piece.
    """
    verb, asked, values = question
    if style not in STYLES:
        raise UsageError(f"no such format: {style}", hint=f"one of: {', '.join(STYLES)}")
    written, _ = STYLES[style]

    def begun(desk: ServedDesk) -> Generator[str]:
        if VIEWS[verb].is_kept:
            study = make_study(question)(desk)
            return (piece for piece in write_rows(study.records, study.fields, written))
        corpus = desk.open_apart()
        try:
            study = VIEWS[verb].gather(desk.workspace, corpus, asked, values)
        except BaseException:
            corpus.close()
            raise

        def pieces() -> Generator[str]:
            with corpus:
                yield from write_rows(study.records, study.fields, written)

        return pieces()

    return begun
