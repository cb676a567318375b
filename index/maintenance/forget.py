"""Remove an article or an outlet from archive, store and index, for good, so that it does not return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from index.archive import Archive
from index.capture import LIST_PREFIX, Capture
from index.fulltext.indexer import rebuild_index
from index.store import Store, StoreWriter
from index.store.database import database_errors
from index.store.learning import learn_habits
from index.workspace import Workspace
from index.workspace.lock import hold
from index.workspace.outlets import Outlets

_SHORTEST_PATH = 8  # characters: `/` and `/news` stand on every list page


@dataclass(frozen=True, slots=True, kw_only=True)
class Doomed:
    """What is to be forgotten: an outlet with all of its articles, or one article's identities.

    `keys` are the identities of addresses, `urls` the addresses as they were seen.
    """

    outlet: str = ""
    articles: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was taken out; `lists` are archived feeds, sitemaps and section pages that named it."""

    articles: int
    captures: int
    lists: int
    files: int


def doom_article(store: Store, url: str, key: str) -> Doomed:
    """An address, with every other one of its article if the store knows it."""
    ids = store.articles.find(url, key)
    known = store.aliases.known_of(ids, key)
    return Doomed(
        articles=tuple(ids),
        keys=frozenset({key, *(row[0] for row in known)}),
        urls=frozenset({url, *(row[1] for row in known)}),
    )


def doom_outlet(store: Store, outlet: str) -> Doomed:
    """Everything of an outlet; no article when the store has none."""
    rows = store.aliases.of_outlet(outlet)
    return Doomed(
        outlet=outlet,
        articles=tuple(dict.fromkeys(row[0] for row in rows)),
        keys=frozenset(row[1] for row in rows),
    )


def forget(
    workspace: Workspace, doomed: Doomed, *, identify: Callable[[str], str], now: datetime
) -> Forgotten:
    """Take it out of archive, store and index, and leave a tombstone.

    `identify` gives the identity of an address. The archive's files are copied without it, the store
    takes the new places, the tombstone and all deletions in one transaction, then the copies take
    the old files' places, and the index is built again. A kill leaves either everything as it was, or
    what the next writer completes. Raises `WorkspaceBusy` or `StorageError`.
    """
    with (
        hold(workspace.data / "lock"),
        database_errors(workspace.database),
        Archive(workspace.archive_dir) as archive,
        StoreWriter.open(workspace.database) as store,
    ):
        archive.recover()
        finish_rewrites(store, archive)
        found = _find_captures(archive, store, doomed, identify)
        copies = {name: archive.rewrite(name, without=offsets) for name, offsets in found.items()}
        store.erasure.overwrite_deleted()
        with store.transaction():
            _delete(store, doomed, found, workspace.outlets())
            for old, (new, moved) in copies.items():
                store.rewrites.note(old, new, moved.get)
            if doomed.outlet:
                store.tombstones.set(outlet=doomed.outlet, at=now)
            else:
                store.tombstones.set(keys=doomed.keys, at=now)
            store.rename()
        store.erasure.empty_log()
        finish_rewrites(store, archive)
        rebuild_index(store, workspace.index_dir)
    offsets = [is_list for places in found.values() for is_list in places.values()]
    return Forgotten(
        articles=len(doomed.articles),
        captures=len(offsets) - sum(offsets),
        lists=sum(offsets),
        files=len(found),
    )


def finish_rewrites(store: StoreWriter, archive: Archive) -> None:
    """Complete what a killed `forget` left: its copies take their places, or are thrown away.

    Only for the holder of the workspace's lock.
    """
    with database_errors(store.path):
        for old, new in store.rewrites.pending():
            archive.replace(old, new)
        archive.drop_drafts()
        store.rewrites.finish()


def _find_captures(
    archive: Archive, store: Store, doomed: Doomed, identify: Callable[[str], str]
) -> dict[str, dict[int, bool]]:
    """For each file the offsets of what must go, and whether it is a list page that names it."""
    held = store.captures.owners()
    traces = [trace.encode() for trace in _traces(doomed.urls)]
    found: dict[str, dict[int, bool]] = defaultdict(dict)
    for item in archive.captures():
        if not isinstance(item, Capture) or item.ref is None:
            continue
        article, outlet = held.get((item.ref.file, item.ref.offset), ("", ""))
        if article and article not in doomed.articles:
            continue  # another article stands on it
        if article or outlet == doomed.outlet != "" or _is_of(item, doomed, identify):
            found[item.ref.file][item.ref.offset] = False
        elif item.listing.channel.startswith(LIST_PREFIX) and any(
            trace in item.body for trace in traces
        ):
            found[item.ref.file][item.ref.offset] = True
    return found


def _is_of(capture: Capture, doomed: Doomed, identify: Callable[[str], str]) -> bool:
    addresses = [url for url in (capture.url, capture.listing.url) if url]
    if doomed.outlet:
        hosts = {urlsplit(url).hostname or "" for url in addresses}
        return capture.listing.outlet == doomed.outlet or any(
            f".{host}".endswith(f".{doomed.outlet}") for host in hosts
        )
    return any(url in doomed.urls or identify(url) in doomed.keys for url in addresses)


def _traces(urls: Iterable[str]) -> set[str]:
    """How a list page may name an address: whole, without its host, and with `&amp;`."""
    found = set()
    for url in urls:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        found |= {url, url.replace("&", "&amp;")}
        if len(path) >= _SHORTEST_PATH:
            found |= {path, path.replace("&", "&amp;")}
    return found


def _delete(
    store: StoreWriter, doomed: Doomed, found: dict[str, dict[int, bool]], outlets: Outlets
) -> None:
    """Everything that the store has of it, but the places of other captures."""
    held = store.articles.get(doomed.articles)
    for identity in doomed.articles:
        store.articles.remove(identity)
    learn_habits(store, {one.article.outlet for one in held.values()}, outlets)
    erasure = store.erasure
    erasure.delete_captures([(name, place) for name, places in found.items() for place in places])
    erasure.delete_addresses(doomed.keys, doomed.urls)
    if doomed.articles:
        erasure.delete_evaluations()
    if doomed.outlet:
        erasure.delete_outlet(doomed.outlet)
    store.feed_texts.drop_decided()  # those whose candidates went just now
