"""The writing side: it follows the store by revision, as the workspace's own index does.

The revision that was reached is written into the index after the articles that lead to it. So a push that
was cut off goes on from there; the articles of its last batch are sent again, and are the same.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.errors import IndexUnusable
from index.fulltext.indexer import changed_by_then
from index.fulltext.schema import decode_id, encode_id
from index.opensearch.client import Cluster, Json
from index.opensearch.documents import to_source
from index.opensearch.mapping import index_body
from index.opensearch.pages import first_value, read_documents
from index.opensearch.state import (
    REBUILD,
    IndexState,
    check_format,
    check_health,
    read_states,
)
from index.opensearch.translate import ALL, terms
from index.store import Store, StoredArticle
from index.workspace.search_settings import ClusterAddress

PATIENCE = 300.0
"""Seconds for which one request is tried while nodes are away or busy."""

_PAGE = 500  # changes that lead from one revision written down to the next
_BYTES = 8_000_000  # of one request
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PushReport:
    """What a push did: articles put in and taken out, the revision reached, seconds of time.

    `health` is `green`, or `yellow` where a copy of some part is on no node.
    """

    added: int
    removed: int
    revision: int
    seconds: float
    health: str


def push(
    store: Store,
    address: ClusterAddress,
    *,
    rebuild: bool = False,
    shards: int = 1,
    replicas: int = 1,
    patience: float = PATIENCE,
    told: Callable[[int], None] = lambda revision: None,
) -> PushReport:
    """Bring the cluster's index up to the store's newest revision; makes it when there is none.

    `rebuild` makes it again beside the old one, which answers meanwhile. `shards` and `replicas` are of
    a new index. `told` hears of each revision that is safely there. Raises `IndexUnusable` for an index
    of another store or format, one that is red, or a cluster that stays away; `UsageError` without the
    extra.
    """
    started = time.monotonic()
    cluster = Cluster(address)
    try:
        current, others = read_states(cluster)
        cluster.patience = patience
        state = None if rebuild else current
        if state is not None:
            check_format(cluster, state)
            _check_store(cluster, state, store)
        else:
            state = _draft(cluster, store, current, others, shards, replicas)
        health = check_health(cluster, state)
        run = _Run(cluster, store, told)
        state = run.catch_up(state)
        cluster.call("POST", f"/{state.now},{state.past}/_refresh")
        if current is None or current.number != state.number:
            _publish(cluster, state, current)
        return PushReport(
            added=run.added,
            removed=run.removed,
            revision=state.revision,
            seconds=time.monotonic() - started,
            health=health,
        )
    finally:
        cluster.close()


def _check_store(cluster: Cluster, state: IndexState, store: Store) -> None:
    if state.store == store.identity() and state.revision <= store.revision():
        return
    what = (
        "is ahead of this desk"
        if state.store == store.identity()
        else "is another desk's, or this desk has forgotten something since"
    )
    raise IndexUnusable(
        f"{cluster.address}: the index {what}",
        hint=f"replace it: {REBUILD}; or give another name at the end of the address",
    )


def _draft(
    cluster: Cluster,
    store: Store,
    current: IndexState | None,
    others: Sequence[IndexState],
    shards: int,
    replicas: int,
) -> IndexState:
    """A generation that is not published yet: the rest of one that was cut off, else a new one."""
    newest = current.number if current else 0
    fresh = IndexState(
        name=cluster.address.name, number=newest + 1, store=store.identity(), revision=0
    )
    for other in others:
        same = replace(other, revision=0) == fresh and other.revision <= store.revision()
        if same and others[-1] is other:
            return other
        if other.number > newest:
            _delete(cluster, other)
    # The one with the older versions first: what is half made is made again.
    for index, meta in ((fresh.past, {"of": fresh.now}), (fresh.now, fresh.meta())):
        cluster.call("DELETE", f"/{index}", ignore_unavailable="true")
        cluster.call("PUT", f"/{index}", index_body(meta, shards=shards, replicas=replicas))
    cluster.call(
        "GET",
        f"/_cluster/health/{fresh.now},{fresh.past}",
        wait_for_status="yellow",
        timeout="30s",
    )
    if current is None:  # what is there can be searched from the beginning
        _publish(cluster, fresh, None)
    return fresh


def _publish(cluster: Cluster, state: IndexState, before: IndexState | None) -> None:
    """Let searches see this generation, at once in all, and remove the one before."""
    pairs = ((state.now, state.name), (state.past, f"{state.name}.past"))
    actions: list[Json] = [{"add": {"index": index, "alias": alias}} for index, alias in pairs]
    if before is not None:
        actions += [{"remove_index": {"index": index}} for index in (before.now, before.past)]
    cluster.call("POST", "/_aliases", {"actions": actions})


def _delete(cluster: Cluster, state: IndexState) -> None:
    for index in (state.now, state.past):
        cluster.call("DELETE", f"/{index}", ignore_unavailable="true")


class _Run:
    """One push: what it has put in and taken out so far."""

    def __init__(self, cluster: Cluster, store: Store, told: Callable[[int], None]) -> None:
        self.added = 0
        self.removed = 0
        self._cluster = cluster
        self._store = store
        self._told = told

    def catch_up(self, state: IndexState) -> IndexState:
        """Send every change after the state's revision; returns the state that was reached."""
        while page := self._store.articles.changes(state.revision, limit=_PAGE):
            self._send(state, page)
            state = self._note(replace(state, revision=page[-1].revision))
        if self._drop_lost(state):
            self._cluster.call("POST", f"/{state.now},{state.past}/_refresh")
        return state

    def _send(self, state: IndexState, page: Sequence[StoredArticle]) -> None:
        older = self._older_versions(state, [stored.id for stored in page])
        for request in _requests(self._lines(state, page, older)):
            for result in self._cluster.bulk(request):
                is_now = result["_index"] == state.now
                self.added += is_now and result["result"] in ("created", "updated")
                self.removed += is_now and result["result"] == "deleted"

    def _lines(
        self, state: IndexState, page: Sequence[StoredArticle], older: set[str]
    ) -> Iterator[list[bytes]]:
        """The lines of each document, and of the deletion of each that is no more."""
        for stored in page:
            if not stored.kept:
                yield [_delete_line(state.now, stored.id)]
                continue
            standings = self._store.versions.standings(stored)
            *before, newest = zip(standings, changed_by_then(standings), strict=True)
            yield document_lines(state.now, stored.id, to_source(stored, *newest))
            for number, (standing, changed) in enumerate(before, start=1):
                name = f"{stored.id}.{number}"
                older.discard(name)
                source = to_source(stored.as_it_stood(standing), standing, changed)
                yield document_lines(state.past, name, source)
        for name in sorted(older):
            yield [_delete_line(state.past, name)]

    def _older_versions(self, state: IndexState, ids: Sequence[str]) -> set[str]:
        """The documents of older versions that these articles have so far."""
        if not state.revision:
            return set()
        self._cluster.call("POST", f"/{state.past}/_refresh")
        query = terms("code", [encode_id(identity) for identity in ids])
        body = {"query": query, "sort": [{"code": "asc"}]}
        return {hit["_id"] for hit in read_documents(self._cluster, state.past, body, ("code",))}

    def _note(self, state: IndexState) -> IndexState:
        """Write down the revision that is reached."""
        self._cluster.call("PUT", f"/{state.now}/_mapping", {"_meta": state.meta()})
        _log.info("%s: at revision %d", self._cluster.address, state.revision)
        self._told(state.revision)
        return state

    def _drop_lost(self, state: IndexState) -> bool:
        """Take out what the store no longer has: it was made one with another article.

        No revision tells of what is gone. So the numbers of articles are compared, and their ids where
        those differ.
        """
        self._cluster.call("POST", f"/{state.now},{state.past}/_refresh")
        body: Json = {"size": 0, "query": ALL, "track_total_hits": True}
        found = self._cluster.call("POST", f"/{state.now}/_search", body)
        if found["hits"]["total"]["value"] <= self._store.articles.count_kept():
            return False
        kept = set(self._store.articles.kept_ids())
        lines = [
            [_delete_line(index, name)]
            for index in (state.now, state.past)
            for name, identity in self._all_documents(index)
            if identity not in kept
        ]
        for request in _requests(lines):
            done = self._cluster.bulk(request)
            self.removed += sum(result["_index"] == state.now for result in done)
        return bool(lines)

    def _all_documents(self, index: str) -> Iterator[tuple[str, str]]:
        body = {"query": ALL, "sort": [{"code": "asc"}]}
        for hit in read_documents(self._cluster, index, body, ("code",)):
            yield hit["_id"], decode_id(first_value(hit, "code"))


def document_lines(index: str, name: str, source: Json) -> list[bytes]:
    """The lines of a bulk request that put a document into an index."""
    action = {"index": {"_index": index, "_id": name}}
    return [_line(action), _line(source)]


def _delete_line(index: str, name: str) -> bytes:
    return _line({"delete": {"_index": index, "_id": name}})


def _line(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _requests(operations: Iterable[list[bytes]]) -> Iterator[list[bytes]]:
    """The operations' lines, by requests of a bounded size."""
    request: list[bytes] = []
    size = 0
    for lines in operations:
        length = sum(map(len, lines))
        if request and size + length > _BYTES:
            yield request
            request, size = [], 0
        request += lines
        size += length
    if request:
        yield request
