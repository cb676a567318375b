"""However it is asked, a query has one number of articles."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.corpus import open_corpus
from index.fulltext.indexer import update_index
from index.store import StoreWriter
from index.study.word_studies import take_sides
from tests.conftest import ARTICLES, Said, record_article

Command = Callable[..., Said]

words = st.sampled_from(
    ["balloon", "ballo*", "baloon~", '"spy balloon"', "飞艇", "منطاد", "title:balloon", "nothing"]
)
filters = st.sampled_from(
    [
        "lang:fr,zh",
        "outlet:prairie-courier.example",
        "country:us",
        "date:2023-02-04",
        "is:original",
        "is:undated",
        "story:balloon",
        "section:local",
        "*",
    ]
)
queries = st.recursive(
    words | filters,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" OR ".join).map("({})".format),
        st.tuples(inner, inner).map(" ".join).map("({})".format),
        inner.map("(NOT {})".format),
        st.tuples(words, words).map(" NEAR/9 ".join).map("({})".format),
    ),
    max_leaves=4,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=queries)
def test_list_count_export_chart_and_facets_agree(
    corpus: Path, pressclip: Command, query: str
) -> None:
    count = int(pressclip("search", "--count", query).out)
    listed = pressclip("search", "--all", "-n", "1000", "-f", "ids", query)
    assert listed.status == (0 if count else 1)
    assert len(listed.out.splitlines()) == count
    exported = pressclip("export", query, "-f", "csv").out
    assert len(list(csv.DictReader(io.StringIO(exported)))) == count
    if count:
        chart = json.loads(pressclip("timeline", query, "--json").out)
        assert sum(row["articles"] for row in chart) == count
        told = json.loads(pressclip("search", query, "--facet", "outlet,lang,day", "--json").out)
        assert told["articles"] == count
        assert {sum(counts.values()) for counts in told["facets"].values()} == {count}
        folded = pressclip("search", "-n", "1000", "-f", "ids", query).out.splitlines()
        assert len(folded) == told["texts"]


@pytest.fixture
def edited(corpus: Path) -> Path:
    """The corpus with two articles that were changed: one in its headline, one in a number."""
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        for number, changed in enumerate(
            (("Another headline", "It had 40 sides."), ("A headline", "It had 90 sides."))
        ):
            url = f"https://prairie-courier.example/edited-{number}"
            first = replace(
                ARTICLES[0], url=url, canonical_url=url, title="A headline", text="It had 40 sides."
            )
            later = replace(
                first, title=changed[0], text=changed[1], fetched=first.fetched + timedelta(hours=5)
            )
            record_article(store, first, offset=90_000 + number, run_id=1)
            record_article(store, later, offset=91_000 + number, run_id=1)
        update_index(store, corpus / "data" / "index")
    return corpus


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=queries)
def test_compare_edits_and_keywords_count_what_a_search_counts(
    edited: Path, pressclip: Command, query: str
) -> None:
    def count(words: str) -> int:
        return int(pressclip("search", "--count", "--", words).out)

    groups = {
        row["group"]: int(row["articles"])
        for row in csv.DictReader(
            io.StringIO(pressclip("compare", "--by", "lang", "-f", "csv", "--", query).out)
        )
    }
    total = count(query)
    assert sum(groups.values()) == total
    assert groups == {name: count(f"({query}) lang:{name}") for name in groups}
    changes = json.loads(pressclip("edits", "--json", "--", query).out)
    kept = pressclip("search", "-n", "1000", "--all", "-f", "ids", "--", f"({query}) is:edited").out
    assert {row["id"] for row in changes} == set(kept.split())
    for kind in ("headline", "number"):
        ids = {row["id"] for row in changes if row["kind"] == kind}
        assert len(ids) == count(f"({query}) changed:{kind}")
    with open_corpus(edited) as corpus:
        tree, every = corpus.understand(query), corpus.understand("*")
        sides = take_sides(corpus, tree, every, language="en", rest=True)
        own = corpus.match(corpus.understand(f"({query}) lang:en"))
        assert (
            (sides[0].articles, sides[0].texts) == (own.total, own.texts)
            if sides
            else not own.total
        )
