"""How fast GDELT's list is sifted, and in how much memory: records a second of CPU, files in a row.

    python -m bench.speed.gal_sift [RECORDS]

Files of 800 made-up records each, packed as GDELT packs them; one in a hundred has a word of the
story's queries, one in five hundred is about it. A month has some 3,000,000. The baseline judges every
record as an article is judged, without the sieve before it, on one file.
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from crawler.backfill import Answer, Scope, gal
from crawler.backfill.judging import Judge, candidates_of
from crawler.demo.content import HERE, pieces
from index.workspace.outlets import Outlets
from index.workspace.story import Story, load_story

PER_FILE, RARE, NEAR = 800, 500, 100
START = datetime(2023, 2, 1, tzinfo=UTC)


def main() -> int:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 240_000
    story = demo_story()
    scope = Scope(story=story, start=START, end=START + timedelta(days=28))
    judge = Judge.of(story)
    records = found = 0
    took = 0.0
    early = 0
    for body in files(wanted // PER_FILE):
        began = time.process_time()
        number, candidates = sift(body, scope, judge)
        took += time.process_time() - began
        records += number
        found += candidates
        early = early or memory()
    print(
        f"{records:,} records of {records // PER_FILE:,} files: {records / took:,.0f} a CPU second"
    )
    print(
        f"  {found:,} candidates; memory after the first file {early:,} MiB, at the end {memory():,} MiB"
    )
    body = next(files(1))
    every = replace(judge, sieves={**judge.sieves, "": lambda _: True})
    began = time.process_time()
    number, _ = sift(body, scope, every)
    print(f"  every record judged: {number / (time.process_time() - began):,.0f} a CPU second")
    return 0


def demo_story() -> Story:
    """The story of the demo, with queries in seven languages."""
    story = load_story(Path(HERE) / "desk" / "balloon.toml", [], Outlets())
    if story is None:
        raise SystemExit("the demo's story cannot be read")
    return story


def sift(body: bytes, scope: Scope, judge: Judge) -> tuple[int, int]:
    """A file's records and candidates."""
    answer = gal.read(body, judge.sieves[""])
    if not isinstance(answer, Answer):
        raise SystemExit(f"refused: {answer}")
    found = list(candidates_of(answer.leads, scope, judge, gal.SOURCE, str))
    return answer.records, len(found)


def files(number: int) -> Iterator[bytes]:
    """Packed files of made-up records; the same in every run."""
    random = Random(7)
    headlines = [(one.headline, one.summary) for one in pieces().values() if one.on_story]
    others = [(one.headline, one.summary) for one in pieces().values() if not one.on_story]
    sieve = Judge.of(demo_story()).sieves[""]
    written = {word for one in pieces().values() for word in one.text.split()}
    words = [word for word in sorted(written) if not sieve(word)]
    for _ in range(number):
        lines = [json.dumps(_record(random, headlines, others, words)) for _ in range(PER_FILE)]
        yield gzip.compress("\n".join(lines).encode(), 6, mtime=0)


def _record(
    random: Random,
    headlines: list[tuple[str, str]],
    others: list[tuple[str, str]],
    words: list[str],
) -> dict[str, str]:
    title = " ".join(random.choices(words, k=9))
    desc = " ".join(random.choices(words, k=22))
    if random.randrange(RARE) == 0:
        title, desc = random.choice(headlines)
    elif random.randrange(NEAR) == 0:
        title, desc = random.choice(others)
    moment = START + timedelta(seconds=random.randrange(28 * 86_400))
    host = f"outlet-{random.randrange(4_000)}.example"
    return {
        "date": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "url": f"https://www.{host}/{moment:%Y/%m/%d}/{random.randrange(10**8)}-a-headline",
        "title": title,
        "desc": desc,
        "lang": random.choice(["en", "en", "es", "fr", "de", "zh", "ru", "ar"]),
        "domain": host,
        "outletName": host,
        "author": "",
        "image": f"https://www.{host}/images/{random.randrange(10**8)}.jpg",
    }


def memory() -> int:
    """The most that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
