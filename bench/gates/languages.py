"""Languages without a query: what is found with English clippings alone, with the encoder and without.

    python -m bench.gates.languages [--real]

Four stories told in English clippings and in German, Spanish, Russian and Chinese headlines of our own
(`bench/sets/languages.toml`), each with hard confusers: the same people in other news, the same kind of
thing elsewhere. A story file is proposed from the clippings, as `story new --from` does. Printed for
each way: recall, precision, and confusers taken for the story. The ways: the obvious word of each
language, written by hand; the proposed file without the extra, and with it; meaning alone; the
query that `story suggest` proposes. Two of the stories may be looked at, two are only measured (the
floors). `--real` adds Polish headlines of a real week in ../shared/data, from English articles alone.
Exit 1 when a floor is broken; skipped where the extra is not installed.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import mean

from bench.sets.languages import ABROAD, Abroad, Line, language_sets
from bench.sets.real import FEED_ITEMS, is_here
from bench.sets.relevance import week_items
from crawler.pages.clippings import usual_words
from index.meaning.direction import Direction, learn_direction
from index.meaning.encoder import headline_of, is_installed, load_encoder
from index.query import parse
from index.query.match import matches
from index.relevance.by_meaning import SURE, Meaning, Read, learn_meaning
from index.relevance.seeds import learn_with_seeds
from index.relevance.suggest import Rarity, propose, propose_query
from index.relevance.verdict import judge_analysed
from index.workspace.story import Story

FLOORS = {"recall": 0.78, "precision": 0.88, "zh recall": 0.78, "zh precision": 0.9}
_SUGGESTED = 3

Found = Callable[[int], bool]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", action="store_true", help="Polish headlines of a real week, too")
    options = parser.parse_args()
    if not is_installed():
        print("skipped: pip install 'pressclip[semantic]'")
        return 0
    figures: dict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    print(
        f"{'story':10}{'half':6}{'way':22}"
        + "".join(f"{name:>14}" for name in ABROAD)
        + "   confusers"
    )
    for story in language_sets():
        for way, found in ways(story):
            rates = {name: rates_of(story, found, name) for name in ABROAD}
            told = "".join(f"{recall:7.2f}{precision:7.2f}" for recall, precision in rates.values())
            wrong = sum(found(n) for n, line in enumerate(story.lines) if line.label == "confuser")
            print(f"{story.id:10}{story.half:6}{way:22}{told}   {wrong}")
            for name, pair in rates.items():
                figures[story.half, way, name].append(pair)
    broken = _sum_up(figures)
    if options.real:
        _real()
    return broken


def ways(story: Abroad) -> Iterator[tuple[str, Found]]:
    """Each way with what it finds, by place."""
    lines, encode = story.lines, load_encoder().encode
    words = {name: parse(word) for name, word in story.word.items()}
    yield (
        "the obvious word",
        lambda n: (
            lines[n].language in words and matches(words[lines[n].language], lines[n].analysed)
        ),
    )
    proposal = propose(story.clippings, usual=usual_words)
    queries = {one.language: one.query for one in proposal.queries if not one.to_complete}
    file = Story(id=story.id, title=proposal.title, match=queries, seeds=proposal.seeds)
    alone = [judge_analysed(line.analysed, file).alone for line in lines]
    sure = {n: value for n, value in enumerate(alone) if value > 0}
    profile = learn_with_seeds(file.seeds, [line.features for line in lines], sure)
    without = [judge_analysed(line.analysed, file, profile=profile) for line in lines]
    yield "without the extra", lambda n: without[n].decision == "on-story"
    vectors = encode([headline_of(line.article) for line in lines])
    titles = [seed.title for seed in file.seeds]
    accepted = list(zip(titles, encode(titles), strict=True))
    accepted += [(lines[n].article.title, vectors[n]) for n in sure]
    meaning, direction = learn(accepted, lines, vectors, sure)
    yield "meaning alone", lambda n: direction.place(vectors[n]) >= SURE
    if profile is not None:
        profile = replace(profile, meaning=meaning)
    both = [
        judge_analysed(line.analysed, file, profile=profile, vector=vector)
        for line, vector in zip(lines, vectors, strict=True)
    ]
    yield "with the extra", lambda n: both[n].decision == "on-story"
    suggested = dict(_suggested(lines, vectors, meaning))
    yield (
        "story suggest",
        lambda n: (
            lines[n].language in suggested
            and matches(parse(suggested[lines[n].language]), lines[n].analysed)
        ),
    )
    print("".join(f"    {name}: {query}\n" for name, query in suggested.items()), end="")


def learn(
    accepted: Sequence[tuple[str, bytes]],
    lines: Sequence[Line],
    vectors: Sequence[bytes],
    sure: Mapping[int, float],
) -> tuple[Meaning, Direction]:
    """As a re-evaluation learns it from a store."""
    others = [vector for n, vector in enumerate(vectors) if n not in sure]
    direction = learn_direction([vector for _, vector in accepted], others)
    assert direction is not None
    wanted = [
        Read(vector=vector, features=line.features)
        for line, vector in zip(lines, vectors, strict=True)
        if line.language in ABROAD
    ]
    return learn_meaning(direction, accepted, wanted), direction


def _suggested(
    lines: Sequence[Line], vectors: Sequence[bytes], meaning: Meaning
) -> Iterator[tuple[str, str]]:
    for language in ABROAD:
        spoken = [
            (meaning.judge(vector, line.features).value, line)
            for line, vector in zip(lines, vectors, strict=True)
            if line.language == language
        ]
        own = [line.article for value, line in spoken if value >= SURE]
        others = [line.article for value, line in spoken if value < SURE]
        if len(own) >= _SUGGESTED:
            usual: Rarity = usual_words(language)
            found = propose_query(language, own, others, usual)
            if not found.to_complete:
                yield language, found.query


def rates_of(story: Abroad, found: Found, language: str) -> tuple[float, float]:
    """Recall and precision in one language."""
    places = [n for n, line in enumerate(story.lines) if line.language == language]
    core = [n for n in places if story.lines[n].label == "core"]
    taken = [n for n in places if found(n)]
    right = sum(found(n) for n in core)
    return right / len(core), right / max(1, len(taken))


def _sum_up(figures: Mapping[tuple[str, str, str], Sequence[tuple[float, float]]]) -> int:
    print("\nmeans of a half: recall, precision; of all languages, and of Chinese")
    broken = []
    for half in ("look", "gate"):
        for way in dict.fromkeys(way for _, way, _ in figures):
            told: dict[str, float] = {}
            for name, spoken in (("", ABROAD), ("zh ", ("zh",))):
                pairs = [pair for one in spoken for pair in figures[half, way, one]]
                told[f"{name}recall"] = mean(one for one, _ in pairs)
                told[f"{name}precision"] = mean(one for _, one in pairs)
            print(f"  {half:6}{way:22}" + "".join(f"{value:7.2f}" for value in told.values()))
            if half == "gate" and way == "with the extra":
                broken += [
                    f"{name} {told[name]:.3f} below {floor}"
                    for name, floor in FLOORS.items()
                    if told[name] < floor
                ]
    for fault in broken:
        print(f"BROKEN {fault}")
    return bool(broken)


def _real() -> None:
    """Polish headlines of a real week from English articles alone; the labels are about 95 % right."""
    if not is_here(FEED_ITEMS):
        return
    items = week_items(0)
    chance = random.Random(1)
    english = [n for n, item in enumerate(items) if item.language == "en" and item.label == "core"]
    polish = [n for n, item in enumerate(items) if item.language == "pl"]
    others = chance.sample([n for n, item in enumerate(items) if item.label == "none"], 1500)
    places = sorted({*english, *polish, *others})
    started = time.process_time()
    titles = [headline_of(items[n].analysed.article) for n in places]
    vectors = dict(zip(places, load_encoder().encode(titles), strict=True))
    spent = time.process_time() - started
    print(f"\n{len(places):,} headlines encoded, {1000 * spent / len(places):.1f} ms of CPU each")
    core = {n for n in polish if items[n].label == "core"}
    for number in (1, 3, 5, 20, 200):
        drawn = chance.sample(english, number)
        accepted = [(items[n].analysed.article.title, vectors[n]) for n in drawn]
        direction = learn_direction([vectors[n] for n in drawn], [vectors[n] for n in others])
        assert direction is not None
        wanted = [Read(vector=vectors[n], features=items[n].features) for n in polish]
        meaning = learn_meaning(direction, accepted, wanted)
        taken = {n for n in polish if meaning.judge(vectors[n], items[n].features).value >= SURE}
        right = len(taken & core)
        print(
            f"  Polish from {number:3} English headlines: recall {right / len(core):.2f},"
            f" precision {right / max(1, len(taken)):.2f}"
        )


if __name__ == "__main__":
    sys.exit(main())
