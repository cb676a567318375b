"""Whether extraction is still as good as it was, and how it compares.

    python bench/extraction_gate.py                  own pages, floors per field (run by .ci/run)
    python bench/extraction_gate.py --floor date=.97 ... with a floor lowered, this once
    python bench/extraction_gate.py --real [DIR]     real pages with expected fields, all peers installed

Own pages are made up: 13 template families in 12 languages, and every kind of page that is no
article. DIR holds `truth.jsonl`, `pages/ID.html.xz` and `score.py`, which says how its figures are
made. CPU is process time, our extractor and each peer on the same page in turn.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import lzma
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.extractors import Extractor, Reading, installed, read_pressclip, read_trafilatura
from bench.own_pages import OwnPage, own_pages
from crawler.extract.text import fold, tokens
from index.capture import Capture

REAL = Path(__file__).parent.parent.parent / "shared" / "data" / "extraction"
FLOORS = {
    "precision": 0.99,
    "recall": 0.99,
    "no leaks": 0.99,
    "title": 0.99,
    "authors": 0.99,
    "date": 0.99,
    "language": 0.99,
    "section": 0.99,
    "kind": 0.99,
    "paywalled": 0.99,
}
FETCHED = datetime(2026, 11, 24, tzinfo=UTC)


def main() -> None:
    """Runs one of the two measurements; exits 1 when a floor is broken."""
    logging.disable(logging.CRITICAL)  # the peers log every page they cannot read
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--real", type=Path, nargs="?", const=REAL, metavar="DIR")
    parser.add_argument(
        "--limit", type=int, help="only every n-th real page, so that about LIMIT are read"
    )
    parser.add_argument("--floor", action="append", default=[], metavar="FIELD=VALUE")
    args = parser.parse_args()
    if args.real:
        sys.exit(measure_real(args.real, args.limit))
    sys.exit(check_own(FLOORS | dict(map(_floor, args.floor))))


def _floor(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    if name not in FLOORS:
        sys.exit(f"no such field: {name} (fields: {', '.join(FLOORS)})")
    return name, float(value)


def check_own(floors: Mapping[str, float]) -> int:
    """Prints the figures on the own pages beside trafilatura's; 1 when one is below its floor."""
    pages = own_pages()
    ours, theirs = _score(pages, read_pressclip), _score(pages, read_trafilatura)
    print(f"{len(pages)} own pages, {len({page.id.split('-')[0] for page in pages})} families")
    print(f"{'':12}{'floor':>8}{'pressclip':>11}{'trafilatura':>13}")
    for name, floor in floors.items():
        mark = "" if ours[name] >= floor else "  below its floor"
        peer = f"{theirs[name]:13.3f}" if name in theirs else f"{'–':>13}"
        print(f"{name:12}{floor:8.3f}{ours[name]:11.3f}{peer}{mark}")
    return int(any(ours[name] < floor for name, floor in floors.items()))


def _score(pages: Sequence[OwnPage], extractor: Extractor) -> dict[str, float]:
    """The mean of each measure over the pages that have it."""
    found: dict[str, list[float]] = defaultdict(list)
    for page in pages:
        for name, value in score_page(page, extractor(page.capture, page.zone)).items():
            found[name].append(value)
    return {name: statistics.mean(values) for name, values in found.items()}


def score_page(page: OwnPage, reading: Reading) -> dict[str, float]:
    """The measures of one page, each 0 to 1; a field that the page does not name is not measured."""
    if page.refusal:
        return {"kind": float(reading.kind == page.refusal)} if reading.kind else {}
    found, wanted = _shingles(reading.text), _shingles("\n".join(page.paragraphs))
    allowed = _shingles("\n".join([page.allowed[0], *page.paragraphs])) | _shingles(
        "\n".join([page.allowed[1], *page.paragraphs])
    )
    text = fold(reading.text)
    measured = {
        "precision": _share(found, allowed),
        "recall": _share(wanted, found),
        "no leaks": statistics.mean(fold(line) not in text for line in page.furniture),
        "title": float(reading.title == page.title),
        "authors": float(
            set(reading.authors) == set(page.authors if "authors" in page.fields else ())
        ),
        "date": float(reading.day == page.day),
    }
    if reading.kind:
        measured["kind"] = float(reading.kind == page.kind)
        measured["paywalled"] = float(reading.paywalled == page.paywalled)
        measured["language"] = float(reading.language == page.language)
    if "section" in page.fields:
        measured["section"] = float(reading.section == page.section)
    return measured


def _share(part: Counter[tuple[str, ...]], whole: Counter[tuple[str, ...]]) -> float:
    """How much of the part, counted, lies in the whole."""
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
    score = _load_score(folder / "score.py")
    rows = {name: score.summarise(score.score(truth, readings[name])) for name in tools}
    score.print_table(rows)
    base = seconds["trafilatura"]
    for name, spent in seconds.items():
        print(
            f"{name:18}{1000 * spent / len(truth):8.1f} ms CPU a page{spent / base:8.2f} × trafilatura"
        )
    return 0


def _read_all(
    folder: Path, truth: Sequence[Mapping[str, Any]], tools: Mapping[str, Extractor]
) -> tuple[dict[str, list[dict[str, Any]]], Counter[str]]:
    readings: dict[str, list[dict[str, Any]]] = {name: [] for name in tools}
    seconds: Counter[str] = Counter()
    for place, true in enumerate([*truth[:2], *truth]):  # the first two warm each tool's tables
        capture = _capture(folder, true)
        for name, tool in tools.items():
            started = time.process_time()
            reading = tool(capture, "")
            if place >= 2:
                seconds[name] += time.process_time() - started  # type: ignore[assignment]
                readings[name].append(_as_prediction(true["id"], reading))
    return readings, seconds


def _capture(folder: Path, true: Mapping[str, Any]) -> Capture:
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


def _load_score(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
