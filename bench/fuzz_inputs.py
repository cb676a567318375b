"""Everything that is read from others or from the user, with bytes changed at random: a value or a refusal.

    python -m bench.fuzz_inputs [--inputs N] [--seed S] [--only KIND]

Valid samples of feeds, sitemaps, robots.txt, WARC files, dates, story files, outlet files, OPML and CSV
lists and pages are cut, doubled, spliced and strewn with odd bytes. Prints for each kind how many there
were, how many were read and refused, and the slowest; exits with 1 and the input when one raises anything
but an error of ours, or takes over `SLOWEST` seconds. Queries: bench/fuzz_query.py.
"""

from __future__ import annotations

import argparse
import gzip
import io
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr
from datetime import UTC, datetime
from pathlib import Path

from crawler.extract.decode import decode
from crawler.extract.moments import parse_moment
from crawler.feeds import parse_feed
from crawler.refusal import Refusal
from crawler.robots import rules_of
from crawler.sitemaps import parse_sitemap
from index.capture import Capture
from index.dates import parse_period
from index.errors import Fault, PressclipError
from index.outlet import Outlet, Outlets, load_outlets
from index.outlet_lists import read_outlet_list
from index.story import load_story
from index.warc import Damage, members_of, read_file, warcinfo_member

SLOWEST = 5.0  # seconds
URL = "https://prairie-courier.example/feed.xml"
RSS = b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Prairie</title>
<item><title>A &amp; B</title><link>https://prairie-courier.example/a</link>
<pubDate>Sat, 04 Feb 2023 12:00:00 GMT</pubDate><description><![CDATA[<p>Seen</p>]]></description></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title><entry><title type="html">A</title>
<link rel="alternate" href="/a"/><updated>2023-02-04T12:00:00Z</updated></entry></feed>"""
JSON = b'{"version":"https://jsonfeed.org/version/1.1","items":[{"url":"/a","title":"A","date_published":"2023-02-04"}]}'
SITEMAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://a.example/b</loc>
<lastmod>2023-02-04</lastmod></url></urlset>"""
INDEX = b"""<sitemapindex><sitemap><loc>https://a.example/1.xml.gz</loc></sitemap></sitemapindex>"""
ROBOTS = b"User-agent: *\nDisallow: /private/*\nAllow: /$\nCrawl-delay: 2\nSitemap: https://a.example/s.xml\n"
STORY = b"""id = "balloon"\ntitle = "A"\nwindow = "2023-01-28..2023-03-31"\nlanguages = ["en"]
[match]\nen = '''"spy balloon" OR ballo*'''\nmin_words = 60\n[outlets]\nadd = ["a.example"]
[schedule]\nevery = "1h"\n"""
OUTLETS = b"""[[outlet]]\nid = "a.example"\nname = "A"\nlang = ["en"]\ndelay = 2.0\nexpect = "20/day"
feeds = ["https://a.example/f.xml"]\n[collections]\nus = ["a.example"]\n"""
OPML = b"""<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/f.xml"/></body></opml>"""
CSV = b"id,name,url,feeds\na.example,A,https://a.example/,https://a.example/f.xml\n"
PAGE = b"<html><head><meta charset=windows-1252><title>A</title></head><body><p>B\xe9</p></body></html>"
DATES = (
    b"2023-02-04T12:00:00+01:00",
    b"Sat, 04 Feb 2023 12:00:00 GMT",
    b"4 f\xc3\xa9vrier 2023",
    b"last week",
    b"2023-02..7d",
    b"\xe5\xb9\xb42023\xe6\x9c\x882",
)
ODD = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<", b"&#x110000;", b"]]>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"&a;", b"9" * 40, b"\xf0\x9f\x8e\x88", b"\xe2\x80\xae", b"\r", b"\x1b[31m", b'"', b"'''", b"+99:99",
    b"\xed\xa0\x80", b"A" * 5000, b"-1", b"1e999", b"\\u0000", b"[[", b"}", b"=",
)  # fmt: skip


def warc() -> bytes:
    """A small archive: two responses with what stands beside them."""
    capture = Capture(
        url=URL, status=200, headers=(("Content-Type", "text/html"),), body=PAGE,
        fetched=datetime(2023, 2, 4, tzinfo=UTC),
    )  # fmt: skip
    response, beside = members_of(capture, None)
    return warcinfo_member("a.warc.gz") + (response + beside) * 2


def mutate(source: random.Random, samples: Sequence[bytes]) -> bytes:
    """A sample with one to eight changes."""
    data = bytearray(source.choice(samples))
    for _ in range(source.randint(1, 8)):
        at = source.randrange(len(data) + 1)
        end = min(at + source.choice((1, 4, 40)), len(data))
        match source.randrange(6):
            case 0:
                data[at:end] = b""
            case 1:
                data[at:at] = source.choice(ODD)
            case 2:
                data[at:end] = source.randbytes(end - at)
            case 3:
                data[at:at] = data[at:end] * source.choice((2, 50))
            case 4:
                other = source.choice(samples)
                data[at:end] = other[source.randrange(len(other)) :][:60]
            case _:
                del data[at:]
    return bytes(data)


def read_warc(data: bytes, folder: Path) -> object:
    """Every capture and every damage of a file of these bytes."""
    path = folder / "a.warc.gz"
    path.write_bytes(data)
    found = list(read_file(path, name="a.warc.gz"))
    return Refusal(code="damaged") if any(isinstance(one, Damage) for one in found) else found


def read_story(data: bytes, folder: Path) -> object:
    """A story file of these bytes, or its faults."""
    path = folder / "balloon.toml"
    path.write_bytes(data)
    faults: list[Fault] = []
    story = load_story(path, faults, KNOWN)
    return Refusal(code="faults") if faults else story


def read_outlets(data: bytes, folder: Path) -> object:
    """An outlets.toml of these bytes, or its faults."""
    path = folder / "outlets.toml"
    path.write_bytes(data)
    faults: list[Fault] = []
    outlets = load_outlets(path, faults)
    return Refusal(code="faults") if faults else outlets


def read_robots(data: bytes, _: Path) -> object:
    """What a robots.txt of these bytes says of some addresses."""
    rules = rules_of(200, data)
    agent = "pressclip/1.0"
    return rules.crawl_delay(agent), [rules.refusal(URL, agent), rules.refusal(URL + "/%zz", agent)]


def read_date(data: bytes, _: Path) -> object:
    """A page's date, and the same text as a period of a query."""
    text = data.decode("utf-8", "replace")
    moment = parse_moment(text)
    try:
        return moment, parse_period(text)
    except (PressclipError, ValueError):
        return moment or Refusal(code="no-date")


def read_page(data: bytes, _: Path) -> object:
    """A page's text in the charset that it claims or seems to have."""
    return decode(data, "text/html")


KNOWN = Outlets(by_id={"a.example": Outlet(id="a.example")})
Reader = Callable[[bytes, Path], object]
KINDS: dict[str, tuple[Sequence[bytes], Reader]] = {
    "feed": ((RSS, ATOM, JSON), lambda data, _: parse_feed(data, url=URL)),
    "sitemap": ((SITEMAP, INDEX, gzip.compress(SITEMAP)), lambda data, _: parse_sitemap(data, url=URL)),
    "robots": ((ROBOTS,), read_robots),
    "warc": ((warc(),), read_warc),
    "date": (DATES, read_date),
    "story": ((STORY,), read_story),
    "outlets": ((OUTLETS,), read_outlets),
    "list": ((OPML, CSV), lambda data, _: read_outlet_list(data, name="list")),
    "page": ((PAGE,), read_page),
}  # fmt: skip


def outcome_of(kind: str, data: bytes, folder: Path) -> str:
    """What became of an input: `read`, `refused`, or the name of what it raised."""
    try:
        with redirect_stderr(io.StringIO()):
            value = KINDS[kind][1](data, folder)
    except PressclipError as error:
        return "refused" if str(error) else "refused without a message"
    except Exception as error:  # noqa: BLE001  whatever it is, it is what we look for
        return f"{type(error).__name__}: {error}"
    return "refused" if isinstance(value, Refusal) or value is None else "read"


def fuzz(
    kind: str, inputs: int, seed: int, folder: Path
) -> tuple[Counter[str], float, bytes | None]:
    """Outcomes, the slowest in seconds, and the first input that should not have done what it did."""
    source = random.Random(f"{kind} {seed}")
    counts: Counter[str] = Counter()
    slowest = 0.0
    for _ in range(inputs):
        data = mutate(source, KINDS[kind][0])
        start = time.perf_counter()
        outcome = outcome_of(kind, data, folder)
        slowest = max(slowest, time.perf_counter() - start)
        counts[outcome] += 1
        if outcome not in ("read", "refused") or slowest > SLOWEST:
            return counts, slowest, data
    return counts, slowest, None


def main() -> int:
    """Try the inputs of every kind; 0 when nothing was found."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--inputs", type=int, default=2_000, help="of each kind")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", choices=KINDS, default=None)
    chosen = options.parse_args()
    found = 0
    total = 0
    print(f"{'kind':<9} {'inputs':>7} {'read':>7} {'refused':>8} {'slowest':>9}")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for kind in [chosen.only] if chosen.only else KINDS:
            counts, slowest, bad = fuzz(kind, chosen.inputs, chosen.seed, Path(folder))
            total += counts.total()
            print(f"{kind:<9} {counts.total():>7,} {counts['read']:>7,} {counts['refused']:>8,}"
                  f" {slowest * 1000:>6.0f} ms")  # fmt: skip
            if bad is not None:
                found += 1
                print(
                    f"  FOUND {[one for one in counts if one not in ('read', 'refused')]}: {bad!r}"
                )
    print(
        f"{total:,} inputs, seed {chosen.seed}: " + (f"{found} found" if found else "nothing found")
    )
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
