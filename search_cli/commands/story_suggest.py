"""`pressclip story suggest`: the words of a story in a language for which it has no query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.story import FOLDER
from search_cli.asking.languages import check_language
from search_cli.commandline.lazy import load
from search_cli.output.formats import emit, format_options
from search_cli.output.render import Column, Format
from search_cli.output.terminal import note
from search_cli.session import Session
from search_cli.state import remember
from search_cli.templates import literal

if TYPE_CHECKING:
    from index.relevance.near_abroad import Near
    from index.workspace.toml_editor import TomlText

COLUMNS = (
    Column(key="row", right=True),
    Column(key="id", title="id", color="cyan"),
    Column(key="likeness", title="likeness", right=True),
    Column(key="outlet", title="outlet", most=20),
    Column(key="title", title="title", grows=True),
)
FIELDS = ("id", "likeness", "outlet", "title", "url")
_FEWEST = 3  # articles that a query is proposed from
_MOST = 40


@click.command()
@click.argument("story_id", metavar="ID")
@click.argument("language", metavar="LANG")
@click.option(
    "-n",
    "number",
    metavar="N",
    type=click.IntRange(1),
    default=20,
    help="Show N headlines [default: 20].",
)
@click.option("--write", is_flag=True, help="Add the proposed query to the story file.")
@format_options
@click.pass_obj
def suggest(
    session: Session, story_id: str, language: str, number: int, write: bool, style: Format | None
) -> None:
    """Show the headlines of a language that are nearest to a story, and propose a query from them.

    EXAMPLES
      pressclip story suggest balloon zh
      pressclip story suggest balloon pl -n 40
      pressclip story suggest balloon zh --write       the query goes into [match]

    Nearest in meaning to the story's own headlines and then in words, of all that was read, off-story
    articles too; from .6 on they belong, as far as that tells. The query is made from those. Read it before
    you write it: it decides from then on, and likeness no more. Fifteen languages are known (ar de
    en es fr it ja ko nl pl pt ru th tr zh). It needs an extra: pip install 'pressclip[semantic]'.
    """
    from index.meaning.encoder import EXTRA, LANGUAGES, is_installed, load_encoder
    from index.relevance.near_abroad import find_near
    from index.store import Store

    workspace = Workspace.find(session.directory)
    story = workspace.story(story_id)
    check_language(language)
    if language not in LANGUAGES:
        known = " ".join(sorted(LANGUAGES))
        raise UsageError(
            f"{language}: the encoder does not know this language", hint=f"one of: {known}"
        )
    if not is_installed():
        raise UsageError("story suggest needs the sentence encoder", hint=EXTRA)
    if write and language in story.match:
        raise UsageError(
            f"{story_id} has a query for {language}; nothing was changed",
            hint=f"pressclip story edit {story_id}",
        )
    with Store.open(workspace.database) as store:
        near = find_near(store, story, language, load_encoder())
    if not near:
        note(
            session,
            f"Nothing to compare: no article in {language}, or no headline of {story_id} yet.",
        )
        return
    remember(workspace, [one.id for one in near[:number]])
    rows = [_row(place, one) for place, one in enumerate(near[:number], start=1)]
    emit(session, rows, style=style, fields=FIELDS, columns=COLUMNS)
    query = _proposed(language, near)
    if not query:
        note(
            session,
            f"Too few of {counted(len(near), 'article')} are similar enough to propose a query.",
        )
        note(session, f"to decide on one: pressclip review {story_id} --on ID, or --off ID")
        return
    note(session, f"proposed: {language} = {literal(query)}")
    if write:
        _write(workspace, story_id, language, query)
        note(session, f"Written to {FOLDER}/{story_id}.toml")
        note(session, f"next: pressclip story check {story_id}")
    else:
        note(session, "to use it: run the same with --write, or copy the line into [match]")


def _row(place: int, one: Near) -> dict[str, Any]:
    return {
        "row": place,
        "id": one.id,
        "likeness": round(one.value, 2),
        "outlet": one.article.outlet,
        "title": one.article.title,
        "url": one.article.url,
    }


def _proposed(language: str, near: Sequence[Near]) -> str:
    """The query that the articles which belong have in common; empty if they are too few."""
    from index.relevance.by_meaning import SURE, WORDLESS
    from index.relevance.suggest import propose_query

    least = (
        SURE if near[0].value >= SURE else SURE * WORDLESS
    )  # too few others to know the words by
    own = [one.article for one in near if one.value >= least and not one.refused][:_MOST]
    if len(own) < _FEWEST:
        return ""
    others = [one.article for one in near if one.value < least or one.refused]
    usual = load("crawler.pages.clippings:usual_words")(language)
    found = propose_query(language, own, others, usual)
    return "" if found.to_complete else found.query


def _write(workspace: Workspace, story_id: str, language: str, query: str) -> None:
    from index.workspace.toml_editor import edit_toml

    def change(text: TomlText) -> None:
        """Right below the header: what is below the last key are comments on other tables."""
        places = text.places("match")
        if not places:
            text.add("[match]", {language: query})
            return
        head, _, rest = text.tables[places[0]].partition("[match]")
        end = rest.find("\n") + 1 or len(rest)
        line = f"{language} = {literal(query)}\n"
        text.tables[places[0]] = f"{head}[match]{rest[:end]}{line}{rest[end:]}"

    edit_toml(workspace.story_file(story_id), change, name=f"{FOLDER}/{story_id}.toml")
