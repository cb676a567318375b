"""Pages of words: keywords, what keeps a word company, and each match in its line."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, cast

from index.errors import UsageError
from index.text.wording import counted
from search_cli.asking.narrowing import ORDERS
from search_cli.output.render import Row
from search_cli.serve.asked import Asked
from search_cli.serve.results import tree_of
from search_cli.serve.study import CSV_NOTE, SHOWN, Option, Study, Values, choices
from search_cli.view.context_lines import FIELDS as LINE_FIELDS
from search_cli.view.context_lines import SORTED, read_places, read_rows, sort_rows
from search_cli.view.listing import explain, header
from search_cli.view.study import language_told, nothing_against, sample_told
from search_cli.view.word_rows import (
    COLLOCATE_COLUMNS,
    COLLOCATE_FIELDS,
    KEYWORD_COLUMNS,
    KEYWORD_FIELDS,
    collocate_record,
    collocate_shown,
    keyword_record,
    keyword_shown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.corpus import Corpus
    from index.fulltext.searcher import Sort
    from index.query import Node
    from index.study.keywords import Keyword
    from index.workspace import Workspace

TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
OPERATORS = frozenset({"and", "or", "not", "near"})
_LANGUAGE = re.compile(r"[a-z]{2,3}")
LANGUAGE = Option(key="lang", label="Language", example="the most frequent")
MIXED = Option(key="mixed", label="All languages in one list", kind="tick")
EVERY = Option(key="all", label="Count every reprint", kind="tick")

KEYWORDS = (
    Option(key="vs", label="Against the query", example="the rest of the corpus"),
    LANGUAGE,
    Option(key="ngram", label="Words in a row", kind="choice", values=choices("1", "2", "3"),
           default="1"),
    Option(key="order", label="Order", kind="choice", default="g2",
           values=(("g2", "evidence (G²)"), ("ratio", "size (log ratio)"))),
    Option(key="min", label="Least uses", kind="number", default="5"),
    Option(key="in", label="In at least so many articles", kind="number", default="3"),
    MIXED,
    EVERY,
)  # fmt: skip
COLLOCATES = (
    Option(key="word", label="Word", example="balloon"),
    Option(key="w", label="Words on a side", kind="number", default="5", high=20),
    Option(key="side", label="Side", kind="choice",
           values=(("", "both"), ("left", "before"), ("right", "after"))),
    LANGUAGE,
    Option(key="order", label="Order", kind="choice", default="dice",
           values=(("dice", "closeness (logDice)"), ("g2", "evidence (G²)"))),
    Option(key="min", label="Met at least", kind="number", default="3"),
    MIXED,
    EVERY,
)  # fmt: skip
KWIC = (
    Option(key="w", label="Words on a side", kind="number", default="8", low=0, high=100),
    Option(key="order", label="Order", default="oldest", example="1R,2R,1L, oldest, outlet"),
    Option(key="all", label="List every reprint", kind="tick"),
)


def keywords_page(workspace: Workspace, corpus: Corpus, asked: Asked, values: Values) -> Study:
    """The words that set the articles of a search apart; the same as `pressclip keywords`."""
    from index.study.word_studies import compare_sides, take_sides

    tree, language, arguments = _narrowed(workspace, corpus, asked, values)
    versus = values["vs"]
    other = Asked(query=versus, mentions=asked.mentions)
    against, *_ = _narrowed(workspace, corpus, other, values)
    every = bool(values["all"])
    arguments += ["--vs", versus] if versus else []
    arguments += _changed(values, ("ngram", "1"), ("order", "g2"), ("min", "5"), ("in", "3"))
    given = tuple(arguments)
    pair = take_sides(corpus, tree, against, language=language, every=every, rest=not versus)
    if pair is None:
        return _no_match(corpus, tree, KEYWORD_FIELDS, given)
    own, others = pair
    rest = versus or "the rest of the corpus"
    if not others.ids:
        told = nothing_against(rest, own.language)
        return Study(fields=KEYWORD_FIELDS, nothing=(told,), arguments=given)
    found = compare_sides(
        corpus,
        pair,
        ngram=int(values["ngram"]),
        least=int(values["min"]),
        articles=int(values["in"]),
        order=cast("Literal['g2', 'ratio']", values["order"]),
    )
    sides = [("own", "", found.own)]
    sides += [("other", f"More in {rest}", found.others)] if versus else []
    return Study(
        fields=KEYWORD_FIELDS,
        records=[keyword_record(side, one) for side, _, rows in sides for one in rows],
        told=(
            f"{corpus.echo(tree)} ({sample_told(own, every=every)}) against {rest}"
            f" ({sample_told(others, every=every)}) · {language_told(own)}"
        ),
        columns=KEYWORD_COLUMNS,
        tables=tuple(
            (title, [_linked(asked, one) for one in rows[:SHOWN]], max(len(rows) - SHOWN, 0))
            for _, title, rows in sides
            if rows
        ),
        nothing=() if any(rows for _, _, rows in sides) else ("No word stands out.",),
        notes=(
            f"p < 0.001 (Holm), {found.tested:,} words tested; at least {values['min']} uses in"
            f" {values['in']} articles of a side. Log ratio +1 is twice as often, +2 four times.",
        ),
        arguments=given,
    )


def collocates_page(workspace: Workspace, corpus: Corpus, asked: Asked, values: Values) -> Study:
    """The words near a word; the same as `pressclip collocates`."""
    from index.study.sample import take_sample
    from index.study.word_studies import collocates_in

    tree, language, arguments = _narrowed(workspace, corpus, asked, values)
    word, every = values["word"], bool(values["all"])
    if not word:
        return Study(fields=COLLOCATE_FIELDS, nothing=("Which word? Put it into the form above.",))
    arguments += _changed(values, ("w", "5"), ("order", "dice"), ("min", "3"))
    arguments += [f"--{values['side']}"] if values["side"] else []
    given, before = tuple(arguments), (word,)
    sample = take_sample(corpus, corpus.match(tree), language=language, every=every)
    if not sample.ids:
        return _no_match(corpus, tree, COLLOCATE_FIELDS, given, before)
    width = int(values["w"])
    found = collocates_in(
        corpus,
        sample,
        word,
        left=0 if values["side"] == "right" else width,
        right=0 if values["side"] == "left" else width,
        least=int(values["min"]),
        order=cast("Literal['dice', 'g2']", values["order"]),
    )
    stands = f"{counted(found.node, 'time')} in {counted(found.articles, 'article')}"
    rows = found.found
    return Study(
        fields=COLLOCATE_FIELDS,
        records=[collocate_record(one) for one in rows],
        told=(
            f"{word} · {corpus.echo(tree)} ({sample_told(sample, every=every)})"
            f" · {language_told(sample)} · {stands}"
        ),
        columns=COLLOCATE_COLUMNS,
        tables=(
            (("", [collocate_shown(one) for one in rows[:SHOWN]], max(len(rows) - SHOWN, 0)),)
            if rows
            else ()
        ),
        nothing=()
        if rows
        else (f"{word} stands {stands}; no word meets it {values['min']} times.",),
        notes=("Near is within the same sentence. logDice is at most 14.",),
        arguments=given,
        before=before,
    )


def kwic_page(workspace: Workspace, corpus: Corpus, asked: Asked, values: Values) -> Study:
    """Each match in its line; the same as `pressclip kwic`. The records are read as they are wanted."""
    tree, _ = tree_of(workspace, corpus, asked)
    places = read_places(values["order"])
    order = cast("Sort", "oldest" if places else values["order"])
    width = max(int(values["w"]), *(abs(place) for place in places), 0)
    every = bool(values["all"])
    given = tuple(_changed(values, ("w", "8"), ("order", "oldest")))
    given += ("--all",) if every else ()
    matches = corpus.match(tree)
    if not matches.total:
        return _no_match(corpus, tree, LINE_FIELDS, given)
    rows = read_rows(corpus, matches, sort=order, fold=not every, width=width)
    notes: tuple[str, ...] = ()
    try:
        if places:
            held, cut = sort_rows(rows, places)
            rows = iter(held)
            notes = (
                (f"Only the oldest {SORTED:,} lines were sorted; narrow the query.",) if cut else ()
            )
        first = list(islice(rows, SHOWN))
    except UsageError as error:
        hint = "Search for words: their lines stand here, one under the other."
        return Study(fields=LINE_FIELDS, nothing=(f"{error}.", hint), arguments=given)
    another = next(rows, None)

    def records() -> Any:
        yield from first
        if another is not None:
            yield another
        yield from rows

    more = f"The first {SHOWN} lines are shown; {CSV_NOTE}."
    names = corpus.outlet_names()
    shown = [_line(row, names) for row in first]
    return Study(
        fields=LINE_FIELDS,
        records=records(),
        told=header(corpus, matches, corpus.echo(tree)),
        notes=(*notes, *([more] if another is not None else [])),
        arguments=given,
        parts={"lines": shown, "orders": ORDERS},
    )


def _line(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A line as it stands on a page: where writing runs to the left, what comes before is right."""
    to_left = row["language"] in TO_LEFT
    sides = (row["right"], row["left"]) if to_left else (row["left"], row["right"])
    name = names.get(row["outlet"], row["outlet"])
    return {**row, "name": name, "sides": sides, "dir": "rtl" if to_left else "ltr"}


def _narrowed(
    workspace: Workspace, corpus: Corpus, asked: Asked, values: Values
) -> tuple[Node, str | None, list[str]]:
    """The query in the language asked for, that language, and the arguments that say so."""
    from index.corpus.narrow import narrow
    from index.query import Filter

    tree, _ = tree_of(workspace, corpus, asked)
    language = values["lang"].lower()
    every = ["--all"] if values["all"] else []
    if language and not _LANGUAGE.fullmatch(language):
        raise UsageError(f"no such language: {language}", hint="a code of two letters: en, zh, …")
    if language:
        tree = narrow(tree, [Filter("lang", (language,))])
    mixed = ["--mixed"] if values["mixed"] else []
    named = ["--lang", language] if language else []
    study = "" if values["mixed"] else language or None
    return tree, study, [*named, *mixed, *every]


def _changed(values: Values, *defaults: tuple[str, str]) -> list[str]:
    """The arguments that differ from the defaults."""
    listed = []
    for key, default in defaults:
        if values[key] != default:
            flag = "--sort" if key == "order" else f"--{key}" if len(key) > 1 else f"-{key}"
            listed += [flag, values[key]]
    return listed


def _linked(asked: Asked, one: Keyword) -> Row:
    """A keyword that leads to the articles of the search in which it is."""
    from index.query import Phrase, Word, unparse

    is_word = one.word.isalpha() and one.word.casefold() not in OPERATORS
    query = unparse(Word(one.word) if is_word else Phrase(one.word))
    return {**keyword_shown(one), "link": asked.with_filter(query)}


def _no_match(
    corpus: Corpus,
    tree: Node,
    fields: tuple[str, ...],
    arguments: tuple[str, ...],
    before: tuple[str, ...] = (),
) -> Study:
    told = tuple(explain(corpus.explain_nothing(tree)))
    return Study(fields=fields, nothing=told, arguments=arguments, before=before)
