"""Which outlet belongs into which bucket, which are elsewhere, and which buckets have too much to do."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from crawler.urls import registered_domain
from index.errors import UsageError
from index.workspace.outlets import Outlet, Outlets
from index.workspace.sharding import Layout, Move, choose_bucket, name_buckets

FEWEST, MOST = 50, 200  # outlets of a bucket
SIZE = 100  # outlets a bucket where nobody says
UNEVEN = 2.0  # times the mean of pages from which a bucket is told
BUSY = 200  # pages a day below which no bucket is too busy


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketLoad:
    """A bucket: its outlets, the articles of those, and how many pages of them were fetched a day."""

    name: str
    outlets: tuple[str, ...]
    articles: int = 0
    pages: float = 0


def site_of(outlet: Outlet) -> str:
    """The site that an outlet is asked at: the registered domain of its front page."""
    return registered_domain(outlet.home)


def site_of_id(outlet_id: str, outlets: Outlets) -> str:
    """The site of an outlet that outlets.toml need not name: then its id is its site."""
    known = outlets.by_id.get(outlet_id)
    return site_of(known) if known else registered_domain(f"https://{outlet_id}/")


def with_buckets(layout: Layout, outlets: int, *, size: int | None, number: int | None) -> Layout:
    """The layout with as many buckets as are asked for: `number` in all, or for `size` outlets each.

    What is split stays as it is where neither is given. Raises `UsageError` for fewer than there are.
    """
    if layout.buckets and number is None and size is None:
        return layout
    wanted = number or max(1, math.ceil(outlets / (size or SIZE)))
    if number is None:
        wanted = max(wanted, len(layout.buckets))
    if wanted < len(layout.buckets):
        raise UsageError(
            f"there are {len(layout.buckets)} buckets: their number only grows",
            hint="a bucket's articles lie in it; to start again, merge them all and split the hub again",
        )
    return replace(layout, buckets=name_buckets(wanted, layout.buckets))


def with_move(layout: Layout, outlets: Outlets, outlet: str, bucket: str) -> Layout:
    """The layout with an outlet's site in another bucket. Raises `UsageError` for unknown names."""
    if bucket not in layout.buckets:
        raise UsageError(
            f"no such bucket: {bucket}",
            hint=f"there are {layout.buckets[0]} to {layout.buckets[-1]}"
            if layout.buckets
            else "split the desk first: pressclip shard DIR",
        )
    site = site_of(outlets.get(outlet))
    moved = {**layout.moved, site: bucket}
    if choose_bucket(site, layout.buckets) == bucket:
        del moved[site]
    return replace(layout, moved=moved)


def plan_moves(
    layout: Layout, outlets: Outlets, standing: Mapping[str, str], others: Iterable[str] = ()
) -> tuple[Move, ...]:
    """The moves that bring each outlet into its bucket, in the order of the buckets.

    `standing` has the bucket of each outlet that is in one; the rest comes from the hub. `others` are
    outlets that the hub's database knows and outlets.toml does not: what is known of them goes along.
    """
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for outlet in outlets:
        wanted = layout.bucket_of(site_of(outlet))
        if standing.get(outlet.id, "") != wanted:
            groups[wanted, standing.get(outlet.id, "")].append(outlet.id)
    for name in others:
        groups[layout.bucket_of(site_of_id(name, outlets)), ""].append(name)
    return tuple(
        Move(outlets=tuple(ids), source=source, bucket=bucket)
        for (bucket, source), ids in sorted(groups.items())
    )


def sites_elsewhere(layout: Layout, outlets: Outlets) -> dict[str, tuple[str, ...]]:
    """For each bucket the sites of all other buckets' outlets, sorted."""
    sites = {site_of(outlet) for outlet in outlets}
    homes = {site: layout.bucket_of(site) for site in sites}
    return {
        bucket: tuple(sorted(site for site in sites if homes[site] != bucket))
        for bucket in layout.buckets
    }


def uneven(loads: Sequence[BucketLoad], pages: Mapping[str, float]) -> list[str]:
    """What is uneven, a line each, with what helps; `pages` are pages a day by outlet."""
    return [*_sizes(loads), *_too_busy(loads, pages)]


def _sizes(loads: Sequence[BucketLoad]) -> list[str]:
    """Too many outlets in one bucket, or too few in all."""
    told = [
        f"{load.name} has {len(load.outlets):,} outlets, more than {MOST}:"
        f" pressclip shard --buckets {len(loads) + 1}"
        for load in loads
        if len(load.outlets) > MOST
    ]
    if len(loads) > 1 and all(len(load.outlets) < FEWEST for load in loads):
        told.append(f"no bucket has {FEWEST} outlets: fewer buckets would do")
    return told


def _too_busy(loads: Sequence[BucketLoad], pages: Mapping[str, float]) -> list[str]:
    """Buckets with far more pages a day than the mean, and the outlet whose move would help most."""
    mean = sum(load.pages for load in loads) / len(loads) if loads else 0
    least = min(loads, key=lambda load: load.pages, default=None)
    told = []
    for load in loads:
        if load.pages < max(BUSY, UNEVEN * mean) or least is None:
            continue
        gap = load.pages - least.pages
        helping = [one for one in load.outlets if 0 < pages.get(one, 0) < gap]
        line = f"{load.name} fetches {load.pages / mean:.1f} times the mean of pages"
        if helping:
            most = min(helping, key=lambda one: abs(pages[one] - gap / 2))
            line += f": pressclip shard --move {most} --to {least.name}"
        elif load.outlets:
            line += f": most are of {max(load.outlets, key=lambda one: pages.get(one, 0))}"
        told.append(line)
    return told


def strangers(outlets: Outlets, theirs: Outlets) -> tuple[Outlet, ...]:
    """The outlets of a bucket that the hub does not have."""
    return tuple(one for one in theirs if one.id not in outlets)


def check_once(standing: Iterable[tuple[str, str]], layout: Layout) -> dict[str, str]:
    """The bucket of each outlet, from pairs of outlet and bucket; raises `UsageError` for two of one."""
    found: dict[str, str] = {}
    for outlet, bucket in standing:
        if outlet in found:
            raise UsageError(
                f"{outlet}: stands in {found[outlet]} and in {bucket}",
                hint=f"take it out of one: {layout.root_of(bucket)}/outlets.toml",
            )
        found[outlet] = bucket
    return found
