"""`pressclip story quality`: precision and recall of a story, from a sample that the user judges."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from index.errors import UsageError
from index.workspace import Workspace
from search_cli.commands.review import finish
from search_cli.output.formats import emit_record, format_options
from search_cli.output.moments import zone_of
from search_cli.output.questions import expect_answer
from search_cli.output.render import Format
from search_cli.output.terminal import Terminal, note
from search_cli.session import Session
from search_cli.view.reviewing import Desk, Review, groups_of

if TYPE_CHECKING:
    from index.relevance.quality import Quality, Stratum


@click.command()
@click.argument("story_id", metavar="ID")
@click.option(
    "-n",
    "number",
    metavar="N",
    type=click.IntRange(10, 500),
    default=40,
    help="Ask about N articles [default: 40].",
)
@format_options
@click.pass_obj
def quality(session: Session, story_id: str, number: int, style: Format | None) -> int:
    """Tell how much of what is on the story belongs there, and how much of what belongs was found.

    EXAMPLES
      pressclip story quality balloon
      pressclip story quality balloon -n 60

    You are asked about a sample of articles that have no label: some of those surely on the story,
    some on it, borderline, hardly like it, and off-story. The keys are those of review, and your
    answers are labels. From them come precision and recall of the verdicts as they were before, each
    with an interval that holds it with 95 %. Quit when you like: fewer answers, wider intervals.
    """
    if not session.ask:
        raise UsageError("quality asks you about articles", hint="run it without --no-input")
    workspace = Workspace.find(session.directory)
    story = workspace.story(story_id)
    expect_answer("Does it belong?", option=f"a terminal, or pressclip review {story.id} --on ID")
    from index.relevance.quality import draw_sample, estimate
    from index.store import Store

    with Store.open(workspace.database) as store:
        verdicts = store.verdicts.unlabelled(story.id)
        sample = draw_sample(verdicts, story.id, number)
        if not sample:
            raise UsageError(f"{story.id}: nothing to judge yet", hint="pressclip crawl")
        order = sorted(sample)
        random.Random(story.id).shuffle(order)  # nobody should guess from the order
        desk = Desk(workspace, story, datetime.now(UTC))
        try:
            Review(
                desk,
                groups_of(store, story.id, order),
                Terminal.of(session),
                zone_of(session, workspace),
            ).run()
        finally:
            answers = dict(desk.decided)
            finish(session, desk)
    if not answers:
        note(session, f"{story.id}: no answers, so no estimate")
        return 1
    strata = _strata(verdicts, sample, answers)
    found = estimate(strata)
    record = _record(story.id, found, strata)
    if style is None:
        Terminal.of(session).show(_told(found, strata))
    else:
        emit_record(session, record, style=style)
    return 0


def _strata(
    verdicts: list[Any], sample: Mapping[str, str], answers: Mapping[str, str]
) -> dict[str, Stratum]:
    from index.relevance.quality import STRATA, Stratum, stratum_of

    sizes = dict.fromkeys(STRATA, 0)
    for _, decision, score in verdicts:
        sizes[stratum_of(decision, score)] += 1
    told = {name: [answers[one] for one, held in sample.items() if held == name and one in answers]
            for name in STRATA}  # fmt: skip
    return {
        name: Stratum(size=size, judged=len(told[name]), right=told[name].count("on-story"))
        for name, size in sizes.items()
    }


def _told(found: Quality, strata: Mapping[str, Stratum]) -> Iterator[str]:
    for name, rate in (("precision", found.precision), ("recall", found.recall)):
        yield f"{name:10} {rate.value:.2f}   {rate.low:.2f} to {rate.high:.2f} with 95 %"
    for name, one in strata.items():
        yield f"  {name:16} {one.right} of {one.judged} belong; {one.size:,} articles"


def _record(story: str, found: Quality, strata: Mapping[str, Stratum]) -> dict[str, Any]:
    rates = {"precision": found.precision, "recall": found.recall}
    return {
        "story": story,
        **{
            name: {
                "value": round(rate.value, 3),
                "low": round(rate.low, 3),
                "high": round(rate.high, 3),
            }
            for name, rate in rates.items()
        },
        "strata": {
            name: {"articles": one.size, "judged": one.judged, "on_story": one.right}
            for name, one in strata.items()
        },
    }
