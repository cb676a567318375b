"""How fast URLs, feeds, sitemaps, list pages and robots files are read, and how well articles are told.

    python -m bench.speed.channels [--items FILE.jsonl.gz] [--warc FILE.warc.gz]

Each line has its baseline where there is one, measured in the same run on the same input: w3lib for
URLs, feedparser for feeds (when it is installed). Without files the input is made up. With `--items`
(one JSON object with `url`, `feed`, `day`, `title`, `desc` a line) feeds are rebuilt from real items;
with `--warc` the links of its pages give the rate of menu entries taken for articles.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from w3lib.url import canonicalize_url

from crawler.extract.page.decode import decode
from crawler.extract.page.markup import parse as parse_markup
from crawler.lists.feeds import parse_feed
from crawler.lists.sections import parse_list_page
from crawler.lists.sitemaps import parse_sitemap
from crawler.urls import canonical, clean, looks_like_article
from crawler.wire.robots import parse_robots
from index.archive.containers import read_container
from index.capture import Capture

LIST_URL = "https://www.prairie-courier.example/list.xml"
DATE = "Thu, 02 Feb 2023 22:14:00 GMT"


def made_up_items(count: int) -> list[dict[str, str]]:
    return [
        {
            "url": f"https://www.prairie-courier.example/2023/02/balloon-report-{n}?utm_source=rss",
            "feed": str(n // 32),
            "day": "",
            "title": f"Report {n} of a balloon & its shadow over the missile fields",
            "desc": "Ranchers <b>saw</b> it first, and pilots after them. " * 5,
        }
        for n in range(count)
    ]


def rss(items: Iterable[dict[str, str]]) -> bytes:
    entries = "".join(
        f"<item><title>{escape(item['title'] or '')}</title><link>{escape(item['url'])}</link>"
        f"<pubDate>{DATE}</pubDate><description>{escape(item['desc'] or '')}</description></item>"
        for item in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{entries}</channel></rss>'.encode()


def sitemap(urls: Sequence[str]) -> bytes:
    entries = "".join(
        f"<url><loc>{escape(url)}</loc><lastmod>2023-02-02T22:14:00Z</lastmod></url>"
        for url in urls
    )
    return f"<urlset>{entries}</urlset>".encode()


def rate(work: Callable[[Any], object], inputs: Sequence[Any], rounds: int = 3) -> float:
    """Inputs a second of CPU time: the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        for item in inputs:
            work(item)
        best = min(best, time.process_time() - started)
    return len(inputs) / best


def tell(name: str, value: float, unit: str, baseline: tuple[str, float] | None = None) -> None:
    beside = (
        f"   {baseline[0]}: {baseline[1]:,.0f} ({value / baseline[1]:.1f}×)" if baseline else ""
    )
    print(f"{name:<22} {value:>10,.0f} {unit}{beside}")


def feedparser_rate(feeds: Sequence[bytes]) -> tuple[str, float] | None:
    try:
        from feedparser import parse
    except ImportError:
        return None
    return "feedparser", rate(parse, feeds[:60], rounds=1)


def menu_links(warc: Path, pages: int) -> set[str]:
    """Links of one to three words inside `nav` and `footer`: lists, nearly all of them."""
    found: set[str] = set()
    captures = (item for item in read_container(warc) if isinstance(item, Capture))
    for capture in islice(captures, pages):
        tree = parse_markup(decode(capture.body))
        for anchor in tree.xpath("(//nav|//footer)//a[@href]") if tree is not None else ():
            if 0 < len(anchor.text_content().split()) <= 3:
                found.add(clean(anchor.get("href"), capture.url))
    return found - {""}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items", type=Path)
    options.add_argument("--warc", type=Path)
    chosen = options.parse_args()
    items = made_up_items(6400)
    if chosen.items:
        with gzip.open(chosen.items, "rt", encoding="utf-8") as lines:
            items = [json.loads(line) for line in lines]
    urls = [item["url"] for item in items]
    by_feed: defaultdict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for item in items:
        by_feed[item["feed"], item["day"]].append(item)
    feeds = [rss(entries) for entries in by_feed.values()]
    tell("canonical(url)", rate(canonical, urls), "URLs/s", ("w3lib", rate(canonicalize_url, urls)))
    tell("clean(url)", rate(clean, urls), "URLs/s")
    tell(
        f"parse_feed, {len(urls) / len(feeds):.0f} entries",
        rate(lambda body: parse_feed(body, url=LIST_URL), feeds),
        "feeds/s",
        feedparser_rate(feeds),
    )
    large = sitemap(urls[:5000])
    tell("parse_sitemap", 5000 * rate(lambda b: parse_sitemap(b, url=LIST_URL), [large]), "URLs/s")
    page = "".join(
        f'<li><a href="{escape(url)}">A headline of seven words stands here</a>'
        for url in urls[:200]
    )
    tell(
        "parse_list_page, 200",
        rate(lambda b: parse_list_page(b, url=urls[0]), [page.encode()]),
        "pages/s",
    )
    robots = b"User-agent: *\n" + b"".join(b"Disallow: /private/%d\n" % n for n in range(60))
    tell("parse_robots, 60 rules", rate(parse_robots, [robots] * 50), "files/s")
    print(
        f"articles told          {sum(map(looks_like_article, urls)) / len(urls):.1%} of the feeds' own URLs"
    )
    if chosen.warc:
        menu = menu_links(chosen.warc, 300)
        taken = sum(map(looks_like_article, menu)) / len(menu)
        print(f"menu taken for one     {taken:.1%} of {len(menu):,} links")


if __name__ == "__main__":
    main()
