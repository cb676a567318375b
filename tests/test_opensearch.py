"""The index in an OpenSearch cluster, against a node that runs here; skipped where none is installed."""

from __future__ import annotations

import json
import random
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bench.made_up.queries import Material, make_query
from bench.peers.opensearch_nodes import Node
from crawler.ingest.stages import index_articles
from index.errors import IndexUnusable, UsageError
from index.fulltext.indexer import update_index
from index.fulltext.searcher import FACETS, OF_OUTLET, SORTS, When
from index.opensearch.client import Cluster
from index.opensearch.mapping import FORMAT, index_body
from index.opensearch.push import push
from index.opensearch.searcher import ClusterIndex, pushed_revision
from index.opensearch.state import IndexState
from index.query import Everything
from index.store import StoreWriter
from index.workspace import Workspace
from index.workspace.search_settings import ADDRESS_VARIABLE, parse_address
from tests.conftest import Said
from tests.test_index_searcher import NOW, QUERIES, WORDS
from tests.twins import Twins, fill_store, open_pair, open_twins, parsed, serve_node

MATERIAL = Material(
    words=[*" ".join(WORDS.values()).split(), "spy-balloon", "F-22", "无人"],
    names=["Lara", "Jakes", "Peña", "王", "Reyes", "Ann", "小明"],
    filters=[
        *("lang:fr", "lang:und", "outlet:a.example,b.example", "section:world", "tag:key", "*"),
        *("story:balloon", "story:flood", "kind:opinion", "agency:afp", "seen:2023-02-12"),
        *("is:original", "is:reprint", "is:edited", "is:undated", "is:mention", "is:paywalled"),
        *("is:borderline", "is:removed", "date:2023-02-03", "date:2023-02-03..2023-02-05"),
        *("date:3d", "date:..2023-02-02", "changed:headline", "changed:wording", "changed:added"),
    ],
)
RANDOM_QUERIES = 60
MOMENTS: tuple[When, ...] = ("now", "ever", NOW + timedelta(hours=60))


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with serve_node() as node:
        yield node


@pytest.fixture(scope="module")
def twins(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    with open_twins(tmp_path_factory.mktemp("twins"), node, "twins") as twins:
        yield twins


def test_every_kind_of_query_finds_the_same_in_both(twins: Twins) -> None:
    queries = [*QUERIES, "tag:key balloon", "is:edited", "changed:headline", "story:Flood"]
    assert list(filter(None, (twins.differences(parsed(query)) for query in queries))) == []


@pytest.mark.parametrize("when", MOMENTS, ids=["now", "ever", "a moment"])
def test_any_query_finds_the_same_in_both(twins: Twins, when: Any) -> None:
    rng = random.Random(f"{when}")
    trees = [make_query(rng, MATERIAL, NOW) for _ in range(RANDOM_QUERIES)]
    assert list(filter(None, (twins.differences(tree, when=when) for tree in trees))) == []


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort not in ("relevance", "recent")])
@pytest.mark.parametrize("fold", [True, False], ids=["folded", "all"])
def test_every_order_but_by_score_is_the_same(twins: Twins, sort: Any, fold: bool) -> None:
    tree = parsed("balloon OR ballon OR 气球")
    ours, theirs = twins.own.index.search(tree), twins.cluster.index.search(tree)
    for limit in (None, 7):
        listed = [
            [
                (hit.id, hit.family, hit.reprints, hit.version)
                for hit in answer.top(limit, sort=sort, fold=fold)
            ]
            for answer in (ours, theirs)
        ]
        assert listed[0] == listed[1]
    assert list(ours.in_order(sort)) == list(theirs.in_order(sort))


@pytest.mark.parametrize(
    "query", ["balloon", "spy balloon", '"shot down"', "气球", "spy NEAR/2 balloon"]
)
def test_the_best_by_score_are_mostly_the_same(twins: Twins, query: str) -> None:
    tree = parsed(query)
    best = [
        {hit.id for hit in corpus.index.search(tree).top(10, fold=False)}
        for corpus in (twins.own, twins.cluster)
    ]
    assert len(best[0] & best[1]) >= 0.7 * len(best[0])


def test_a_word_of_the_headline_counts_three_times(twins: Twins) -> None:
    scores = {
        hit.id: hit.score for hit in twins.cluster.index.search(parsed("气球")).top(fold=False)
    }
    for hit in twins.own.index.search(parsed("气球")).top(fold=False):
        assert scores[hit.id] == pytest.approx(hit.score, rel=0.05)


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Kolkata")], ids=str)
def test_every_facet_counts_the_same(twins: Twins, zone: Any) -> None:
    tree = parsed("balloon OR ballon OR 气球")
    ours, theirs = twins.own.index.search(tree), twins.cluster.index.search(tree)
    names = [name for name in FACETS if name not in OF_OUTLET]
    for name in names:
        assert ours.count_values(name, zone=zone) == theirs.count_values(name, zone=zone)
    assert ours.families == theirs.families
    each = [
        sorted((one.code, one.family, [sorted(cell) for cell in one.values]) for one in found)
        for found in (answer.read_values(names, {}, zone=zone) for answer in (ours, theirs))
    ]
    assert each[0] == each[1]


def test_snippets_marks_and_words_that_may_be_meant_are_the_same(twins: Twins) -> None:
    for query in ("balloon spy", "spy NEAR/2 balloon", "气球", "title:balloon", "author:jakes"):
        ours, theirs = (
            {
                hit.id: (hit.snippet, hit.title_marks)
                for hit in corpus.search(
                    query, limit=None, fold=False, sort="newest", mentions=True
                )
            }
            for corpus in (twins.own, twins.cluster)
        )
        assert ours == theirs
    for word in ("balon", "spyy", "motnana"):
        assert twins.own.index.suggest_words(word) == twins.cluster.index.suggest_words(word)


@pytest.fixture
def small(node: Node, tmp_path: Path) -> Iterator[tuple[StoreWriter, str]]:
    """A store of twelve articles and the address of an index that is not there yet."""
    with StoreWriter.open(tmp_path / "pressclip.db") as store:
        store.ledger.start_run("crawl balloon")
        fill_store(store, 12)
        yield store, f"opensearch://{node.address}/{tmp_path.name.replace('_', '-').lower()}"


class CutOff(Exception):
    """The push's process died."""


def test_a_push_that_was_cut_off_goes_on_from_there(
    small: tuple[StoreWriter, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, address = small
    monkeypatch.setattr("index.opensearch.push._PAGE", 5)
    reached: list[int] = []

    def die(revision: int) -> None:
        reached.append(revision)
        raise CutOff

    with pytest.raises(CutOff):
        push(store, parse_address(address), told=die)
    report = push(store, parse_address(address))
    assert report.revision == store.revision() > reached[0] > 0
    update_index(store, tmp_path / "index")
    with open_pair(tmp_path, parse_address(address)) as twins:
        assert twins.differences(Everything(), when="ever") == ""
        assert report.added < twins.own.index.count


def test_what_changed_or_left_the_store_is_followed(
    small: tuple[StoreWriter, str], tmp_path: Path
) -> None:
    store, address = small
    push(store, parse_address(address))
    fill_store(store, 8, first=8)  # four of them are known already, and are edited now
    first, second = store.articles.kept_ids()[:2]
    store.articles.remove(first)
    report = push(store, parse_address(address))
    assert (report.removed > 0, report.health) == (True, "yellow")
    update_index(store, tmp_path / "index")
    with open_pair(tmp_path, parse_address(address)) as twins:
        for query in ("*", "balloon", "is:edited", f"id:{second}"):
            for when in MOMENTS:
                assert twins.differences(parsed(query), when=when) == ""


def test_an_index_of_another_format_is_refused_until_it_is_rebuilt(
    small: tuple[StoreWriter, str],
) -> None:
    store, address = small
    place = parse_address(address)
    push(store, place)
    cluster = Cluster(place)
    meta = {"format": FORMAT - 1, "store": store.identity(), "revision": 3}
    cluster.call("PUT", f"/{place.name}/_mapping", {"_meta": meta})
    for attempt in (lambda: push(store, place), lambda: ClusterIndex.open(place, store)):
        with pytest.raises(IndexUnusable) as refused:
            attempt()
        assert "of another format" in str(refused.value)
        assert refused.value.hint == "run: pressclip push --rebuild"
    push(store, place, rebuild=True)
    index = ClusterIndex.open(place, store)
    assert index.search(Everything()).total == store.articles.count_kept() == index.count


def test_another_desk_s_index_is_not_written_over(
    small: tuple[StoreWriter, str], tmp_path: Path
) -> None:
    store, address = small
    push(store, parse_address(address))
    with StoreWriter.open(tmp_path / "other.db") as other:
        fill_store(other, 2)
        with pytest.raises(IndexUnusable, match="another desk's"):
            push(other, parse_address(address))


def test_what_would_take_too_long_to_look_at_again_is_refused(
    twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.opensearch.again.MOST", 1)
    with pytest.raises(UsageError, match="would have to be looked at"):
        twins.cluster.index.search(parsed("(spy NEAR/2 balloon) NEAR/9 balloon"))


def test_the_verbs_search_the_cluster_that_is_set(
    corpus: Path, node: Node, pressclip: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, f"opensearch://ann:s3cret@{node.address}/verbs")
    asked = [
        ("search", "balloon", "-f", "json", "--sort", "newest"),
        ("search", "balloon", "--count"),
        ("search", "balloon", "--facet", "outlet,day", "-f", "json"),
        ("timeline", "balloon", "-f", "json"),
        ("kwic", "balloon", "-f", "json"),
        ("search", "baloon"),
    ]
    own = [pressclip(*verb) for verb in asked]
    settings = corpus / "workspace.toml"
    settings.write_text(settings.read_text() + '\n[search]\nengine = "opensearch"\n')
    before = pressclip("search", "balloon")
    assert (before.status, "pressclip push" in before.err) == (4, True)
    said = pressclip("push")
    assert said.status == 0
    assert "6 articles put in" in said.err
    assert [pressclip(*verb) for verb in asked] == own
    status = json.loads(pressclip("status", "--json").out)
    assert status["indexed_revision"] == status["revision"]
    assert "s3cret" not in before.err + said.err + said.out


def test_a_cluster_that_is_away_is_one_line_without_its_password(
    corpus: Path, pressclip: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.opensearch.client.FIRST_PATIENCE", 0.1)
    said = pressclip("push", "opensearch://ann:s3cret@127.0.0.1:1/desk")
    assert said.status == 4
    assert said.err.startswith("error: opensearch://127.0.0.1:1/desk: no answer")
    assert "s3cret" not in said.err


def test_without_the_extra_a_push_says_what_to_install(
    corpus: Path, pressclip: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "urllib3", None)
    said = pressclip("push", "opensearch://127.0.0.1:9200/desk")
    assert said.status == 2
    assert said.err == (
        "error: OpenSearch needs an extra that is not installed\n"
        "hint: pip install 'pressclip[opensearch]'\n"
    )


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("http://ann:s3cret@host/desk", id="another scheme"),
        pytest.param("opensearch://ann:s3cret@/desk", id="no host"),
        pytest.param("opensearch://ann:s3cret/more@host/desk", id="a slash in the password"),
        pytest.param("opensearch://ann:s3cret@host/My Desk", id="a name that cannot be"),
        pytest.param("opensearch://ann:s3cret@host:99999/desk", id="a port that cannot be"),
    ],
)
def test_an_address_that_cannot_be_is_refused_and_not_repeated(
    corpus: Path, pressclip: Callable[..., Said], address: str
) -> None:
    (corpus / "workspace.toml").write_text(f'[search]\nengine = "opensearch"\nurl = "{address}"\n')
    for said in (pressclip("push", address), pressclip("search", "balloon")):
        assert said.status == 2
        assert "as in opensearch://" in said.err
        assert "s3cret" not in said.err


def test_an_engine_without_an_address_says_what_to_write(
    corpus: Path, pressclip: Callable[..., Said]
) -> None:
    (corpus / "workspace.toml").write_text('[search]\nengine = "opensearch"\n')
    said = pressclip("search", "balloon")
    assert (said.status, said.err.startswith("error: no OpenSearch cluster is set")) == (2, True)


def test_a_red_index_is_refused(small: tuple[StoreWriter, str]) -> None:
    store, address = small
    place = parse_address(address)
    state = IndexState(name=place.name, number=1, store=store.identity(), revision=1)
    cluster = Cluster(place)
    for index, alias in ((state.now, place.name), (state.past, f"{place.name}.past")):
        body = index_body(state.meta(), shards=1, replicas=0)
        body["settings"]["index"]["routing.allocation.require._name"] = "a node that is away"
        cluster.call(
            "PUT", f"/{index}", {**body, "aliases": {alias: {}}}, wait_for_active_shards="0"
        )
    for attempt in (lambda: push(store, place), lambda: ClusterIndex.open(place, store)):
        with pytest.raises(IndexUnusable, match="the index is red: 2 of its parts"):
            attempt()


def test_the_end_of_a_run_pushes_too(corpus: Path, node: Node, caplog: Any) -> None:
    url = f"opensearch://{node.address}/run"
    (corpus / "workspace.toml").write_text(f'[search]\nengine = "opensearch"\nurl = "{url}"\n')
    workspace = Workspace.load(corpus)
    with StoreWriter.open(workspace.database) as store:
        index_articles(store, workspace)
        assert pushed_revision(parse_address(url)) == store.revision()
        (corpus / "workspace.toml").write_text(
            '[search]\nengine = "opensearch"\nurl = "opensearch://127.0.0.1:1/run"\n'
        )
        index_articles(store, Workspace.load(corpus))
    assert "later run: pressclip push" in caplog.text


@pytest.fixture
def busy() -> Iterator[tuple[str, list[str]]]:
    """A cluster that turns away the first two requests, and of a bulk request first the second article."""
    asked: list[str] = []

    class Busy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append(body)
            status = 429 if len(asked) < 3 else 200
            names = [json.loads(line)["delete"]["_id"] for line in body.splitlines()]
            statuses = [429 if len(asked) == 3 and name == "two" else 200 for name in names]
            items = [
                {"delete": {"_id": name, "status": each, "result": "deleted"}}
                for name, each in zip(names, statuses, strict=True)
            ]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps({"items": items} if status == 200 else {}).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Busy)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"opensearch://127.0.0.1:{server.server_port}/busy", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_busy_cluster_is_waited_for_and_what_it_turned_away_is_sent_again(
    busy: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.opensearch.client._FIRST_PAUSE", 0.01)
    address, asked = busy
    lines = [json.dumps({"delete": {"_id": name}}).encode() for name in ("one", "two")]
    done = Cluster(parse_address(address)).bulk(lines)
    assert [result["_id"] for result in done] == ["one", "two"]
    assert [len(body.splitlines()) for body in asked] == [2, 2, 2, 1]
