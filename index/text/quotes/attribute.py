"""Who is said to have said a quotation: by the cue beside it, resolved within the article.

A rule-based reader as those of Pouliquen et al. 2007 and O'Keefe et al. 2012: a cue before, after or amid the
quotation names a subject; a surname, a pronoun or a role is the nearest earlier one it can be. Where nothing
says who spoke, nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.article import Article
from index.text.analysis import primary_language
from index.text.quotes.marks import Span, find_spans
from index.text.quotes.people import People
from index.text.quotes.subjects import Subject, find_subject
from index.text.shingles import count_words, normal_tokens
from index.text.zones import body_of

TERM_WORDS = 3
"""A quotation of that many words or fewer is a term or a scare quote (two for each in Chinese)."""

_REACH = 240  # characters around a quotation in which its cue may stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One quotation: its words, where they are in the text, who spoke, and by what that is known.

    `speaker` is the name as far as the article tells it, empty if nothing does; `named` is how it
    is beside the quotation, `cue` the word for saying. `is_term` marks few words, which no one
    need have said.
    """

    text: str
    start: int
    end: int
    speaker: str = ""
    named: str = ""
    cue: str = ""
    is_term: bool = False


def quotes_of(article: Article) -> tuple[Quote, ...]:
    """The quotations of an article's text, in order; captions and credits are not of it."""
    return read_quotes(body_of(article), primary_language(article.language))


def read_quotes(text: str, language: str) -> tuple[Quote, ...]:
    """The quotations of a text in a language (ISO 639-1; of an unknown one without speakers)."""
    spans = find_spans(text, language)
    people = People(text, language)
    return tuple(_attributed(text, language, spans, people))


def _attributed(text: str, language: str, spans: list[Span], people: People) -> Iterator[Quote]:
    last: tuple[str, Subject] | None = None
    last_end = 0
    for number, span in enumerate(spans):
        inside = text[span.start : span.end].strip()
        said = inside.rstrip(",，")
        comma = inside != said or text[span.outer_end : span.outer_end + 1] in (",", "，")
        is_short = count_words(normal_tokens(said)) <= TERM_WORDS
        is_term = is_short and not comma and inside[-1:] not in ".!?。！？"
        following = spans[number + 1].outer_start if number + 1 < len(spans) else len(text)
        before = _same_paragraph_before(text, max(last_end, span.outer_start - _REACH), span)
        after = text[span.outer_end : min(following, span.outer_end + _REACH)].split("\n", 1)[0]
        subject = None if is_term else find_subject(before, after, language, inside[-1:])
        is_term = is_term or (is_short and subject is None)
        speaker = ""
        if subject is not None:
            speaker = people.resolve(subject, span.outer_start, last[0] if last else "")
        elif last is not None and not is_term and _goes_on(text, last_end, span):
            speaker, subject = last
        if subject is not None and speaker:
            last = speaker, subject
        yield Quote(
            text=said,
            start=span.start,
            end=span.end,
            speaker=speaker,
            named=subject.text if subject else "",
            cue=subject.cue if subject else "",
            is_term=is_term,
        )
        last_end = span.outer_end if not is_term else last_end


def _same_paragraph_before(text: str, start: int, span: Span) -> str:
    return text[start : span.outer_start].rpartition("\n")[2]


def _goes_on(text: str, last_end: int, span: Span) -> bool:
    """Whether a quotation follows the last one in its paragraph."""
    return 0 < last_end <= span.outer_start and "\n" not in text[last_end : span.outer_start]
