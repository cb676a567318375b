"""`pressclip feed`: a story's newest articles as an Atom feed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from index.errors import UsageError
from index.files import write_atomic
from index.text.wording import counted
from search_cli.asking.narrowing import Narrowing, open_desk
from search_cli.output.formats import STDOUT, check_ending, refuse_own_file
from search_cli.output.terminal import note, write
from search_cli.output.typeset import weblink
from search_cli.session import Session
from search_cli.view.listing import behind

ENTRIES = 50


@click.command()
@click.argument("story_id", metavar="STORY")
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help="Write to FILE [default: standard output].",
)  # fmt: skip
@click.option(
    "-n",
    "most",
    metavar="N",
    type=click.IntRange(1, 1000),
    default=ENTRIES,
    help="Include at most N entries [default: 50].",
)
@click.option("--every", is_flag=True, help="Give every reprint an entry of its own.")
@click.option(
    "--link", default="", metavar="URL", help="Address at which you will publish the feed."
)
@click.pass_obj
def feed(
    session: Session, story_id: str, output: Path | None, most: int, every: bool, link: str
) -> int:
    """Write a story's newest articles as an Atom feed, for feed readers and other programs.

    EXAMPLES
      pressclip feed balloon -o public/balloon.xml
      pressclip feed balloon -n 20 --link https://desk.example/balloon.xml

    Newest means seen last. An entry has headline, outlet, lead and a link to the article, but no
    text. An edited article updates its entry. Exit status 1 when the story has no article.
    """
    if link and not weblink(link):
        raise UsageError(f"--link {link}: not a web address", hint="https://…/feed.xml")
    check_ending(output, (".xml", ".atom"), "a feed is Atom")
    from search_cli.output.atom import atom_feed

    workspace, corpus = open_desk(session, Narrowing(story=(story_id,)))
    output = None if output == STDOUT else output
    if output is not None:
        refuse_own_file(workspace, output)
    story = workspace.story(story_id)
    with corpus:
        hits = corpus.search(f"story:{story_id}", limit=most, sort="seen", fold=not every)
        articles = [hit.stored for hit in hits]
        if warning := behind(corpus):
            note(session, warning)
        if not articles:
            note(session, f"{story_id} has no article yet.\nnext: pressclip crawl {story_id}")
            return 1
        page = atom_feed(
            articles,
            title=story.title,
            key=f"pressclip:{corpus.store.identity()}:{story_id}",
            now=datetime.now(UTC),
            names=corpus.outlet_names(),
            link=link,
        )
    if output is None:
        write([page])
    else:
        write_atomic(output, page)
        note(session, f"wrote {output}: {counted(len(articles), 'article')}")
    return 0
