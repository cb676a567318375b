"""Paragraphs that stand on many pages of one outlet: learned, and not counted in comparisons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection

from index.families.fingerprint import Fingerprint, hash_block
from index.text.shingles import normal_tokens

_HEADLINES = 3  # different ones above the same paragraph, which has a word of none of them


@dataclass(frozen=True, slots=True)
class Learned:
    """Those of an article's blocks that are boilerplate, and those that were not before it."""

    known: set[int]
    new: set[int]


def learn_blocks(
    connection: Connection, article: str, outlet: str, fingerprint: Fingerprint
) -> Learned:
    """Note an article's blocks and labels; without a headline, it adds nothing new to them."""
    hashes = {block.hash for block in fingerprint.blocks}
    before = known_blocks(connection, outlet, hashes)
    if not fingerprint.title:
        return Learned(before, set())
    connection.executemany(
        "INSERT OR IGNORE INTO family_blocks (outlet, block, title, article) VALUES (?, ?, ?, ?)",
        [(outlet, block, fingerprint.title, article) for block in hashes.union(fingerprint.labels)],
    )
    new = known_blocks(connection, outlet, hashes - before)
    return Learned(before | new, new)


def forget_blocks(connection: Connection, article: str) -> tuple[str, set[int]]:
    """Forget an article's blocks; returns its outlet and those that are no boilerplate any more."""
    rows = connection.execute(
        "SELECT outlet, block FROM family_blocks WHERE article = ?", (article,)
    ).fetchall()
    if not rows:
        return "", set()
    outlet, hashes = rows[0][0], {block for _, block in rows}
    known = known_blocks(connection, outlet, hashes)
    connection.execute("DELETE FROM family_blocks WHERE article = ?", (article,))
    return outlet, known - known_blocks(connection, outlet, known)


def known_blocks(connection: Connection, outlet: str, hashes: Iterable[int]) -> set[int]:
    """Those of the paragraphs that are boilerplate of an outlet."""
    return {block for block in hashes if _is_known(connection, outlet, block)}


def _is_known(connection: Connection, outlet: str, block: int) -> bool:
    """One seek a headline: a report that stands at many addresses is not boilerplate."""
    title = b""
    for _ in range(_HEADLINES):
        row = connection.execute(
            "SELECT title FROM family_blocks WHERE outlet = ? AND block = ? AND title > ?"
            " ORDER BY title LIMIT 1",
            (outlet, block, title),
        ).fetchone()
        if row is None:
            return False
        title = row[0]
    return True


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
    """All paragraphs of an outlet that stand under as many different headlines as make them known."""
    rows = connection.execute(
        "SELECT block FROM family_blocks WHERE outlet = ? GROUP BY block"
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
