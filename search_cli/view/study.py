"""What the commands that study words share: the language, the articles, the header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.text.wording import counted
from search_cli.output.formats import chosen_format, write_list
from search_cli.output.render import Format
from search_cli.output.terminal import Terminal, note, write
from search_cli.view.listing import behind, explain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.corpus import Corpus
    from index.query import Node
    from index.study.sample import Sample
    from search_cli.asking.narrowing import Narrowing
    from search_cli.session import Session


def language_asked(narrowing: Narrowing, *, mixed: bool) -> str | None:
    """The language to study: the one asked for, "" for any, None for the most frequent one."""
    languages = [part for value in narrowing.lang for part in value.split(",") if part.strip()]
    if mixed or len(languages) > 1:
        return ""
    return languages[0].strip().lower() if languages else None


def sample_told(sample: Sample, *, every: bool) -> str:
    """`310 texts, reprints once`, or how many articles; and that they are a sample."""
    told = (
        counted(sample.articles, "article")
        if every
        else f"{counted(sample.texts, 'text')}, reprints once"
    )
    return f"{told}, a sample of {len(sample.ids):,} of them" if sample.is_cut else told


def language_told(sample: Sample) -> str:
    """The language of what was read, and how much was left out for being in another."""
    if not sample.language:
        return "all languages"
    left = sample.other_languages
    return f"{sample.language} ({left:,} in other languages left out)" if left else sample.language


def nothing_against(rest: str, language: str) -> str:
    """That the other side has no article in the language, or none at all."""
    return f"Nothing to compare with: {rest} has no article{f' in {language}' if language else ''}."


def show_no_match(
    session: Session,
    corpus: Corpus,
    tree: Node,
    fields: Sequence[str],
    style: Format | None,
) -> int:
    """Print an empty list as data, or why nothing was found; returns the exit status."""
    show_empty(session, fields, style)
    for line in explain(corpus.explain_nothing(tree)):
        note(session, line)
    return 1


def show_empty(session: Session, fields: Sequence[str], style: Format | None) -> None:
    """An empty list for a program that reads one."""
    chosen = chosen_format(style, Terminal.of(session))
    if chosen in ("json", "csv"):
        write(write_list([], fields, chosen))


def note_behind(session: Session, corpus: Corpus) -> None:
    """Tell where the index is behind the store."""
    if told := behind(corpus):
        note(session, told)
