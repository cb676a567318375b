"""Whether what is known of an outlet helps to read its next page, and takes nothing from any.

    python bench/gates/habits.py             the half to gate on; 1 below a floor
    python bench/gates/habits.py --look      the half that the rules were made with
    python bench/gates/habits.py --real [DIR]    real pages with expected fields, sites of four pages and more

Made-up outlets whose single pages lack what their other pages have (bench/sets/habit_pages.py). Each
page is read with nothing known (the baseline) and with what its outlet's first pages teach. Printed are
how many of the pages to be read have the outlet's field right each way, and how many fields of any page
were right and are not any more. Real: each page read with what the site's other pages teach; the table
of score.py for both.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from bench.gates.extraction import load_score, real_capture
from bench.sets.habit_pages import GATE, LESSONS, LOOK, HabitPage, habit_outlets
from bench.sets.real import EXTRACTION, is_here
from crawler.extract import NotAnArticle, extract
from crawler.extract.record import Extraction, extract_page
from crawler.urls import outlet_of
from index.article import Article
from index.habits.learn import learn
from index.habits.priors import priors_of
from index.habits.values import NO_TRAITS, Priors

FLOOR = 0.95


def main() -> None:
    """Prints the table; exits 1 below a floor, or where a field is lost."""
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--look", action="store_true", help="the half that the rules were made with"
    )
    parser.add_argument("--real", type=Path, nargs="?", const=EXTRACTION, metavar="DIR")
    args = parser.parse_args()
    if args.real:
        sys.exit(measure_real(args.real) if is_here(args.real) else 0)
    sys.exit(check(LOOK if args.look else GATE))


def check(half: str) -> int:
    """The table of one half; 1 when an outlet is below the floor or any page loses a field."""
    print(f"{'what one page lacks':26}{'field':>9}{'pages':>7}{'alone':>8}{'known':>8}{'lost':>6}")
    failed = 0
    for outlet in habit_outlets(half):
        known = taught([extract_page(page.capture) for page in outlet.pages[:LESSONS]])
        alone = [_right(page, extract(page.capture)) for page in outlet.pages]
        with_it = [_right(page, extract(page.capture, priors=known)) for page in outlet.pages]
        lost = sum(
            before[name] and not after[name]
            for before, after in zip(alone, with_it, strict=True)
            for name in before
        )
        shares = [
            sum(_has(one, outlet.field) for one in read[LESSONS:]) / len(read[LESSONS:])
            for read in (alone, with_it)
        ]
        low = shares[1] < FLOOR or lost > 0
        failed += low
        numbers = f"{len(alone) - LESSONS:7}{shares[0]:8.2f}{shares[1]:8.2f}{lost:6}"
        mark = "  below its floor" if low else ""
        print(f"{outlet.habit:26}{outlet.field:>9}{numbers}{mark}")
    return int(failed > 0)


def taught(pages: list[Extraction]) -> Priors:
    """What these pages of an outlet teach."""
    shown = [
        (one.result.fetched, one.traits)
        for one in pages
        if isinstance(one.result, Article) and one.traits != NO_TRAITS
    ]
    return priors_of(None, learn(shown))


def _right(page: HabitPage, found: Article | NotAnArticle) -> dict[str, bool]:
    """Which fields of the page are right."""
    if isinstance(found, NotAnArticle):
        return dict.fromkeys(("title", "authors", "day", "moment"), False)
    return {
        "title": found.title == page.title,
        "authors": found.authors == page.authors,
        "day": found.published_day == page.day,
        "moment": page.moment is None or found.published == page.moment,
    }


def _has(right: dict[str, bool], field: str) -> bool:
    return all(right.values()) if field == "all" else right[field]


def measure_real(folder: Path) -> int:
    """Prints score.py's table without and with what each site's other pages teach."""
    score = load_score(folder / "score.py")
    truth: list[dict[str, Any]] = []
    alone: list[dict[str, Any]] = []
    known: list[dict[str, Any]] = []
    for pages in _sites(folder):
        captures = [real_capture(folder, true) for true in pages]
        read = [extract_page(capture) for capture in captures]
        for place, (true, capture) in enumerate(zip(pages, captures, strict=True)):
            priors = taught([one for other, one in enumerate(read) if other != place])
            truth.append(true)
            alone.append(_prediction(true["id"], read[place].result))
            known.append(_prediction(true["id"], extract(capture, priors=priors)))
    rows = {"alone": alone, "known": known}
    score.print_table(
        {name: score.summarise(score.score(truth, row)) for name, row in rows.items()}
    )
    return 0


def _prediction(page_id: str, found: Article | NotAnArticle) -> dict[str, Any]:
    if isinstance(found, NotAnArticle):
        return {"id": page_id, "text": "", "title": "", "authors": [], "date": "", "language": ""}
    day = found.published_day.isoformat() if found.published_day else ""
    return {
        "id": page_id, "text": found.text, "title": found.title, "authors": list(found.authors),
        "date": day, "language": found.language,
    }  # fmt: skip


def _sites(folder: Path) -> Iterator[list[dict[str, Any]]]:
    by_site: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in (folder / "truth.jsonl").read_text("utf-8").splitlines():
        true = json.loads(line)
        if true["url"]:
            by_site[outlet_of(true["url"])].append(true)
    return (pages for _, pages in sorted(by_site.items()) if len(pages) >= 4)


if __name__ == "__main__":
    main()
