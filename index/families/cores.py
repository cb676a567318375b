"""Cores: texts joined as copies, directly or by way of others; one change of all families.

Copies are joined whatever their order, so a core is a connected component of the relation "is a
copy of"; a tree of edges over its texts shows that it is one piece. `stars` parts it where it is a
chain, and `hanging` makes families of the stars.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from sqlite3 import Connection
from typing import Any

from index.families.hanging import Hanging
from index.families.keys import (
    find_candidates,
    mark_commonplaces,
    post_keys,
    read_waiting,
    unpost_keys,
)
from index.families.relation import Relation, Sketch, relate
from index.families.stars import Nearness, Stars
from index.families.texts import TextOf, core_of, read_sketches, texts_of


class Regrouping:
    """One change of the families: what was joined, parted and hung again, until `finish` ends it."""

    def __init__(self, connection: Connection, text_of: TextOf) -> None:
        self._connection = connection
        self._text_of = text_of
        near = Nearness(connection, text_of)
        self._hanging = Hanging(connection, near)
        self._stars = Stars(connection, near, self._hanging)
        self._unposted: set[int] = set()  # new texts, which nothing leads to yet
        read_waiting(connection)

    # Texts

    def add_text(self, text: int, published: int, article: str) -> None:
        """Make a new text, published by its first article, a core and a star of its own."""
        self._rows("INSERT INTO family_cores (core, size) VALUES (?, 1)", text)
        self._hanging.add(text, text, (published, article), text)
        self._unposted.add(text)

    def post(self, text: int) -> None:
        """Let a new text be found, after it was connected itself."""
        self._unposted.remove(text)
        post_keys(self._connection, text, core_of(self._connection, text))

    def connect(self, text: int) -> None:
        """Join a text to every core that holds a copy of it, and note what it is a part of."""
        found = find_candidates(self._connection, text)
        mark_commonplaces(self._connection, found.commonplaces)
        likely = {other for others in found.texts.values() for other in others}
        sketches = read_sketches(self._connection, likely | {text})
        own = core_of(self._connection, text)
        for core, others in found.texts.items():
            if core != own:
                self._compare(sketches[text], [sketches[one] for one in others])

    def _compare(self, sketch: Sketch, others: Sequence[Sketch]) -> None:
        """Compare a text with some of another core: join it, or note what is a part of what."""
        parts: list[tuple[Sketch, Relation]] = []
        for other in others:
            relation = relate(sketch, other, partial(self._two_texts, sketch.text, other.text))
            if relation.kind == "copy":
                self._join(sketch.text, other.text)
                return
            if relation.kind == "part":
                parts.append((other, relation))
        for other, relation in parts:
            self._note_part(sketch.text, other.text, relation)

    def _two_texts(self, text: int, other: int) -> tuple[str, str]:
        return self._text_of(text), self._text_of(other)

    def _join(self, text: int, other: int) -> None:
        self._connection.executemany(
            "INSERT INTO family_edges (text, other) VALUES (?, ?)", [(text, other), (other, text)]
        )
        self._merge(text, other)

    def _note_part(self, text: int, other: int, relation: Relation) -> None:
        star, neighbour = self._stars.star_of(text), self._stars.star_of(other)
        self._connection.executemany(
            "INSERT OR IGNORE INTO family_parts (star, text, other, contained) VALUES (?, ?, ?, ?)",
            [(star, text, other, relation.contained), (neighbour, other, text, relation.contains)],
        )
        self._hanging.loosen(star)

    def _part_with(self, text: int, article: str) -> None:
        """Take a text away for good; its core falls apart when the text held it together."""
        core, star = core_of(self._connection, text), self._stars.star_of(text)
        tied = [
            other for (other,) in self._rows("SELECT other FROM family_parts WHERE text = ?", text)
        ]
        self._hanging.loosen(star)
        unpost_keys(self._connection, text, core)
        edges = self._cut(text)
        self._rows("DELETE FROM family_texts WHERE text = ?", text)
        self._rows("UPDATE family_cores SET size = size - 1 WHERE core = ?", core)
        self._rows("DELETE FROM family_cores WHERE core = ? AND size = 0", core)
        self._stars.gone(star, core, article)
        if edges > 1:
            self._dissolve(core)
        # The texts it was tied to may have other ties to its core, which were not looked for.
        for other in tied:
            self.connect(other)

    def _cut(self, text: int) -> int:
        """Delete the edges and parts of a text; return how many edges there were."""
        edges = self._rows("DELETE FROM family_edges WHERE text = ? RETURNING other", text)
        others = [(other, text) for (other,) in edges]
        self._connection.executemany(
            "DELETE FROM family_edges WHERE text = ? AND other = ?", others
        )
        parts = self._rows("DELETE FROM family_parts WHERE text = ? RETURNING other", text)
        others = [(other, text) for (other,) in parts]
        self._connection.executemany(
            "DELETE FROM family_parts WHERE text = ? AND other = ?", others
        )
        return len(edges)

    def _dissolve(self, core: int) -> None:
        """Make each text of a core a core of its own, then connect them again, one after another.

        Not all at once: in that many cores, their keys would look like commonplaces.
        """
        texts = texts_of(self._connection, core)
        self._rows("DELETE FROM family_cores WHERE core = ?", core)
        for text in texts:
            self._rows("DELETE FROM family_edges WHERE text = ?", text)
            unpost_keys(self._connection, text, core)
            self._unposted.add(text)
            self._rows("INSERT INTO family_cores (core, size) VALUES (?, 1)", text)
            self._rows("UPDATE family_texts SET core = ? WHERE text = ?", text, text)
        self._stars.fell_apart(core, texts)
        for text in texts:
            self.connect(text)
            self.post(text)

    # Articles

    def add_member(self, text: int, published: int, article: str) -> int:
        """An article is to come to a text, of which it may be the earliest; returns its family."""
        core, star = core_of(self._connection, text), self._stars.star_of(text)
        self._hanging.loosen_tied(text, star)
        self._stars.came(text, core, (published, article))
        family = self._hanging.family_of(star)
        self._hanging.come(article, family)
        return family

    def drop_member(self, article: str, text: int, family: int) -> None:
        """An article left a text and a family; when it was the last one, the text goes too."""
        self._hanging.leave(article, family)
        if self._rows("SELECT 1 FROM family_members WHERE text = ? LIMIT 1", text):
            self._hanging.loosen_tied(text, self._stars.star_of(text))
            self._stars.left(text, core_of(self._connection, text), article)
        else:
            self._part_with(text, article)

    def finish(self) -> dict[str, str]:
        """End the change; returns the articles whose family has another origin now."""
        self._stars.settle()
        return self._hanging.finish()

    # Cores

    def _merge(self, text: int, other: int) -> None:
        """Make one core of those of two texts: the smaller goes into the larger."""
        cores = self._rows(
            "SELECT size, -core, core FROM family_cores WHERE core IN (?, ?)",
            core_of(self._connection, text),
            core_of(self._connection, other),
        )
        (size, _, gone), (_, _, stays) = sorted(cores)
        moved = texts_of(self._connection, gone)
        for one in moved:
            self._rows("UPDATE family_texts SET core = ? WHERE text = ?", stays, one)
            if one not in self._unposted:
                unpost_keys(self._connection, one, gone)
                post_keys(self._connection, one, stays)
        self._rows("DELETE FROM family_cores WHERE core = ?", gone)
        self._rows("UPDATE family_cores SET size = size + ? WHERE core = ?", size, stays)
        alone = moved[0] if size == 1 else None
        self._stars.joined(text, other, gone=gone, stays=stays, alone=alone)

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()
