"""`pressclip quotes`: who is quoted, how often, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from search_cli.asking.narrowing import Narrowing, open_desk, query_options, require_words
from search_cli.output.formats import chosen_format, format_options, write_list
from search_cli.output.render import Column, Format, one_line, table
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session
from search_cli.view.listing import header
from search_cli.view.quoting import (
    GROUP_FIELDS,
    UTTERANCE_FIELDS,
    group_record,
    sample_read,
    utterance_lines,
    utterance_record,
)
from search_cli.view.study import note_behind, show_empty, show_no_match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.corpus import Corpus
    from index.study.quotes import Utterance

LINES = 20


@click.command()
@query_options
@click.option(
    "--by",
    "by",
    type=click.Choice(["speaker", "outlet"]),
    help="Count by speaker or by outlet.",
)
@click.option("--speaker", metavar="NAME", help="Show only what this speaker said.")
@click.option("--unattributed", is_flag=True, help="Show only quotations without a speaker.")
@click.option(
    "--altered", is_flag=True, help="Show only quotations that an outlet printed with other words."
)
@click.option(
    "-n",
    "limit",
    metavar="N",
    type=click.IntRange(1),
    help="Show at most N rows [default: 20 in a table, else all].",
)
@format_options
@click.pass_obj
def quotes(
    session: Session,
    words: tuple[str, ...],
    by: Literal["speaker", "outlet"] | None,
    speaker: str | None,
    unattributed: bool,
    altered: bool,
    limit: int | None,
    style: Format | None,
    narrowing: Narrowing,
) -> int:
    """List direct quotations in matching articles, the same words in several articles as one.

    EXAMPLES
      pressclip quotes story:balloon
      pressclip quotes story:balloon --by speaker
      pressclip quotes story:balloon --speaker Ryder --altered
      pressclip quotes 'story:balloon country:cn' --by outlet -f csv > quoted.csv

    The speaker is named by a cue beside the quotation (Ann Reyes said, sagte sie, 表示) and gets the
    full name if the article gives it; nobody is guessed. Speakers are read in Arabic, Chinese,
    English, French, German, Italian, Portuguese, Russian and Spanish. Scare quotes, as in a
    so-called “spy balloon”, do not count. Every reprint counts. Exit status 1 when nothing is
    quoted.
    """
    require_words(words, "quotes")
    _, corpus = open_desk(session, narrowing)
    fields = GROUP_FIELDS if by else UTTERANCE_FIELDS
    with corpus:
        tree = narrowing.understand(corpus, words)
        matches = corpus.match(tree)
        if not matches.total:
            return show_no_match(session, corpus, tree, fields, style)
        from index.study.quotes import choose_utterances, read_utterances

        every, read = read_utterances(corpus, matches)
        if read < matches.total:
            note(session, sample_read(read, matches.total))
        listed = choose_utterances(every, speaker, unattributed=unattributed, altered=altered)
        if not listed:
            show_empty(session, fields, style)
            note(session, _nothing(every, speaker))
            return 1
        head = header(corpus, matches, corpus.echo(tree))
        if by:
            _show_groups(session, head, listed, by, style, limit)
        else:
            _show_utterances(session, corpus, head, listed, style, limit)
        note_behind(session, corpus)
    return 0


def _nothing(every: Sequence[Utterance], speaker: str | None) -> str:
    """Why nothing is listed, and who may be meant."""
    if not every:
        return "No quotes found in these articles."
    if speaker is None:
        return f"None of {len(every):,} utterances matches."
    from difflib import get_close_matches

    known = list(dict.fromkeys(one.speaker for one in every if one.speaker))
    near = get_close_matches(
        speaker, [*known, *(name.split()[-1] for name in known)], n=1, cutoff=0.7
    )
    hint = f"; did you mean {one_line(near[0])}?" if near else f"; quoted are {len(known):,} others"
    return f"Nobody of the name {one_line(speaker)} is quoted{hint}"


def _show_utterances(
    session: Session,
    corpus: Corpus,
    head: str,
    listed: Sequence[Utterance],
    style: Format | None,
    limit: int | None,
) -> None:
    terminal = Terminal.of(session)
    chosen = chosen_format(style, terminal)
    if chosen == "table":
        unnamed = sum(not one.speaker for one in listed)
        told = f"{head} · {len(listed):,} utterances, {unnamed:,} of nobody named"
        terminal.show(utterance_lines(told, listed, limit or LINES, terminal, corpus.zone))
    else:
        write(write_list(map(utterance_record, listed[:limit]), UTTERANCE_FIELDS, chosen))


def _show_groups(
    session: Session,
    head: str,
    listed: Sequence[Utterance],
    by: Literal["speaker", "outlet"],
    style: Format | None,
    limit: int | None,
) -> None:
    from index.study.quotes import count_outlets, count_speakers

    rows = count_outlets(listed) if by == "outlet" else count_speakers(listed)
    records = [group_record(row, by_outlet=by == "outlet") for row in rows]
    terminal = Terminal.of(session)
    chosen = chosen_format(style, terminal)
    if chosen != "table":
        write(write_list(records[:limit], GROUP_FIELDS, chosen))
        return
    columns = (
        Column(key="name", title=by, color="cyan", grows=True),
        Column(key="utterances", title="utterances", right=True),
        Column(key="articles", title="articles", right=True),
        Column(key="others", title="speakers" if by == "outlet" else "outlets", right=True),
        Column(key="unattributed", title="of nobody named", right=True),
    )
    shown = records[: limit or LINES]
    lines = list(table(shown, columns, width=terminal.width, colored=terminal.colored))
    more = f"{len(shown):,} of {len(records):,} shown; -n {len(records)} shows all"
    terminal.show([*terminal.head(head), *lines, *([more] if len(shown) < len(records) else [])])
