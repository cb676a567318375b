"""What a backfill costs: requests for each article kept, bytes read, and the pace that it keeps.

    python -m bench.speed.backfill [DAYS] [SHARE]

The demo's outlets as they are years later, on loopback, DAYS days from 3 February 2023 [default: 1]. The
pauses are SHARE of those that the real sources state [default: .05], so that a run takes minutes; the
smallest gap between two requests to a source is held against its pause. The baseline asks the same
sources for the same lists, then fetches what they name in the order of arrival, unjudged, with as many
requests for pages; what has gone it asks the archive for. What it found is reported by the truth. Exits with
1 when a pause was not kept.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from urllib.error import HTTPError
from urllib.request import OpenerDirector, ProxyHandler, build_opener

from bench.gates.backfill import SERVICES, Found, backfill, is_for_page
from crawler.backfill import SOURCES, Answer, gal
from crawler.backfill.cdx import page_in
from crawler.demo.past import known_pieces
from crawler.demo.past_services import ARCHIVE, ENCYCLOPEDIA, GDELT, sample_past
from crawler.demo.server import Visit
from crawler.demo.serving import serve

FIRST = date(2023, 2, 3)
SERVED = {"gdelt": GDELT, "gdelt-doc": GDELT, "wikipedia": ENCYCLOPEDIA, "wayback": ARCHIVE}
OUTLETS = 0.1  # seconds, the delay of past-workspace.toml
SPREAD = 0.02  # seconds that a request may be noted late, on a busy machine


def main() -> int:
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    share = float(sys.argv[2]) if len(sys.argv) > 2 else 0.05
    pauses = {name: round(SOURCES[name].pause * share, 3) for name in SERVED}
    found = backfill((FIRST, FIRST + timedelta(days=days - 1)), pauses)
    on_story = {one.url for one in known_pieces() if one.piece.on_story}
    print(f"{days} days from {FIRST}; pauses {share:g} of what the sources state")
    tell("backfill", found.visits, len(found.kept.keys() & on_story))
    tell("in order of arrival", *breadth_first(found, on_story))
    kept = [tell_gap(name, found.visits, pauses[name]) for name in SERVED]
    hosts = {one.host for one in found.visits} - SERVICES
    return 0 if all([*kept, tell_gap("an outlet", found.visits, OUTLETS, hosts)]) else 1


def tell(name: str, visits: Sequence[Visit], articles: int) -> None:
    """Print what a way of asking cost."""
    pages = [one for one in visits if is_for_page(one)]
    each = max(1, articles)
    print(
        f"  {name:<20} {articles} articles of the story; {len(pages)} pages asked for,"
        f" {len(pages) / each:.2f} an article; {len(visits)} requests in all,"
        f" {len(visits) / each:.1f} an article; {read_bytes(visits):,} kB read,"
        f" {read_bytes(pages):,} of it pages"
    )


def read_bytes(visits: Sequence[Visit]) -> int:
    """Kilobytes of the answers, with their heads."""
    return round(sum(one.size for one in visits) / 1000)


def tell_gap(
    name: str, visits: Sequence[Visit], pause: float, hosts: set[str] | None = None
) -> bool:
    """Print the smallest gap between two requests to a source, or to one of the hosts; whether it is kept."""
    groups = (
        [[one.started for one in visits if one.host == host] for host in hosts]
        if hosts
        else [[one.started for one in visits if source_of(one) == name]]
    )
    gaps = [after - before for group in groups for before, after in pairwise(sorted(group))]
    if not gaps:
        print(f"  {name:<20} not asked twice")
        return True
    is_kept = min(gaps) >= pause - SPREAD
    said = "kept" if is_kept else "NOT KEPT"
    print(f"  {name:<20} smallest gap {min(gaps):.3f} s of {len(gaps)}, pause {pause:g} s: {said}")
    return is_kept


def source_of(one: Visit) -> str:
    """The source that a request was for; empty for none."""
    if one.host == GDELT:
        return "gdelt" if "/gal/" in one.target else "gdelt-doc"
    return next((name for name, host in SERVED.items() if host == one.host), "")


def breadth_first(found: Found, on_story: set[str]) -> tuple[list[Visit], int]:
    """The same lists, then the pages that they name in the order of arrival: the requests, the articles."""
    most = len(found.page_requests)
    with serve(sample_past()) as site:
        opener = build_opener(ProxyHandler({"http": site.ports.proxy_url}))
        named: dict[str, None] = {}
        for one in found.visits:
            if one.host in (GDELT, ENCYCLOPEDIA):
                body = fetch(opener, f"http://{one.host}{one.target}")
                named |= dict.fromkeys(links(one, body) if body else ())
        lists, articles = len(site.visits), 0
        for url in named:
            body = fetch(opener, url)
            if body is None and asked_for(site.visits[lists:]) < most:
                body = fetch(opener, f"http://{ARCHIVE}/web/{FIRST:%Y%m%d}000000id_/{url}")
            articles += body is not None and url in on_story
            if asked_for(site.visits[lists:]) >= most:
                break
        return list(site.visits), articles


def asked_for(visits: Sequence[Visit]) -> int:
    """How many pages were asked for."""
    return sum(map(is_for_page, visits))


def fetch(opener: OpenerDirector, url: str) -> bytes | None:
    """The body of an answer; None for an error."""
    try:
        with opener.open(url, timeout=30) as answer:
            body: bytes = answer.read()
            return body
    except (HTTPError, OSError):
        return None


def links(one: Visit, body: bytes) -> Iterator[str]:
    """The pages that an answer names, in its order."""
    if source_of(one) == "gdelt":
        answer = gal.read(body)
        if isinstance(answer, Answer):
            yield from (lead.found.url for lead in answer.leads)
        return
    value = json.loads(body)
    yield from (row["url"] for row in value.get("articles", ()))
    for page in value.get("query", {}).get("pages", ()):
        for row in page.get("extlinks", ()):
            copy = page_in(row["url"])
            yield copy[0] if copy else row["url"]


if __name__ == "__main__":
    sys.exit(main())
