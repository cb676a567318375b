"""However it is asked, a query has one number of articles."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Said

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
