"""Everything that is read from others or from the user, as hypothesis can spoil it: a value or a refusal.

    python -m bench.drills.fuzz_inputs [--inputs N] [--seed S] [--only KIND]

Feeds, sitemaps, robots.txt, WARC files of ours, archives and saved pages of others, dates, story files,
outlet files, OPML and CSV lists and pages: sound documents with odd values in their places, cut, doubled,
spliced and strewn with odd bytes. Prints for each kind how many there were, how many were read and
refused, and the slowest; exits with 1 and the least bad input when one raises anything but an error of
ours, or takes over `SLOWEST` seconds.
Queries: bench/drills/fuzz_query.py.
"""

from __future__ import annotations

import argparse
import gzip
import io
import quopri
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from hypothesis import strategies as st

from bench.drills.fuzzing import FINE, Tally, drive
from crawler.extract.dates.parse import parse_moment
from crawler.extract.page.decode import decode
from crawler.lists.feeds import parse_feed
from crawler.lists.sitemaps import parse_sitemap
from crawler.refusal import Refusal
from crawler.wire.robots import rules_of
from index.archive.containers import read_container
from index.archive.warc import Damage, members_of, read_file, warcinfo_member
from index.archive.zstandard import zstd
from index.capture import Capture
from index.errors import Fault, PressclipError
from index.query.dates import parse_period
from index.workspace.interchange import read_outlet_list
from index.workspace.outlets import Outlet, Outlets, load_outlets
from index.workspace.story import load_story

SLOWEST = 5.0  # seconds
URL = "https://prairie-courier.example/feed.xml"
# Sound documents; what is between angle quotes is a place for another value.
RSS = """<?xml version="1.0" encoding="«utf-8»"?><rss version="2.0"><channel><title>«Prairie»</title>
<ttl>«60»</ttl><link>«https://prairie-courier.example/»</link><language>«en»</language>
<item><title>«A &amp; B»</title><link>«https://prairie-courier.example/a»</link>
<guid isPermaLink="«true»">«a»</guid>
<pubDate>«Sat, 04 Feb 2023 12:00:00 GMT»</pubDate><author>«Ana Ruiz»</author><category>«news»</category>
<description><![CDATA[«<p>Seen</p>»]]></description>
<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">«x»
</content:encoded></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="«/»"><title type="«html»">«P»</title><entry>
<title type="«html»">«A»</title><link rel="«alternate»" type="«text/html»" href="«/a»"/><id>«tag:a»</id>
<updated>«2023-02-04T12:00:00Z»</updated><author><name>«Ana»</name></author>
<content type="«xhtml»">«x»</content>
</entry></feed>"""
JSON = """{"version":"https://jsonfeed.org/version/1.1","title":"«P»","items":[{"url":"«/a»","id":«7»,"title":"«A»",
"date_published":"«2023-02-04»","authors":[{"name":"«Ana»"}],"tags":["«news»"],"content_html":"«<p>x»"}]}"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>«https://a.example/b»</loc>
<lastmod>«2023-02-04»</lastmod><n:news><n:publication><n:name>«A»</n:name><n:language>«en»</n:language></n:publication>
<n:publication_date>«2023-02-04T12:00:00+01:00»</n:publication_date><n:title>«A»</n:title>
<n:keywords>«a, b»</n:keywords></n:news></url></urlset>"""
INDEX = """<sitemapindex><sitemap><loc>«https://a.example/1.xml.gz»</loc><lastmod>«2023-02-04»</lastmod></sitemap>
<sitemap><loc>«/2023-02.xml»</loc></sitemap></sitemapindex>"""
ROBOTS = """User-agent: «*»\nDisallow: «/private/*»\nAllow: «/$»\nCrawl-delay: «2»\nRequest-rate: «1/5»
Sitemap: «https://a.example/s.xml»\n\nUser-agent: «pressclip/1.0»\nDisallow: «/x%2f»\n"""
STORY = """id = "balloon"\ntitle = "«A»"\nabout = "«x»"\nwindow = "«2023-01-28..2023-03-31»"
languages = ["«en»"]
[match]\nen = '''«"spy balloon" OR ballo*»'''\nnot = '''«golf»'''\nmin_words = «60»
[outlets]\nadd = ["«a.example»"]\n[discover]\nfollow = «1»\nseeds = ["«https://a.example/»"]
[schedule]\nevery = "«1h»"\nrecheck = ["«1h»", "«7d»"]\nuntil = "«2023-03-31»"\n"""
OUTLETS = """[[outlet]]\nid = "«a.example»"\nname = "«A»"\ncountry = "«us»"\nlang = ["«en»"]
kind = "«regional»"
tz = "«America/Denver»"\ndelay = «2.0»\nexpect = "«20/day»"\nverify_tls = «false»
feeds = ["«https://a.example/f.xml»"]
search = "«https://a.example/?q={query}&p={page}»"\n[collections]\n«us» = ["«a.example»"]\n"""
OPML = """<opml version="2.0"><body><outline text="«A»"><outline text="«A»" htmlUrl="«https://a.example/»"
xmlUrl="«https://a.example/f.xml»"/></outline></body></opml>"""
CSV = """id,name,url,country,lang,kind,tz,feeds,sitemaps,sections,search,delay,expect,collections
«a.example»,«A»,«https://a.example/»,«us»,«en»,«regional»,«UTC»,«https://a.example/f.xml»,,,,«2.0»,«20/day»,«us»\n"""
PAGE = """<html lang="«en»"><head><meta charset="«windows-1252»"><title>«A»</title>
<meta http-equiv="content-type" content="«text/html; charset=utf-8»"></head>
<body><p>«B\xe9»</p></body></html>"""
DATES = tuple(
    f"«{one}»"
    for one in (
        "2023-02-04T12:00:00+01:00", "Sat, 04 Feb 2023 12:00:00 GMT", "4 février 2023", "last week",
        "2023-02..7d",
        "年2023月2", "1675512000", "yesterday..", "2566-02-04", "4. Februar 2023, 18.30 Uhr", "٤ فبراير ٢٠٢٣",
    )
)  # fmt: skip
ODD = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<", b"&#x110000;", b"]]>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"&a;", b"9" * 40, b"\xf0\x9f\x8e\x88", b"\xe2\x80\xae", b"\r", b"\x1b[31m", b'"', b"'''", b"+99:99",
    b"\xed\xa0\x80", b"A" * 5000, b"-1", b"1e999", b"\\u0000", b"[[", b"}", b"=", b"0", b"nan", b"true", b"",
    b"0001-01-01", b"9999-12-31T23:59:60+14:00", b"http://[::1", b"javascript:x", b"//", b"..", b"%00%zz",
    b"\xe0\xb9\x92\xe0\xb9\x95\xe0\xb9\x96\xe0\xb9\x96", b"\xc2\xb2", b"\xd9\xa1", b"<![CDATA[",
    b"<a><b>" * 40,
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(ODD),
    st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.integers().map(lambda number: str(number).encode()),
    st.floats().map(lambda number: str(number).encode()),
    st.datetimes().map(lambda moment: moment.isoformat().encode()),
    st.binary(max_size=12),
)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(("cut", "put", "write over", "double", "end")),
        st.integers(0, 1_000_000),
        st.sampled_from((1, 4, 40)),
        VALUES,
    ),
    max_size=6,
)


@st.composite
def document(draw: st.DrawFn, samples: Sequence[str], charset: str = "utf-8") -> bytes:
    """A sound document, some of its values replaced."""
    sound, *rest = draw(st.sampled_from(samples)).split("«")
    made = bytearray(sound.encode(charset, "replace"))
    for part in rest:
        value, _, after = part.partition("»")
        made += draw(VALUES) if draw(st.integers(0, 7)) == 0 else value.encode(charset, "replace")
        made += after.encode(charset, "replace")
    return bytes(made)


@st.composite
def spoiled(draw: st.DrawFn, documents: st.SearchStrategy[bytes]) -> bytes:
    """A document with up to six changes in its bytes."""
    data = bytearray(draw(documents))
    for change, place, length, value in draw(CHANGES):
        at = place % (len(data) + 1)
        end = min(at + length, len(data))
        match change:
            case "cut":
                data[at:end] = b""
            case "put":
                data[at:at] = value
            case "write over":
                data[at:end] = value
            case "double":
                data[at:at] = data[at:end] * 20
            case _:
                del data[at:]
    return bytes(data)


def warc(body: bytes) -> bytes:
    """A small archive: two responses with what is beside them."""
    capture = Capture(
        url=URL, status=200, headers=(("Content-Type", "text/html"),), body=body,
        fetched=datetime(2023, 2, 4, tzinfo=UTC),
    )  # fmt: skip
    response, beside = members_of(capture, None)
    return warcinfo_member("a.warc.gz") + (response + beside) * 2


def unpacked_warc(body: bytes) -> bytes:
    """The same without compression, so that a change meets the headers."""
    return gzip.decompress(warc(body))


def read_warc(data: bytes, folder: Path) -> object:
    """Every capture and every damage of a file of these bytes."""
    path = folder / "a.warc.gz"
    path.write_bytes(data)
    found = list(read_file(path, name="a.warc.gz"))
    return Refusal(code="damaged") if any(isinstance(one, Damage) for one in found) else found


def arc(body: bytes) -> bytes:
    """An ARC file with a page in it."""
    block = b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + body
    line = b"https://a.example/1 192.0.2.7 20230204120000 text/html %d\n" % len(block)
    head = b"filedesc://a.arc 0.0.0.0 20230204120000 text/plain 16\n1 0 Archive\nURL\n\n\n"
    return head + line + block + b"\n"


def wacz(body: bytes) -> bytes:
    """A WACZ with a WARC file in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("archive/a.warc.gz", warc(body))
        made.writestr("datapackage.json", '{"resources": []}')
    return file.getvalue()


def mhtml(body: bytes) -> bytes:
    """A page as a browser saves it."""
    head = (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/1\r\n"
        b"Date: Sat, 4 Feb 2023 12:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="--x"\r\n\r\n----x\r\n'
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head + quopri.encodestring(body) + b"\r\n----x--\r\n"


def read_foreign(data: bytes, folder: Path) -> object:
    """Every capture and every damage of somebody's file of these bytes."""
    path = folder / "a"
    path.write_bytes(data)
    found = list(read_container(path))
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
PAGES = document((PAGE,), "cp1252")
KINDS: dict[str, tuple[st.SearchStrategy[bytes], Reader]] = {
    "feed": (document((RSS, ATOM, JSON)), lambda data, _: parse_feed(data, url=URL)),
    "sitemap": (
        st.one_of(document((SITEMAP, INDEX)), document((SITEMAP,)).map(gzip.compress)),
        lambda data, _: parse_sitemap(data, url=URL),
    ),
    "robots": (document((ROBOTS,)), read_robots),
    "warc": (st.one_of(PAGES.map(warc), PAGES.map(unpacked_warc)), read_warc),
    "foreign": (
        st.one_of(*(PAGES.map(make) for make in (warc, unpacked_warc, arc, wacz, mhtml)),
                  PAGES.map(unpacked_warc).map(zstd.compress)),
        read_foreign,
    ),
    "date": (document(DATES), read_date),
    "story": (document((STORY,)), read_story),
    "outlets": (document((OUTLETS,)), read_outlets),
    "list": (document((OPML, CSV)), lambda data, _: read_outlet_list(data, name="list")),
    "page": (PAGES, read_page),
}  # fmt: skip


def outcome_of(kind: str, folder: Path, data: object) -> str:
    """What became of an input: `read`, `refused`, or the name of what it raised."""
    assert isinstance(data, bytes)
    try:
        with redirect_stderr(io.StringIO()):
            value = KINDS[kind][1](data, folder)
    except PressclipError as error:
        return "refused" if str(error) else "refused without a message"
    except Exception as error:  # noqa: BLE001  whatever it is, it is what we look for
        return f"{type(error).__name__}: {error}"
    return "refused" if isinstance(value, Refusal) or value is None else "read"


def fuzz(kind: str, inputs: int, start: int, folder: Path) -> Tally:
    """What so many inputs of a kind came to, from a seed on."""
    made = spoiled(KINDS[kind][0])
    return drive(made, partial(outcome_of, kind, folder), number=inputs, start=start, limit=SLOWEST)


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
            tally = fuzz(kind, chosen.inputs, chosen.seed, Path(folder))
            counts = tally.counts
            total += counts.total()
            print(f"{kind:<9} {counts.total():>7,} {counts['read']:>7,} {counts['refused']:>8,}"
                  f" {tally.slowest * 1000:>6.0f} ms", flush=True)  # fmt: skip
            if tally.bad is not None:
                found += 1
                print(f"  FOUND {[one for one in counts if one not in FINE]}: {tally.bad!r}")
    print(
        f"{total:,} inputs, seed {chosen.seed}: " + (f"{found} found" if found else "nothing found")
    )
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
