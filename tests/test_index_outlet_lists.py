from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ConfigError, UsageError
from index.workspace.interchange import (
    CSV_COLUMNS,
    csv_rows,
    merge_into,
    opml_lines,
    read_csv,
    read_opml,
    read_outlet_list,
)
from index.workspace.outlets import Outlet, Outlets

SHARED = Path(__file__).parents[1] / ".." / "shared" / "data" / "feeds"

OPML = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><body>
<outline text="Local">
  <outline text="Prairie &amp; Sons" htmlUrl="https://www.prairie-courier.example/">
    <outline type="rss" text="News" xmlUrl="https://www.prairie-courier.example/news.xml"/>
    <outline type="rss" text="Arts & Ideas" xmlUrl="https://feeds.feedburner.com/prairie"/>
  </outline>
</outline>
<outline text="Harbour "Daily"" xmlUrl="https://rss.harbour.example/top.rdf" />
<outline text="Whose?" xmlUrl="http://feeds.feedburner.com/whose" />
<outline text="Old" xmlUrl="gopher://old.example/" />
</body></opml>"""


def test_an_opml_list_gives_an_outlet_for_each_site() -> None:
    found = read_opml(OPML, name="feeds.opml")
    assert [(outlet.id, len(outlet.feeds)) for outlet in found.outlets] == [
        ("prairie-courier.example", 2),
        ("harbour.example", 1),
    ]
    assert [line.split(": ")[0] for line in found.left_out] == [
        "http://feeds.feedburner.com/whose",
        "gopher://old.example/",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"<rss/>", "no OPML", id="another format"),
        pytest.param(b"\xff\xfe\x00", "neither OPML nor CSV", id="binary"),
        pytest.param(b'id\n"a', "no CSV", id="open quote"),
    ],
)
def test_a_file_of_another_kind_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_outlet_list(data, name="x")


def test_every_fault_of_a_csv_is_listed_with_its_row() -> None:
    text = "id,langs,delay,collections\na.example,en,x,\nB,en,1,bad/name\n"
    with pytest.raises(ConfigError) as caught:
        read_csv(text, name="x.csv")
    places = [fault.key for fault in caught.value.faults]
    assert places == ["row 1", "row 2.delay", "row 3.id", "row 3"]


OUTLETS = st.builds(
    Outlet,
    id=st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True),
    name=st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12),
    country=st.sampled_from(["", "us", "fr"]),
    lang=st.lists(st.sampled_from(["en", "fr", "zh"]), unique=True).map(tuple),
    feeds=st.lists(st.from_regex(r"https://[a-z]{1,5}\.example/[a-z]{1,9}", fullmatch=True), unique=True)
    .map(tuple),
    delay=st.sampled_from([None, 0.5, 3.0]),
    expect=st.sampled_from([None, 20.0]),
)  # fmt: skip


@given(st.lists(OUTLETS, unique_by=lambda outlet: outlet.id, max_size=4))
def test_outlets_come_back_from_csv(found: list[Outlet]) -> None:
    outlets = Outlets(by_id={outlet.id: outlet for outlet in found})
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, CSV_COLUMNS)
    writer.writeheader()
    writer.writerows(csv_rows(outlets))
    assert list(read_csv(text.getvalue(), name="x.csv").outlets) == found


@given(st.lists(OUTLETS, unique_by=lambda outlet: outlet.id, max_size=4))
def test_feeds_come_back_from_opml(found: list[Outlet]) -> None:
    again = read_opml("\n".join(opml_lines(found)).encode(), name="x.opml")
    expected = [(outlet.id, outlet.feeds) for outlet in found if outlet.feeds]
    assert [(outlet.id, outlet.feeds) for outlet in again.outlets] == expected


def test_what_is_known_stays_and_what_is_new_is_added() -> None:
    known = Outlet(id="a.example", name="A", feeds=("https://a.example/1",))
    found = [
        Outlet(id="www.a.example", name="B", kind="agency", feeds=("https://a.example/2",)),
        Outlet(id="a.example", feeds=("https://a.example/3",)),
    ]
    (merged,) = merge_into(Outlets(by_id={"a.example": known}), found)
    assert (merged.id, merged.name, merged.kind) == ("a.example", "A", "agency")
    assert merged.feeds == tuple(f"https://a.example/{number}" for number in (1, 2, 3))


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data/feeds")
def test_every_feed_list_of_the_wild_is_read() -> None:
    lists = sorted(SHARED.rglob("*.opml"))
    found = [read_opml(path.read_bytes(), name=path.name) for path in lists]
    named = sum(len(outlet.feeds) for one in found for outlet in one.outlets)
    left = sum(len(one.left_out) for one in found)
    assert len(lists) == 118
    assert named > 1300
    assert left < 0.15 * (named + left)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("iso-8859-1", "latin-1"), ("utf-8", "utf-8"), ("no-such-code", "utf-8")],
)
def test_a_list_is_read_in_the_encoding_it_declares(declared: str, encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{declared}"?><opml><body>'
        '<outline text="Gazette d&apos;été" xmlUrl="https://ete.example/rss"/></body></opml>'
    )
    (outlet,) = read_opml(text.encode(encoding), name="x.opml").outlets
    assert outlet.name == "Gazette d'été"


def test_a_feed_on_a_private_address_is_left_out() -> None:
    data = b'<opml><outline text="Mine" xmlUrl="http://127.0.0.1/rss"/></opml>'
    assert "private address" in read_opml(data, name="x.opml").left_out[0]
    assert len(read_opml(data, name="x.opml", allow_private=True).outlets) == 1


# As newsboat's users keep it, and as `newsboat -e` writes it.
NEWSBOAT = b"""\
# the neighbours
https://www.prairie-courier.example/news.xml local "county news" "~Prairie & Sons"
https://rss.harbour.example/top.rdf "~Harbour \\"Daily\\"" local !
https://www.prairie-courier.example/sport.xml sport
"query:Unread:unread = \\"yes\\""
exec:~/bin/feed.py
filter:~/bin/cut.sh:https://a.example/feed.xml
https://broken.example/feed "no end
"""
NEWSBOAT_OPML = b"""<?xml version="1.0"?>
<opml version="1.0"><head><title>newsboat - Exported Feeds</title></head><body>
<outline type="rss" xmlUrl="https://www.prairie-courier.example/news.xml"
 htmlUrl="https://www.prairie-courier.example/" title="Prairie &amp; Sons"/>
</body></opml>"""


def test_newsboats_urls_give_outlets_with_their_tags_as_collections() -> None:
    found = read_outlet_list(NEWSBOAT, name="urls")
    assert [(one.id, one.name, one.feeds) for one in found.outlets] == [
        (
            "prairie-courier.example",
            "Prairie & Sons",
            (
                "https://www.prairie-courier.example/news.xml",
                "https://www.prairie-courier.example/sport.xml",
            ),
        ),
        ("harbour.example", 'Harbour "Daily"', ("https://rss.harbour.example/top.rdf",)),
    ]
    assert found.collections == {
        "local": ("prairie-courier.example", "harbour.example"),
        "county-news": ("prairie-courier.example",),
        "sport": ("prairie-courier.example",),
    }
    assert [line.partition(":")[0] for line in found.left_out] == [
        "query", "exec", "filter", 'https',
    ]  # fmt: skip


def test_newsboats_export_is_opml() -> None:
    (outlet,) = read_outlet_list(NEWSBOAT_OPML, name="feeds.opml").outlets
    assert (outlet.id, outlet.name) == ("prairie-courier.example", "Prairie & Sons")
