"""The words of texts, counted as the index analyses them and shown as they are most often written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from index.article import Article
from index.study.grams import find_grams, frequent_grams
from index.text.analysis import (
    analyse_text,
    holds_paired_script,
    primary_language,
    read_tokens,
    stemmed_languages,
)
from index.text.sentences import split_sentences
from index.text.zones import body_of

GRAM_LANGUAGES = frozenset({"zh", "ja", "ko", "th", "lo", "km", "my"})
"""Languages of which the index has pairs of letters: here frequent runs of letters stand for words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is counted of an article: its headline and its text without captions."""

    id: str
    outlet: str
    language: str
    zones: tuple[str, ...]

    @classmethod
    def of(cls, identity: str, article: Article) -> Text:
        """The text of an article."""
        language = primary_language(article.language)
        zones = (article.title, body_of(article))
        return cls(id=identity, outlet=article.outlet, language=language, zones=zones)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often each word is used in some texts: `uses` of `words`, in how many texts and outlets.

    Words are keys of the analysis, `written` their most frequent form, and how often that stands.
    """

    texts: int
    words: int
    uses: Mapping[str, int]
    articles: Mapping[str, int]
    outlets: Mapping[str, int]
    written: Mapping[str, tuple[str, int]]


def tally(texts: Iterable[Text], *, ngram: int = 1, grams: Collection[str] = ()) -> Tally:
    """Count the words of texts, or runs of `ngram` words within sentences.

    `grams` are the runs of letters that count as words where there are no spaces (`vocabulary`).
    """
    uses: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    outlets: defaultdict[str, set[str]] = defaultdict(set)
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    count = words = 0
    for text in texts:
        count += 1
        own: Counter[str] = Counter()
        # Counted as pairs first: that is done in C, and most words of a text are there again.
        for (key, written), times in Counter(read_words(text, ngram=ngram, grams=grams)).items():
            own[key] += times
            forms[key][written] += times
        words += own.total()
        uses.update(own)
        articles.update(own.keys())
        for key in own:
            outlets[key].add(text.outlet)
    return Tally(
        texts=count,
        words=words,
        uses=uses,
        articles=articles,
        outlets={key: len(found) for key, found in outlets.items()},
        written={key: found.most_common(1)[0] for key, found in forms.items()},
    )


def read_words(
    text: Text, *, ngram: int = 1, grams: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    """Key and written form of each word, or run of words, of a text; numbers alone are left out."""
    for sentence in chain.from_iterable(map(split_sentences, text.zones)):
        words = list(words_of(sentence, text.language, grams))
        if ngram == 1:
            yield from (word for word in words if not word[1].isdecimal())
            continue
        for start in range(len(words) - ngram + 1):
            run = words[start : start + ngram]
            if not all(form.isdecimal() for _, form in run):
                yield " ".join(key for key, _ in run), " ".join(form for _, form in run)


def words_of(
    sentence: str, language: str, grams: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    """Key and written form of each word of a sentence; the key is the stem where there is one."""
    if language in GRAM_LANGUAGES and holds_paired_script(sentence):
        yield from ((gram, gram) for gram, _ in find_grams(sentence, grams))
        return
    if holds_paired_script(sentence):
        for token in read_tokens(sentence, language):
            yield token.stem or token.text, sentence[token.start : token.end]
        return
    found = analyse_text(sentence, language)
    keys = (stem or token for stem, token in zip(found.stems, found.tokens, strict=True))
    yield from zip(keys, found.written, strict=True)


def node_keys(words: Iterable[str], language: str) -> frozenset[str] | None:
    """The keys of words in a language ("": in any), as `words_of` gives them.

    None if one of them is not one word.
    """
    words = list(words)
    found: set[str] = set()
    if not language:
        for one in stemmed_languages():
            found |= node_keys(words, one) or frozenset()
    for word in words:
        if language in GRAM_LANGUAGES and holds_paired_script(word):
            found.add(word.strip())
            continue
        keys = [key for key, _ in words_of(word, language)]
        if len(keys) != 1:
            return None
        found.update(keys)
    return frozenset(found)


def vocabulary(texts: Iterable[Text], *, least: int) -> frozenset[str]:
    """The runs of letters that stand for words in texts without spaces; empty for other languages."""
    pieces = [zone for text in texts if text.language in GRAM_LANGUAGES for zone in text.zones]
    return frequent_grams(pieces, least=least) if pieces else frozenset()
