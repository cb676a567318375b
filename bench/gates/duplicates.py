"""Families of copies: precision and recall by kind, beside simpler ways, on one corpus in one run.

    python -m bench.gates.duplicates [--stories N] [--rounds N] [--real]

The corpus is made up (`bench.made_up.copies`). Two articles count as found together when they end in
one family. The others: the hash of the text; the hash of the headline, as Media Cloud folds stories;
datasketch with the settings of its documentation (sets of words, 128 permutations, threshold 0.5),
where it is installed. A second set (`bench.made_up.repeats`) has what one house prints again and again;
one half of it is shown, the other holds floors. Exit 1 when a floor is broken.
`--real` adds the sets in ../shared/data. What it costs prints `bench.speed.families`.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.made_up.copies import COPIES, DRESSED, LOOKALIKES, OTHER_HEADLINE, Corpus, Made
from bench.made_up.repeats import APART, BETWEEN, COPIED, HALVES, split
from bench.speed.families import open_database, place_one
from index.article import Article
from index.families.fingerprint import fingerprint
from index.text.shingles import normal_tokens

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FOUND = (*COPIES, OTHER_HEADLINE, DRESSED)
# The least share of copies that must be found. What changes more than 30 % is shown, not held.
FLOORS = dict.fromkeys(FOUND, 0.95) | {
    "45 % of words": 0.0,
    "60 % of words": 0.0,
    "60 % of sentences": 0.0,
    "excerpt, 10 % of words": 0.9,
}
PRECISION_FLOOR = 0.98
REPEATS_FLOORS = {"precision": 0.98, "recall": 0.95}
MAY_MERGE = ("two reports on one page",)  # with one of the two, but they not with each other

Families = Mapping[str, str]
Grouping = Callable[[Sequence[Made]], Families]


def main() -> int:
    options = _options()
    made = list(Corpus(options.stories).articles())
    words = sum(len(normal_tokens(one.article.text)) for one in made) // len(made)
    print(f"{len(made):,} made-up articles, {words} tokens each\n")
    ways = {"pressclip": by_place, "text hash": by_text, "headline": by_title, **_datasketch()}
    results = {name: way(made) for name, way in ways.items()}
    faults = _print_table(made, results)
    for half in HALVES:
        broken = _print_repeats(half, split(half, options.rounds), ways)
        faults += broken if half == "gate" else []
    if options.real:
        _print_briefings()
        _print_scoop(ways)
    for fault in faults:
        print(f"BROKEN  {fault}")
    return 1 if faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--stories", type=int, default=90)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--real", action="store_true")
    return parser.parse_args()


# Ways to find copies


def by_place(made: Sequence[Made]) -> Families:
    """The families of `index.families`."""
    texts = {one.id: one.article.text for one in made}
    families: dict[str, str] = {}
    with open_database() as connection:
        for one in made:
            print_ = fingerprint(one.article)
            families |= place_one(connection, one.id, one.article, print_, texts.__getitem__)
    return families


def by_text(made: Sequence[Made]) -> Families:
    """One family for one text."""
    return {one.id: one.article.text for one in made}


def by_title(made: Sequence[Made]) -> Families:
    """One family for one normalised headline."""
    return {one.id: " ".join(normal_tokens(one.article.title)) for one in made}


def _datasketch() -> dict[str, Grouping]:
    if importlib.util.find_spec("datasketch") is None:
        print("datasketch is not installed: left out")
        return {}
    return {"datasketch": by_datasketch}


def by_datasketch(made: Sequence[Made]) -> Families:
    """MinHash LSH over sets of words, as in datasketch's documentation; what it finds is joined."""
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=0.5, num_perm=128)
    joined: dict[str, str] = {}
    for one in made:
        sketch = MinHash(num_perm=128)
        sketch.update_batch([token.encode() for token in set(normal_tokens(one.article.text))])
        found = [_root(joined, other) for other in lsh.query(sketch)]
        joined[one.id] = one.id
        for other in found:
            joined[_root(joined, other)] = one.id
        lsh.insert(one.id, sketch)
    return {one.id: _root(joined, one.id) for one in made}


def _root(joined: dict[str, str], key: str) -> str:
    while joined[key] != key:
        joined[key] = joined[joined[key]]
        key = joined[key]
    return key


# The table


def _print_table(made: Sequence[Made], results: Mapping[str, Families]) -> list[str]:
    names = [*results]
    print(f"{'copies found':28}{'pairs':>7}" + "".join(f"{name:>12}" for name in names))
    faults: list[str] = []
    for kind in FOUND:
        pairs = [(one.base, one.id) for one in made if one.kind == kind]
        shares = {name: _share(pairs, results[name]) for name in names}
        _print_row(kind, len(pairs), [f"{shares[name]:.3f}" for name in names])
        if shares["pressclip"] < FLOORS[kind]:
            faults.append(f"{kind}: {shares['pressclip']:.3f} found, floor {FLOORS[kind]}")
    print(f"\n{'look-alikes merged':28}{'pairs':>7}" + "".join(f"{name:>12}" for name in names))
    for kind in LOOKALIKES:
        pairs = _lookalike_pairs(made, kind)
        merged = {name: _together(pairs, results[name]) for name in names}
        _print_row(kind, len(pairs), [str(merged[name]) for name in names])
        if merged["pressclip"]:
            faults.append(f"{kind}: {merged['pressclip']} merged")
    precisions = {name: _precision(made, families) for name, families in results.items()}
    _print_row("precision of all pairs", 0, [f"{precisions[name]:.3f}" for name in names])
    if precisions["pressclip"] < PRECISION_FLOOR:
        faults.append(f"precision: {precisions['pressclip']:.3f}, floor {PRECISION_FLOOR}")
    return faults


def _print_row(title: str, pairs: int, figures: Iterable[str]) -> None:
    print(f"{title:28}{pairs or '':>7}" + "".join(f"{figure:>12}" for figure in figures))


def _lookalike_pairs(made: Sequence[Made], kind: str) -> list[tuple[str, str]]:
    if kind not in MAY_MERGE:
        return [(one.base, one.id) for one in made if one.kind == kind and one.base]
    seconds = {one.id: one.base for one in made if one.kind == "second report"}
    return [(seconds[one.base], one.base) for one in made if one.kind == kind]


def _together(pairs: Iterable[tuple[str, str]], families: Families) -> int:
    return sum(families[one] == families[other] for one, other in pairs)


def _share(pairs: Sequence[tuple[str, str]], families: Families) -> float:
    return _together(pairs, families) / len(pairs)


def _precision(made: Sequence[Made], families: Families) -> float:
    """The share of pairs in one family that truly belong together."""
    truth = {one.id: one.family for one in made if one.kind not in MAY_MERGE}
    found = Counter(families[key] for key in truth)
    right = Counter((families[key], family) for key, family in truth.items())
    pairs = sum(count * (count - 1) for count in found.values())
    return sum(count * (count - 1) for count in right.values()) / pairs if pairs else 1.0


# What one house prints again


def _print_repeats(half: str, made: Sequence[Made], ways: Mapping[str, Grouping]) -> list[str]:
    """Wrong and found pairs by kind; a pair of a text between two ends counts for nothing."""
    results = {name: way(made) for name, way in ways.items()}
    counted = [one for one in made if one.kind != BETWEEN]
    print(
        f"\nprinted again, {half}: {len(made):,} articles; wrong pairs by kind, then copies found"
    )
    for kind in APART:
        wrong = {name: _wrong(counted, kind, families) for name, families in results.items()}
        _print_row(kind, len(_of(made, kind)), [str(number) for number in wrong.values()])
    for kind in COPIED:
        pairs = [(one.base, one.id) for one in _of(made, kind)]
        _print_row(kind, len(pairs), [f"{_share(pairs, found):.3f}" for found in results.values()])
    figures = {
        "precision": {name: _precision(counted, found) for name, found in results.items()},
        "recall": {name: _share(_true_pairs(counted), found) for name, found in results.items()},
    }
    faults = []
    for measure, floor in REPEATS_FLOORS.items():
        _print_row(
            f"{measure} of all pairs", 0, [f"{one:.3f}" for one in figures[measure].values()]
        )
        if (value := figures[measure]["pressclip"]) < floor:
            faults.append(f"printed again, {measure}: {value:.3f}, floor {floor}")
    return faults


def _of(made: Sequence[Made], kind: str) -> list[Made]:
    return [one for one in made if one.kind == kind]


def _wrong(made: Sequence[Made], kind: str, families: Families) -> int:
    """Pairs in one family that should not be, one of them at least of the kind."""
    together: dict[str, list[Made]] = defaultdict(list)
    for one in made:
        together[families[one.id]].append(one)
    return sum(
        one.family != other.family and kind in (one.kind, other.kind)
        for group in together.values()
        for one, other in itertools.combinations(group, 2)
    )


# Real texts


def _print_briefings() -> None:
    """Which White House transcripts of two months are put together; three pairs are the same."""
    files = sorted((SHARED / "balloon" / "wh-briefings").rglob("20*.md"))
    if not files:
        print("\nbriefings: not here, left out")
        return
    made = [_briefing(number, path) for number, path in enumerate(files)]
    names = {one.id: one.kind for one in made}
    families = by_place(made)
    pairs = [
        pair
        for pair in itertools.combinations(sorted(families), 2)
        if families[pair[0]] == families[pair[1]]
    ]
    print(f"\nbriefings: {len(made)} transcripts, {len(pairs)} pairs put together")
    for one, other in pairs:
        print(f"  {names[one][:58]:60}{names[other][:58]}")


def _briefing(number: int, path: Path) -> Made:
    _, head, text = path.read_text(encoding="utf-8").split("---", 2)
    title = next(line[6:].strip(" '\"") for line in head.split("\n") if line.startswith("title:"))
    published = datetime.fromisoformat(path.name[:10]).replace(tzinfo=UTC)
    article = _plain(f"https://briefings.example/{number}", title, _unwrapped(text), published)
    return Made(id=f"b{number:04}", article=article, family="", kind=path.stem)


def _unwrapped(text: str) -> str:
    """Paragraphs as single lines."""
    return "\n".join(" ".join(block.split()) for block in text.split("\n\n"))


def _print_scoop(ways: Mapping[str, Grouping]) -> None:
    """Feed items whose copies were marked by hand: mostly teasers, often under 40 words."""
    folder = SHARED / "dedup" / "scoop-dedup-gt" / "backend"
    truth = folder / "testdata" / "ground_truth" / "dedup_ground_truth_items.jsonl"
    if not truth.exists():
        print("\nscoop: not here, left out")
        return
    made = [_scoop_item(folder, json.loads(line)) for line in truth.open(encoding="utf-8")]
    long = [one for one in made if len(normal_tokens(one.article.text)) >= 40]
    print(f"\nscoop: {len(made)} items, {len(long)} of 40 words and more")
    for name, way in ways.items():
        families = way(long)
        pairs = _true_pairs(long)
        print(
            f"  {name:12} precision {_precision(long, families):.3f}  recall {_share(pairs, families):.3f}"
        )


def _true_pairs(made: Sequence[Made]) -> list[tuple[str, str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for one in made:
        groups[one.family].append(one.id)
    return [pair for ids in groups.values() for pair in itertools.combinations(ids, 2)]


def _scoop_item(folder: Path, item: dict[str, str]) -> Made:
    data = json.loads((folder / item["file"]).read_text(encoding="utf-8"))
    url = data["canonical_url"]
    article = _plain(
        url, data["title"], data.get("body_text", ""), datetime(2026, 2, 14, tzinfo=UTC)
    )
    outlet = data.get("source_domain") or article.outlet
    made = replace(article, outlet=outlet)
    return Made(id=item["file"], article=made, family=item["story_gt_id"], kind="item")


def _plain(url: str, title: str, text: str, published: datetime) -> Article:
    return Article(
        url=url,
        canonical_url=url,
        outlet=url.split("/")[2],
        title=title,
        text=text,
        fetched=published + timedelta(days=1),
        published=published,
    )


if __name__ == "__main__":
    raise SystemExit(main())
