"""The options that mean the same for every verb, before it or after it, and those that several share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from search_cli.commandline.logs import set_logging
from search_cli.session import Session

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
SESSION_KEY = "pressclip.session"  # in the context's `meta`, which all contexts of a call share


def add_global_options(command: click.Command, *, hidden: bool = True) -> None:
    """Let a command take the global options; those whose letters it uses itself stay its own."""
    taken = {letter for param in command.params for letter in param.opts}
    for option in _global_options(hidden):
        if not taken.intersection(option.opts):
            command.params.append(option)


def current_session(contexts: Sequence[click.Context]) -> Session:
    """The session as it is at the end of a call; the default one where none was made."""
    sessions = (ctx.meta.get(SESSION_KEY) for ctx in contexts)
    return next((found for found in sessions if isinstance(found, Session)), Session())


def _global_options(hidden: bool) -> list[click.Option]:
    return [
        _option("-C", "directory", "The desk's folder.", hidden, metavar="DIR", type=_FOLDER),
        _option("-q", "quiet", "Say nothing but errors.", hidden, is_flag=True),
        _option("-v", "verbose", "Say more; show where an error arose.", hidden, is_flag=True),
        _option("--color", "color", "When to colour.", hidden, type=_WHEN),
        _option("--no-input", "ask", "Never ask; take what is proposed.", hidden, flag_value=False),
        _option("--no-pager", "pager", "Never page long output.", hidden, flag_value=False),
        _option("--tz", "zone", "Time zone of days and times shown.", hidden, metavar="ZONE"),
    ]


_FOLDER = click.Path(path_type=Path)
_WHEN = click.Choice(["auto", "always", "never"])


def _option(flag: str, name: str, text: str, hidden: bool, **settings: Any) -> click.Option:
    if "flag_value" in settings:
        settings = {"is_flag": True, "default": None, **settings}
    return click.Option(
        [flag, name], help=text, hidden=hidden, expose_value=False, callback=_set, **settings
    )


def _set(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Put a given option into the session of the context."""
    session = ctx.obj if isinstance(ctx.obj, Session) else Session()
    if (
        param.name
        and ctx.get_parameter_source(param.name) is click.core.ParameterSource.COMMANDLINE
    ):
        session = replace(session, **{param.name: _checked(param, value)})
        set_logging(session)
    if session.quiet and session.verbose:
        raise click.UsageError("-q and -v cannot be used together", ctx)
    ctx.obj = ctx.meta[SESSION_KEY] = session


def _checked(param: click.Parameter, value: Any) -> Any:
    if param.name != "zone":
        return value
    from index.workspace.outlets import parse_zone

    try:
        return parse_zone(value)
    except ValueError as error:
        raise click.UsageError(f'--tz: "{value}" {error}') from error


def queue_option(function: Decorated) -> Decorated:
    """The option `--queue URL`: the database of a cluster; None where `$PRESSCLIP_QUEUE` is to say it."""
    return click.option(
        "--queue", metavar="URL", help="PostgreSQL of the cluster [default: $PRESSCLIP_QUEUE]."
    )(function)


def jobs_option(work: str = "") -> Callable[[Decorated], Decorated]:
    """The option `-j N`, as `jobs`: None for one worker process per core. `work` says what they do."""
    told = f"Worker processes {work}".strip()
    return click.option(
        "-j", "--jobs", metavar="N", type=click.IntRange(1, 256),
        help=f"{told} [default: one per core].",
    )  # fmt: skip
