"""Whether an outlet's boilerplate is learned and taken out, and nothing of its articles with it.

    python -m bench.gates.boilerplate                 made-up outlets, floors (run by .ci/run)
    python -m bench.gates.boilerplate --real [DIR]    real pages with expected text, by site

Made-up: outlets of 5, 8 and 20 articles in several languages; each page has paragraphs that the whole
outlet has, and some articles stand twice under two headlines. Real: pages of DIR (`truth.jsonl`,
`pages/`, `score.py`) of sites with at least three, mean F1 a page before and after.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.gates.extraction import load_score, real_capture
from bench.made_up.articles import make_article
from bench.sets.real import EXTRACTION, is_here
from crawler.extract import extract
from crawler.urls import outlet_of
from index.article import Article
from index.capture import ArchiveRef, Capture
from index.families.fingerprint import fingerprint
from index.store import StoreWriter
from index.store.tidying import tidy

COMMON = (
    "Sign up for letter {number} of this house and have the news on your table at six every morning.",
    "Continue below the notice",
    "What do you think of it? Write to the editors of house {number}, who answer every letter they get.",
)
SIZES = (5, 8, 20)
FLOORS = {"taken out": 0.99, "kept": 1.0}


def main() -> None:
    """Runs one of the two measurements; exits 1 when a floor is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--real", type=Path, nargs="?", const=EXTRACTION, metavar="DIR")
    args = parser.parse_args()
    if args.real:
        sys.exit(measure_real(args.real) if is_here(args.real) else 0)
    sys.exit(check_own())


def check_own() -> int:
    """Prints the shares of boilerplate taken out and of other paragraphs kept; 1 below a floor."""
    found: dict[str, list[float]] = defaultdict(list)
    for number, size in enumerate(size for size in SIZES for _ in range(4)):
        articles, boilerplate = _outlet(number, size)
        tidied = _tidied(articles)
        for article in articles:
            after = set(tidied[article.url].text.split("\n"))
            for line in article.text.split("\n"):
                name = "taken out" if line in boilerplate else "kept"
                found[name].append(float((line in after) == (name == "kept")))
    shares = {name: statistics.mean(values) for name, values in found.items()}
    for name, floor in FLOORS.items():
        mark = "" if shares[name] >= floor else "  below its floor"
        print(f"{name:10}{len(found[name]):7,} paragraphs{floor:7.2f}{shares[name]:8.3f}{mark}")
    return int(any(shares[name] < floor for name, floor in FLOORS.items()))


def _outlet(number: int, size: int) -> tuple[list[Article], frozenset[str]]:
    """Articles of a made-up outlet with three paragraphs in common; every fifth stands twice."""
    boilerplate = [line.format(number=number) for line in COMMON]
    articles = []
    for place in range(size):
        made = make_article(1_000 * number + 7 * place + 3).article
        lines = _paragraphs(made)
        text = "\n".join([*lines[:1], boilerplate[0], *lines[1:], *boilerplate[1:]])
        url = f"https://made-up-{number}.example/{place}"
        article = replace(
            made, url=url, canonical_url=url, outlet=f"made-up-{number}.example", text=text
        )
        articles.append(article)
        if place % 5 == 4:
            again = f"{url}-again"
            title = make_article(50_000 + number * 100 + place).article.title
            articles.append(replace(article, url=again, canonical_url=again, title=title))
    return articles, frozenset(boilerplate)


def _paragraphs(article: Article) -> list[str]:
    """The text in paragraphs of two sentences."""
    sentences = re.split(r"(?<=[.。؟])\s*", article.text)
    pairs = [" ".join(sentences[place : place + 2]) for place in range(0, len(sentences), 2)]
    return [pair for pair in pairs if pair]


def _tidied(articles: Sequence[Article]) -> Mapping[str, Article]:
    with tempfile.TemporaryDirectory() as folder, StoreWriter.open(Path(folder) / "x.db") as store:
        for number, article in enumerate(articles):
            ref = ArchiveRef(file="a", offset=number, length=1, digest="")
            capture = Capture(
                url=article.url, status=200, headers=(), body=b"", fetched=article.fetched, ref=ref
            )
            store.articles.record(
                article,
                key=article.url,
                capture=store.captures.add(capture, outlet=article.outlet),
                verdicts=(),
                fingerprint=fingerprint(article),
            )
        ids = store.articles.all_ids()
        tidy(store, ids)
        return {stored.article.url: stored.article for stored in store.articles.get(ids).values()}


def measure_real(folder: Path) -> int:
    """Prints the mean F1 a page before and after, on sites with at least three known pages."""
    score = load_score(folder / "score.py")
    before, after, gone = [], [], 0
    for outlet, truths in _sites(folder):
        read = {}
        for true in truths:
            found = extract(real_capture(folder, true))
            if isinstance(found, Article):
                # Some corpora give the site's address for all of its pages.
                url = f"https://{outlet}/{true['id']}"
                read[true["id"]] = replace(found, outlet=outlet, url=url, canonical_url=url)
        tidied = _tidied(list(read.values()))
        for true in truths:
            if true["body"] is None or true["suspect"] or true["id"] not in read:
                continue
            article = read[true["id"]]
            clean = tidied.get(article.url, article)
            gone += len(clean.boilerplate)
            before.append(score.page_f1(score.body_counts(true["body"], article.text)))
            after.append(score.page_f1(score.body_counts(true["body"], clean.text)))
    print(f"{len(before)} pages of sites with three or more; {gone} paragraphs taken out")
    print(
        f"mean F1 a page: {statistics.mean(before):.4f} before, {statistics.mean(after):.4f} after"
    )
    return 0


def _sites(folder: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    by_outlet: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in (folder / "truth.jsonl").read_text("utf-8").splitlines():
        true = json.loads(line)
        if true["url"]:
            by_outlet[outlet_of(true["url"])].append(true)
    return ((name, pages) for name, pages in by_outlet.items() if len(pages) >= 3)


if __name__ == "__main__":
    main()
