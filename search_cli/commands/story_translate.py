"""`pressclip story translate`: a story's queries in the languages that it has none for, as proposals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.story import ANY, FOLDER, Story
from search_cli.asking.languages import check_language
from search_cli.commandline.lazy import load
from search_cli.output.formats import emit, format_options
from search_cli.output.render import Column, Format
from search_cli.output.terminal import note
from search_cli.session import Session
from search_cli.templates import literal

if TYPE_CHECKING:
    from crawler.pages.interlanguage import Interlanguage
    from index.query import Node
    from index.workspace.toml_editor import TomlText

COLUMNS = (
    Column(key="language", title="language", color="cyan"),
    Column(key="query", title="query", grows=True),
)
FIELDS = ("language", "query")


@click.command()
@click.argument("story_id", metavar="ID")
@click.argument("languages", metavar="[LANG…]", nargs=-1)
@click.option("--from", "source", metavar="LANG", default="", help="The query to carry over.")
@click.option("--write", is_flag=True, help="Put the proposals into the story's file, as comments.")
@format_options
@click.pass_obj
def translate(
    session: Session,
    story_id: str,
    languages: tuple[str, ...],
    source: str,
    write: bool,
    style: Format | None,
) -> int:
    """Propose a story's query in other languages, by what Wikipedia calls its words there.

    EXAMPLES
      pressclip story translate balloon              the languages of your outlets
      pressclip story translate balloon zh ru
      pressclip story translate balloon zh --write   as comments below [match]

    Each word of the query is looked for as the title of an article, and put as the articles linked with it in
    other languages are called; countries need no look-up. Of alternatives those without an article
    are left out. Wikipedia is asked once for a word, in a request or two, at the pace of a crawl;
    what it answers is kept. Read what is proposed: a word of two meanings may have got the other
    one. Exit status 1 when nothing could be carried over, 3 when Wikipedia gave no answer.
    """
    from index.query import parse
    from index.relevance.suggest.carry import carry_tree, words_of

    workspace = Workspace.find(session.directory)
    story = workspace.story(story_id)
    for code in (*languages, *filter(None, [source])):
        check_language(code)
    own = _source(story, source)
    wanted = _wanted(workspace, story, languages)
    tree = parse(story.match[own])
    found: Interlanguage = load("crawler.pages.interlanguage:read_interlanguage")(
        workspace, words_of(tree), own, wanted
    )
    carried = {
        language: query
        for language in wanted
        if (query := carry_tree(tree, found.titles, own, language)) is not None
    }
    rows = [{"language": language, "query": str(query)} for language, query in carried.items()]
    if rows:
        emit(session, rows, style=style, fields=FIELDS, columns=COLUMNS)
    for line in _told(found, own, wanted, carried):
        note(session, line)
    if rows and write:
        _write(workspace, story, own, carried)
        note(session, f"Written to {FOLDER}/{story_id}.toml, as comments")
        note(session, "remove the # before each one you accept")
        note(session, f"next: pressclip story edit {story_id}")
    elif rows:
        note(session, "to save them in the story file: run the same with --write")
    if found.refusal:
        return 3
    return 0 if rows else 1


def _source(story: Story, named: str) -> str:
    """The language whose query is carried over: the one named, else English, or else the first."""
    known = [language for language in story.match if language != ANY]
    if named and named not in known:
        raise UsageError(f"{story.id} has no query for {named}")
    if not known:
        raise UsageError(
            f"{story.id} has no query for a language", hint=f"pressclip story edit {story.id}"
        )
    return named or ("en" if "en" in known else known[0])


def _wanted(workspace: Workspace, story: Story, named: Sequence[str]) -> list[str]:
    """The languages to carry a query into: those named, or else those of the story's outlets without one."""
    if named:
        taken = [language for language in named if language in story.match]
        if taken:
            raise UsageError(f"{story.id} has a query for {', '.join(taken)}")
        return list(dict.fromkeys(named))
    outlets = story.outlets_of(workspace.outlets())
    spoken = Counter(language for outlet in outlets for language in outlet.lang)
    spoken.update(story.languages)
    found = [language for language, _ in spoken.most_common() if language not in story.match]
    if not found:
        raise UsageError(
            "no language to carry the query into: the outlets name none without a query",
            hint=f"name some: pressclip story translate {story.id} zh ru",
        )
    return found


def _told(
    found: Interlanguage, source: str, wanted: Sequence[str], carried: dict[str, Node]
) -> Iterator[str]:
    """What could not be carried over, and why."""
    if found.refusal:
        missing = counted(len(found.missing), "word")
        yield f"Wikipedia gave no answer ({found.refusal}); {missing} left out. Try again later."
    from index.query import Word
    from index.relevance.suggest.carry import carry_tree

    unknown = [
        word
        for word in found.titles
        if not any(carry_tree(Word(word), found.titles, source, one) for one in wanted)
    ]
    if unknown:
        yield f"no article with a sister there is called: {', '.join(unknown)}"
    if left := [language for language in wanted if language not in carried]:
        yield f"nothing to carry over into: {', '.join(left)}"


def _write(workspace: Workspace, story: Story, source: str, carried: dict[str, Node]) -> None:
    from index.workspace.toml_editor import edit_toml

    lines = "".join(
        f"# {language} = {literal(str(query))}   carried over from {source}\n"
        for language, query in carried.items()
    )

    def change(text: TomlText) -> None:
        place = text.places("match")[0]
        head, _, rest = text.tables[place].partition("[match]")
        end = rest.find("\n") + 1 or len(rest)
        text.tables[place] = f"{head}[match]{rest[:end]}{lines}{rest[end:]}"

    edit_toml(workspace.story_file(story.id), change, name=f"{FOLDER}/{story.id}.toml")
