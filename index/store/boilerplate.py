"""The paragraphs that are known to stand on many pages of an outlet, which its texts lack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from index.store.database import Connection


class Boilerplate:
    """Reads and writes an outlet's boilerplate on the store's connection; paragraphs go by hashes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, outlet: str) -> dict[int, str]:
        """The paragraphs that are taken out of an outlet's texts."""
        return dict(
            self._connection.rows("SELECT block, text FROM boilerplate WHERE outlet = ?", (outlet,))
        )

    def count(self) -> int:
        """How many paragraphs are known."""
        ((number,),) = self._connection.rows("SELECT count(*) FROM boilerplate")
        return int(number)

    def repeated(self, outlet: str) -> set[int]:
        """The paragraphs that are under so many of an outlet's headlines that they may be learned."""
        from index.families.blocks import repeated_blocks

        return repeated_blocks(self._connection, outlet)

    def articles_with(self, outlet: str, blocks: Iterable[int]) -> list[str]:
        """The articles of an outlet that have any of the paragraphs."""
        from index.families.blocks import articles_with

        return articles_with(self._connection, outlet, blocks)

    def change(self, outlet: str, learned: Mapping[int, str], forgotten: Iterable[int]) -> None:
        """Learn some paragraphs of an outlet, and forget others."""
        self._connection.executemany(
            "DELETE FROM boilerplate WHERE outlet = ? AND block = ?",
            [(outlet, block) for block in forgotten],
        )
        self._connection.executemany(
            "INSERT INTO boilerplate (outlet, block, text) VALUES (?, ?, ?)",
            [(outlet, block, text) for block, text in learned.items()],
        )
