"""The indices of a desk in the cluster: their names, what they say of themselves, their health.

The desk's name is an alias; behind it stands `NAME.1`, after a rebuilding `NAME.2`, and beside each
`NAME.1.past` (alias `NAME.past`) with the older versions of what was edited.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.errors import IndexUnusable
from index.opensearch.client import Cluster, ClusterRefusal, Json
from index.opensearch.mapping import FORMAT

REBUILD = "pressclip push --rebuild"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """What a generation of the indices says of itself: which store's it is, up to which revision."""

    name: str
    number: int
    store: str
    revision: int
    format: int = FORMAT

    @property
    def now(self) -> str:
        """The index of the newest versions."""
        return f"{self.name}.{self.number}"

    @property
    def past(self) -> str:
        """The index of the older ones."""
        return f"{self.now}.past"

    def meta(self) -> Json:
        """What is written into the index."""
        return {"format": self.format, "store": self.store, "revision": self.revision}


def read_states(cluster: Cluster) -> tuple[IndexState | None, list[IndexState]]:
    """The generation behind the alias, and the others; raises `IndexUnusable` for a foreign index."""
    name = cluster.address.name
    try:
        found = cluster.call("GET", f"/{name},{name}.*/_mapping", ignore_unavailable="true")
        aliases = cluster.call("GET", f"/{name}.*/_alias")
    except ClusterRefusal as error:
        if error.status == 404:
            return None, []
        raise
    if name in found:
        raise IndexUnusable(
            f"{cluster.address}: {name} is an index that pressclip has not made",
            hint="give another name at the end of the address",
        )
    current, others = None, []
    for index, described in found.items():
        number = index.removeprefix(f"{name}.")
        meta = described["mappings"].get("_meta", {})
        if not number.isdecimal() or "revision" not in meta:
            continue
        state = IndexState(
            name=name,
            number=int(number),
            store=str(meta.get("store", "")),
            revision=int(meta["revision"]),
            format=int(meta.get("format", 0)),
        )
        if name in aliases.get(index, {}).get("aliases", {}):
            current = state
        else:
            others.append(state)
    return current, sorted(others, key=lambda state: state.number)


def check_format(cluster: Cluster, state: IndexState) -> None:
    """Raise `IndexUnusable` for an index of another format, with what to run."""
    if state.format == FORMAT:
        return
    if state.format > FORMAT:
        raise IndexUnusable(
            f"{cluster.address}: the index is of a newer pressclip (format {state.format})",
            hint="upgrade pressclip",
        )
    raise IndexUnusable(
        f"{cluster.address}: the index is of another format ({state.format}, not {FORMAT})",
        hint=f"run: {REBUILD}",
    )


def check_health(cluster: Cluster, state: IndexState) -> str:
    """`green` or `yellow`; raises `IndexUnusable` for red: a part of the index is on no node."""
    health = cluster.call("GET", f"/_cluster/health/{state.now},{state.past}")
    status = str(health["status"])
    if status == "red":
        raise IndexUnusable(
            f"{cluster.address}: the index is red: {health['unassigned_shards']} of its parts are on"
            " no node that runs",
            hint="start the nodes that hold them; GET /_cluster/allocation/explain tells which",
        )
    return status
