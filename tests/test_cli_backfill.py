"""What `backfill` says of its plan and of what it came to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from crawler.backfill.density import density_of
from crawler.planning.backfill_plan import BackfillPlan, Outlay
from index.store.backfill import SourceCount
from search_cli.view.backfill_summary import (
    density_line,
    joined_lines,
    outlay_lines,
    proposal_lines,
    source_lines,
)
from tests.conftest import Said


def test_the_plan_names_each_source_with_what_it_costs() -> None:
    plan = BackfillPlan(
        story="balloon",
        first=date(2023, 2, 1),
        last=date(2023, 2, 10),
        outlays=(
            Outlay(source="gdelt", requests=1440, megabytes=1234.5, minutes=12.2, more=False),
            Outlay(source="wayback", requests=1, megabytes=0.1, minutes=0.0, more=True),
            Outlay(source="gdelt-doc", requests=0, megabytes=0.0, minutes=0.0, more=True),
            Outlay(
                source="cc-news",
                requests=0,
                megabytes=0,
                minutes=0,
                more=True,
                since=date(2024, 8, 1),
            ),
        ),
    )
    assert list(outlay_lines(plan))[:5] == [
        "balloon · 2023-02-01..2023-02-10",
        "  gdelt        about 1,440 requests · 1,234.5 MB · 12 min",
        "  wayback      at least 1 request · 0.1 MB · 0 min",
        "  gdelt-doc    nothing to ask about these days",
        "  cc-news      has nothing before 2024-08-01",
    ]


def test_a_language_that_there_is_not_is_refused(
    corpus: Path, pressclip: Callable[..., Said]
) -> None:
    said = pressclip("backfill", "balloon", "--lang", "xq", "--dry-run")
    assert said.status == 2
    assert "xq: no such language" in said.err


def test_the_density_of_captures_is_the_usual_one() -> None:
    assert density_of([]) is None
    found = density_of([(2, 1), (4, 9), (30, 10)])
    assert found is not None
    assert density_line(found).startswith("captures of 3 articles: usually 4 captures in 9 days;")


def test_what_sources_came_to_fits_a_terminal() -> None:
    whole = SourceCount(
        source="wayback-copies", asked=4_321, answered=4_012, records=3_123_456, candidates=12_345,
        wanted=10_234, refused=309, planned=1_234,
    )  # fmt: skip
    lines = list(source_lines([whole]))
    assert len(lines) > 1
    assert max(map(len, lines)) <= 80
    assert " ".join(" ".join(lines).split()).endswith("309 failed · 1,234 left for the next run")
    proposed = [(f"a-rather-long-name-{number}.example", 12) for number in range(6)]
    told = list(proposal_lines(proposed, "balloon"))
    assert max(map(len, told)) <= 80
    assert sum("a-rather-long-name" in line for line in told) > 1


def test_a_part_that_is_wider_than_a_line_stands_alone() -> None:
    assert list(joined_lines("  ", ["a", "b" * 90, "c"], ", ")) == [
        "  a,",
        "  " + "b" * 90 + ",",
        "  c",
    ]
