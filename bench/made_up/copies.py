"""Made-up reports and what outlets make of them: copies that must be found, look-alikes that must not.

Words come from `bench.made_up.articles`, so that nothing is anyone's text. A story has its own words, names
and numbers; two reports of one story share these, and the statements they both quote.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

from bench.made_up.articles import FIRST_DAY, OUTLETS, vocabulary
from index.article import Article

LANGUAGES = ("en", "en", "es", "fr", "de", "pt", "ru", "ar", "zh")
UNSPACED = ("zh",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An article, the family it truly belongs to, what was done to it, and to which article."""

    id: str
    article: Article
    family: str
    kind: str
    base: str = ""


class Story:
    """One event: words that its reports prefer, names, numbers, and statements that all quote."""

    def __init__(self, rng: random.Random, language: str) -> None:
        self.rng = rng
        self.language = language
        words = vocabulary(language).words
        self.words = [words[rng.randrange(200, 9000)] for _ in range(40)]
        self.names = [words[rng.randrange(3000, 30000)].capitalize() for _ in range(14)]
        self.numbers = [str(rng.randrange(3, 900)) for _ in range(10)]
        self.quotes = [self.sentence(rng.randrange(18, 34)) for _ in range(2)]

    def sentence(self, length: int = 0) -> str:
        """A sentence of about 17 words."""
        rng = self.rng
        drawn = vocabulary(self.language).draw(rng, length or rng.randrange(9, 26))
        words = [rng.choice(self.words) if rng.random() < 0.25 else word for word in drawn]
        for _ in range(rng.choice((0, 1, 1, 2))):
            words[rng.randrange(len(words))] = rng.choice(self.names)
        if rng.random() < 0.4:
            words[rng.randrange(len(words))] = rng.choice(self.numbers)
        return close_sentence(words, self.language)

    def report(self, paragraphs: int = 0) -> list[str]:
        """A report of it, as paragraphs of two or three sentences."""
        count = paragraphs or self.rng.randrange(5, 15)
        return [
            join_sentences(
                [self.sentence() for _ in range(self.rng.choice((2, 2, 3)))], self.language
            )
            for _ in range(count)
        ]

    def headline(self, paragraphs: Sequence[str]) -> str:
        """A headline from words of the beginning, as headlines are."""
        if self.language in UNSPACED:
            start = self.rng.randrange(8)
            return paragraphs[0][start : start + 14]
        words = [word.strip(".") for word in paragraphs[0].split() if len(word) > 3]
        words = [word for word in words if word.lower() not in _frequent(self.language)]
        return " ".join(self.rng.sample(words, min(6, len(words))) + self.rng.sample(self.names, 1))


@cache
def _frequent(language: str) -> frozenset[str]:
    """The words that stand for those a headline does without."""
    return frozenset(vocabulary(language).words[:300])


def glue(language: str) -> str:
    """What is between two words."""
    return "" if language in UNSPACED else " "


def close_sentence(words: Sequence[str], language: str) -> str:
    """Words as a sentence."""
    text = glue(language).join(words)
    return f"{text}。" if language in UNSPACED else f"{text[:1].upper()}{text[1:]}."


def join_sentences(sentences: Sequence[str], language: str) -> str:
    """Sentences as a paragraph."""
    return glue(language).join(sentences)


# What outlets do to a report


def edit_words(story: Story, paragraphs: list[str], share: float) -> list[str]:
    """Replace single words all over the text."""
    rng, vocab = story.rng, vocabulary(story.language)
    return [_edit_paragraph(rng, vocab.draw, line, share, story.language) for line in paragraphs]


def _edit_paragraph(
    rng: random.Random,
    draw: Callable[[random.Random, int], list[str]],
    line: str,
    share: float,
    language: str,
) -> str:
    # Unspaced text is edited two characters at a time, about a word.
    units = (
        [line[i : i + 2] for i in range(0, len(line), 2)] if language in UNSPACED else line.split()
    )
    edited = [draw(rng, 1)[0] if rng.random() < share else unit for unit in units]
    return glue(language).join(edited)


def cut_sentences(story: Story, paragraphs: list[str], share: float) -> list[str]:
    """Leave sentences out, and put new ones in for half of them."""
    mark = "。" if story.language in UNSPACED else ". "
    kept: list[str] = []
    for line in paragraphs:
        sentences = [part for part in line.split(mark) if part]
        told = [
            story.sentence() if story.rng.random() < share / 2 else sentence
            for sentence in sentences
            if story.rng.random() > share / 2
        ]
        kept.append(mark.join(told))
    return [line for line in kept if line]


def reflow(story: Story, paragraphs: list[str]) -> list[str]:
    """Break the same sentences into other paragraphs."""
    mark = "。" if story.language in UNSPACED else ". "
    sentences = mark.join(paragraphs).split(mark)
    return [mark.join(sentences[start : start + 5]) for start in range(0, len(sentences), 5)]


def excerpt(story: Story, paragraphs: list[str]) -> list[str]:
    """The beginning of the report: a quarter to a half, of some length."""
    count = max(2, round(len(paragraphs) * story.rng.uniform(0.25, 0.5)))
    return paragraphs[:count]


def expand(story: Story, paragraphs: list[str]) -> list[str]:
    """The report inside a longer one of one's own."""
    own = story.report(max(2, round(len(paragraphs) * story.rng.uniform(0.4, 1.2))))
    place = story.rng.randrange(len(own))
    return [*own[:place], *paragraphs, *own[place:]]


Change = Callable[[Story, list[str]], list[str]]


def _edit_by(share: float) -> Change:
    return lambda story, paragraphs: edit_words(story, paragraphs, share)


def _cut_by(share: float) -> Change:
    return lambda story, paragraphs: cut_sentences(story, paragraphs, share)


COPIES: dict[str, Change] = {
    "same text": lambda story, paragraphs: paragraphs,
    "other paragraphs": reflow,
    "5 % of words": _edit_by(0.05),
    "15 % of words": _edit_by(0.15),
    "30 % of words": _edit_by(0.30),
    "45 % of words": _edit_by(0.45),
    "60 % of words": _edit_by(0.60),
    "30 % of sentences": _cut_by(0.30),
    "60 % of sentences": _cut_by(0.60),
    "excerpt": excerpt,
    "excerpt, 10 % of words": lambda story, lines: edit_words(story, excerpt(story, lines), 0.1),
    "expanded": expand,
}
OTHER_HEADLINE = "other headline"
DRESSED = "outlet's boilerplate"
LOOKALIKES = (
    "same event", "same background", "same template", "same boilerplate", "no text but a notice",
    "short and the same", "translated", "two reports on one page",
)  # fmt: skip


class Corpus:
    """Makes the articles of one gate run, each with an id, an outlet and a time."""

    def __init__(self, stories: int, seed: int = 7) -> None:
        self._rng = random.Random(seed)
        self._stories = stories
        self._number = 0
        self._footers = {outlet: self._footer() for outlet in OUTLETS}

    def articles(self) -> Iterator[Made]:
        """All articles, those of one story after each other."""
        for number in range(self._stories):
            story = Story(self._rng, LANGUAGES[number % len(LANGUAGES)])
            yield from self._story(f"story {number}", story)

    def _story(self, name: str, story: Story) -> Iterator[Made]:
        paragraphs = story.report()
        first = self._made(name, paragraphs, story.headline(paragraphs), family=name)
        yield first
        for kind, change in COPIES.items():
            lines = change(story, list(paragraphs))
            title = self._rng.choice((first.article.title, story.headline(lines)))
            yield self._made(kind, lines, title, family=name, base=first.id)
        title = story.headline(paragraphs)
        yield self._made(OTHER_HEADLINE, paragraphs, title, family=name, base=first.id)
        yield self._dressed(first, paragraphs, name)
        yield from self._lookalikes(name, story, first, paragraphs)

    def _dressed(self, first: Made, paragraphs: list[str], name: str) -> Made:
        outlet = self._rng.choice(OUTLETS)
        lines = [*paragraphs, *self._footers[outlet]]
        return self._made(
            DRESSED, lines, first.article.title, family=name, base=first.id, outlet=outlet
        )

    def _lookalikes(
        self, name: str, story: Story, first: Made, paragraphs: list[str]
    ) -> Iterator[Made]:
        quoting = [*story.report(7), *story.quotes]
        yield self._apart("same event", quoting, story.headline(quoting), first)
        background = [*story.report(8), paragraphs[-1]]
        yield self._apart("same background", background, story.headline(background), first)
        yield from self._bulletins(story)
        yield from self._notices()
        yield from self._short(story)
        yield self._translated(name, story, first)
        lines = story.report(len(paragraphs))
        second = self._apart("second report", lines, story.headline(lines), first)
        yield second
        page = [*paragraphs, *lines]
        yield self._apart("two reports on one page", page, story.headline(page), second)

    def _translated(self, name: str, story: Story, first: Made) -> Made:
        """Other words, but the same names and numbers."""
        other = Story(random.Random(f"{name} translated"), "fr" if story.language != "fr" else "en")
        other.names, other.numbers = story.names, story.numbers
        lines = other.report(8)
        return self._apart("translated", lines, other.headline(lines), first)

    def _bulletins(self, story: Story) -> Iterator[Made]:
        """Two reports written from one form: other names, other numbers, the same words."""
        form = [vocabulary(story.language).draw(story.rng, 17) for _ in range(6)]
        base = self._filled(form, story, base=None)
        yield base
        yield self._filled(form, story, base)

    def _filled(self, form: list[list[str]], story: Story, base: Made | None) -> Made:
        other = Story(self._rng, story.language)
        lines = []
        for number, words in enumerate(form):
            filled = list(words)
            for slot in (2, 6, 9, 13):
                filled[slot] = other.names[(number + slot) % len(other.names)]
            filled[11] = other.numbers[number % len(other.numbers)]
            lines.append(close_sentence(filled, story.language))
        return self._apart("same template", lines, other.headline(lines), base)

    def _notices(self) -> Iterator[Made]:
        """Two short reports above one outlet's long footer, and two pages with that footer alone."""
        outlet = self._rng.choice(OUTLETS)
        base: Made | None = None
        for _ in range(2):
            story = Story(self._rng, "en")
            report = story.report(2)
            lines = [*report, *self._footers[outlet]]
            base = self._apart("same boilerplate", lines, story.headline(report), base, outlet)
            yield base
        base = None
        for _ in range(2):
            story = Story(self._rng, "en")
            title = story.headline(story.report(1))
            lines = self._footers[outlet]
            base = self._apart("no text but a notice", lines, title, base, outlet)
            yield base

    def _short(self, story: Story) -> Iterator[Made]:
        line = story.sentence(20)
        base = self._apart("short and the same", [line], story.headline([line]), None)
        yield base
        yield self._apart("short and the same", [line], story.headline(story.report(1)), base)

    def _apart(
        self, kind: str, lines: list[str], title: str, base: Made | None, outlet: str = ""
    ) -> Made:
        made = self._made(kind, lines, title, family="", outlet=outlet)
        return replace(made, family=made.id, base=base.id if base else "")

    def _made(
        self,
        kind: str,
        lines: list[str],
        title: str,
        *,
        family: str,
        base: str = "",
        outlet: str = "",
    ) -> Made:
        self._number += 1
        outlet = outlet or self._rng.choice(OUTLETS)
        url = f"https://{outlet}/{self._number}"
        published = FIRST_DAY + timedelta(minutes=self._number)
        article = Article(
            url=url,
            canonical_url=url,
            outlet=outlet,
            title=title,
            text="\n".join(lines),
            fetched=published + timedelta(hours=2),
            published=published,
        )
        return Made(id=f"a{self._number:06}", article=article, family=family, kind=kind, base=base)

    def _footer(self) -> list[str]:
        """What an outlet writes under its articles: three paragraphs, 60 to 150 words in all."""
        lengths = [self._rng.randrange(20, 50) for _ in range(3)]
        return [
            close_sentence(vocabulary("en").draw(self._rng, length), "en") for length in lengths
        ]
