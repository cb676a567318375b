"""What families cost: articles a second, growth, memory, and the hard cases.

    python -m bench.speed.families [--speed N] [--growth N] [--same N] [--letters N] [--members N]

`--speed`: articles of 600 words fingerprinted and placed, each in a transaction of its own as the
store does, beside the hash of each text under one index. `--growth`: the cost of placing from 10,000
articles up to N, with signatures of chance. `--same`: N pages with one text. `--letters`: N editions
of one letter. `--members`: one family of N in a real desk, and how long the verbs take on it. Seconds
are of the processor, of the clock in brackets: on a busy machine only the former can be compared.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice, pairwise
from pathlib import Path

from bench.made_up.articles import make_articles
from index.article import Article, Verdict
from index.families.fingerprint import Fingerprint, fingerprint, fingerprint_text
from index.families.keys import WAITING_TEXTS, read_waiting
from index.families.placing import place
from index.families.schema import DDL
from index.store.database import SETTINGS, Connection

FIRST = datetime(2023, 2, 1, tzinfo=UTC)
# Of the words of English prose (the White House's transcripts), 58 in a hundred are of four letters
# and more or numbers. Made-up articles have hardly any others.
CONTENT_SHARE = 0.58
CONTENT_WORDS = round(600 * CONTENT_SHARE)
SHORT_WORDS = ("a", "an", "as", "at", "by", "for", "he", "in", "it", "of", "on", "the", "to", "was")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    defaults = {"speed": 20_000, "growth": 0, "same": 20_000, "letters": 300, "members": 5_000}
    for name, meant in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=meant)
    options = parser.parse_args()
    if options.speed:
        _print_speed(options.speed)
    _print_extremes()
    if options.same:
        _print_same(options.same)
    if options.letters:
        _print_letters(options.letters)
    if options.growth:
        _print_growth(options.growth)
    if options.members:
        _print_members(options.members)
    return 0


@dataclass(slots=True)
class Clock:
    """Seconds of the processor and of the clock that passed within `with` blocks."""

    cpu: float = 0.0
    wall: float = 0.0
    longest: float = 0.0  # of the clock
    _began: tuple[float, float] = (0.0, 0.0)

    def __enter__(self) -> None:
        self._began = time.process_time(), time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.cpu += time.process_time() - self._began[0]
        wall = time.perf_counter() - self._began[1]
        self.wall += wall
        self.longest = max(self.longest, wall)

    def each(self, count: int) -> str:
        """Milliseconds for each of that many."""
        return f"{1000 * self.cpu / count:.2f} ms ({1000 * self.wall / count:.2f})"

    def rate(self, count: int) -> str:
        """So many in a second."""
        return f"{count / self.cpu:,.0f} a second ({count / self.wall:,.0f})"


def memory() -> str:
    """The most memory this process has had."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"


def place_one(
    connection: sqlite3.Connection,
    key: str,
    article: Article,
    made: Fingerprint,
    text_of: Callable[[str], str],
) -> dict[str, str]:
    """Place an article in a transaction of its own, as the store does."""
    connection.execute("BEGIN")
    moved = place(connection, key, article, made, first_seen=article.fetched, text_of=text_of)
    connection.execute("COMMIT")
    return moved


class Texts:
    """The texts of articles, kept in the database as the store does."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute("CREATE TABLE texts (article TEXT PRIMARY KEY, text TEXT NOT NULL)")

    def keep(self, article: str, text: str) -> None:
        """Write a text."""
        self._connection.execute("INSERT INTO texts VALUES (?, ?)", (article, text))

    def of(self, article: str) -> str:
        """Read a text."""
        found = self._connection.execute("SELECT text FROM texts WHERE article = ?", (article,))
        return str(found.fetchone()[0])


# Speed


def _print_speed(count: int) -> None:
    """Every eighth article is a reprint."""
    reading, placing, hashing = Clock(), Clock(), Clock()
    seen: set[bytes] = set()
    print(f"{count:,} articles of 600 words in nine languages")
    with open_database() as connection:
        texts = Texts(connection)
        for number, stored in enumerate(make_articles(count), start=1):
            article = as_prose(stored.article)
            texts.keep(stored.id, article.text)
            with hashing:
                seen.add(sha256(article.text.encode()).digest())
            with reading:
                made = fingerprint(article)
            with placing:
                place_one(connection, stored.id, article, made, texts.of)
            if number % max(1, count // 4) == 0:
                both = Clock(reading.cpu + placing.cpu, reading.wall + placing.wall)
                print(
                    f"  {number:>9,}: fingerprint {reading.each(number)}, place {placing.each(number)}"
                    f" = {both.rate(number)}, {memory()}",
                    flush=True,
                )
    print(f"  a hash of each text alone, which finds no edited copy: {hashing.each(count)}")


def as_prose(article: Article) -> Article:
    """An article with as many short words as prose has; scripts without spaces stay as they are."""
    if article.language in ("zh", "ja"):
        return article
    rng = random.Random(article.text[:100])  # a reprint gets the same words
    words = [
        word if rng.random() < CONTENT_SHARE or word.endswith(".") else rng.choice(SHORT_WORDS)
        for word in article.text.split(" ")
    ]
    return replace(article, text=" ".join(words))


def _print_extremes() -> None:
    """A text of 5 MB, a copy of it, and an empty one."""
    rng = random.Random(5)
    long = "\n".join(" ".join(vocabulary_sample(rng)) for _ in range(1050))
    texts = {"one": long, "two": long.replace("a", "e", 1), "none": ""}
    print(
        f"\nextremes: a text of {len(long) / 1e6:.1f} MB, the same with a letter changed, no text"
    )
    with open_database() as connection:
        for number, (name, text) in enumerate(texts.items()):
            clock = Clock()
            with clock:
                article = plain(f"{name}.example", number, f"Balloon over {name}", text)
                family = place_one(
                    connection, name, article, fingerprint(article), texts.__getitem__
                )
            print(f"  {name}: {clock.each(1)}, family {family[name]}")


def _print_same(count: int) -> None:
    """The same page at many addresses."""
    rng = random.Random(6)
    text = " ".join(vocabulary_sample(rng))
    made = fingerprint_text(text, "Balloon over the prairie")
    clock, last = Clock(), Clock()
    late = max(1, min(1000, count // 2))
    with open_database() as connection:
        for number in range(count):
            article = plain(f"o{number % 500}.example", number, "Balloon over the prairie", text)
            with clock if number < count - late else last:
                place_one(connection, f"s{number:06}", article, made, lambda _: text)
    print(f"\n{count:,} identical pages: {clock.each(max(1, count - late))} each,", end=" ")
    print(f"the last {late:,} {last.each(late)}, {memory()}")


def _print_letters(count: int) -> None:
    """One outlet's letters of that many days, alike but for their items: each is an edition."""
    rng = random.Random(8)
    frame, clock, late = [vocabulary_sample(rng)[:60] for _ in range(8)], Clock(), Clock()
    with open_database() as connection:
        texts = Texts(connection)
        for day in range(count):
            items = [vocabulary_sample(rng)[:50] for _ in range(3)]
            items += [[w if rng.random() > 0.06 else f"{w}s" for w in line] for line in frame]
            text = "\n".join(map(" ".join, items))
            texts.keep(f"l{day}", text)
            with clock if day < count - count // 4 else late:
                article = plain("letters.example", day * 1440, text[:40], text)
                place_one(connection, f"l{day}", article, fingerprint(article), texts.of)
    print(f"\n{count} letters: {clock.each(count - count // 4)}, then {late.each(count // 4)} each")


def _print_members(count: int) -> None:
    """One family in a desk of its own, and the verbs on it, each in this process."""
    from index.fulltext.indexer import update_index
    from index.store import StoreWriter
    from search_cli.main import run

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "workspace.toml").write_text('contact = "desk@clippings.example"\n', "utf-8")
        (root / "outlets.toml").write_text("", "utf-8")
        (root / "stories").mkdir()
        filling = Clock()
        with (
            StoreWriter.open(root / "data" / "pressclip.db") as store,
            store.transaction(),
            filling,
        ):
            for number, article in enumerate(_reprints(count)):
                _record(store, article, number)
        with StoreWriter.open(root / "data" / "pressclip.db") as store:
            update_index(store, root / "data" / "index")
            (origin,) = {
                one.family for one in store.articles.get(store.articles.all_ids()[:1]).values()
            }
        print(
            f"\na family of {count:,}, each reprint another text: filled at {filling.each(count)}"
        )
        os.environ["XDG_STATE_HOME"] = folder
        for words in (
            ("search", "balloon"), ("search", "balloon", "--all"), ("families", "*"),
            ("show", origin), ("show", origin, "--group"), ("show", origin, "--group", "--json"),
        ):  # fmt: skip
            clock, told = Clock(), io.StringIO()
            with clock, contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
                run(["-C", folder, *words])
            print(f"  {' '.join(words).replace(origin, 'ID'):28} {clock.each(1)}")


def _reprints(count: int) -> Iterator[Article]:
    """A report, and copies that each changed other words of it."""
    rng = random.Random(7)
    words = [*vocabulary_sample(rng)[:250], "balloon"]
    for number in range(count):
        own = [word if rng.random() > 0.05 else f"{word}s" for word in words] if number else words
        yield plain(f"o{number % 500}.example", number, f"Balloon report {number}", " ".join(own))


def _record(store: object, article: Article, number: int) -> None:
    from index.capture import ArchiveRef, Capture, Listing
    from index.store import StoreWriter

    assert isinstance(store, StoreWriter)
    ref = ArchiveRef(file="a.warc.gz", offset=number, length=9, digest=f"sha256:{number}")
    capture = Capture(
        url=article.url, status=200, headers=(), body=b"", fetched=article.fetched,
        listing=Listing(channel="feed"), ref=ref,
    )  # fmt: skip
    store.articles.record(
        article,
        key=article.url,
        capture=store.captures.add(capture, outlet=article.outlet),
        verdicts=(Verdict(story="balloon", decision="on-story", score=0.9),),
        fingerprint=fingerprint(article),
    )


def plain(outlet: str, number: int, title: str, text: str) -> Article:
    """An article of an outlet, published so many minutes after the first."""
    url = f"https://{outlet}/{number}"
    published = FIRST + timedelta(minutes=number)
    return Article(
        url=url, canonical_url=url, outlet=outlet, title=title, text=text, language="en",
        fetched=published + timedelta(days=1), published=published,
    )  # fmt: skip


def _print_growth(count: int) -> None:
    """The cost of placing as the corpus grows, with signatures drawn by chance, as of 600 words.

    Only the last before each size are placed as the store does, so many that the keys that wait are
    written whole times; what fills the corpus before them goes in a thousand at a time.
    """
    rng = random.Random(11)
    article = plain("outlet.example", 1, "", "")
    whole = fingerprint_text(" ".join(vocabulary_sample(rng)[:CONTENT_WORDS]))
    print("\nplacing, simulated signatures, one in five a copy", flush=True)
    recent: list[Fingerprint] = []
    with open_database() as connection:
        made = ((f"g{number:07}", _simulated(rng, whole, recent)) for number in range(count))
        for step, size in pairwise((0, *_steps(count))):
            more = size - step
            timed = min(16_384, more // WAITING_TEXTS * WAITING_TEXTS) or more
            fill(connection, article, islice(made, more - timed))
            clock = Clock()
            for name, print_ in islice(made, timed):
                with clock:
                    place_one(connection, name, article, print_, lambda _: "")
            print(
                f"  at {size:>9,}: {clock.each(timed)} an article, the longest {clock.longest:.2f} s,"
                f" {memory()}; begun again, reading what waits takes {_begun_anew(connection).each(1)}",
                flush=True,
            )


def _begun_anew(connection: sqlite3.Connection) -> Clock:
    """What the first placing of a process costs more than the others."""
    ((_, _, path),) = (
        row for row in connection.execute("PRAGMA database_list") if row[1] == "main"
    )
    clock = Clock()
    with (
        contextlib.closing(sqlite3.connect(path, isolation_level=None)) as another,
        clock,
    ):
        read_waiting(another)
    return clock


def fill(
    connection: sqlite3.Connection, article: Article, made: Iterator[tuple[str, Fingerprint]]
) -> None:
    """Place articles, many in one transaction."""
    while batch := list(islice(made, 1000)):
        connection.execute("BEGIN")
        for name, print_ in batch:
            place(
                connection, name, article, print_, first_seen=article.fetched, text_of=lambda _: ""
            )
        connection.execute("COMMIT")


def _steps(count: int) -> Iterator[int]:
    step = 10_000
    while step < count:
        yield step
        step *= 10
    yield count


def vocabulary_sample(rng: random.Random) -> list[str]:
    """Words enough for a fingerprint of usual size."""
    return ["".join(rng.choices("abdegiklmnorstu", k=7)) for _ in range(600)]


def _simulated(rng: random.Random, whole: Fingerprint, recent: list[Fingerprint]) -> Fingerprint:
    """A fingerprint of chance, or one that shares four fifths of its shingles with a recent one."""
    if recent and rng.random() < 0.2:
        copied = rng.choice(recent)
        signature = copied.signature[: len(copied.signature) // 5 * 4]
        signature += rng.randbytes(len(copied.signature) - len(signature))
        keys = copied.keys[: len(copied.keys) // 10 * 8]
    else:
        signature, keys = rng.randbytes(len(whole.signature)), b""
    while len(keys) < len(whole.keys):
        keys += rng.getrandbits(63).to_bytes(8, "little")
    made = replace(
        whole,
        exact=rng.randbytes(16),
        signature=signature,
        keys=keys,
        numbers=b"",
        names=b"",
        level=0,
    )
    recent[:] = [*recent[-200:], made]
    return made


@contextlib.contextmanager
def open_database() -> Iterator[sqlite3.Connection]:
    """A database of families alone, on disk in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(
            Path(folder) / "families.db", isolation_level=None, factory=Connection
        )
        with contextlib.closing(connection):
            for setting in SETTINGS:
                connection.execute(f"PRAGMA {setting}")
            connection.executescript(DDL)
            yield connection


if __name__ == "__main__":
    raise SystemExit(main())
