from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tomlkit import dumps

from index.errors import Fault, UsageError
from index.workspace.addresses import is_private_url
from index.workspace.interchange import CSV_COLUMNS
from index.workspace.outlets import Outlet, Outlets, load_outlets, parse_expect


def outlets_of(*found: Outlet, **collections: tuple[str, ...]) -> Outlets:
    return Outlets(by_id={outlet.id: outlet for outlet in found}, collections=collections)


def faults_of(tmp_path: Path, text: str, *, allow_private: bool = False) -> list[str]:
    (tmp_path / "outlets.toml").write_text(text, "utf-8")
    faults: list[Fault] = []
    load_outlets(tmp_path / "outlets.toml", faults, allow_private=allow_private)
    return [str(fault).removeprefix("outlets.toml: ") for fault in faults]


def test_every_key_is_read(tmp_path: Path) -> None:
    (tmp_path / "outlets.toml").write_text(
        '[[outlet]]\nid = "a.example"\nname = "A"\nurl = "https://www.a.example/"\ncountry = "GB"\n'
        'lang = ["EN", "cy"]\nkind = "regional"\ntz = "Europe/London"\nfeeds = ["https://a.example/f"]\n'
        'sitemaps = ["https://a.example/s"]\nsections = ["https://a.example/news/"]\n'
        'search = "https://a.example/?q={query}&p={page}"\ndelay = 3\nexpect = "14/week"\n'
    )
    faults: list[Fault] = []
    outlet = load_outlets(tmp_path / "outlets.toml", faults).get("a.example")
    assert not faults
    assert outlet == Outlet(
        id="a.example", name="A", url="https://www.a.example/", country="gb", lang=("en", "cy"),
        kind="regional", zone="Europe/London", feeds=("https://a.example/f",),
        sitemaps=("https://a.example/s",), sections=("https://a.example/news/",),
        search="https://a.example/?q={query}&p={page}", delay=3.0, expect=2.0,
    )  # fmt: skip


def test_what_corrects_the_learned_is_read_and_may_be_empty(tmp_path: Path) -> None:
    (tmp_path / "outlets.toml").write_text(
        '[[outlet]]\nid = "a.example"\ncharset = "Windows-1250"\ndate_order = "month-first"\n'
        'title_parts = []\nbylines = ["span.Author"]\ndesks = ["A Desk"]\n'
    )
    faults: list[Fault] = []
    outlet = load_outlets(tmp_path / "outlets.toml", faults).get("a.example")
    assert not faults
    assert (outlet.charset, outlet.date_order, outlet.title_parts) == ("cp1250", "month-first", ())
    assert (outlet.bylines, outlet.desks) == (("span.author",), ("A Desk",))
    assert outlet.headings is None
    assert outlet.accounts is None


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            'country = "uk"',
            'outlet 1.country: "uk" is not a country (ISO 3166-1) (did you mean gb?)',
        ),
        ('lang = ["english"]', "did you mean en?"),
        ('kind = "agnecy"', "did you mean agency?"),
        ('tz = "Mars/Olympus"', "outlet 1.tz: "),
        ('feeds = ["a.example/feed"]', "outlet 1.feeds: "),
        ('search = "https://a.example/?q=x"', "outlet 1.search: "),
        ("delay = -1", "outlet 1.delay: -1 is out of range (from 0 to 600)"),
        ('expect = "many"', "outlet 1.expect: "),
        ('charset = "latin-one"', "outlet 1.charset: "),
        ('date_order = "american"', "outlet 1.date_order: "),
        ('bylines = ["the author"]', "outlet 1.bylines: "),
        ('feed = "https://a.example/f"', "outlet 1.feed: no such key (did you mean feeds?)"),
    ],
)
def test_a_wrong_value_is_a_fault(tmp_path: Path, line: str, fault: str) -> None:
    (found,) = faults_of(tmp_path, f'[[outlet]]\nid = "a.example"\n{line}\n')
    assert fault in found


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("[[outlet]]\nname = 'x'\n", "outlet 1.id: is missing", id="no id"),
        pytest.param("[[outlet]]\nid = 'harbour'\n", "outlet 1.url: is missing", id="no host"),
        pytest.param("[[outlet]]\nid = 'A.example'\n", "outlet 1.id: ", id="capital"),
        pytest.param("[[outlet]]\nid = 'a.example'\n" * 2, "stands twice", id="twice"),
        pytest.param("[collections]\nx = ['b.example']\n", "no outlet has the id", id="unknown"),
        pytest.param("[collections]\n'a b' = []\n", "is not a valid collection name", id="name"),
        pytest.param("outlet = 1\n", "outlet: must be an array of tables", id="no table"),
    ],
)
def test_a_wrong_file_is_a_fault(tmp_path: Path, text: str, fault: str) -> None:
    (found,) = faults_of(tmp_path, text)
    assert fault in found


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8080", "localhost", "10.1.2.3", "[::1]", "0x7f.1", "2130706433", "169.254.169.254"],
)
def test_a_private_address_needs_the_workspace_to_allow_it(tmp_path: Path, host: str) -> None:
    text = f'[[outlet]]\nid = "desk.example"\nurl = "http://{host}/"\n'
    assert is_private_url(f"http://{host}/")
    assert "needs allow_private = true" in faults_of(tmp_path, text)[0]
    assert faults_of(tmp_path, text, allow_private=True) == []


@pytest.mark.parametrize("url", ["https://apnews.com/", "http://8.8.8.8/", "http://10.example/"])
def test_public_hosts_and_names_are_not_private(url: str) -> None:
    assert not is_private_url(url)


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://www.a.example/x", "a.example"),
        ("http://deep.news.a.example/x", "news.a.example"),
        ("https://A.EXAMPLE./x", "a.example"),
        ("https://nota.example/x", None),
        ("http://127.0.0.1:8001/x", "port"),
        ("http://127.0.0.1:8002/x", None),
        ("http://127.0.0.1/x", None),
        ("https://www.straße.example/", "ß"),
        ("http://[::1", None),
        ("mailto:x", None),
    ],
)
def test_a_url_belongs_to_the_outlet_with_the_longest_host(url: str, outlet: str | None) -> None:
    outlets = outlets_of(
        Outlet(id="a.example"),
        Outlet(id="news.a.example"),
        Outlet(id="port", url="http://127.0.0.1:8001/"),
        Outlet(id="ß", url="https://straße.example/"),
    )
    found = outlets.of_url(url)
    assert (found.id if found else None) == outlet


def test_a_story_reads_what_it_uses_and_adds_less_what_it_drops() -> None:
    outlets = outlets_of(
        *(Outlet(id=f"{name}.example") for name in "abc"), ab=("a.example", "b.example")
    )

    def chosen(**names: list[str]) -> list[str]:
        return [outlet.id for outlet in outlets.select(**names)]

    assert chosen() == ["a.example", "b.example", "c.example"]
    assert chosen(use=["@ab"], drop=["a.example"]) == ["b.example"]
    assert chosen(use=["b.example"], add=["@ab", "c.example"]) == [
        "b.example",
        "a.example",
        "c.example",
    ]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("aa.example", "did you mean a.example?"), ("@abb", "did you mean @ab?"), ("zzz", "see: ")],
)
def test_an_unknown_name_suggests_the_nearest(name: str, hint: str) -> None:
    outlets = outlets_of(Outlet(id="a.example"), ab=("a.example",))
    with pytest.raises(UsageError) as caught:
        outlets.expand([name])
    assert caught.value.hint.startswith(hint)


@pytest.mark.parametrize(("text", "a_day"), [("20/day", 20), ("2 / hour", 48), ("3.5/week", 0.5)])
def test_an_expected_yield_is_counted_by_the_day(text: str, a_day: float) -> None:
    assert parse_expect(text) == pytest.approx(a_day)


KEYS = [*CSV_COLUMNS, "outlet", "x"]
VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.sampled_from(["a.example", "http://[::1", "https://x.example:99999/", "20/day", "UTC"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=10,
)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6), max_size=3), VALUES)
def test_any_file_is_outlets_or_a_list_of_faults(
    tmp_path_factory: pytest.TempPathFactory, tables: list[dict[str, object]], more: object
) -> None:
    path = tmp_path_factory.mktemp("any")
    for fault in faults_of(path, dumps({"outlet": tables, "collections": more})):
        assert "\n" not in fault


def test_a_host_that_idna_refuses_belongs_to_nobody() -> None:
    assert outlets_of(Outlet(id="a.example")).of_url(f"http://{'ä' * 80}.example/") is None
