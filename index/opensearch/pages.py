"""All that a query finds, page by page: documents in an order, values with their counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.opensearch.client import Cluster, Json

_DOCUMENTS = 5_000
_VALUES = 10_000
_KEPT = "5m"  # for how long the cluster keeps a point in time open between two pages


def read_documents(
    cluster: Cluster, index: str, body: Json, fields: Sequence[str], *, most: int | None = None
) -> Iterator[Json]:
    """Each hit of a query with the columns `fields`, in the order of the body's `sort`, as of one moment.

    Raises as `Cluster.call`.
    """
    opened = cluster.call("POST", f"/{index}/_search/point_in_time", keep_alive=_KEPT)
    pit = opened["pit_id"]
    left = most
    after: list[object] | None = None
    try:
        while left is None or left > 0:
            page = {
                **body,
                "size": _DOCUMENTS if left is None else min(left, _DOCUMENTS),
                "pit": {"id": pit, "keep_alive": _KEPT},
                "docvalue_fields": list(fields),
                "track_total_hits": False,
            }
            if after is not None:
                page["search_after"] = after
            hits = cluster.call("POST", "/_search", page)["hits"]["hits"]
            yield from hits
            if len(hits) < page["size"]:
                return
            after = hits[-1]["sort"]
            left = None if left is None else left - len(hits)
    finally:
        cluster.call("DELETE", "/_search/point_in_time", {"pit_id": [pit]})


def count_by(cluster: Cluster, index: str, query: Json, field: str) -> Iterator[tuple[object, int]]:
    """Each value of a column with how many of the query's articles have it; exact, in no order."""
    sources = [{"value": {"terms": {"field": field}}}]
    after: Json | None = None
    while True:
        composite: Json = {"size": _VALUES, "sources": sources}
        if after:
            composite["after"] = after
        body = {"size": 0, "query": query, "aggs": {"values": {"composite": composite}}}
        found = cluster.call("POST", f"/{index}/_search", body)["aggregations"]["values"]
        for bucket in found["buckets"]:
            yield bucket["key"]["value"], int(bucket["doc_count"])
        after = found.get("after_key")
        if after is None or len(found["buckets"]) < _VALUES:
            return


def first_value(hit: Json, field: str) -> int:
    """The value of a whole-number column; 0 if it has none."""
    values = hit.get("fields", {}).get(field)
    return int(values[0]) if values else 0
