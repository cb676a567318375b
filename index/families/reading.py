"""Reading families: their members and kinds, what else shares a passage, failed extractions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from sqlite3 import Connection
from typing import Any, Literal

from index.families.credits import Credit
from index.families.keys import find_candidates, read_waiting
from index.families.relation import Overlap, is_edition, overlap
from index.families.texts import (
    SKETCH_COLUMNS,
    make_sketch,
    read_keys,
    read_printing,
    read_sketches,
)
from index.text.alignment import matching_runs
from index.text.shingles import normal_tokens

Kind = Literal["origin", "exact", "reprint", "excerpt", "expanded"]

_WHOLE = 0.8  # share of a text from which it counts as standing in another whole
_CUT = 0.6
_PASSAGE = 30  # tokens in a row
_ALIKE = 0.2  # sampled share from which two texts may be editions of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of a family, seen from the origin.

    `contained` is the share of its text that is in the origin's, `contains` the share of the
    origin's that is in it, `similarity` the share of both together that they have in common
    (Jaccard): 0 to 1, of three-word runs, estimated from samples to about .05. `published` is the
    time by which it was out; not `trusted` when that is only when it was first seen.
    """

    article: str
    outlet: str
    kind: Kind
    published: datetime
    trusted: bool
    similarity: float
    contained: float
    contains: float
    credits: tuple[Credit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An article of another family that shares a passage, of `words` tokens in a row.

    `edition`: the two are editions, such as one outlet's letters of two days.
    """

    article: str
    words: int
    passage: str
    edition: bool = False


_NO_LINK = Link(article="", words=0, passage="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionFault:
    """Articles whose text is most likely not theirs, and why it is thought so."""

    outlet: str
    reason: Literal["only boilerplate", "one text under unrelated headlines"]
    articles: tuple[str, ...]


def family_of(connection: Connection, article: str) -> str | None:
    """The id of the origin of an article's family; None for an article that was never placed."""
    row = connection.execute(
        "SELECT origin FROM family_members JOIN families USING (family) WHERE article = ?",
        (article,),
    ).fetchone()
    return None if row is None else str(row[0])


def members(connection: Connection, article: str) -> tuple[Member, ...]:
    """The family of an article, by time of publication; empty when it was never placed."""
    found = connection.execute(
        "SELECT family, origin FROM family_members JOIN families USING (family) WHERE article = ?",
        (article,),
    ).fetchone()
    if found is None:
        return ()
    family, origin = found
    (text,) = connection.execute(
        "SELECT text FROM family_members WHERE article = ?", (origin,)
    ).fetchone()
    shares = _shares(connection, family, text)
    credits = _credits(connection, family)
    rows = connection.execute(
        "SELECT article, outlet, published, trusted, text FROM family_members WHERE family = ?"
        " ORDER BY published, article",
        (family,),
    )
    return tuple(
        Member(
            article=row[0],
            outlet=row[1],
            kind="origin" if row[0] == origin else _kind(shares[row[4]], exact=row[4] == text),
            published=datetime.fromtimestamp(row[2], UTC),
            trusted=bool(row[3]),
            similarity=_similarity(shares[row[4]]),
            contained=shares[row[4]].contained,
            contains=shares[row[4]].contains,
            credits=tuple(credits.get(row[0], ())),
        )
        for row in rows
    )


def _shares(connection: Connection, family: int, origin: int) -> dict[int, Overlap]:
    """How much of each of a family's texts is in the origin's, and the other way round."""
    sketch = read_sketches(connection, [origin])[origin]
    rows = connection.execute(
        f"SELECT {SKETCH_COLUMNS} FROM family_texts JOIN family_stars USING (star) WHERE family = ?",
        (family,),
    )
    shares = {row[0]: overlap(sketch, make_sketch(row)) for row in rows}
    seen = {text: Overlap(of.contains, of.contained, of.sample) for text, of in shares.items()}
    return seen | {origin: Overlap(1.0, 1.0, 0)}


def _credits(connection: Connection, family: int) -> dict[str, list[Credit]]:
    found: dict[str, list[Credit]] = {}
    for article, *credit in connection.execute(
        "SELECT article, source, kind, evidence FROM family_credits WHERE family = ?"
        " ORDER BY strong DESC, source, kind",
        (family,),
    ):
        found.setdefault(article, []).append(Credit(*credit))
    return found


def _kind(share: Overlap, *, exact: bool) -> Kind:
    if exact:
        return "exact"
    if share.contained >= _WHOLE and share.contains < _CUT:
        return "excerpt"
    if share.contains >= _WHOLE and share.contained < _CUT:
        return "expanded"
    return "reprint"


def _similarity(share: Overlap) -> float:
    """Jaccard's coefficient from the two shares."""
    if not share.contained or not share.contains:
        return 0.0
    return 1 / (1 / share.contained + 1 / share.contains - 1)


def links(connection: Connection, article: str, text_of: Callable[[str], str]) -> tuple[Link, ...]:
    """Articles of other families, one each, that share a passage; the longest passage first."""
    row = connection.execute(
        "SELECT text, family FROM family_members WHERE article = ?", (article,)
    ).fetchone()
    if row is None:
        return ()
    text, family = row
    own = normal_tokens(text_of(article))
    read_waiting(connection, frozenset(read_keys(connection, text)))
    found: dict[int, Link] = {}
    for others in find_candidates(connection, text).texts.values():
        for its_family, (other, its_article) in _others(connection, others, family).items():
            link = _link(its_article, own, normal_tokens(text_of(its_article)))
            if link.words < _PASSAGE or link.words <= found.get(its_family, _NO_LINK).words:
                continue
            edition = _are_editions(connection, (text, article), (other, its_article), text_of)
            found[its_family] = replace(link, edition=edition)
    return tuple(sorted(found.values(), key=lambda link: (-link.words, link.article)))


def _others(
    connection: Connection, texts: Sequence[int], family: int
) -> dict[int, tuple[int, str]]:
    """The first of the texts in each other family, and its first article."""
    found: dict[int, tuple[int, str]] = {}
    for text in texts:
        its_family, its_article = _first_with(connection, text)
        if its_family != family:
            found.setdefault(its_family, (text, its_article))
    return found


def _are_editions(
    connection: Connection,
    one: tuple[int, str],
    other: tuple[int, str],
    text_of: Callable[[str], str],
) -> bool:
    """Whether two texts that are much alike are kept apart as editions."""
    (text, article), (its_text, its_article) = one, other
    sketches = read_sketches(connection, [text, its_text])
    alike = overlap(sketches[text], sketches[its_text])
    return max(alike.contained, alike.contains) >= _ALIKE and is_edition(
        sketches[text],
        sketches[its_text],
        (read_printing(connection, text), read_printing(connection, its_text)),
        lambda: (text_of(article), text_of(its_article)),
    )


def _first_with(connection: Connection, text: int) -> tuple[int, str]:
    family, article = connection.execute(
        "SELECT family, article FROM family_members WHERE text = ? ORDER BY published, article LIMIT 1",
        (text,),
    ).fetchone()
    return family, article


def _link(article: str, own: list[str], other: list[str]) -> Link:
    runs = matching_runs(own, other)
    longest = max(runs, key=lambda run: run.size, default=None)
    if longest is None:
        return Link(article=article, words=0, passage="")
    passage = own[longest.a : longest.a + longest.size]
    return Link(article=article, words=longest.size, passage=" ".join(passage))


def extraction_faults(connection: Connection) -> tuple[ExtractionFault, ...]:
    """Articles that were kept apart because what was extracted is not a text of their own."""
    empty = connection.execute(
        "SELECT outlet, group_concat(article, ' ') FROM family_texts JOIN family_members USING (text)"
        " WHERE words = 0 AND length(dropped) > 0 GROUP BY outlet ORDER BY outlet"
    )
    faults = [_fault("only boilerplate", row) for row in empty]
    same = connection.execute(
        "SELECT min(outlet), group_concat(article, ' ') FROM family_texts"
        " JOIN family_members USING (text) WHERE NOT titled AND words > 0"
        " GROUP BY exact HAVING count(DISTINCT text) > 1 ORDER BY 1"
    )
    return (*faults, *(_fault("one text under unrelated headlines", row) for row in same))


def _fault(
    reason: Literal["only boilerplate", "one text under unrelated headlines"], row: tuple[Any, ...]
) -> ExtractionFault:
    return ExtractionFault(outlet=row[0], reason=reason, articles=tuple(sorted(row[1].split())))
