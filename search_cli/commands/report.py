"""`pressclip report`: one page on a story that can be sent to somebody who has no pressclip."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from index.files import write_atomic
from index.text.wording import counted
from search_cli.asking.narrowing import Narrowing, open_desk
from search_cli.output.formats import STDOUT, check_ending, refuse_own_file
from search_cli.output.moments import zone_name
from search_cli.output.terminal import note, write
from search_cli.output.typeset import environment
from search_cli.session import Session
from search_cli.view.listing import behind
from search_cli.view.report_data import Bar, Report, gather_report

_WIDTH, _HEIGHT = 920, 150  # of the chart, in pixels


@click.command()
@click.argument("story_id", metavar="STORY")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write to FILE, - for standard output [default: STORY.html].",
)
@click.option("--open", "show", is_flag=True, help="Open it in your browser.")
@click.pass_obj
def report(session: Session, story_id: str, output: Path | None, show: bool) -> int:
    """Write a page on a story: how much, when, by whom, who copied whom, what was changed.

    EXAMPLES
      pressclip report balloon
      pressclip report balloon -o public/balloon.html --open

    The page is a single file without scripts. It fetches nothing and links to the articles at their
    outlets. With the extra (pip install 'pressclip[pictures]') it has pictures, each with a
    description and its table; otherwise the tables alone. It quotes headlines but no texts, except
    for the edit shown before and after. Exit status 1 when the story has no article.
    """  # fmt: skip
    narrowing = Narrowing(story=(story_id,))
    workspace, corpus = open_desk(session, narrowing)
    if output is not None:
        refuse_own_file(workspace, output)
        check_ending(output, (".html", ".htm"), "a report is HTML")
    story = workspace.story(story_id)
    now = datetime.now(UTC)
    with corpus:
        found = gather_report(workspace, corpus, story, now, version("pressclip"))
        if told := behind(corpus):
            note(session, told)
        zone = zone_name(corpus.zone, now)
    if not found.articles:
        note(session, f"{story_id} has no article yet.\nnext: pressclip crawl {story_id}")
        return 1
    path = output or Path(f"{story_id}.html")
    page = render_report(found, zone)
    if path == STDOUT:
        write([f"{page}\n"])
        return 0
    write_atomic(path, page)
    note(session, f"wrote {path}: {counted(len(found.articles), 'article')}")
    if show:
        click.launch(path.resolve().as_uri())
    return 0


def render_report(found: Report, zone: str) -> str:
    """The page. What comes from outlets is escaped, and links lead to http and https only."""
    style = Path(__file__).parent.parent.joinpath("templates", "report.css").read_text("utf-8")
    return (
        environment()
        .get_template("report.html")
        .render(
            report=found,
            zone=zone,
            chart=_chart(found.bars),
            style=style,
            style_hash=f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}",
        )
    )


def _chart(bars: tuple[Bar, ...]) -> dict[str, Any]:
    """The bars in pixels."""
    most = max((bar.articles for bar in bars), default=0)
    step = _WIDTH / max(len(bars), 1)
    scale = (_HEIGHT - 2) / max(most, 1)
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "most": most,
        "gaps": any(bar.gap for bar in bars),
        "bars": [
            {
                "first": bar.first,
                "articles": bar.articles,
                "texts": bar.texts,
                "gap": bar.gap,
                "x": round(place * step, 1),
                "width": round(min(step * 0.85, 60), 1),
                "top": round(_HEIGHT - bar.articles * scale, 1),
                "height": round(bar.articles * scale, 1),
                "own_top": round(_HEIGHT - bar.texts * scale, 1),
                "own_height": round(bar.texts * scale, 1),
            }
            for place, bar in enumerate(bars)
        ],
    }
