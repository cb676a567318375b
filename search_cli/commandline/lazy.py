"""Groups of verbs imported when they are called, so that a search starts without a crawler."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from search_cli.commandline.completing import complete_names
from search_cli.commandline.options import add_global_options


@dataclass(frozen=True, slots=True)
class Verb:
    """Where a verb lies (`package.module:function`) and its one line in the listing."""

    target: str
    help: str


class LazyGroup(click.Group):
    """A group whose verbs are in a table (heading → name → `Verb`), imported only when called."""

    def __init__(
        self, *args: Any, sections: Mapping[str, Mapping[str, Verb]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.sections = sections

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the listing."""
        return [name for verbs in self.sections.values() for name in verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name, imported now."""
        for verbs in self.sections.values():
            if cmd_name in verbs:
                return load_verb(verbs[cmd_name].target)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As Click does, with the nearest verb in the message for an unknown one."""
        name = args[0]
        known = self.list_commands(ctx)
        if name in known or name.startswith("-"):
            return super().resolve_command(ctx, args)
        from index.workspace.toml_reader import did_you_mean

        nearest = did_you_mean(name, known)
        raise click.UsageError(
            f"no such command: {name}" + (f"; {nearest}" if nearest else ""), ctx
        )

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The verbs from the table: Click would import every one of them."""
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(name, help=verb.help)
            for verbs in self.sections.values()
            for name, verb in verbs.items()
            if name.startswith(incomplete)
        ]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As Click does; a group called alone prints its help and is not an error."""
        return super().parse_args(ctx, args or ["--help"])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs first, then the options."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One block for each section, from the table."""
        width = max(len(name) for name in self.list_commands(ctx))
        for heading, verbs in self.sections.items():
            with formatter.section(heading):
                formatter.write_dl(
                    [(f"{name:<{width}}", verb.help) for name, verb in verbs.items()]
                )


def load_verb(target: str) -> click.Command:
    """Import the command behind `package.module:function` and give it what every verb has."""
    command = load(target)
    if not isinstance(command, click.Command):
        raise TypeError(f"{target} is not a command")
    return dress(command)


def load(target: str) -> Any:
    """What is behind `package.module:name`, imported now: the terminal's way to the wire."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def dress(command: click.Command) -> click.Command:
    """Its examples first in the help, the global options after it too, its names completed."""
    command.help = examples_first(command.help or "")
    complete_names(command)
    add_global_options(command)
    return command


def examples_first(text: str) -> str:
    """The help with its EXAMPLES paragraph at the top, its lines kept as they are."""
    paragraphs = [part.removeprefix("\b\n") for part in inspect.cleandoc(text).split("\n\n")]
    examples = [f"\b\n{part}" for part in paragraphs if part.startswith("EXAMPLES\n")]
    return "\n\n".join([*examples, *(part for part in paragraphs if part[:9] != "EXAMPLES\n")])
