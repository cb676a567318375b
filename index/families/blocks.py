"""Blocks: paragraphs that an outlet prints under several headlines; not counted in comparisons.

Three different headlines make a block of any paragraph (a caption of a gallery, a betting firm's
footer). If it has a word of none of the three, it is boilerplate, which may be taken out of texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection

from index.families.fingerprint import Fingerprint, hash_block, without_blocks
from index.text.shingles import normal_tokens

_HEADLINES = 3  # different ones above the same paragraph


@dataclass(frozen=True, slots=True)
class Known:
    """Those of an article's paragraphs that are blocks of its outlet, and those without its subject."""

    blocks: frozenset[int] = frozenset()
    boilerplate: frozenset[int] = frozenset()

    def more_than(self, other: Known) -> set[int]:
        """The paragraphs that are known here, and not or not as well there."""
        return {*(self.blocks - other.blocks), *(self.boilerplate - other.boilerplate)}

    def left_out_of(self, whole: Fingerprint) -> Fingerprint:
        """A fingerprint without what is known."""
        return without_blocks(whole, self.boilerplate, self.blocks)


def learn_blocks(
    connection: Connection, article: str, outlet: str, fingerprint: Fingerprint
) -> tuple[Known, set[int]]:
    """Note an article's paragraphs; return what is known of them, and what was not before.

    Without a headline, it adds nothing new to them.
    """
    hashes = {block.hash for block in fingerprint.blocks}
    before = known_blocks(connection, outlet, hashes)
    if not fingerprint.title:
        return before, set()
    connection.executemany(
        "INSERT OR IGNORE INTO family_blocks (outlet, block, told, title, article)"
        " VALUES (?, ?, ?, ?, ?)",
        {
            (outlet, block.hash, block.told > 0, fingerprint.title, article)
            for block in fingerprint.blocks
        },
    )
    known = known_blocks(connection, outlet, hashes)
    return known, known.more_than(before)


def forget_blocks(connection: Connection, article: str) -> tuple[str, set[int]]:
    """Forget an article's paragraphs; returns its outlet and those that are known no more."""
    rows = connection.execute(
        "SELECT outlet, block FROM family_blocks WHERE article = ?", (article,)
    ).fetchall()
    if not rows:
        return "", set()
    outlet, hashes = rows[0][0], {block for _, block in rows}
    before = known_blocks(connection, outlet, hashes)
    connection.execute("DELETE FROM family_blocks WHERE article = ?", (article,))
    return outlet, before.more_than(known_blocks(connection, outlet, hashes))


def known_blocks(connection: Connection, outlet: str, hashes: Iterable[int]) -> Known:
    """Those of the paragraphs that are blocks of an outlet, and those that are boilerplate."""
    blocks, boilerplate = set(), set()
    for block in hashes:
        if not _may_be_known(connection, outlet, block):
            continue
        untold = _headlines(connection, outlet, block, told=False)
        if untold == _HEADLINES:
            boilerplate.add(block)
        if untold + _headlines(connection, outlet, block, told=True) >= _HEADLINES:
            blocks.add(block)
    return Known(frozenset(blocks), frozenset(boilerplate))


def _may_be_known(connection: Connection, outlet: str, block: int) -> bool:
    """Whether it is in that many articles at all, as hardly any paragraph does; one seek."""
    rows = connection.execute(
        "SELECT 1 FROM family_blocks WHERE outlet = ? AND block = ? LIMIT ?",
        (outlet, block, _HEADLINES),
    ).fetchall()
    return len(rows) == _HEADLINES


def _headlines(connection: Connection, outlet: str, block: int, *, told: bool) -> int:
    """Under how many headlines it stands that it has (`told`) or has no word of, three at most.

    One seek a headline: the same report may be at very many addresses.
    """
    title = b""
    for found in range(_HEADLINES):
        row = connection.execute(
            "SELECT title FROM family_blocks WHERE outlet = ? AND block = ? AND told = ?"
            " AND title > ? ORDER BY title LIMIT 1",
            (outlet, block, told, title),
        ).fetchone()
        if row is None:
            return found
        title = row[0]
    return _HEADLINES


def articles_with(connection: Connection, outlet: str, blocks: Iterable[int]) -> list[str]:
    """The articles of an outlet in which any of the blocks stands."""
    found: set[str] = set()
    for block in blocks:
        rows = connection.execute(
            "SELECT article FROM family_blocks WHERE outlet = ? AND block = ?", (outlet, block)
        )
        found.update(article for (article,) in rows)
    return sorted(found)


def repeated_blocks(connection: Connection, outlet: str) -> set[int]:
    """All paragraphs of an outlet under three headlines that they have no word of: boilerplate."""
    rows = connection.execute(
        "SELECT block FROM family_blocks WHERE outlet = ? AND NOT told GROUP BY block"
        " HAVING count(DISTINCT title) >= ?",
        (outlet, _HEADLINES),
    )
    return {block for (block,) in rows}


def without_paragraphs(text: str, blocks: Iterable[int]) -> str:
    """A text without the paragraphs of those hashes."""
    hashes = frozenset(blocks)
    if not hashes:
        return text
    lines = text.split("\n")
    return "\n".join(line for line in lines if hash_block(normal_tokens(line)) not in hashes)
