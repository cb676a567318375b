"""Boilerplate of an outlet: learned from its pages, taken out of its texts, told, and reversible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from index.article import Article, Part, TextZone
from index.capture import ArchiveRef, Capture
from index.families.fingerprint import fingerprint, hash_block
from index.store import StoreWriter
from index.store.tidying import Tidied, tidy, without_boilerplate
from index.text.shingles import normal_tokens

OUTLET = "prairie-courier.example"
SIGN_UP = "Sign up for our letter and have the news of the prairie on your table at six."
LABEL = "Advertisement: continue below"
SUBJECTS = {
    "bridge": "The bridge over Elm Fork is closed for painting until the river falls again.",
    "school": "A school in Harrow Bend has counted its chairs and found one more than last year.",
    "harvest": "Farmers expect a late harvest, since the wind has laid the wheat in the north.",
    "council": "The council votes on Tuesday on whether the clock in the tower should strike.",
}


def article(subject: str, *more: str) -> Article:
    url = f"https://{OUTLET}/{subject}"
    text = "\n\n".join(
        [SUBJECTS[subject], f"Nobody spoke of the {subject} longer than the mayor.", *more]
    )
    moment = datetime(2023, 2, 4, 12, tzinfo=UTC)
    return Article(
        url=url, canonical_url=url, outlet=OUTLET, title=f"What became of the {subject} this week",
        text=text, fetched=moment, language="en",
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as opened:
        yield opened


def put(store: StoreWriter, read: Article, *, hours: int = 0) -> str:
    (offset,) = store._connection.execute("SELECT count(*) FROM captures").fetchone()
    ref = ArchiveRef(file="a.warc.gz", offset=offset, length=1, digest="sha256:AB")
    read = replace(read, fetched=read.fetched + timedelta(hours=hours))
    capture = Capture(url=read.url, status=200, headers=(), body=b"", fetched=read.fetched, ref=ref)
    return store.articles.record(
        read,
        key=read.url,
        capture=store.captures.add(capture, outlet=OUTLET),
        verdicts=(),
        fingerprint=fingerprint(read),
    ).id


def texts(store: StoreWriter) -> dict[str, str]:
    held = store.articles.get(store.articles.all_ids()).values()
    return {one.article.url.rpartition("/")[2]: one.article.text for one in held}


def test_what_stands_on_three_pages_is_taken_out_and_told(store: StoreWriter) -> None:
    ids = [put(store, article(one, LABEL, SIGN_UP)) for one in ("bridge", "school")]
    assert tidy(store, ids) == Tidied()
    ids.append(put(store, article("harvest", LABEL, SIGN_UP)))
    assert tidy(store, ids[2:]) == Tidied(learned=2, articles=3)
    assert set(store.boilerplate.of(OUTLET).values()) == {SIGN_UP, LABEL}
    for stored in store.articles.get(ids).values():
        assert SIGN_UP not in stored.article.text
        assert LABEL not in stored.article.text
        assert set(stored.article.boilerplate) == {SIGN_UP, LABEL}
    later = put(store, article("council", SIGN_UP))
    assert tidy(store, [later]) == Tidied(articles=1)
    assert SIGN_UP not in texts(store)["council"]


def test_a_changed_text_is_indexed_and_judged_again(store: StoreWriter) -> None:
    ids = [put(store, article(one, SIGN_UP)) for one in ("bridge", "school", "harvest")]
    before = store.revision()
    tidy(store, ids)
    assert {one.id for one in store.articles.changes(before)} == set(ids)


def test_what_was_learned_does_not_depend_on_the_order(tmp_path: Path) -> None:
    found = set()
    for number, order in enumerate(permutations(("bridge", "school", "harvest", "council"))):
        with StoreWriter.open(tmp_path / f"{number}.db") as store:
            for subject in order:
                tidy(store, [put(store, article(subject, LABEL, SIGN_UP))])
            found.add(tuple(sorted(texts(store).items())))
    assert len(found) == 1


def test_one_article_under_many_headlines_is_no_boilerplate(store: StoreWriter) -> None:
    background = "It hung there for two days, as big as a barn, and then it was gone to the east."
    ids = []
    for number, headline in enumerate(
        ("Seen at dawn", "Watched by all", "Gone at last", "Told again")
    ):
        read = article("bridge", background, SIGN_UP)
        url = f"{read.url}-{number}"
        ids.append(put(store, replace(read, url=url, canonical_url=url, title=headline)))
    assert tidy(store, ids) == Tidied()


def test_what_a_headline_speaks_of_is_no_boilerplate(store: StoreWriter) -> None:
    background = (
        "The week before, the balloon had been seen by hundreds of people in three counties."
    )
    ids = []
    for subject in ("bridge", "school", "harvest"):
        read = article(subject, background)
        ids.append(put(store, replace(read, title=f"Balloon over the {subject} of the town")))
    assert tidy(store, ids) == Tidied()


def test_what_is_forgotten_comes_back(store: StoreWriter) -> None:
    ids = [put(store, article(one, SIGN_UP)) for one in ("bridge", "school", "harvest")]
    tidy(store, ids)
    edited = put(store, article("harvest", "The mill has bought two new stones for it."), hours=5)
    assert tidy(store, [edited]) == Tidied(forgotten=1, articles=2)
    assert SIGN_UP in texts(store)["bridge"]
    assert store.boilerplate.of(OUTLET) == {}


def test_the_versions_keep_the_text_as_it_was_read(store: StoreWriter) -> None:
    ids = [put(store, article(one, SIGN_UP)) for one in ("bridge", "school", "harvest")]
    tidy(store, ids)
    assert SIGN_UP in store.versions.of(ids[0])[-1].article.text
    assert put(store, article("bridge", SIGN_UP), hours=3) == ids[0]
    assert store.articles.get([ids[0]])[ids[0]].versions == 1
    assert SIGN_UP not in texts(store)["bridge"]


def test_zones_and_parts_stand_where_their_text_is() -> None:
    blocks = {hash_block(normal_tokens(SIGN_UP))}
    lines = ("Lead of it.", SIGN_UP, "A quote, he said.", SIGN_UP, "The second page.")
    text = "\n\n".join(lines)
    quote, page = text.index("A quote"), text.index("The second")
    read = replace(
        article("bridge"),
        text=text,
        zones=(
            TextZone(
                kind="note", start=text.index(SIGN_UP), end=text.index(SIGN_UP) + len(SIGN_UP)
            ),
            TextZone(kind="quote", start=quote, end=quote + len(lines[2])),
        ),
        parts=(Part(url="https://x.example/2", start=page),),
    )
    tidied = without_boilerplate(read, blocks)
    assert tidied.text == "Lead of it.\n\nA quote, he said.\n\nThe second page."
    assert [tidied.text[zone.start : zone.end] for zone in tidied.zones] == ["A quote, he said."]
    assert tidied.text[tidied.parts[0].start :] == "The second page."
    assert without_boilerplate(replace(read, text=SIGN_UP), blocks).text == SIGN_UP
