"""Whether extraction is still as good as it was, and whether it is ahead of its peers.

    python -m bench.gates.extraction                  own pages, floors per field (run by .ci/run)
    python -m bench.gates.extraction --floor date=.97 ... with a floor lowered, this once
    python -m bench.gates.extraction --real [DIR]     real pages with expected fields, all peers installed

Own pages are made up: template families in 12 languages, and every kind of page. Printed are every
field beside its floor and every peer installed, and which kind was taken for which. It fails below a
floor, and where a peer is as good in body, title, authors, date or kind. A peer that does not tell
kinds is right about a page when it gives a text of 20 words for an article and for nothing else.
DIR holds `truth.jsonl`, `pages/ID.html.xz` and `score.py`, which says how its figures are made. CPU is
process time, our extractor and each peer on the same page in turn, each in a process of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import logging
import lzma
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.peers.extractors import Extractor, Reading, absent, installed
from bench.sets.own_pages import OwnPage, own_pages
from bench.sets.real import EXTRACTION, is_here
from crawler.extract.text import fold, tokens
from index.capture import Capture

FLOORS = {
    "body F1": 0.99,
    "precision": 0.99,
    "recall": 0.99,
    "no leaks": 0.99,
    "zones": 0.99,
    "title": 0.99,
    "authors": 0.99,
    "date": 0.99,
    "language": 0.99,
    "section": 0.99,
    "paywalled": 0.99,
    "kind": 0.99,
}
KIND_FLOOR = 0.99
"""The least share of a kind's own pages that are read as that kind; `--floor KIND=VALUE` lowers it."""

AHEAD = ("body F1", "title", "authors", "date", "kind")
ENOUGH_WORDS = 20
FETCHED = datetime(2026, 11, 24, tzinfo=UTC)


def main() -> None:
    """Runs one of the two measurements; exits 1 when a floor is broken."""
    logging.disable(logging.CRITICAL)  # the peers log every page they cannot read
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--real", type=Path, nargs="?", const=EXTRACTION, metavar="DIR")
    parser.add_argument(
        "--limit", type=int, help="only every n-th real page, so that about LIMIT are read"
    )
    parser.add_argument("--floor", action="append", default=[], metavar="FIELD=VALUE")
    args = parser.parse_args()
    if args.real:
        sys.exit(measure_real(args.real, args.limit) if is_here(args.real) else 0)
    pages = own_pages()
    kinds = dict.fromkeys(sorted({page.refusal or page.kind for page in pages}), KIND_FLOOR)
    floors = FLOORS | kinds
    floors |= dict(_floor(text, floors) for text in args.floor)
    sys.exit(check_own(pages, floors))


def _floor(text: str, floors: Mapping[str, float]) -> tuple[str, float]:
    name, _, value = text.partition("=")
    if name not in floors:
        sys.exit(f"no such field: {name} (fields: {', '.join(floors)})")
    return name, float(value)


def check_own(pages: Sequence[OwnPage], floors: Mapping[str, float]) -> int:
    """Prints the figures on the own pages; 1 when one is below its floor or a peer is as good."""
    readings = {
        name: [(page, extractor(page.capture, page.zone)) for page in pages]
        for name, extractor in installed()
    }
    scores = {name: _score(read) for name, read in readings.items()}
    families = {page.id.rpartition("-")[0] for page in pages}
    languages = {page.id.rpartition("-")[2] for page in pages}
    print(f"{len(pages)} own pages, {len(families)} families, {len(languages)} languages")
    low = _print_fields(scores, floors)
    low += _print_kinds(readings["pressclip"], floors)
    behind = _print_ahead(scores)
    if missing := absent():
        print(f"not installed, not compared: {', '.join(missing)}")
    return int(bool(low or behind))


def _print_fields(
    scores: Mapping[str, Mapping[str, float]], floors: Mapping[str, float]
) -> list[str]:
    """The table of fields; returns those below their floors."""
    print(f"{'':12}{'floor':>8}" + "".join(f"{name:>18}" for name in scores))
    low = [name for name in FLOORS if scores["pressclip"][name] < floors[name]]
    for name in FLOORS:
        cells = (f"{row[name]:18.3f}" if name in row else f"{'–':>18}" for row in scores.values())
        mark = "  below its floor" if name in low else ""
        print(f"{name:12}{floors[name]:8.3f}{''.join(cells)}{mark}")
    return low


def _print_kinds(
    readings: Sequence[tuple[OwnPage, Reading]], floors: Mapping[str, float]
) -> list[str]:
    """Which kind of page was taken for which; returns the kinds below their floors."""
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    for page, reading in readings:
        taken[page.refusal or page.kind][reading.kind] += 1
    print(f"\n{'kind':12}{'floor':>8}{'pages':>8}{'right':>8}  taken for")
    low = []
    for kind, found in sorted(taken.items()):
        right = found[kind] / found.total()
        if right < floors[kind]:
            low.append(kind)
        others = ", ".join(f"{other} {count}" for other, count in found.items() if other != kind)
        mark = "  below its floor" if kind in low else ""
        print(f"{kind:12}{floors[kind]:8.3f}{found.total():8}{right:8.3f}  {others or '–'}{mark}")
    return low


def _print_ahead(scores: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Whether pressclip is ahead of each peer in each field that counts; returns where it is not."""
    behind = []
    print()
    for peer in list(scores)[1:]:
        not_ahead = [
            name
            for name in AHEAD
            if name in scores[peer] and scores["pressclip"][name] <= scores[peer][name]
        ]
        behind += [f"{peer}: {name}" for name in not_ahead]
        told = ", ".join(name for name in AHEAD if name in scores[peer] and name not in not_ahead)
        print(f"ahead of {peer} in {told}" + "".join(f"; not in {name}" for name in not_ahead))
    return behind


def _score(readings: Sequence[tuple[OwnPage, Reading]]) -> dict[str, float]:
    """The mean of each measure over the pages that have it; body F1 joins the two means.

    Precision is the mean over the pages with a text, as in ScrapingHub's benchmark.
    """
    found: dict[str, list[float]] = defaultdict(list)
    for page, reading in readings:
        for name, value in score_page(page, reading).items():
            found[name].append(value)
    means = {name: statistics.mean(values) for name, values in found.items()}
    precision, recall = means["precision"], means["recall"]
    means["body F1"] = 2 * precision * recall / (precision + recall)
    return means


def score_page(page: OwnPage, reading: Reading) -> dict[str, float]:
    """The measures of one page, each 0 to 1; a field that the page does not name is not measured."""
    measured = {"kind": float(_is_kind_right(page, reading))}
    if page.refusal:
        return measured
    return measured | _score_text(page, reading) | _score_fields(page, reading)


def _is_kind_right(page: OwnPage, reading: Reading) -> bool:
    if reading.kind:
        return reading.kind == (page.refusal or page.kind)
    return (len(tokens(reading.text)) >= ENOUGH_WORDS) is not bool(page.refusal)


def _score_text(page: OwnPage, reading: Reading) -> dict[str, float]:
    found, wanted = _shingles(reading.text), _shingles("\n".join(page.paragraphs))
    allowed = _shingles("\n".join([page.allowed[0], *page.paragraphs])) | _shingles(
        "\n".join([page.allowed[1], *page.paragraphs])
    )
    text = fold(reading.text)
    precise = {"precision": _share(found, allowed)} if reading.text else {}
    return precise | {
        "recall": _share(wanted, found),
        "no leaks": statistics.mean(fold(line) not in text for line in page.furniture),
    }


def _score_fields(page: OwnPage, reading: Reading) -> dict[str, float]:
    """The fields; those that no peer tells are measured for the extractor that tells kinds."""
    authors = set(page.authors if "authors" in page.fields else ())
    measured = {
        "title": float(reading.title == page.title),
        "date": float(reading.day == page.day),
        "authors": float(set(reading.authors) == authors),
    }
    if "section" in page.fields:
        measured["section"] = float(reading.section == page.section)
    if reading.kind:
        measured["paywalled"] = float(reading.paywalled == page.paywalled)
        measured["language"] = float(reading.language == page.language)
        if page.zones:
            measured["zones"] = len(page.zones & reading.zones) / len(page.zones)
    return {name: value for name, value in measured.items() if name not in reading.silent}


def _share(part: Counter[tuple[str, ...]], whole: Counter[tuple[str, ...]]) -> float:
    """How much of the part, counted, is in the whole."""
    return sum((part & whole).values()) / max(1, sum(part.values()))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = tokens(text)
    return Counter(tuple(words[place : place + 4]) for place in range(max(1, len(words) - 3)))


def measure_real(folder: Path, limit: int | None) -> int:
    """Prints score.py's table and the CPU a page for every extractor installed."""
    truth = [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]
    truth = truth[:: max(1, len(truth) // limit)] if limit else truth
    tools = dict(installed())
    readings, seconds = _read_all(folder, truth, tools)
    score = load_score(folder / "score.py")
    rows = {name: score.summarise(score.score(truth, readings[name])) for name in tools}
    halves = {
        f"{half} half": score.summarise(score.score(part, readings["pressclip"]))
        for half in ("look", "gate")
        if (part := [true for true in truth if half_of(true) == half])
    }
    score.print_table(rows | halves)
    _print_ahead(_fields_told(rows, readings))
    base = seconds["trafilatura"]
    for name, spent in seconds.items():
        print(
            f"{name:18}{1000 * spent / len(truth):8.1f} ms CPU a page{spent / base:8.2f} × trafilatura"
        )
    return 0


def half_of(true: Mapping[str, Any]) -> str:
    """Whether the pages of a site may be looked at while rules are made, `look`, or only measured, `gate`."""
    site = true.get("domain") or urlsplit(true["url"] or "").hostname or true["id"]
    return "look" if hashlib.sha1(site.encode()).digest()[0] & 1 else "gate"


def _fields_told(
    rows: Mapping[str, Mapping[str, float]], readings: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, dict[str, float]]:
    """The figures of each extractor in the fields that count, without those that it never tells.

    Kinds are told on the own pages: all real ones are articles.
    """
    names = {"body F1": "f1", "title": "title", "authors": "authors", "date": "date"}
    keys = {"body F1": "text"}
    return {
        tool: {
            field: row[name]
            for field, name in names.items()
            if any(reading[keys.get(field, field)] for reading in readings[tool])
        }
        for tool, row in rows.items()
    }


def _read_all(
    folder: Path, truth: Sequence[Mapping[str, Any]], tools: Mapping[str, Extractor]
) -> tuple[dict[str, list[dict[str, Any]]], Counter[str]]:
    readings: dict[str, list[dict[str, Any]]] = {name: [] for name in tools}
    seconds: Counter[str] = Counter()
    with ExitStack() as pools:  # a process each: what quickens one would quicken the other
        workers = {
            name: pools.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn")))
            for name in tools
        }
        for place, true in enumerate([*truth[:2], *truth]):  # the first two warm each tool's tables
            capture = real_capture(folder, true)
            for name, tool in tools.items():
                reading, spent = workers[name].submit(_clocked, tool, capture).result()
                if place >= 2:
                    seconds[name] += spent  # type: ignore[assignment]
                    readings[name].append(_as_prediction(true["id"], reading))
    return readings, seconds


def _clocked(tool: Extractor, capture: Capture) -> tuple[Reading, float]:
    logging.disable(logging.CRITICAL)
    started = time.process_time()
    reading = tool(capture, "")
    return reading, time.process_time() - started


def real_capture(folder: Path, true: Mapping[str, Any]) -> Capture:
    body = lzma.decompress((folder / "pages" / f"{true['id']}.html.xz").read_bytes())
    url = true["url"] or "http://unknown.example/"
    return Capture(url=url, status=200, headers=(), body=body, fetched=FETCHED)


def _as_prediction(page_id: str, reading: Reading) -> dict[str, Any]:
    return {
        "id": page_id,
        "text": reading.text,
        "title": reading.title,
        "authors": list(reading.authors),
        "date": reading.day.isoformat() if reading.day else "",
        "language": reading.language,
        "sitename": reading.site_name,
    }


def load_score(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
