"""`pressclip help`: pages on what no single verb explains."""

from __future__ import annotations

from pathlib import Path

import click

from index.errors import UsageError
from index.text.wording import counted
from search_cli.commandline.topics import PAGES, TOPICS
from search_cli.output.terminal import Terminal, note
from search_cli.session import Session


@click.command(name="help")
@click.argument("topic", required=False)
@click.option(
    "--man", "folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False),
    help="Write manual pages into DIR/man1 and DIR/man7.",
)  # fmt: skip
@click.pass_context
def show_help(ctx: click.Context, topic: str | None, folder: Path | None) -> None:
    """Explain the query language, dates, fields, exit codes and files; or a command.

    EXAMPLES
      pressclip help query
      pressclip help search
      pressclip help --man ~/.local/share/man     then: man pressclip-search
    """
    session = ctx.obj if isinstance(ctx.obj, Session) else Session()
    terminal = Terminal.of(session)
    if folder is not None:
        from search_cli.commandline.manual import write_manual

        number = write_manual(ctx.find_root().command, folder)
        note(session, f"wrote {counted(number, 'page')} to {folder}\nnext: man pressclip")
    elif topic is None:
        width = max(map(len, TOPICS))
        terminal.show(f"pressclip help {name:<{width}}   {text}" for name, text in TOPICS.items())
    elif topic in TOPICS:
        terminal.show((PAGES / f"{topic}.txt").read_text("utf-8").splitlines())
    else:
        terminal.show(_help_of_verb(ctx, topic).splitlines())


def _help_of_verb(ctx: click.Context, name: str) -> str:
    """What `NAME --help` prints; raises `UsageError` for what is neither topic nor verb."""
    root = ctx.find_root()
    group = root.command
    verb = group.get_command(root, name) if isinstance(group, click.Group) else None
    if verb is None:
        from index.workspace.toml_reader import did_you_mean

        known = [*TOPICS, *(group.list_commands(root) if isinstance(group, click.Group) else ())]
        hint = did_you_mean(name, known) or f"topics: {', '.join(TOPICS)}"
        raise UsageError(f"no help on {name}", hint=hint)
    with click.Context(verb, info_name=name, parent=root) as inner:
        return verb.get_help(inner)
