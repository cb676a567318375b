from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from index.corpus import Corpus, open_corpus
from index.errors import QuerySyntaxError
from index.fulltext.indexer import update_index
from index.fulltext.searcher import GROUPS
from index.query import CHANGES, parse
from index.store import StoreWriter
from index.study.groups import count_carried, count_cells, days_of, read_cells
from index.versions.history import ChangeKind
from search_cli.asking import grouping
from tests.conftest import ARTICLES, NOON, Said, record_article

Command = Callable[..., Said]


@pytest.fixture
def edited(corpus: Path) -> Path:
    """The corpus after two edits: a number and a headline, and then a correction."""
    told = replace(ARTICLES[0], agency="AFP", kind="opinion", updated=NOON)
    first = replace(
        told, title="A balloon passes", text=told.text.replace("two days", "4 days"),
        fetched=NOON + timedelta(hours=3),
    )  # fmt: skip
    noted = replace(
        first, text=f"{first.text}\nCorrection: it was four days.", updated=NOON + timedelta(hours=5),
        fetched=NOON + timedelta(hours=6),
    )  # fmt: skip
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        for number, article in enumerate((first, noted)):
            record_article(store, article, offset=50_000 + number, run_id=1)
        update_index(store, corpus / "data" / "index")
    return corpus


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("changed:headline", 1),
        ("changed:correction", 1),
        ("changed:silent,headline", 1),
        ("changed:moved", 0),
        ("is:edited -changed:headline", 0),
        ("kind:opinion", 1),
        ("kind:Opinion agency:afp", 1),
        ("collection:local", 2),
        ("-collection:local,@local", 4),
        ("kind:article", 5),
    ],
)
def test_what_an_article_is_and_what_was_changed_are_fields(
    edited: Path, query: str, count: int
) -> None:
    with open_corpus(edited) as corpus:
        assert corpus.count(query) == count


def test_what_was_changed_later_is_not_known_as_of_a_moment(edited: Path) -> None:
    with open_corpus(edited, as_of="2023-02-04T17:00Z") as corpus:
        assert corpus.count("changed:headline") == 1
        assert corpus.count("changed:correction") == 0
    with open_corpus(edited, as_of="2023-02-04T14:00Z") as corpus:
        assert corpus.count("changed:headline") == 0


def test_a_change_that_is_none_is_refused_with_a_proposal() -> None:
    with pytest.raises(QuerySyntaxError, match="no such change") as caught:
        parse("changed:headlines")
    assert caught.value.hint == "did you mean changed:headline ?"


def test_the_lists_of_groups_and_changes_are_one(edited: Path) -> None:
    assert set(grouping.GROUPS) == set(GROUPS)
    assert set(CHANGES) == set(ChangeKind.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", GROUPS)
def test_cells_and_facets_count_the_same(edited: Path, name: str) -> None:
    with open_corpus(edited) as corpus:
        tree = corpus.understand("*")
        cells = {
            one.cell[0]: one.articles for one in count_cells(read_cells(corpus, tree, [name], {}))
        }
        cells.pop("", None)
        assert cells == corpus.count_facet(corpus.match(tree), name)


def test_a_grid_adds_up_to_the_articles(edited: Path) -> None:
    with open_corpus(edited) as corpus:
        tree = corpus.understand("*")
        rows = read_cells(corpus, tree, ["country", "lang", "day"], {})
        assert len(rows) == corpus.count("*")
        assert sum(map(len, days_of(rows).values())) == len({cell for cell, _ in rows})


def test_a_group_that_had_a_text_first_is_told(corpus: Path) -> None:
    with open_corpus(corpus) as opened:
        carried = _carried(opened)
    assert carried == {
        "prairie-courier.example": (1, 1, 1),
        "harbour-daily.example": (1, 1, 0),
    }


def _carried(corpus: Corpus) -> dict[str, tuple[int, int, int]]:
    matches = corpus.match(corpus.understand("*"))
    found = count_carried(corpus.read_values(matches, "outlet"))
    return {one.cell[0]: (one.texts, one.articles, one.originals) for one in found}


def test_a_timeline_of_several_groups_is_a_grid(corpus: Path, pressclip: Command) -> None:
    lines = pressclip("timeline", "*", "--by", "lang,country", "--by", "kind", "-f", "csv").out
    values = {line.split(",")[1] for line in lines.splitlines()[1:]}
    assert {"en · us · article", "fr · fr · article", "zh · unknown · article"} <= values


def test_counts_are_exported_by_group(corpus: Path, pressclip: Command) -> None:
    said = pressclip("export", "elevator", "--by", "lang,day", "-f", "csv")
    assert said.out == "lang,day,articles,texts\r\nen,2023-02-04,2,1\r\n"
    assert pressclip("export", "*", "--by", "colour").status == 2
    assert pressclip("export", "*", "--by", "lang", "-f", "md").status == 2


def test_families_are_told_by_group(corpus: Path, pressclip: Command) -> None:
    out = pressclip("families", "*", "--by", "outlet", "-f", "csv").out.splitlines()
    assert out[0] == "outlet,texts,articles,first"
    assert set(out[1:]) == {"prairie-courier.example,1,1,1", "harbour-daily.example,1,1,0"}
    assert pressclip("families", "lang:fr", "--by", "outlet").status == 1
