"""A floor for what is taken from GDELT's list by its titles, in stories and languages that nobody looks at.

    python -m bench.gates.backfill_titles

Two made-up stories in Greek, Italian, Japanese, Polish, Turkish and Ukrainian, other news of the same places
and words beside them (`bench/sets/backfill_titles.toml`), packed as GDELT packs them and read as a backfill
does. Recall is of what is worth a request at all; precision of what is asked for first, before the titles
with the head word alone. The baseline takes what has any word of the queries. Exits with 1 below a floor.
"""

from __future__ import annotations

import gzip
import json
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.backfill import Answer, Scope, gal
from crawler.backfill.judging import HEAD_WORD, Judge, candidates_of
from index.workspace.story import Story

FILE = Path(__file__).parents[1] / "sets" / "backfill_titles.toml"
RECALL, PRECISION = 0.9, 0.9
START, END = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 15, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A record of the list: its address, language, texts, and whether it is coverage."""

    url: str
    language: str
    title: str
    said: str
    is_core: bool


def main() -> int:
    data = tomllib.loads(FILE.read_text("utf-8"))
    lines = {one["id"]: list(lines_of(one)) for one in data["story"]}
    broken = False
    for told in data["story"]:
        everything = [line for some in lines.values() for line in some]
        core = {line.url for line in lines[told["id"]] if line.is_core}
        story = Story(id=told["id"], title=told["title"], match=told["match"])
        judge = Judge.of(story)
        taken = judged(packed(everything), story, judge)
        first = {url for url, promise in taken.items() if promise > HEAD_WORD}
        any_word = {
            line.url for line in everything if judge.sieves[""](f"{line.title} {line.said}")
        }
        recall, precision = share(core, taken.keys()), share(first, core)
        print(f"{story.id}: {len(core)} of {len(everything)} in {len(story.match)} languages")
        print(f"  recall {recall:.3f} (floor {RECALL}), of what is first {share(core, first):.3f}")
        print(f"  precision of what is first {precision:.3f} (floor {PRECISION})")
        word = share(core, any_word), share(any_word, core)
        print(f"  any word of the queries: recall {word[0]:.3f}, precision {word[1]:.3f}")
        broken = broken or recall < RECALL or precision < PRECISION
    return int(broken)


def lines_of(told: Mapping[str, Any]) -> Iterator[Line]:
    """The records of a story and of other news."""
    for kind in ("core", "other"):
        for language, texts in told[kind].items():
            for number, text in enumerate(texts):
                title, _, said = text.partition(" | ")
                yield Line(
                    url=f"https://{language}-daily.example/2026/02/05/{told['id']}-{kind}-{number}",
                    language=language,
                    title=title,
                    said=said,
                    is_core=kind == "core",
                )


def packed(lines: list[Line]) -> bytes:
    """The lines as a file of the list."""
    records = (
        {
            "url": line.url, "title": line.title, "desc": line.said, "lang": line.language,
            "date": "2026-02-05T12:00:00Z",
        }
        for line in lines
    )  # fmt: skip
    return gzip.compress("\n".join(map(json.dumps, records)).encode())


def judged(body: bytes, story: Story, judge: Judge) -> dict[str, float]:
    """The promise of each record that is worth a request."""
    answer = gal.read(body, judge.sieves[""])
    if not isinstance(answer, Answer):
        raise SystemExit(f"refused: {answer}")
    scope = Scope(story=story, start=START, end=END)
    found = candidates_of(answer.leads, scope, judge, gal.SOURCE, str)
    return {lead.found.url: judge.promise(lead) for _, lead in found}


def share(of: Any, inside: Any) -> float:
    """The share of a set that is in another."""
    return len(set(of) & set(inside)) / len(of) if of else 1.0


if __name__ == "__main__":
    sys.exit(main())
