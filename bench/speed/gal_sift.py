"""How fast GDELT's list is sifted, and in how much memory: records a second of CPU, files in a row.

    python -m bench.speed.gal_sift [RECORDS]

Files of 800 records each, packed as GDELT packs them; a month has some 3,000,000. Three lists: `sparse`
has a word of the story's queries in one record of a hundred and is about it in one of five hundred;
`dense` is made up like the feeds of the week in which the story ran (lengths, share of accents, one
record in twenty with a word, one in forty a candidate); `real` are these feeds' own items, where
../shared/data is there. The baseline judges every record as an article is judged, without the sieve
before it, on one file.
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
import time
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random

from bench.sets.real import FEED_ITEMS
from crawler.backfill import Answer, Scope, gal
from crawler.backfill.judging import Judge, candidates_of
from crawler.demo.content import HERE, pieces
from index.workspace.outlets import Outlets
from index.workspace.story import Story, load_story

PER_FILE = 800
START = datetime(2023, 1, 28, tzinfo=UTC)
DAYS = 28
_SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0)
_LENGTHS = (0, 67, 124, 182, 408, 836, 2981, 4000)  # letters of a description, at these shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Density:
    """One record in `story` is about the story, one in `near` has a word of it; whether texts are long."""

    story: int
    near: int
    long: bool


SPARSE = Density(story=500, near=100, long=False)
DENSE = Density(story=60, near=35, long=True)
FOREIGN = 5  # one record of that many has words of all scripts where the texts are as in the feeds


def main() -> int:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 240_000
    number = wanted // PER_FILE
    story = demo_story()
    scope = Scope(story=story, start=START, end=START + timedelta(days=DAYS))
    judge = Judge.of(story)
    measure("sparse", files(number), scope, judge)
    measure("dense", files(number, DENSE), scope, judge)
    if FEED_ITEMS.is_dir():
        measure("real", real_files(number), scope, judge)
    body = next(files(1))
    every = replace(judge, sieves={**judge.sieves, "": lambda _: True})
    began = time.process_time()
    judged, _ = sift(body, scope, every)
    print(f"every record judged: {judged / (time.process_time() - began):,.0f} a CPU second")
    return 0


def measure(name: str, bodies: Iterator[bytes], scope: Scope, judge: Judge) -> None:
    """Sift files and print what it took."""
    records = found = early = 0
    took = 0.0
    for body in bodies:
        began = time.process_time()
        number, candidates = sift(body, scope, judge)
        took += time.process_time() - began
        records += number
        found += candidates
        early = early or memory()
    print(
        f"{name}: {records:,} records of {records // PER_FILE:,} files, {found:,} candidates:"
        f" {records / took:,.0f} a CPU second;"
        f" memory after the first file {early:,} MiB, at the end {memory():,} MiB"
    )


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


def files(number: int, density: Density = SPARSE) -> Iterator[bytes]:
    """Packed files of made-up records; the same in every run."""
    random = Random(7)
    headlines = [(one.headline, one.summary) for one in pieces().values() if one.on_story]
    others = [(one.headline, one.summary) for one in pieces().values() if not one.on_story]
    sieve = Judge.of(demo_story()).sieves[""]
    written = {word for one in pieces().values() for word in one.text.split()}
    words = [word for word in sorted(written) if not sieve(word)]
    others = [one for one in others if sieve(" ".join(one))] if density.long else others
    for _ in range(number):
        records = (_record(random, headlines, others, words, density) for _ in range(PER_FILE))
        yield _packed(records)


def real_files(number: int) -> Iterator[bytes]:
    """The items of real feeds of these days in the form of GDELT's list, shuffled, in a circle."""
    items = [
        item
        for path in sorted(FEED_ITEMS.glob("feed-items-*to-*.jsonl.gz"))
        for item in map(json.loads, gzip.decompress(path.read_bytes()).splitlines())
        if (item["url"] or "").startswith("http")
    ]
    Random(3).shuffle(items)
    endless = cycle(items)
    for _ in range(number):
        yield _packed(_of_item(item) for item in islice(endless, PER_FILE))


def _packed(records: Iterator[dict[str, str]]) -> bytes:
    return gzip.compress("\n".join(map(json.dumps, records)).encode(), 6, mtime=0)


def _of_item(item: dict[str, str | None]) -> dict[str, str]:
    url = item["url"] or ""
    host = url.split("/")[2]
    return {
        "date": (item["date"] or item["day"] or "")[:19].replace(" ", "T") + "Z",
        "url": url,
        "title": item["title"] or "",
        "desc": item["desc"] or "",
        "lang": (item["lang"] or "en")[:2],
        "domain": host,
        "outletName": host,
        "author": "",
        "image": f"{url}/picture.jpg",
    }


def _record(
    random: Random,
    headlines: list[tuple[str, str]],
    others: list[tuple[str, str]],
    words: list[str],
    density: Density,
) -> dict[str, str]:
    if density.long and random.randrange(FOREIGN):
        words = words[: bisect(words, "z")]  # in order, so that those without accents come first
    title = " ".join(random.choices(words, k=9))
    desc = " ".join(random.choices(words, k=_words(random) if density.long else 22))
    if random.randrange(density.story) == 0:
        title, desc = random.choice(headlines)
    elif random.randrange(density.near) == 0:
        title, desc = random.choice(others)
    moment = START + timedelta(seconds=random.randrange(DAYS * 86_400))
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


def _words(random: Random) -> int:
    """The words of a description as long as those of the feeds are."""
    share = random.random()
    place = bisect(_SHARES, share) - 1
    low, high = _LENGTHS[place], _LENGTHS[place + 1]
    within = (share - _SHARES[place]) / (_SHARES[place + 1] - _SHARES[place])
    return max(1, round((low + within * (high - low)) / 7))


def memory() -> int:
    """The most that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
