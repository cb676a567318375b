"""Pages of who said what, and of what was changed after it was published."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from index.query import CHANGES
from index.versions.diff import word_diff
from search_cli.output.moments import moment
from search_cli.output.render import Column, one_line
from search_cli.serve.results import tree_of
from search_cli.serve.study import CSV_NOTE, SHOWN, Option, Study, Values, choices
from search_cli.view.edit_rows import FIELDS as EDIT_FIELDS
from search_cli.view.edit_rows import edit_record
from search_cli.view.listing import explain, header
from search_cli.view.quoting import (
    GROUP_FIELDS,
    UTTERANCE_FIELDS,
    group_record,
    sample_read,
    utterance_record,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from index.corpus import Corpus
    from index.study.edits import EditRow
    from index.study.quotes import Utterance
    from index.workspace import Workspace
    from search_cli.output.render import Row
    from search_cli.serve.asked import Asked

ALTERED = 2  # printings with other words that are shown of an utterance

QUOTES = (
    Option(key="by", label="List", kind="choice",
           values=(("", "what was said"), ("speaker", "who spoke"), ("outlet", "who printed"))),
    Option(key="speaker", label="Said by", example="Ryder"),
    Option(key="altered", label="Only with words altered", kind="tick"),
    Option(key="unattributed", label="Only of nobody named", kind="tick"),
)  # fmt: skip
EDITS = (
    Option(key="kind", label="Kind", kind="choice",
           values=(("", "every"), *choices(*(name for name in CHANGES if name != "silent")))),
    Option(key="silent", label="Only what nobody announced", kind="tick"),
)  # fmt: skip


def quotes_page(workspace: Workspace, corpus: Corpus, asked: Asked, values: Values) -> Study:
    """Who is quoted with which words; the same as `pressclip quotes`."""
    from index.study.quotes import choose_utterances, read_utterances

    tree, _ = tree_of(workspace, corpus, asked)
    by, speaker = values["by"], values["speaker"]
    altered, unattributed = bool(values["altered"]), bool(values["unattributed"])
    arguments = (
        *(("--by", by) if by else ()),
        *(("--speaker", speaker) if speaker else ()),
        *(("--altered",) if altered else ()),
        *(("--unattributed",) if unattributed else ()),
    )
    fields = GROUP_FIELDS if by else UTTERANCE_FIELDS
    matches = corpus.match(tree)
    if not matches.total:
        told = tuple(explain(corpus.explain_nothing(tree)))
        return Study(fields=fields, nothing=told, arguments=arguments)
    every, read = read_utterances(corpus, matches)
    notes = (sample_read(read, matches.total),) if read < matches.total else ()
    listed = choose_utterances(every, speaker or None, unattributed=unattributed, altered=altered)
    head = header(corpus, matches, corpus.echo(tree))
    if not listed:
        none = f"None of {len(every):,} utterances is so." if every else "Nothing is quoted here."
        return Study(fields=fields, told=head, nothing=(none,), notes=notes, arguments=arguments)
    names = corpus.outlet_names()
    if by:
        return _grouped(asked, listed, by, head, notes, arguments, names)
    more = f"{SHOWN} of {len(listed):,} are shown; {CSV_NOTE}."
    unnamed = sum(not one.speaker for one in listed)
    return Study(
        fields=fields,
        records=[utterance_record(one) for one in listed],
        told=f"{head} · {len(listed):,} utterances, {unnamed:,} of nobody named",
        notes=(*notes, *((more,) if len(listed) > SHOWN else ())),
        arguments=arguments,
        parts={"utterances": [_utterance(one, corpus, names) for one in listed[:SHOWN]]},
    )


def _grouped(
    asked: Asked,
    listed: list[Utterance],
    by: str,
    head: str,
    notes: tuple[str, ...],
    arguments: tuple[str, ...],
    names: Mapping[str, str],
) -> Study:
    from index.query import Filter, unparse
    from index.study.quotes import count_outlets, count_speakers

    is_outlet = by == "outlet"
    found = count_outlets(listed) if is_outlet else count_speakers(listed)
    rows: list[Row] = [
        {
            **group_record(row, by_outlet=is_outlet),
            "name": names.get(row.name, row.name) if is_outlet else row.name,
            "link": asked.with_filter(unparse(Filter("outlet", (row.name,))))
            if is_outlet
            else asked.address("/quotes", {"speaker": row.name}),
        }
        for row in found[:SHOWN]
    ]
    others = "speakers" if is_outlet else "outlets"
    numbers = [("utterances", "utterances"), ("articles", "articles"), ("others", others)]
    numbers += [("unattributed", "of nobody named")] if is_outlet else []
    return Study(
        fields=GROUP_FIELDS,
        records=[group_record(row, by_outlet=is_outlet) for row in found],
        told=head,
        columns=(
            Column(key="name", title=by),
            *(Column(key=key, title=title, right=True) for key, title in numbers),
        ),
        tables=(("", rows, max(len(found) - SHOWN, 0)),),
        notes=notes,
        arguments=arguments,
    )


def _utterance(one: Utterance, corpus: Corpus, names: Mapping[str, str]) -> dict[str, Any]:
    """An utterance with who printed it first and after, and how some altered it."""
    first = one.first
    text = one_line(one.text)
    return {
        "text": text,
        "language": first.language,
        "speaker": one.speaker,
        "article": first.article,
        "first": names.get(first.outlet, first.outlet),
        "when": moment(first.published, corpus.zone) if first.published else "undated",
        "also": [names.get(name, name) for name in one.outlets[1:]],
        "altered": [
            {
                "article": saying.article,
                "outlet": names.get(saying.outlet, saying.outlet),
                "language": saying.language,
                "pieces": word_diff(text, one_line(saying.quote.text)),
            }
            for saying in one.altered[:ALTERED]
        ],
        "translations": [
            {
                "article": saying.article,
                "outlet": names.get(saying.outlet, saying.outlet),
                "language": saying.language,
                "text": saying.quote.text,
            }
            for saying in one.translations
        ],
    }


def edits_page(workspace: Workspace, corpus: Corpus, asked: Asked, values: Values) -> Study:
    """What was changed, change by change; the same as `pressclip edits`. Records come as wanted."""
    from index.study.edits import read_edits

    tree, _ = tree_of(workspace, corpus, asked)
    kind, silent = values["kind"], bool(values["silent"])
    arguments = (*(("--kind", kind) if kind else ()), *(("--silent",) if silent else ()))
    matches = corpus.match(tree)
    if not matches.total:
        told = tuple(explain(corpus.explain_nothing(tree)))
        return Study(fields=EDIT_FIELDS, nothing=told, arguments=arguments)
    rows = (
        row
        for row in read_edits(corpus, tree)
        if (not kind or row.kind == kind) and (row.silent or not silent)
    )
    first = list(islice(rows, SHOWN + 1))
    more = f"The first {SHOWN} changes are shown; {CSV_NOTE}."
    return Study(
        fields=EDIT_FIELDS,
        records=map(edit_record, chain(first, rows)),
        told=header(corpus, matches, corpus.echo(tree)),
        nothing=() if first else ("No such change was seen in these articles.",),
        notes=(more,) if len(first) > SHOWN else (),
        arguments=arguments,
        parts={"versions": list(_versions(first[:SHOWN], corpus))},
    )


def _versions(rows: list[EditRow], corpus: Corpus) -> Iterator[dict[str, Any]]:
    """The changes by the version that brought them, each as pieces before and after."""
    names = corpus.outlet_names()
    held: dict[tuple[str, int], dict[str, Any]] = {}
    for row in rows:
        version = held.setdefault(
            (row.article, row.version),
            {
                "article": row.article,
                "title": row.title,
                "outlet": names.get(row.outlet, row.outlet),
                "numbers": (row.version_before, row.version),
                "seen": [moment(at, corpus.zone) for at in (row.seen_before, row.seen)],
                "silent": row.silent,
                "changes": [],
            },
        )
        version["changes"].append((row.kind, *_sides(row)))
    yield from held.values()


def _sides(row: EditRow) -> tuple[list[Any], list[Any]]:
    """What went out of the text before, and what came into the text after."""
    if not row.before or not row.after:
        return [("-", row.before)] if row.before else [], [("+", row.after)] if row.after else []
    pieces = word_diff(row.before, row.after)
    return (
        [piece for piece in pieces if piece[0] in "=-<"],
        [piece for piece in pieces if piece[0] in "=+>"],
    )
