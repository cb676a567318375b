"""`pressclip status --cluster`: a cluster's buckets, their lag and failures, its workers."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from search_cli.commandline.lazy import load
from search_cli.output.formats import chosen_format, emit
from search_cli.output.render import Format, to_json
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session
from search_cli.view.cluster import BUCKET_FIELDS, bucket_record, cluster_lines, cluster_record

if TYPE_CHECKING:
    from crawler.cluster.overview import Overview


def show_cluster(session: Session, queue: str | None, zone: tzinfo, style: Format | None) -> None:
    """Show the cluster of a queue. Raises `UsageError` or `StorageError` if it cannot be asked."""
    url = load("crawler.cluster.address:queue_url")(queue)
    with load("crawler.cluster.queue:connect")(url) as connection:
        seen: Overview = load("crawler.cluster.overview:look_at_cluster")(connection)
    shown = load("crawler.cluster.queue:shown_queue")(url)
    terminal = Terminal.of(session)
    if style == "json":
        write([f"{to_json(cluster_record(seen, shown))}\n"])
    elif chosen_format(style, terminal) == "table":
        terminal.show(cluster_lines(seen, shown, zone, terminal))
    else:
        rows = [bucket_record(seen, one) for one in seen.buckets]
        emit(session, rows, style=style, fields=BUCKET_FIELDS, columns=())
    if not seen.buckets:
        note(session, "No bucket yet.\nnext: pressclip schedule install --depot DIR DESK")
    elif not any(seen.is_alive(one) for one in seen.workers):
        note(session, "No worker is alive.\nnext: pressclip worker   (on each machine)")
