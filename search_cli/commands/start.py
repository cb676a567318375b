"""`pressclip start`: from a clipping or a few words to a first collection, by the verbs themselves."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from index.errors import NoAnswer, PressclipError, UsageError, WorkspaceNotFound
from index.files import write_atomic
from index.text.wording import counted
from index.workspace import FILE_NAME, Workspace, parse_contact
from index.workspace.codes import LANGUAGES
from index.workspace.starter import Entry
from index.workspace.story import ANY, Story, is_story_id
from search_cli.asking.languages import check_language
from search_cli.commandline.apart import run_apart
from search_cli.commandline.failures import message
from search_cli.commands.start_proposals import (
    WAYS,
    home_of,
    kind_of,
    propose_id,
    propose_outlets,
    propose_way,
    read_choice,
)
from search_cli.output.questions import confirm, prompt, prompt_text
from search_cli.output.terminal import note
from search_cli.session import Session

CLIPPINGS = "clippings"  # the folder that keeps pasted texts
OFFERED, TAKEN = 10, 3  # outlets that are offered, and taken without a choice
CRAWL_LIMITS = ("--budget", "10")
BACKFILL_LIMITS = ("--limit", "200", "--budget", "15")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the options answer already; empty for what is to be asked."""

    source: str = ""
    words: str = ""
    story: str = ""
    title: str = ""
    window: str = ""
    languages: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    collect: str = ""
    contact: str = ""


@dataclass(slots=True, kw_only=True)
class _Desk:
    """The way through the questions: the session, the options, and the folder of the workspace."""

    session: Session
    given: Given
    folder: Path

    @property
    def workspace(self) -> Workspace:
        """The workspace as its files are now."""
        return Workspace.load(self.folder)

    def say(self, text: str) -> None:
        """Tell the person."""
        note(self.session, text)

    def run(self, *arguments: str | Path, fetches: bool = False) -> int:
        """Print a command, as it is typed in the desk's folder, and do what it does; its exit code.

        One that fetches runs in a process of its own and prints its own errors; another raises them.
        """
        typed = [
            os.path.relpath(one, self.folder) if isinstance(one, Path) else one for one in arguments
        ]
        self.say(f"\n$ pressclip {shlex.join(typed)}")
        options = [*_global_arguments(self.session), *map(str, arguments)]
        if fetches:
            return run_apart(self.folder, options)
        return _call(["-C", str(self.folder), *options])


def _call(arguments: Sequence[str]) -> int:
    """A verb in this process, by the command line's own way; its exit code. Raises what it raises."""
    root = click.get_current_context().find_root().command
    done = root.main([*arguments], prog_name="pressclip", standalone_mode=False)
    return done if isinstance(done, int) else 0


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option("--from", "source", metavar="FILE|URL", default="", help="Article to start from.")
@click.option("--words", metavar="QUERY", default="", help="Words to start from, as in a search.")
@click.option("--id", "story", metavar="ID", default="", help="Short name of the story.")
@click.option("--title", default="", help="Title for lists and reports.")
@click.option("--window", metavar="DAY..DAY", default="", help="Days of publication, FROM..TO.")
@click.option(
    "--lang",
    "languages",
    metavar="CODE",
    multiple=True,
    help="Language to look in, the story's own first (repeatable).",
)
@click.option(
    "--outlet",
    "outlets",
    metavar="ID|URL",
    multiple=True,
    help='Outlet to add (repeatable); "none" adds none.',
)
@click.option("--collect", type=click.Choice(WAYS), default=None, help="How to collect first.")
@click.option("--contact", metavar="ADDRESS", default="", help="Contact for the User-Agent header.")
@click.pass_obj
def start(session: Session, /, folder: Path, collect: str | None, **options: Any) -> int:
    """Set up a story step by step: what it is, where to look, a first crawl or backfill.

    EXAMPLES
      pressclip start                         in this folder; asks for everything
      pressclip start desk --from clipping.txt
      pressclip start desk --words '"spy balloon"' --lang en --no-input

    Asks for an article (file, URL or pasted text) or a few words, proposes the rest, and prints each
    command that it runs, so that you can run it yourself the next time. Ctrl-C at any question
    keeps what is done; `pressclip start` in the same folder goes on from there, and with --from or
    --words it adds a story. With --no-input it takes what is proposed; only what the story is about
    must be given. The first crawl stops after
    10 minutes, the first backfill after 200 pages or 15 minutes.
    """
    given = Given(**options, collect=collect or "")
    if given.source and given.words:
        raise UsageError("--from and --words cannot be used together")
    for code in given.languages:
        check_language(code)
    root = _root(session, folder)
    desk = _Desk(session=session, given=given, folder=root)
    try:
        _make_workspace(desk)
        story = _make_story(desk)
        _take_outlets(desk, story)
        status = _collect(desk, desk.workspace.story(story.id))
    except (KeyboardInterrupt, click.Abort):
        desk.say(f"\nWhat was done so far is kept. To go on: {_again(root)}")
        raise
    _farewell(desk, story.id)
    return status


def _root(session: Session, folder: Path) -> Path:
    """The folder named, or else the workspace around this one, else this one."""
    if session.directory is None and folder == Path():
        try:
            return Workspace.find(None).root
        except WorkspaceNotFound:
            pass
    return ((session.directory or Path()) / folder).expanduser().absolute()


def _again(root: Path) -> str:
    return "pressclip start" + ("" if root == Path.cwd() else f" {shlex.quote(str(_near(root)))}")


def _near(root: Path) -> Path:
    return root.relative_to(Path.cwd()) if root.is_relative_to(Path.cwd()) else root


def _make_workspace(desk: _Desk) -> None:
    """`init`, where the folder is not a workspace yet."""
    if (desk.folder / FILE_NAME).is_file():
        desk.say(f"Going on in {desk.folder}")
        return
    if not (desk.given.source or desk.given.words or desk.session.ask):
        raise UsageError(
            "nothing says what the story is about",
            hint="with --no-input give --from FILE|URL, or --words QUERY",
        )
    desk.say(f"A new desk in {desk.folder}. Press Enter to accept the value in [brackets].")
    contact = desk.given.contact or _ask_contact(desk)
    where = _near(desk.folder)
    arguments = ["init", *([] if where == Path() else [str(where)])]
    desk.say(f"\n$ pressclip {shlex.join([*arguments, *_option('--contact', contact)])}")
    _call(["init", str(desk.folder), "-q", *_option("--contact", contact)])
    desk.say("Created workspace.toml, outlets.toml and stories/")
    if where != Path():
        desk.say(f"$ cd {shlex.quote(str(where))}")


def _ask_contact(desk: _Desk) -> str:
    text = "Your e-mail or web address, so that websites can write to you (optional)"
    while answer := _ask(desk, text, "", option="--contact"):
        try:
            return parse_contact(answer)
        except ValueError as error:
            desk.say(f'"{answer}" {error}')
    return ""


def _make_story(desk: _Desk) -> Story:
    """The desk's newest story, or else a new one; asked again for as long as it cannot be made."""
    stories = desk.workspace.stories()
    if desk.given.story in stories:
        return stories[desk.given.story]
    if stories and not (desk.given.source or desk.given.words):
        newest = max(desk.workspace.story_files(), key=lambda path: path.stat().st_mtime).stem
        found = stories[newest]
        desk.say(f"Story: {found.id}   {found.title}")
        return found
    while True:
        try:
            return _new_story(desk)
        except NoAnswer:
            raise
        except PressclipError as error:
            if not desk.session.ask or desk.given.source or desk.given.words:
                raise
            desk.say("\n".join(message(error)))


def _new_story(desk: _Desk) -> Story:
    """`story new` by what the person answers. Raises what that raises."""
    subject = desk.given.source or desk.given.words or _ask_subject(desk)
    source: str | Path = subject
    kind = "words" if desk.given.words else kind_of(subject)
    if kind == "file" and not Path(subject).expanduser().is_file():
        raise UsageError(f"{subject}: no such file", hint="give a file, a URL, a text or words")
    story_id = desk.given.story or _ask_id(desk, propose_id(subject))
    if not is_story_id(story_id):
        raise UsageError(f"{story_id}: not a story id", hint="use a-z, 0-9, - and _, up to 64")
    more = [*_option("--title", desk.given.title), *_option("--window", desk.given.window)]
    if kind == "words":
        more = _details(desk, subject)
        language = (desk.given.languages or (_ask_language(desk),))[0]
        desk.run("story", "new", story_id, *more, "--match", language, subject)
    else:
        if kind == "text":
            place = desk.folder / CLIPPINGS / f"{story_id}.txt"
            place.parent.mkdir(exist_ok=True)
            write_atomic(place, f"{subject}\n")
            desk.say(f"Your text is kept in {CLIPPINGS}/{place.name}")
            source = place
        elif kind == "file":
            source = Path(subject).expanduser().absolute()
        more += ["--lang", desk.given.languages[0]] if desk.given.languages else []
        code = desk.run("story", "new", story_id, "--from", source, *more, fetches=kind == "url")
        if code:
            raise PressclipError(
                "no story could be made of that", hint="save the page, or paste the article's text"
            )
    if not desk.workspace.story_file(story_id).is_file():
        raise PressclipError("no story was written", hint="answer y, or start from something else")
    return desk.workspace.story(story_id)


def _ask_subject(desk: _Desk) -> str:
    if not desk.session.ask:
        raise UsageError(
            "nothing says what the story is about", hint="give --from FILE|URL, or --words QUERY"
        )
    desk.say(
        "\nWhat is the story? Give an article (a file, a URL, or paste its text)\nor a few words"
        ' to search for, such as "spy balloon".'
    )
    while not (answer := prompt_text("Story", option="--from FILE|URL or --words QUERY")):
        pass
    return answer


def _ask_id(desk: _Desk, proposed: str) -> str:
    taken = {path.stem for path in desk.workspace.story_files()}
    name, number = proposed, 2
    while name in taken:
        name, number = f"{proposed}-{number}", number + 1
    return _ask(desk, "Short name for it", name, option="--id")


def _details(desk: _Desk, words: str) -> list[str]:
    """Title and window of a story that is made of words."""
    plain = words.replace('"', "").strip()
    title = desk.given.title or _ask(desk, "Title", plain[:1].upper() + plain[1:], option="--title")
    window = desk.given.window or _ask(
        desk, "Days of publication, as 2023-01-28..2023-03-31 (optional)", "", option="--window"
    )
    return [*_option("--title", title), *_option("--window", window)]


def _ask_language(desk: _Desk) -> str:
    spoken = os.environ.get("LANG", "")[:2]
    proposed = spoken if spoken in LANGUAGES else "en"
    code = _ask(desk, "Language of these words (two letters)", proposed, option="--lang").lower()
    check_language(code)
    return code


def _take_outlets(desk: _Desk, story: Story) -> None:
    """`outlet add` for each one chosen; those that fail are named and left out."""
    outlets = desk.workspace.outlets()
    chosen = [name for name in desk.given.outlets if name != "none"]
    if not desk.given.outlets:
        if len(outlets):
            desk.say(f"{counted(len(outlets), 'outlet')} in outlets.toml")
        else:
            chosen = _choose_outlets(desk, story)
    failed = [
        name for name in chosen if desk.run("outlet", "add", name, "--no-input", fetches=True)
    ]
    if failed:
        desk.say(
            f"\nNot added: {', '.join(failed)}. You can try again with: pressclip outlet add ID"
        )


def _choose_outlets(desk: _Desk, story: Story) -> list[str]:
    languages = (
        list(desk.given.languages) or [code for code in story.match if code != ANY] or ["en"]
    )
    homes = [home_of(code) for code in languages]
    known = desk.workspace.outlets().by_id
    offered = propose_outlets(languages, homes, known, OFFERED)
    if not desk.session.ask:
        return [one.id for one in offered[:TAKEN]]
    desk.say(f"\nWhere should pressclip look? Outlets in {', '.join(languages)}:")
    while True:
        for line in _offer(offered):
            desk.say(line)
        proposed = " ".join(str(place + 1) for place in range(min(TAKEN, len(offered))))
        answer = _ask(
            desk, "Numbers, addresses, all or none; or a country or language to list",
            proposed or "none", option="--outlet",
        )  # fmt: skip
        chosen, more = read_choice(answer, offered)
        if chosen or not more:
            if not chosen and answer.lower() not in ("none", "no", "n"):
                desk.say(f"Nothing in the directory matches: {answer}")
                continue
            return chosen
        offered = more


def _offer(offered: Sequence[Entry]) -> list[str]:
    width = max((len(one.id) for one in offered), default=0)
    return [
        f"  {place:>3}  {one.id:<{width}}  {one.name} ({one.country}, {one.kind})"
        for place, one in enumerate(offered, start=1)
    ]


def _collect(desk: _Desk, story: Story) -> int:
    """`crawl`, `backfill` or both, as a person chooses; the worse exit code."""
    has_outlets = bool(len(desk.workspace.outlets()))
    today = datetime.now(UTC).date()
    way: str = desk.given.collect or propose_way(story.window, outlets=has_outlets, today=today)
    if not desk.given.collect:
        desk.say(
            "\nCollect now? crawl: what the outlets list today. backfill: what is already past,"
            "\nfrom public archives. both, or nothing."
        )
        way = ""
        while way not in WAYS:
            proposed = propose_way(story.window, outlets=has_outlets, today=today)
            way = _ask(desk, "Collect by", proposed, option="--collect").lower()
    codes = []
    if way in ("crawl", "both") and has_outlets:
        codes.append(desk.run("crawl", story.id, *CRAWL_LIMITS, fetches=True))
    elif way in ("crawl", "both"):
        desk.say("There is no outlet to crawl yet: pressclip outlet add URL")
    if way in ("backfill", "both"):
        more = ["--add-outlets"] if _wants_outlets(desk) else []
        codes.append(desk.run("backfill", story.id, *BACKFILL_LIMITS, *more, fetches=True))
    return max(codes, default=0)


def _wants_outlets(desk: _Desk) -> bool:
    """Whether to take the outlets in that a backfill finds; it looks at each, which takes minutes."""
    if not desk.session.ask or "none" in desk.given.outlets or desk.given.collect:
        return False
    return confirm(
        "Also add the outlets that turn out to have most of it?",
        option="--collect",
        default=not len(desk.workspace.outlets()),
    )


def _farewell(desk: _Desk, story: str) -> None:
    if desk.workspace.database.exists():
        desk.run("status", story)
    where = _near(desk.folder)
    desk.say("\nWhat to look at now:")
    if where != Path():
        desk.say(f"  cd {shlex.quote(str(where))}")
    shown = (
        (f"pressclip search story:{story}", "what was found"),
        (f"pressclip review {story}", "decide on borderline articles"),
        (f"pressclip timeline story:{story}", "articles by day"),
        (f"pressclip report {story} --open", "the story on one page"),
        (f"pressclip story edit {story}", "change queries and window"),
        (f"pressclip story translate {story}", "its query in other languages"),
        ("pressclip schedule install", "crawl every hour from now on"),
    )
    width = max(len(command) for command, _ in shown)
    for command, what in shown:
        desk.say(f"  {command:<{width}}  {what}")


def _ask(desk: _Desk, text: str, default: str, *, option: str) -> str:
    """The answer of a person; with --no-input the default."""
    return prompt(text, option=option, default=default) if desk.session.ask else default


def _option(name: str, value: str) -> list[str]:
    return [name, value] if value else []


def _global_arguments(session: Session) -> list[str]:
    """The global options as they were given, but for the folder."""
    flags = {
        "-q": session.quiet,
        "-v": session.verbose,
        "--no-input": not session.ask,
        "--no-pager": True,
    }
    chosen = [flag for flag, wanted in flags.items() if wanted]
    return [*chosen, "--color", session.color, *_option("--tz", session.zone)]
