"""`pressclip tag`: a person's own marks and notes on articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from index.errors import UsageError
from index.store.tags import parse_tag
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.lock import hold
from search_cli.asking.articles import find_articles
from search_cli.asking.narrowing import Narrowing, open_desk
from search_cli.output.formats import emit, format_options
from search_cli.output.render import Column, Format
from search_cli.output.terminal import note
from search_cli.session import Session

if TYPE_CHECKING:
    from index.store import Store

_MINUS = "\x1f"  # stands for the minus of a tag while Click looks for options
_TAKEN_OFF = re.compile(r"-\w[^\s=]+")
COLUMNS = (
    Column(key="tag", title="tag", color="cyan"),
    Column(key="articles", title="articles", right=True),
)


class _MarksCommand(click.Command):
    """Leaves `-tag` alone: of what begins with one minus, only single letters are options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As Click does, with the minus of a tag hidden from it."""
        end = args.index("--") if "--" in args else len(args)
        hidden = [_MINUS + arg[1:] if _TAKEN_OFF.fullmatch(arg) else arg for arg in args[:end]]
        return super().parse_args(ctx, [*hidden, *args[end:]])


@click.command(cls=_MarksCommand)
@click.option(
    "--note", "remark", metavar="TEXT", help="Attach this note (an empty one removes it)."
)
@format_options
@click.argument("marks", metavar="+TAG|-TAG… QUERY|ID…", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def tag(session: Session, marks: tuple[str, ...], remark: str | None, style: Format | None) -> int:
    """Add tags to articles, remove them, or attach a note. Without arguments, list the tags.

    EXAMPLES
      pressclip tag +key @1 @3
      pressclip tag +cite -draft outlet:apnews.com date:2023-02-04
      pressclip tag --note 'the first to name the general' k7q2d
      pressclip search tag:key
      pressclip search is:noted -f ids | pressclip tag +checked -

    Tags come first. After them come ids, @N from the last list, addresses, or - for ids on standard
    input; anything else is a query, and every match is tagged. Tags survive a replay.
    """
    workspace = Workspace.find(session.directory)
    add, drop, names = _split([mark.replace(_MINUS, "-") for mark in marks])
    if not marks and remark is None:
        _list(session, workspace, style)
        return 0
    if not (add or drop) and remark is None:
        raise UsageError("no tag to add or remove", hint="as in: pressclip tag +key @1")
    if not names:
        raise UsageError("which articles?", hint="name ids, @N, or give a query")
    ids = _chosen(session, workspace, names)
    if not ids:
        note(session, "no articles match; nothing was changed")
        return 1
    _write(session, workspace, ids, add, drop, remark)
    return 0


def _split(marks: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """The tags to put on, those to take off, and the rest, from the first that is neither."""
    add: list[str] = []
    drop: list[str] = []
    for place, mark in enumerate(marks):
        if len(mark) < 2 or mark[0] not in "+-":
            return add, drop, list(marks[place:])
        (add if mark[0] == "+" else drop).append(parse_tag(mark[1:]))
    return add, drop, []


def _list(session: Session, workspace: Workspace, style: Format | None) -> None:
    from index.store import Store

    with Store.open(workspace.database) as store:
        rows: list[dict[str, Any]] = [
            {"tag": name, "articles": number} for name, number in store.tags.counts().items()
        ]
    if not rows:
        note(session, "No tag yet.\nnext: pressclip tag +key @1")
    emit(session, rows, style=style, fields=("tag", "articles"), columns=COLUMNS)


def _chosen(session: Session, workspace: Workspace, names: Sequence[str]) -> list[str]:
    """The ids that are named, or that match where the names are a query."""
    from index.store import Store

    with Store.open(workspace.database) as store:
        if all(_is_name(store, name) for name in names):
            return list(dict.fromkeys(find_articles(workspace, store, names)))
    _, corpus = open_desk(session, Narrowing())
    with corpus:
        return list(corpus.match(corpus.understand(" ".join(names))).ids())


def _is_name(store: Store, name: str) -> bool:
    return (
        name == "-"
        or name.startswith(("@", "http://", "https://"))
        or len(store.articles.find(name)) == 1
    )


def _write(
    session: Session,
    workspace: Workspace,
    ids: Sequence[str],
    add: Sequence[str],
    drop: Sequence[str],
    remark: str | None,
) -> None:
    from index.store import StoreWriter

    now = datetime.now(UTC)
    with (
        hold(workspace.data / "lock"),
        StoreWriter.open(workspace.database) as store,
        store.transaction(),
    ):
        put, taken = store.tags.change(ids, add=add, drop=drop, at=now)
        if remark is not None:
            store.tags.note(ids, remark.strip(), at=now)
    note(session, _summary(len(ids), add, drop, remark, changed=bool(put or taken)))


def _summary(
    articles: int, add: Sequence[str], drop: Sequence[str], remark: str | None, *, changed: bool
) -> str:
    """What was done, in a sentence; `changed` is whether a tag was put on or taken off at all.

    >>> _summary(1, ["key"], [], None, changed=True)
    'Tagged 1 article +key'
    >>> _summary(2, [], ["old"], "", changed=False)
    'Removed tag old from 2 articles (no change); deleted the note'
    """
    what = counted(articles, "article")
    parts = []
    if add:
        parts.append(f"tagged {what} {' '.join(f'+{tag}' for tag in add)}")
    if drop:
        tags = f"tag{'s' if len(drop) > 1 else ''} {', '.join(drop)}"
        parts.append(f"removed {tags} from {what}" if not add else f"removed {tags}")
    if parts and not changed:
        parts[-1] += " (no change)"
    if remark is not None:
        done = "saved the note" if remark.strip() else "deleted the note"
        parts.append(done if parts else f"{done} of {what}")
    told = "; ".join(parts)
    return told[:1].upper() + told[1:]
