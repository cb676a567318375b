"""What changed between two versions of an article, by kind; and whether it is worth a version.

Judged on the extracted text and the headline. What pages change by themselves does not count:
ages ("2 hours ago"), counters of comments or views, teasers of other articles before and after
the text, spaces, punctuation and case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.article import Article, LiveEntry, isoformat
from index.text.alignment import increasing_pairs
from index.text.quotations import is_quoted
from index.text.shingles import is_content, normal_tokens
from index.text.zones import note_kind
from index.versions.diff import DiffPiece, word_diff
from index.versions.liveblog import entries_added, entries_left_behind, line_keys

__all__ = ["Change", "DiffPiece", "changes", "is_new_version", "word_diff"]

ChangeKind = Literal[
    "headline",
    "correction",
    "number",
    "name",
    "quotation",
    "wording",
    "added",
    "removed",
    "moved",
    "silent",
    "entry",
]

_ALTERED = ("number", "name", "quotation", "wording", "removed")
_A_FEW = 8  # words within which a number or a name is what was changed
_SAME_PARAGRAPH = 0.5  # share of content words that makes two paragraphs one, edited
_REACH = 100  # paragraphs that an edited one may have gone up or down among the changed ones
_TEASER_WORDS = 20
_BEGINNING = 3  # tokens by which a paragraph is looked up


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: its kind, the words before and after (empty for nothing), the paragraph.

    `paragraph` counts from 0 in the newer text, in the older one for `removed`; None for what is
    not of one paragraph. `silent` says that the text was altered without a note or a new time,
    `entry` that a live blog has another entry, whose time and headline `before` gives.
    """

    kind: ChangeKind
    before: str = ""
    after: str = ""
    paragraph: int | None = None


def is_new_version(old: Article, new: Article) -> bool:
    """Whether an article was edited, not only shown again with other teasers or counters.

    A correction or an editor's note beside the text is an edit too, with nothing else.
    """
    if normal_tokens(old.title) != normal_tokens(new.title) or _notices(old) != _notices(new):
        return True
    return _tokens(_body(old)) != _tokens(_body(new))


def changes(old: Article, new: Article) -> tuple[Change, ...]:
    """The changes from one version to the next; none when `is_new_version` says no."""
    added = entries_added(old, new)
    left, come = line_keys(entries_left_behind(old, new)), line_keys(added)
    before = [one for one in _body(old) if tuple(normal_tokens(one.text)) not in left]
    after = [one for one in _body(new) if tuple(normal_tokens(one.text)) not in come]
    found = [
        *_headline(old, new),
        *map(_entry, added),
        *_paragraph_changes(before, after),
        *_notice_changes(old, new),
    ]
    altered = any(change.kind in _ALTERED for change in found)
    noted = any(change.kind == "correction" for change in found)
    if altered and not noted and old.updated == new.updated:
        found.append(Change(kind="silent"))
    return tuple(found)


def _entry(entry: LiveEntry) -> Change:
    heading = filter(None, (isoformat(entry.published), entry.title))
    return Change(kind="entry", before=" ".join(heading), after=entry.text)


def _headline(old: Article, new: Article) -> Iterator[Change]:
    if normal_tokens(old.title) != normal_tokens(new.title):
        yield Change(kind="headline", before=old.title, after=new.title)


def _notices(article: Article) -> dict[tuple[str, ...], str]:
    """The corrections and editor's notes that are beside the text, by their words."""
    said = (aside.text for aside in article.asides if aside.kind in ("correction", "note"))
    words = ((tuple(normal_tokens(text)), text) for text in said)
    return {tokens: text for tokens, text in words if tokens}


def _notice_changes(old: Article, new: Article) -> Iterator[Change]:
    before, after = _notices(old), _notices(new)
    for tokens, text in after.items():
        if tokens not in before and text not in old.text:
            yield Change(kind="correction", after=text)
    for tokens, text in before.items():
        if tokens not in after and text not in new.text:
            yield Change(kind="removed", before=text)


# The text without what changes by itself


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph, its place in the text, and its tokens without ages and counts."""

    place: int
    text: str
    tokens: tuple[str, ...]


def _body(article: Article) -> list[_Paragraph]:
    lines = [(place, line) for place, line in enumerate(article.text.split("\n")) if line.strip()]
    own = line_keys(article.entries)  # the headline of an entry is not a teaser
    prose = [
        number
        for number, (_, line) in enumerate(lines)
        if _is_prose(line) or (own and tuple(normal_tokens(line)) in own)
    ]
    if prose:
        lines = [
            pair
            for number, pair in enumerate(lines)
            if prose[0] <= number <= prose[-1] or not _is_teaser(pair[1])
        ]
    steady = [
        (place, line, _without_counters(line))
        for place, line in lines
        if not re.match(_LABEL, line)
    ]
    body = [_Paragraph(place, line, tuple(normal_tokens(kept))) for place, line, kept in steady]
    return [paragraph for paragraph in body if paragraph.tokens]


def _tokens(paragraphs: Sequence[_Paragraph]) -> list[str]:
    return [token for paragraph in paragraphs for token in paragraph.tokens]


_SENTENCE_END = r"[.!?…。！？։؟۔।][\"'”’»«“)\]）」』]*\s*$"


def _is_prose(line: str) -> bool:
    """Whether a line is prose: it ends like a sentence."""
    return re.search(_SENTENCE_END, line) is not None


def _is_teaser(line: str) -> bool:
    return not _is_prose(line) and len(normal_tokens(line)) <= _TEASER_WORDS


_LABEL = (
    r"(?i)\s*[^\w\s]*\s*(?:read (?:more|also|next)|related|see also|also read|more on this|watch|lire aussi"
    r"|à lire|voir aussi|lea tambi[eé]n|lee tambi[eé]n|leia (?:também|mais)|veja também|mehr zum thema"
    r"|lesen sie auch|leggi anche|lees ook|læs også|les også|läs också|czytaj (?:też|także)"
    r"|читайте также|читайте також|延伸阅读|相关阅读|相关报道|関連記事|あわせて読みたい|관련기사"
    r"|اقرأ أيضا)\s*[:：»›|>-]"
)

_UNIT = (
    r"(?:s|sec(?:ond)?s?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|sekunden?|minuten?|stunden?"
    r"|tage?n?|heures?|jours?|horas?|minutos?|d[ií]as?|dias?|ore|minuti|giorni|uur|uren|dagen"
    r"|минут[ыу]?|час(?:а|ов)?|дн(?:я|ей)|годин[иу]?|хвилин[иу]?|godzin[yę]?|minut[yę]?)"
)
_AGE = (
    rf"(?i)\b\d{{1,4}}\s*{_UNIT}\s+(?:ago|назад|тому|temu|fa|geleden|atrás|sedan|siden)\b"
    rf"|\b(?:vor|il y a|hace|há)\s+\d{{1,4}}\s*{_UNIT}\b"
    r"|(?<!\d)\d{1,4}\s*(?:秒|分钟|分鐘|分|小时|小時|時間|天|日|초|분|시간|일)\s*(?:前|전)"
)
_COUNT = (
    r"(?i)\b\d[\d.,]{0,12}\s*[km]?\s*(?:comments?|shares?|views?|likes?|reads?|retweets?|commentaires?"
    r"|partages?|vues|comentarios?|comentários?|compartidos?|visualizaç(?:ão|ões)|visitas|kommentare?"
    r"|aufrufe|commenti|condivisioni|reacties|комментари(?:й|я|ев)|просмотр(?:а|ов)?"
    r"|min(?:ute)?s? read)\b"
    r"|\b(?:comments?|views?|shares?|likes?|kommentare|commentaires|comentarios|просмотров"
    r"|комментариев)\s*[:(]\s*\d[\d.,]{0,12}\)?"
    r"|(?:阅读|閱讀|浏览|評論|评论|点赞|閲覧|조회수?|댓글)\s*[:：(（]?\s*\d[\d.,]{0,12}"
)


def _without_counters(line: str) -> str:
    """A line without ages; one that is not prose also without counters."""
    line = re.sub(_AGE, " ", line)
    return line if _is_prose(line) else re.sub(_COUNT, " ", line)


# Paragraph by paragraph


def _paragraph_changes(old: Sequence[_Paragraph], new: Sequence[_Paragraph]) -> Iterator[Change]:
    if _tokens(old) == _tokens(new):  # broken into other paragraphs at most
        return
    old, new = _recut(old, new), _recut(new, old)
    gone, come = _unmatched(old, new), _unmatched(new, old)
    pairs = _edited_pairs(gone, come)
    for before, after in pairs:
        yield from _edits(before, after)
    edited_old = {before.place for before, _ in pairs}
    edited_new = {after.place for _, after in pairs}
    for paragraph in come:
        if paragraph.place not in edited_new:
            kind: ChangeKind = "correction" if note_kind(paragraph.text) else "added"
            yield Change(kind=kind, after=paragraph.text, paragraph=paragraph.place)
    for paragraph in gone:
        if paragraph.place not in edited_old:
            yield Change(kind="removed", before=paragraph.text, paragraph=paragraph.place)
    yield from _moves(old, new)


def _recut(here: Sequence[_Paragraph], there: Sequence[_Paragraph]) -> list[_Paragraph]:
    """The paragraphs; one that joins several of the other side's, in a row, is cut as they are."""
    starts: dict[tuple[str, ...], list[int]] = {}
    for start, paragraph in enumerate(there):
        starts.setdefault(paragraph.tokens[:_BEGINNING], []).append(start)
    return [
        piece
        for paragraph in here
        for piece in _cut(paragraph, there, starts.get(paragraph.tokens[:_BEGINNING], ()))
    ]


def _cut(
    paragraph: _Paragraph, there: Sequence[_Paragraph], starts: Sequence[int]
) -> list[_Paragraph]:
    for start in starts:
        run = _run(paragraph.tokens, there, start)
        if len(run) > 1:
            return [replace(one, place=paragraph.place) for one in run]
    return [paragraph]


def _run(
    tokens: tuple[str, ...], paragraphs: Sequence[_Paragraph], start: int
) -> Sequence[_Paragraph]:
    """The paragraphs, from one on, that together have just these tokens; none when no run has."""
    end, at = start, 0
    while at < len(tokens) and end < len(paragraphs):
        own = paragraphs[end].tokens
        if tokens[at : at + len(own)] != own:
            return ()
        at, end = at + len(own), end + 1
    return paragraphs[start:end] if at == len(tokens) else ()


def _unmatched(here: Sequence[_Paragraph], there: Sequence[_Paragraph]) -> list[_Paragraph]:
    """The paragraphs that are not on the other side, or not as often."""
    left = Counter(paragraph.tokens for paragraph in there)
    unmatched: list[_Paragraph] = []
    for paragraph in here:
        if left[paragraph.tokens]:
            left[paragraph.tokens] -= 1
        else:
            unmatched.append(paragraph)
    return unmatched


def _moves(old: Sequence[_Paragraph], new: Sequence[_Paragraph]) -> Iterator[Change]:
    """The paragraphs that are in both versions, but elsewhere among the others."""
    places = {name: place for place, name in enumerate(_names_of(new))}
    pairs = [(place, places[name]) for place, name in enumerate(_names_of(old)) if name in places]
    kept = set(increasing_pairs(pairs))
    for pair in pairs:
        if pair not in kept:
            paragraph = new[pair[1]]
            yield Change(
                kind="moved", before=paragraph.text, after=paragraph.text, paragraph=paragraph.place
            )


def _names_of(paragraphs: Sequence[_Paragraph]) -> Iterator[tuple[tuple[str, ...], int]]:
    """What each paragraph says, and how often it was said before."""
    said: Counter[tuple[str, ...]] = Counter()
    for paragraph in paragraphs:
        yield paragraph.tokens, said[paragraph.tokens]
        said[paragraph.tokens] += 1


def _edited_pairs(
    gone: Sequence[_Paragraph], come: Sequence[_Paragraph]
) -> list[tuple[_Paragraph, _Paragraph]]:
    """Paragraphs of the older version with what became of them, the most alike first served."""
    old_words = [_content(paragraph) for paragraph in gone]
    new_words = [_content(paragraph) for paragraph in come]
    alike = [
        (likeness, i, j)
        for i, words in enumerate(old_words)
        for j in range(max(0, i - _REACH), min(len(come), i + _REACH))
        if (likeness := _likeness(words, new_words[j])) >= _SAME_PARAGRAPH
    ]
    pairs: dict[int, int] = {}  # by the place in the newer version
    taken: set[int] = set()
    for _, i, j in sorted(alike, key=lambda one: (-one[0], one[1:])):
        if i not in taken and j not in pairs:
            pairs[j] = i
            taken.add(i)
    return [(gone[i], come[j]) for j, i in sorted(pairs.items())]


def _content(paragraph: _Paragraph) -> frozenset[str]:
    return frozenset(token for token in paragraph.tokens if is_content(token))


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of the smaller set that both have (Simpson's overlap coefficient)."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _edits(before: _Paragraph, after: _Paragraph) -> Iterator[Change]:
    """The changed stretches of an edited paragraph, by what they change."""
    removed = ""
    at_old = at_new = 0
    old, new = _without_counters(before.text), _without_counters(after.text)
    for op, text in [*word_diff(old, new), DiffPiece("=", "")]:
        if removed or op == "+":
            quoted = is_quoted(old, at_old - len(removed), at_old) and is_quoted(
                new, at_new, at_new
            )
            yield from _edit(removed, text if op == "+" else "", after.place, quoted=quoted)
        removed = text if op == "-" else ""
        at_old += len(text) * (op in "=-<")
        at_new += len(text) * (op in "=+>")


def _edit(before: str, after: str, place: int, *, quoted: bool) -> Iterator[Change]:
    if normal_tokens(before) == normal_tokens(after):
        return
    kind: ChangeKind = "wording"
    if note_kind(after):
        kind = "correction"
    elif quoted:
        kind = "quotation"
    elif max(len(normal_tokens(before)), len(normal_tokens(after))) > _A_FEW:
        kind = "wording"  # a sentence that was replaced has other numbers and names, as it would
    elif _numbers(before) and _numbers(after) and _numbers(before) != _numbers(after):
        kind = "number"
    elif _names(before) and _names(after) and _names(before) != _names(after):
        kind = "name"
    yield Change(kind=kind, before=before.strip(), after=after.strip(), paragraph=place)


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,:]\d+)*", text)


def _names(text: str) -> list[str]:
    """The words with a capital letter; scripts without capitals have none."""
    return [word for word in re.findall(r"[^\W\d_]+", text) if word[0].isupper()]
