from __future__ import annotations

import random
import sqlite3
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.families.fingerprint import fingerprint
from index.families.placing import place, remove
from index.families.reading import extraction_faults, family_of, links, members
from index.families.schema import DDL
from index.store.database import Connection

START = datetime(2023, 2, 1, 12, tzinfo=UTC)
SYLLABLES = ("bar", "den", "fol", "gim", "hast", "jor", "kel", "lum", "mon", "nep", "rit", "sul")


def made_words(seed: int, count: int) -> list[str]:
    """Words of no language, the same for a seed."""
    chance = random.Random(seed)
    return ["".join(chance.choices(SYLLABLES, k=chance.choice((1, 2, 2, 3)))) for _ in range(count)]


def sentences(seed: int, count: int = 12) -> list[str]:
    words = made_words(seed, 16 * count)
    lines = [" ".join(words[start : start + 16]) for start in range(0, len(words), 16)]
    return [f"{line.capitalize()}." for line in lines]


def make_article(
    text: str | Iterable[str],
    *,
    title: str = "",
    outlet: str = "prairie-courier.example",
    hour: int = 0,
) -> Article:
    body = text if isinstance(text, str) else "\n".join(text)
    url = f"https://{outlet}/{abs(hash((body, title, hour)))}"
    return Article(
        url=url,
        canonical_url=url,
        outlet=outlet,
        title=title or " ".join(body.split()[:8]),
        text=body,
        fetched=START + timedelta(days=9),
        published=START + timedelta(hours=hour),
    )


class Desk:
    """Families in memory, and the family that each article was last said to have."""

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self.articles = articles
        self.families: dict[str, str] = {}
        self.connection = sqlite3.connect(":memory:", isolation_level=None, factory=Connection)
        self.connection.executescript(DDL)
        weakref.finalize(self, self.connection.close)

    def add(self, *names: str) -> Desk:
        for name in names:
            article = self.articles[name]
            moved = place(
                self.connection,
                name,
                article,
                fingerprint(article),
                first_seen=article.fetched,
                text_of=self.text,
            )
            self.families |= moved
        return self

    def take(self, name: str) -> Desk:
        self.families |= remove(self.connection, name, text_of=self.text)
        self.families.pop(name, None)
        return self

    def text(self, name: str) -> str:
        return self.articles[name].text


def families(articles: Mapping[str, Article]) -> dict[str, str]:
    desk = Desk(articles).add(*articles)
    desk.connection.close()
    return desk.families


@st.composite
def corpora(draw: st.DrawFn) -> dict[str, Article]:
    """A few stories, in copies that are cut, shuffled, mixed and dressed with boilerplate."""
    drawn: dict[str, Article] = {}
    for number in range(draw(st.integers(2, 9))):
        story = draw(st.integers(0, 2))
        lines = sentences(story)
        start = draw(st.integers(0, 8))
        lines = lines[start : start + draw(st.integers(1, 12))]
        if draw(st.booleans()):
            lines += sentences(draw(st.integers(0, 4)))[: draw(st.integers(1, 8))]
        outlet = draw(st.sampled_from(("prairie-courier.example", "harbour-daily.example")))
        if draw(st.booleans()):
            lines += sentences(100 + len(outlet), 3)
        if draw(st.booleans()):
            year = draw(st.integers(2020, 2022))
            lines = [*lines, f"The figures of {year} are {year + 17} and {year * 3}."]
        title = " ".join(made_words(200 + draw(st.integers(0, 3)), 6))
        titled = title if draw(st.booleans()) else lines[0]
        drawn[f"a{number}"] = make_article(
            lines, title=titled, outlet=outlet, hour=draw(st.sampled_from((0, 1, 2, 30, -9000)))
        )
    return drawn


@given(corpora(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_families_do_not_depend_on_the_order_of_placing_and_removing(
    articles: dict[str, Article], chance: random.Random
) -> None:
    expected = families(articles)
    desk = Desk(articles)
    order = [*articles]
    chance.shuffle(order)
    for name in order:
        desk.add(name)
        if chance.random() < 0.4:
            back = chance.choice(sorted(desk.families))
            desk.take(back).add(back)
    assert desk.families == expected
    desk.connection.close()


@given(corpora(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_removing_articles_leaves_the_families_of_the_others(
    articles: dict[str, Article], chance: random.Random
) -> None:
    gone = chance.sample(sorted(articles), len(articles) // 2)
    desk = Desk(articles).add(*articles)
    for name in gone:
        desk.take(name)
    stays = {name: article for name, article in articles.items() if name not in gone}
    assert desk.families == families(stays)
    desk.connection.close()


# What is one family


STORY = sentences(1)


def edited(lines: list[str], share: float, seed: int = 3) -> list[str]:
    chance = random.Random(seed)
    other = made_words(seed, 400)
    return [
        " ".join(chance.choice(other) if chance.random() < share else word for word in line.split())
        for line in lines
    ]


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        pytest.param(STORY, "exact", id="the same text"),
        pytest.param([" ".join(STORY)], "exact", id="other paragraphs"),
        pytest.param(edited(STORY, 0.05), "reprint", id="5 % of the words"),
        pytest.param(edited(STORY, 0.25), "reprint", id="25 % of the words"),
        pytest.param(STORY[:10], "reprint", id="the end cut"),
        pytest.param(STORY[:4], "excerpt", id="an excerpt"),
        pytest.param(STORY[5:9], "excerpt", id="an excerpt from the middle"),
        pytest.param([*sentences(2), *STORY], "expanded", id="an expanded text"),
    ],
)
def test_a_copy_joins_the_family_of_the_earlier_text(lines: list[str], kind: str) -> None:
    copy = make_article(lines, outlet="harbour-daily.example", hour=2)
    desk = Desk({"first": make_article(STORY), "copy": copy}).add("copy", "first")
    assert desk.families == {"copy": "first", "first": "first"}
    assert [member.kind for member in members(desk.connection, "copy")] == ["origin", kind]
    desk.connection.close()


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        pytest.param(sentences(2), "", id="another text"),
        pytest.param([*sentences(2), STORY[3], STORY[4]], "", id="a shared passage"),
        pytest.param(edited(STORY, 0.8), "", id="hardly a word the same"),
        pytest.param([*sentences(2, 60), *STORY[:3]], "", id="a few lines in a long text"),
    ],
)
def test_other_texts_stay_apart(lines: list[str], title: str) -> None:
    other = make_article(lines, title=title, outlet="harbour-daily.example", hour=2)
    assert families({"first": make_article(STORY), "other": other}) == {
        "first": "first",
        "other": "other",
    }


def test_texts_from_one_form_stay_apart() -> None:
    def bulletin(place: str, people: tuple[str, ...], numbers: tuple[int, ...]) -> Article:
        lines = [
            f"The office in {place} said {person} had counted {number} of them before the evening"
            " and that the others would be counted when the weather allowed it."
            for person, number in zip(people, numbers, strict=True)
        ]
        return make_article(lines, title=f"The count in {place} is known before the evening")

    first = bulletin("Marwick", ("Avery", "Brook", "Carver", "Dale", "Ellis"), (11, 12, 13, 14, 15))
    other = bulletin("Torrent", ("Finch", "Gray", "Heath", "Irwin", "Jarvis"), (21, 22, 23, 24, 25))
    assert set(families({"a": first, "b": other}).values()) == {"a", "b"}


@pytest.mark.parametrize("text", ["", "A word or two.", " ".join(made_words(5, 39))])
def test_a_short_text_is_a_copy_only_under_the_same_headline(text: str) -> None:
    one = make_article([text], title="Balloon seen over harbour town")
    other = make_article([text], title="Council votes on dairy tariffs")
    same = families({"a": one, "b": one, "c": other})
    assert same["c"] == "c"
    assert (same["b"] == "a") is bool(text)


# Boilerplate


FOOTER = [
    "We and our partners keep and read small files on your device so that pages load quickly, choices"
    " are remembered, and we can tell how many people open each of them during the week.",
    "Subscribers receive every issue by post and may read it on two further screens; write to the"
    " service desk when an issue is late, and include the number printed on your invoice.",
    "All pictures belong to those who took them. Nothing on this page may be copied, sold or read"
    " aloud in public unless the publisher has agreed in writing beforehand.",
]


def test_an_outlet_s_boilerplate_is_learned_and_does_not_make_families() -> None:
    reports = {f"a{n}": make_article([*sentences(20 + n, 4), *FOOTER]) for n in range(5)}
    assert families(reports) == {name: name for name in reports}


def test_boilerplate_does_not_hide_a_reprint() -> None:
    reports = {f"a{n}": make_article([*sentences(20 + n, 4), *FOOTER]) for n in range(4)}
    reports["copy"] = make_article(sentences(20, 4), outlet="harbour-daily.example", hour=1)
    assert families(reports)["copy"] == "a0"


def test_pages_of_which_only_boilerplate_was_extracted_stay_apart_and_are_reported() -> None:
    titles = ("Balloon over harbour", "Council votes tariffs", "Hay prices fall again")
    pages = {f"a{n}": make_article(FOOTER, title=title) for n, title in enumerate(titles)}
    desk = Desk(pages).add(*pages)
    assert desk.families == {name: name for name in pages}
    (fault,) = extraction_faults(desk.connection)
    assert (fault.reason, fault.articles) == ("only boilerplate", ("a0", "a1", "a2"))
    desk.connection.close()


def test_two_pages_with_the_same_notice_stay_apart_and_are_reported() -> None:
    titles = ("Balloon drifts over harbour", "Council votes on tariffs")
    pages = {f"a{n}": make_article(FOOTER, title=title) for n, title in enumerate(titles)}
    desk = Desk(pages).add(*pages)
    assert desk.families == {"a0": "a0", "a1": "a1"}
    (fault,) = extraction_faults(desk.connection)
    assert fault.reason == "one text under unrelated headlines"
    desk.connection.close()


def test_one_report_at_many_addresses_of_an_outlet_is_not_boilerplate() -> None:
    pages = {f"a{n}": make_article(STORY, hour=n) for n in range(6)}
    assert set(families(pages).values()) == {"a0"}


def test_a_page_with_two_reports_does_not_make_one_family_of_them() -> None:
    other = sentences(2)
    page = make_article([*STORY, *other], hour=5)
    found = families({"a": make_article(STORY), "b": make_article(other, hour=1), "page": page})
    assert found == {"a": "a", "b": "b", "page": "a"}


def test_a_page_without_a_headline_teaches_nothing() -> None:
    pages = {
        f"a{n}": replace(make_article([*sentences(20 + n, 4), *FOOTER]), title="") for n in range(4)
    }
    desk = Desk(pages).add(*pages)
    assert desk.connection.execute("SELECT count(*) FROM family_blocks").fetchone() == (0,)
    desk.connection.close()


# Blocks, chains and editions


def test_a_gallery_s_captions_do_not_join_the_reports_they_stand_under() -> None:
    names = ["Marwick", "Torrent", "Avery", "Carver", "Ellis"]
    captions = [f"{name} {line}" for name, line in zip(names * 3, sentences(9), strict=False)]
    pages = {
        f"a{n}": make_article([*own, *captions], title=" ".join([name, *own[0].split()[:6]]))
        for n, (name, own) in enumerate(
            (name, sentences(20 + n, 5)) for n, name in enumerate(names)
        )
    }
    pages["gallery"] = make_article(captions, title="Marwick and Torrent in pictures", hour=1)
    pages["copy"] = make_article(sentences(20, 5), outlet="harbour-daily.example", hour=2)
    assert families(pages) == {name: name for name in pages} | {"copy": "a0"}


def test_a_report_under_many_headlines_of_its_outlet_is_one() -> None:
    pages = {f"a{n}": make_article(STORY, title=STORY[2 * n], hour=n) for n in range(5)}
    assert set(families(pages).values()) == {"a0"}


def test_the_far_end_of_a_chain_is_another_family() -> None:
    line = sentences(1, 18)
    ends = {
        name: make_article(line[start : start + 9], outlet=f"{name}.example", hour=start)
        for name, start in (("a", 0), ("b", 4), ("c", 8))
    }
    assert families(ends) == {"a": "a", "b": "a", "c": "c"}


YEAR = 365 * 24


@pytest.mark.parametrize(
    ("change", "hour", "outlet", "one"),
    [
        pytest.param(0.3, YEAR, "prairie-courier.example", False, id="a year later"),
        pytest.param(0.3, YEAR, "harbour-daily.example", False, id="a year later, elsewhere"),
        pytest.param(0.3, 26, "prairie-courier.example", False, id="the next day's letter"),
        pytest.param(0.3, 26, "harbour-daily.example", True, id="a copy of the day after"),
        pytest.param(0.3, 8, "prairie-courier.example", True, id="an update in the evening"),
        pytest.param(0.0, YEAR, "prairie-courier.example", True, id="from the archive"),
    ],
)
def test_editions_are_no_copies(change: float, hour: int, outlet: str, one: bool) -> None:
    later = make_article([*edited(STORY, change), "Again."], outlet=outlet, hour=hour - YEAR)
    desk = Desk({"a": make_article(STORY, hour=-YEAR), "b": later}).add("a", "b")
    assert (desk.families["b"] == "a") is one
    if not one:
        assert [link.edition for link in links(desk.connection, "b", desk.text)] in ([True], [])
    desk.connection.close()


def test_a_piece_with_the_figures_of_another_year_is_a_new_edition() -> None:
    first, later = (
        make_article([*STORY, f"In {year} the shops close at {hour}."], hour=hours)
        for year, hour, hours in ((2022, 17, -YEAR), (2023, 18, 0))
    )
    desk = Desk({"a": first, "b": later}).add("a", "b")
    assert desk.families == {"a": "a", "b": "b"}
    (link,) = links(desk.connection, "b", desk.text)
    assert (link.article, link.edition) == ("a", True)
    desk.connection.close()


# Origin


def test_the_origin_is_the_credited_outlet_even_when_its_time_is_later() -> None:
    credited = ["HARBOUR (Northwire) — " + STORY[0], *STORY[1:]]
    wire = make_article(STORY, outlet="northwire.example", hour=3)
    desk = Desk({"copy": make_article(credited, hour=1), "wire": wire}).add("copy", "wire")
    assert desk.families == {"copy": "wire", "wire": "wire"}
    (credit,) = members(desk.connection, "wire")[0].credits
    assert credit.evidence == "HARBOUR (Northwire) —"
    desk.connection.close()


@pytest.mark.parametrize(
    ("precision", "origin"), [("second", "a"), ("day", "b")], ids=["exact time", "only the day"]
)
def test_a_time_goes_before_a_day_it_lies_in(precision: str, origin: str) -> None:
    early = replace(make_article(STORY, hour=0), published_precision=precision)  # type: ignore[arg-type]
    later = make_article(STORY, hour=2, outlet="harbour-daily.example")
    assert families({"a": early, "b": later}) == {"a": origin, "b": origin}


@pytest.mark.parametrize("published", [None, START + timedelta(days=90)], ids=["undated", "future"])
def test_a_time_that_cannot_be_counts_as_first_seen(published: datetime | None) -> None:
    undated = replace(make_article(STORY), published=published)
    dated = make_article(STORY, hour=20, outlet="harbour-daily.example")
    desk = Desk({"a": undated, "b": dated}).add("a", "b")
    assert desk.families == {"a": "b", "b": "b"}
    assert [member.trusted for member in members(desk.connection, "a")] == [True, False]
    desk.connection.close()


# Reading, and change


def test_members_say_how_much_each_has_of_the_other() -> None:
    desk = Desk({"all": make_article(STORY), "part": make_article(STORY[:6], hour=2)})
    first, part = members(desk.add("all", "part").connection, "part")
    assert (first.article, first.similarity) == ("all", 1.0)
    assert part.contained == 1.0
    assert 0.35 < part.contains < 0.65
    assert part.similarity == pytest.approx(part.contains)
    desk.connection.close()


def test_a_shared_passage_is_linked() -> None:
    other = make_article([*sentences(2), *STORY[4:7]], hour=1)
    desk = Desk({"a": make_article(STORY), "b": other}).add("a", "b")
    (link,) = links(desk.connection, "a", desk.text)
    assert (link.article, link.words) == ("b", 48)
    desk.connection.close()


def test_the_longest_passage_speaks_for_a_family_and_short_ones_for_none() -> None:
    articles = {
        "a": make_article(STORY),
        "b": make_article([*sentences(2), *STORY[4:7]], hour=1),
        "c": make_article([*sentences(2), *STORY[4:6]], hour=2),
        "d": make_article([*sentences(3), STORY[8]], hour=3, outlet="harbour-daily.example"),
    }
    desk = Desk(articles).add(*articles)
    assert desk.families == {"a": "a", "b": "b", "c": "b", "d": "d"}
    assert [link.article for link in links(desk.connection, "a", desk.text)] == ["b"]
    desk.connection.close()


def test_an_earlier_copy_of_a_part_changes_what_hangs_on_what() -> None:
    other = sentences(2)
    articles = {
        "whole": make_article([*STORY, *other], hour=2),
        "part": make_article(other, hour=3),
        "before": make_article(other, hour=1, outlet="harbour-daily.example"),
    }
    desk = Desk(articles).add("whole", "part")
    assert desk.families["part"] == "whole"
    assert desk.add("before").families == dict.fromkeys(articles, "before")
    assert desk.take("before").families == {"whole": "whole", "part": "whole"}
    desk.connection.close()


def test_chinese_reprints_are_found() -> None:
    chance = random.Random(4)
    text = "".join(chr(0x4E00 + chance.randrange(1500)) for _ in range(400))
    changed = "".join(chr(0x5F00) if chance.random() < 0.05 else char for char in text)
    copy = make_article([changed], title="无关", outlet="harbour-daily.example", hour=1)
    assert families({"a": make_article([text], title="无关"), "b": copy}) == {"a": "a", "b": "a"}


def test_an_article_that_was_never_placed_has_no_family() -> None:
    desk = Desk({}).take("nobody")
    assert family_of(desk.connection, "nobody") is None
    assert members(desk.connection, "nobody") == ()
    assert links(desk.connection, "nobody", desk.text) == ()
    assert desk.families == {}
    desk.connection.close()


def test_an_edited_article_leaves_its_family() -> None:
    articles = {"a": make_article(STORY), "b": make_article(STORY, hour=1)}
    desk = Desk(articles).add("a", "b")
    articles["a"] = make_article(sentences(4))
    assert desk.add("a").families == {"a": "a", "b": "b"}
    assert family_of(desk.connection, "b") == "b"
    desk.connection.close()


def test_a_large_family_holds_together_without_the_text_that_all_are_like() -> None:
    copies = {f"c{n:02}": make_article(edited(STORY, 0.12, n), hour=2) for n in range(60)}
    desk = Desk({"first": make_article(STORY), **copies}).add("first", *copies)
    assert set(desk.families.values()) == {"first"}
    desk.take("first")
    assert set(desk.families.values()) == {"c00"}
    desk.connection.close()


def test_removing_everything_leaves_nothing() -> None:
    articles = {f"a{n}": make_article(STORY[n:], hour=n) for n in range(4)}
    desk = Desk(articles).add(*articles)
    for name in articles:
        desk.take(name)
    for table in (
        "texts",
        "keys",
        "edges",
        "parts",
        "cores",
        "stars",
        "members",
        "credits",
        "blocks",
    ):
        assert desk.connection.execute(f"SELECT count(*) FROM family_{table}").fetchone() == (0,)
    assert desk.connection.execute("SELECT count(*) FROM families").fetchone() == (0,)
    desk.connection.close()
