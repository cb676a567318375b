"""`pressclip completion`: the script that lets a shell complete commands, fields and names."""

from __future__ import annotations

import click

from search_cli.commandline.completing import VARIABLE
from search_cli.commandline.shells import SHELLS
from search_cli.output.terminal import write


@click.command()
@click.argument("shell", type=click.Choice(tuple(SHELLS)))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script by which a shell completes commands, options and your own names.

    EXAMPLES
      pressclip completion bash >> ~/.bashrc
      pressclip completion zsh >> ~/.zshrc
      pressclip completion fish > ~/.config/fish/completions/pressclip.fish

    Stories, outlets, collections, languages, tags, saved queries and the fields of a query are
    completed from the desk that a command would use, also inside quotes. bash must be 4.4 or
    newer.
    """
    script = SHELLS[shell](ctx.find_root().command, {}, "pressclip", VARIABLE)
    write([script.source_template % script.source_vars()])
