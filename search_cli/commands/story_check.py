"""`pressclip story check`: are the files right, and what do the queries find?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from index.article import Decision
from index.errors import IndexUnusable, StoreError, UsageError
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.outlets import Outlets
from index.workspace.story import ANY, FOLDER, Story
from search_cli.commands.story_edit import effect_lines, title_lines
from search_cli.output.formats import emit, format_options
from search_cli.output.render import Column, Format, one_line
from search_cli.output.terminal import note
from search_cli.session import Session

if TYPE_CHECKING:
    from index.corpus import Corpus

COLUMNS = (
    Column(key="story", title="story", color="cyan"),
    Column(key="language", title="language"),
    Column(key="matches", title="matches", right=True),
    Column(key="articles", title="of articles", right=True),
    Column(key="query", title="query", grows=True),
)
FIELDS = tuple(column.key for column in COLUMNS)
ALL = "all"
DECISIONS: tuple[Decision, ...] = (
    "on-story",
    "borderline",
    "mention",
    "outside-window",
    "off-story",
)
_REASONS = 3


@click.command()
@click.argument("story_id", metavar="[ID]", required=False)
@click.option(
    "-n",
    "number",
    metavar="N",
    type=click.IntRange(0),
    default=5,
    help="Show N articles on each side of the threshold [default: 5].",
)
@format_options
@click.pass_obj
def check(session: Session, story_id: str | None, number: int, style: Format | None) -> None:
    """Check the files of the desk, and try each query on the corpus, if there is one.

    EXAMPLES
      pressclip story check
      pressclip story check balloon
      pressclip story check balloon -n 20

    All faults of all files are listed at once. A row tells how many articles of the corpus in a
    language match the query for it; the row `all` is the whole story with its `not`. Beside it stand
    what the next crawl would put into the corpus and take out of it because the file was changed, and
    the articles nearest the threshold, on both sides of it. Below them everything that was read is
    counted by language, off-story articles too, with the best of these and what keeps them out: a
    part of the query that is missing, `not`, the length. Nothing is fetched, nothing is written.
    """
    workspace = Workspace.find(session.directory)
    chosen = [workspace.story(story_id)] if story_id else list(workspace.stories().values())
    if not chosen:
        raise UsageError("no story to check", hint="make one: pressclip story new ID")
    outlets = workspace.outlets()
    for story in chosen:
        readers = story.outlets_of(outlets)
        window = f" · window {story.window}" if str(story.window) else ""
        note(
            session,
            f"{FOLDER}/{story.id}.toml is valid{window} · {counted(len(readers), 'outlet')}",
        )
    corpus = _open(session, workspace)
    if corpus is None:
        return
    with corpus:
        rows = [row for story in chosen for row in _try_queries(story, corpus)]
        emit(session, rows, style=style, fields=FIELDS, columns=COLUMNS)
        for story in chosen:
            note(session, "\n".join(_outlook(story, corpus, outlets, number)))


def _outlook(story: Story, corpus: Corpus, outlets: Outlets, number: int) -> Iterator[str]:
    """What the file as it is would change, and the articles on which little decides."""
    from index.relevance import borderline, pending

    effect = pending(corpus.store, story, outlets)
    if changed := list(effect_lines(corpus.store, effect, number)):
        yield f"{story.id}: changed since the last crawl; the next crawl, or replay --judge, applies it"
        yield from changed
    else:
        yield f"{story.id}: the corpus is up to date with this file"
    edge = borderline(corpus.store, story.id, number)
    for told, found in (("just on the story", edge.above), ("just not", edge.below)):
        if found:
            yield f"{story.id}: {told}"
            yield from title_lines(corpus.store, [(f"{score:.2f}", name) for name, score in found])
    yield from _read_lines(story, corpus, number)
    if waiting := len(corpus.store.verdicts.borderline(story.id)):
        yield f"{waiting:,} borderline; decide on them: pressclip review {story.id}"


def _read_lines(story: Story, corpus: Corpus, number: int) -> Iterator[str]:
    """What was read, by language, and the best of what is off-story with what keeps it out."""
    counts = corpus.store.verdicts.by_language(story.id)
    if not counts:
        yield f"{story.id}: no articles have been matched yet; run: pressclip crawl {story.id}"
        return
    yield f"{story.id}: everything read, by language"
    for language, found in sorted(counts.items(), key=lambda one: (-sum(one[1].values()), one[0])):
        query = "" if language in story.match or ANY in story.match else " · no query"
        told = " · ".join(
            f"{found[decision]:,} {decision}" for decision in DECISIONS if decision in found
        )
        yield f"  {language or '?':<3} {sum(found.values()):>6,} read · {told}{query}"
    best = corpus.store.verdicts.best_off(story.id, number)
    if best:
        yield f"{story.id}: closest articles left out, and why"
    elif not any(found.get("on-story") for found in counts.values()):
        yield f"{story.id}: none of the articles read is similar, and none matches its queries"
    for name, score, reasons in best:
        yield from title_lines(corpus.store, [(f"{score:.2f}", name)])
        yield f"        {one_line('; '.join(reasons[:_REASONS]))}"


def _open(session: Session, workspace: Workspace) -> Corpus | None:
    """The corpus to try queries on; None, and a note that says so, where there is none."""
    from index.corpus import corpus_of

    try:
        return corpus_of(workspace)
    except (StoreError, IndexUnusable) as error:
        note(session, f"the queries are valid but were not tried: {error}")
        note(session, f"hint: {error.hint}")
        return None


def _try_queries(story: Story, corpus: Corpus) -> Iterator[dict[str, Any]]:
    from index.query import And, Everything, Filter, parse
    from index.workspace.story_tree import story_tree

    for language, query in story.match.items():
        spoken = Everything() if language == ANY else Filter("lang", (language,))
        yield {
            "story": story.id,
            "language": language,
            "matches": corpus.match(And((spoken, parse(query)))).total,
            "articles": corpus.match(spoken).total,
            "query": query,
        }
    yield {
        "story": story.id,
        "language": ALL,
        "matches": corpus.match(story_tree(story)).total,
        "articles": corpus.match(Everything()).total,
        "query": f"NOT ({story.not_query})" if story.not_query else "",
    }
