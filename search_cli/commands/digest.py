"""`pressclip digest`: what is new of the stories since it was last told, to be read or mailed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from index.errors import UsageError
from index.files import write_atomic
from search_cli.asking.narrowing import Narrowing, open_desk
from search_cli.output.formats import STDOUT, check_ending, refuse_own_file
from search_cli.output.terminal import note, write
from search_cli.session import Session
from search_cli.view.listing import behind

Style = Literal["text", "md", "html", "mail"]
_ENDINGS: dict[Style, tuple[str, ...]] = {
    "text": (".txt",), "md": (".md",), "html": (".html", ".htm"), "mail": (".eml",),
}  # fmt: skip
ITEMS = 50


@click.command()
@click.argument("story_ids", metavar="[STORY…]", nargs=-1)
@click.option(
    "-f", "--format", "style", type=click.Choice(list(_ENDINGS)), default=None,
    help="Output format [default: by FILE's ending, else text]; mail is a whole message.",
)  # fmt: skip
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help="Write to FILE [default: standard output].",
)  # fmt: skip
@click.option(
    "--new", "name", default="", metavar="NAME", help="Remember what was shown under NAME."
)
@click.option("--peek", is_flag=True, help="Do not mark it as shown.")
@click.option(
    "-n", "most", metavar="N", type=click.IntRange(1), default=ITEMS,
    help="Include at most N texts and edits per story [default: 50].",
)  # fmt: skip
@click.option("--to", default="", metavar="ADDRESS", help="With -f mail: recipient.")
@click.option("--from", "sender", default="", metavar="ADDRESS", help="With -f mail: sender.")
@click.pass_obj
def digest(
    session: Session, /, story_ids: tuple[str, ...], style: Style | None, output: Path | None, name: str,
    peek: bool, most: int, to: str, sender: str,
) -> int:  # fmt: skip
    """Summarise what is new: texts with their outlets, leads and quotations, and edits.

    EXAMPLES
      pressclip digest                            all stories since the last one
      pressclip digest balloon --peek             look, and count nothing as told
      pressclip digest -f md -o today.md
      pressclip digest balloon -f mail --to desk@example.org | sendmail -t
      pressclip digest --new=evening              for another reader

    Each text appears once, with every outlet that printed it. Only what a digest shows is marked as
    shown; what -n leaves out comes in the next one. As with search --new, what you have seen is
    remembered for you alone. Exit status 1 when nothing is new; then nothing is written.
    """  # fmt: skip
    from search_cli.asking.novelty import Told
    from search_cli.output.digesting import as_html, as_mail, as_markdown, as_text
    from search_cli.view.digest_data import gather_story

    style = style or _style_of(output)
    if (to or sender) and style != "mail":
        raise UsageError("--to and --from work only with -f mail")
    if style == "mail" and any("\n" in address or "\r" in address for address in (to, sender)):
        raise UsageError("an address must be a single line")
    workspace, corpus = open_desk(session, Narrowing(story=story_ids))
    output = None if output == STDOUT else output
    if output is not None:
        refuse_own_file(workspace, output)
    now = datetime.now(UTC)
    stories = workspace.stories()
    chosen = [stories[one] for one in dict.fromkeys(story_ids or stories)]
    with corpus:
        told = {one.id: Told.read(workspace, f"digest\0{name}\0{one.id}") for one in chosen}
        found = [gather_story(corpus, one, told[one.id], most) for one in chosen]
        digests = [one for one in found if one.texts or one.edited]
        if warning := behind(corpus):
            note(session, warning)
        if not digests:
            note(session, "Nothing new.")
            return 1
        match style:
            case "md":
                page = as_markdown(digests)
            case "html":
                page = as_html(digests)
            case "mail":
                page = as_mail(digests, to=to, sender=sender, now=now.astimezone(corpus.zone))
            case _:
                page = as_text(digests)
    if output is None:
        write([page])
    else:
        write_atomic(output, page)
        note(
            session,
            f"wrote {output}: {'; '.join(f'{one.story}: {one.summary}' for one in digests)}",
        )
    if not peek:
        for one in digests:
            told[one.story].write(one.shown, now)
    return 0


def _style_of(output: Path | None) -> Style:
    """The format that the file's ending names; raises `UsageError` for an ending of none."""
    known = [ending for endings in _ENDINGS.values() for ending in endings]
    check_ending(output, known, "a digest is text, Markdown, HTML or mail")
    ending = output.suffix.lower() if output is not None else ""
    return next((style for style, endings in _ENDINGS.items() if ending in endings), "text")
