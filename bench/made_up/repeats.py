"""What one house prints again and again: galleries, footers, evergreens, newsletters; and real copies.

Words come from `bench.made_up.copies`. Beside each kind that must stay apart stand copies that must be
found, so that a rule which simply finds less is seen too. `split("look")` is for looking at,
`split("gate")` for the gate: other words, other sizes, other languages first.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bench.made_up.articles import FIRST_DAY
from bench.made_up.copies import (
    LANGUAGES,
    UNSPACED,
    Made,
    Story,
    close_sentence,
    edit_words,
    expand,
    reflow,
)
from index.article import Article

HALVES = {"look": 101, "gate": 202}
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
BETWEEN = "between"  # a text like both ends of a chain: either end may have it

APART = (
    "gallery", "betting footer", "captions and footer", "newsletter", "two newsletters",
    "yearly evergreen", "evergreen, hardly changed", "evergreen at sister papers", "far end of a chain",
    "translation",
)  # fmt: skip
COPIED = (
    "copy without the gallery", "copy of an evergreen", "report under three headlines",
    "update in the evening", "copy of a copy", "run again a year later", "edited copy",
)  # fmt: skip


def split(half: str, rounds: int) -> list[Made]:
    """The articles of one half, `rounds` times each kind."""
    return list(_House(HALVES[half], rounds).articles())


class _House:
    """Makes the articles of one half; each kind at outlets of its own."""

    def __init__(self, seed: int, rounds: int) -> None:
        self._rng = random.Random(seed)
        self._seed = seed
        self._rounds = rounds
        self._number = 0
        self._outlets = 0

    def articles(self) -> Iterator[Made]:
        """Every kind in turn, in a language each round."""
        for number in range(self._rounds):
            language = LANGUAGES[(number + self._seed) % len(LANGUAGES)]
            yield from self._gallery(language)
            yield from self._footer(language)
            yield from self._captions_and_footer(language)
            yield from self._newsletters(language, self._rng.randrange(3, 7), "newsletter")
            yield from self._newsletters(language, 2, "two newsletters")
            yield from self._evergreen(language, "yearly evergreen", 0.3)
            yield from self._evergreen(language, "evergreen, hardly changed", 0.03)
            yield from self._sisters(language)
            yield from self._chain(language)
            yield from self._translation(language)
            yield from self._three_headlines(language)
            yield from self._update(language)
            yield from self._carried_on(language)
            yield from self._again(language)

    # Blocks

    def _gallery(self, language: str) -> Iterator[Made]:
        """Match reports of one weekend, each with the captions of its one gallery, which names all."""
        outlet, stories = self._outlet(), [self._story(language) for _ in range(11)]
        captions = self._captions(stories, self._rng.randrange(14, 34))
        title = stories[0].headline(captions)
        yield self._made("gallery", captions, title, outlet, DAY)
        for number, story in enumerate(stories[: self._rng.randrange(5, 12)]):
            own = story.report(self._rng.randrange(3, 8))
            made = self._made(
                "gallery", [*own, *captions], self._naming(story, own), outlet, number * HOUR
            )
            yield made
            if number < 2:
                copied = edit_words(story, own, 0.05)
                yield self._copy("copy without the gallery", copied, story.headline(own), made)

    def _captions(self, stories: Sequence[Story], count: int) -> list[str]:
        return [
            self._rng.choice(stories).sentence(self._rng.randrange(5, 20)) for _ in range(count)
        ]

    def _footer(self, language: str) -> Iterator[Made]:
        """Short match reports above what a betting firm pays for, which has words of the headlines."""
        outlet, cup = self._outlet(), self._story(language)
        footer = [cup.sentence(self._rng.randrange(25, 60)) for _ in range(5)]
        for number in range(self._rng.randrange(4, 9)):
            story = self._story(language)
            own = story.report(self._rng.randrange(2, 4))
            title = self._joined([story.headline(own), *self._words_of(footer, 2)], language)
            made = self._made("betting footer", [*own, *footer], title, outlet, number * 5 * HOUR)
            yield made
            if number == 0:
                yield self._copy("edited copy", edit_words(story, own, 0.1), title, made)

    def _captions_and_footer(self, language: str) -> Iterator[Made]:
        """Short captions, fewer than eight words each, and a footer, more than the reports have."""
        outlet, stories = self._outlet(), [self._story(language) for _ in range(6)]
        captions = [
            self._rng.choice(stories).sentence(self._rng.randrange(4, 8)) for _ in range(24)
        ]
        footer = [stories[0].sentence(30) for _ in range(3)]
        for number, story in enumerate(stories):
            own = story.report(3)
            lines = [own[0], *captions, *own[1:], *footer]
            yield self._made(
                "captions and footer", lines, self._naming(story, own), outlet, number * DAY
            )

    # Editions

    def _newsletters(self, language: str, days: int, kind: str) -> Iterator[Made]:
        """Letters of one series: the frame is the same but for single words, the items are the day's."""
        outlet, frame = self._outlet(), self._story(language)
        opening, closing = frame.report(3), frame.report(4)
        series = frame.headline(opening)
        for day in range(days):
            own = self._story(language)
            items = own.report(self._rng.randrange(2, 5))
            top, end = edit_words(frame, opening, 0.06), edit_words(frame, closing, 0.06)
            title = self._joined([series, *self._words_of(items, 3), str(day + 3)], language)
            yield self._made(kind, [*top, *items, *end], title, outlet, day * DAY)

    def _evergreen(self, language: str, kind: str, share: float) -> Iterator[Made]:
        """The same piece each year, written over that of the year before; the year is in it."""
        outlet, story = self._outlet(), self._story(language)
        lines = story.report(self._rng.randrange(6, 10))
        for year in range(2017, 2023):
            lines = [*edit_words(story, lines, share)]
            dated = [self._dated(line, year, story) for line in lines]
            title = self._joined([story.headline(dated), str(year)], language)
            made = self._made(kind, dated, title, outlet, (year - 2023) * YEAR)
            yield made
            if year % 2:
                copied = edit_words(story, dated, 0.02)
                yield self._copy("copy of an evergreen", copied, title, made)

    def _dated(self, line: str, year: int, story: Story) -> str:
        """A paragraph with its year and a figure of the year at its end."""
        words = [str(year), story.words[0], str(self._rng.randrange(1000, 9999))]
        return self._joined([line, close_sentence(words, story.language)], story.language)

    def _sisters(self, language: str) -> Iterator[Made]:
        """A yearly piece that one group's papers print by turns."""
        story = self._story(language)
        lines = story.report(8)
        for year in range(2018, 2023):
            lines = edit_words(story, lines, 0.2)
            dated = [self._dated(line, year, story) for line in lines]
            title = self._joined([story.headline(dated), str(year)], language)
            yield self._made(
                "evergreen at sister papers", dated, title, self._outlet(), (year - 2023) * YEAR
            )

    # Chains, and what is not a copy

    def _chain(self, language: str) -> Iterator[Made]:
        """A, B and C within a day: B is like both, C has hardly anything of A."""
        story = self._story(language)
        lines = story.report(18)
        first = self._made("chain", lines[:9], story.headline(lines[:9]), self._outlet(), 0 * HOUR)
        yield first
        for kind, start in ((BETWEEN, 4), ("far end of a chain", 8)):
            part = lines[start : start + 9]
            yield self._made(kind, part, story.headline(part), self._outlet(), start * HOUR)

    def _translation(self, language: str) -> Iterator[Made]:
        """A report and one in other words with the same names and numbers."""
        story = self._story(language)
        lines = story.report(8)
        yield self._made("translation", lines, story.headline(lines), self._outlet(), 0 * HOUR)
        other = self._story("fr" if language != "fr" else "en")
        other.names, other.numbers = story.names, story.numbers
        lines = other.report(8)
        yield self._made("translation", lines, other.headline(lines), self._outlet(), 3 * HOUR)

    # Copies

    def _three_headlines(self, language: str) -> Iterator[Made]:
        """One report that its outlet prints under three headlines and more, and a copy elsewhere."""
        outlet, story = self._outlet(), self._story(language)
        lines = story.report(8)
        first = self._made("report", lines, story.headline(lines), outlet, 0 * HOUR)
        yield first
        for number in range(1, 4):
            own = [story.sentence(14), *lines] if number == 3 else lines
            made = self._copy("report under three headlines", own, story.headline(lines), first)
            yield self._at(made, outlet, number * HOUR)
        yield self._copy(
            "edited copy", edit_words(story, lines, 0.15), story.headline(lines), first
        )

    def _update(self, language: str) -> Iterator[Made]:
        """A report, and a fuller one of the same outlet eight hours later."""
        outlet, story = self._outlet(), self._story(language)
        lines = story.report(7)
        first = self._made("report", lines, story.headline(lines), outlet, 0 * HOUR)
        yield first
        fuller = [*story.report(2), *edit_words(story, lines, 0.05)]
        made = self._copy("update in the evening", fuller, story.headline(fuller), first)
        yield self._at(made, outlet, 8 * HOUR)

    def _carried_on(self, language: str) -> Iterator[Made]:
        """A report, an edited copy of it, and one edited after that copy."""
        story = self._story(language)
        lines = story.report(9)
        first = self._made("report", lines, story.headline(lines), self._outlet(), 0 * HOUR)
        yield first
        once = edit_words(story, lines, 0.2)
        copy = self._copy("edited copy", reflow(story, once), story.headline(lines), first)
        yield copy
        twice = edit_words(story, once, 0.12)
        yield self._copy("copy of a copy", twice, story.headline(lines), copy, first.family)
        whole = expand(story, lines)
        yield self._copy("edited copy", whole, story.headline(whole), first)

    def _again(self, language: str) -> Iterator[Made]:
        """A report from the archive, printed once more with a line above it."""
        outlet, story = self._outlet(), self._story(language)
        lines = story.report(8)
        first = self._made("report", lines, story.headline(lines), outlet, 0 * HOUR)
        yield first
        again = [story.sentence(16), *lines]
        made = self._copy("run again a year later", again, first.article.title, first)
        yield self._at(made, outlet, YEAR)

    # Making

    def _story(self, language: str) -> Story:
        return Story(self._rng, language)

    def _outlet(self) -> str:
        self._outlets += 1
        return f"house-{self._seed}-{self._outlets}.example"

    def _naming(self, story: Story, own: Sequence[str]) -> str:
        """A headline with names that a caption has too."""
        return self._joined(
            [story.headline(own), *self._rng.sample(story.names, 2)], story.language
        )

    def _words_of(self, lines: Sequence[str], count: int) -> list[str]:
        words = [word.strip(".。") for line in lines for word in line.split() if len(word) > 4]
        return [word[:6] for word in self._rng.sample(words, min(count, len(words)))]

    def _joined(self, parts: Sequence[str], language: str) -> str:
        return ("" if language in UNSPACED else " ").join(parts)

    def _copy(
        self, kind: str, lines: Sequence[str], title: str, base: Made, family: str = ""
    ) -> Made:
        """A copy at an outlet of its own, some hours later."""
        after = base.article.published or FIRST_DAY
        made = self._made(
            kind,
            lines,
            title,
            self._outlet(),
            after - FIRST_DAY + self._rng.randrange(1, 20) * HOUR,
        )
        return replace(made, family=family or base.family, base=base.id)

    def _at(self, made: Made, outlet: str, after: timedelta) -> Made:
        """The same article at another outlet and another time after the first day."""
        url = made.article.url.replace(made.article.outlet, outlet)
        moment = self._moment(after)
        article = replace(
            made.article,
            url=url,
            canonical_url=url,
            outlet=outlet,
            published=moment,
            fetched=moment + HOUR,
        )
        return replace(made, article=article)

    def _moment(self, after: timedelta) -> datetime:
        return FIRST_DAY + after + timedelta(seconds=self._number)

    def _made(
        self, kind: str, lines: Sequence[str], title: str, outlet: str, after: timedelta
    ) -> Made:
        """An article of a family of its own."""
        self._number += 1
        url = f"https://{outlet}/{self._number}"
        moment = self._moment(after)
        article = Article(
            url=url,
            canonical_url=url,
            outlet=outlet,
            title=title,
            text="\n".join(lines),
            fetched=moment + HOUR,
            published=moment,
        )
        name = f"r{self._number:06}"
        return Made(id=name, article=article, family=name, kind=kind)
