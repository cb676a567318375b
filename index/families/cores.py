"""Cores and families: texts joined as copies, cores hung on the earlier ones they are parts of.

Copies are joined whatever their order, so a core is a connected component of the relation "is a
copy of"; a tree of edges over its texts shows that it is one piece. A core that is an excerpt
of an earlier core, or an expanded form of one, hangs on the earliest such core and on no other:
a page that carries two reports does not make one family of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from sqlite3 import Connection
from typing import Any

from index.families.keys import (
    find_candidates,
    mark_commonplaces,
    post_keys,
    read_waiting,
    unpost_keys,
)
from index.families.origin import find_origin
from index.families.relation import Relation, Sketch, relate
from index.families.texts import core_of, read_sketches, texts_of

TextOf = Callable[[int], str]

_LEAST_INHERITED = 0.25  # of an expanded text must come from the shorter, earlier one


class Regrouping:
    """One change of the families: what was joined, moved and hung anew, until `finish` ends it."""

    def __init__(self, connection: Connection, text_of: TextOf) -> None:
        self._connection = connection
        self._text_of = text_of
        self._loose: set[int] = set()  # cores to be hung anew
        self._touched: set[int] = set()  # families that won or lost members
        self._before: dict[str, str] = {}  # the origin that moved articles had
        self._unposted: set[int] = set()  # new texts, which nothing leads to yet
        read_waiting(connection)

    # Texts

    def add_text(self, text: int, published: int, article: str) -> None:
        """Make a new text, published by its first article, a core of its own."""
        self._rows(
            "INSERT INTO family_cores (core, size, first, member, family) VALUES (?, 1, ?, ?, ?)",
            text,
            published,
            article,
            text,
        )
        self._loose.add(text)
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
        self._merge(core_of(self._connection, text), core_of(self._connection, other))

    def _note_part(self, text: int, other: int, relation: Relation) -> None:
        core, neighbour = core_of(self._connection, text), core_of(self._connection, other)
        self._connection.executemany(
            "INSERT OR IGNORE INTO family_parts (core, text, other, contained) VALUES (?, ?, ?, ?)",
            [(core, text, other, relation.contained), (neighbour, other, text, relation.contains)],
        )
        self._loose |= {core, neighbour}

    def part_with(self, text: int) -> None:
        """Take a text away for good; its core falls apart when the text held it together."""
        core = core_of(self._connection, text)
        tied = [
            other for (other,) in self._rows("SELECT other FROM family_parts WHERE text = ?", text)
        ]
        self._loosen(core)
        unpost_keys(self._connection, text, core)
        edges = self._cut(text)
        self._rows("DELETE FROM family_texts WHERE text = ?", text)
        self._rows("UPDATE family_cores SET size = size - 1 WHERE core = ?", core)
        if edges > 1:
            self._dissolve(core)
        else:
            self.look_again(core)
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
        """Make each text of a core a core of its own, then connect them anew, one after another.

        Not all at once: in so many cores, their keys would look like commonplaces.
        """
        texts = texts_of(self._connection, core)
        ((family,),) = self._rows("DELETE FROM family_cores WHERE core = ? RETURNING family", core)
        for text in texts:
            self._rows("DELETE FROM family_edges WHERE text = ?", text)
            unpost_keys(self._connection, text, core)
            self._unposted.add(text)
            self._move_text(text, core, text)
            self._rows(
                "INSERT INTO family_cores (core, size, first, member, family)"
                " SELECT ?1, 1, published, article, ?2 FROM family_members WHERE text = ?1"
                " ORDER BY published, article LIMIT 1",
                text,
                family,
            )
        self._loose = self._loose - {core} | set(texts)
        self._touched.add(family)
        for text in texts:
            self.connect(text)
            self.post(text)

    # Cores

    def look_again(self, core: int) -> None:
        """Find a core's earliest article anew when it has left; a core without texts is gone."""
        held = self._rows(
            "SELECT 1 FROM family_cores JOIN family_members ON article = member"
            " JOIN family_texts USING (text)"
            " WHERE family_cores.core = ?1 AND family_texts.core = ?1",
            core,
        )
        if held:
            return
        first = self._rows(
            "SELECT published, article FROM family_texts JOIN family_members USING (text)"
            " WHERE core = ? ORDER BY published, article LIMIT 1",
            core,
        )
        if first:
            self._set_first(core, *first[0])
        else:
            self._end_core(core)

    def _end_core(self, core: int) -> None:
        self._loosen(core)
        self._loose.discard(core)
        ((family,),) = self._rows("DELETE FROM family_cores WHERE core = ? RETURNING family", core)
        self._touched.add(family)

    def add_member(self, text: int, published: int, article: str) -> int:
        """An article came to a text, of which it may be the earliest; returns its family."""
        self._before.setdefault(article, "")
        core = core_of(self._connection, text)
        self._loosen_tied(text, core)
        ((first, member, family),) = self._rows(
            "SELECT first, member, family FROM family_cores WHERE core = ?", core
        )
        if (published, article) < (first, member):
            self._set_first(core, published, article)
        self._touched.add(family)
        return int(family)

    def drop_member(self, article: str, text: int) -> None:
        """An article left a text; when it was the last one, the text goes too."""
        core = core_of(self._connection, text)
        ((family,),) = self._rows("SELECT family FROM family_cores WHERE core = ?", core)
        self._touched.add(family)
        self._remember(article, family)
        if self._rows("SELECT 1 FROM family_members WHERE text = ? LIMIT 1", text):
            self._loosen_tied(text, core)
            self.look_again(core)
        else:
            self.part_with(text)

    def _set_first(self, core: int, published: int, article: str) -> None:
        self._rows(
            "UPDATE family_cores SET first = ?, member = ? WHERE core = ?", published, article, core
        )
        self._loosen(core)

    def _loosen_tied(self, text: int, core: int) -> None:
        if self._rows("SELECT 1 FROM family_parts WHERE text = ? LIMIT 1", text):
            self._loosen(core)

    def _loosen(self, core: int) -> None:
        """Have a core, what it could hang on and what hangs on it hung anew."""
        tied = self._rows(
            "SELECT family_texts.core FROM family_parts JOIN family_texts"
            " ON family_texts.text = other WHERE family_parts.core = ?1"
            " UNION SELECT core FROM family_cores WHERE parent = ?1",
            core,
        )
        self._loose |= {core, *(neighbour for (neighbour,) in tied)}

    def _merge(self, core: int, other: int) -> None:
        """Make one core of two: the smaller goes into the larger."""
        cores = self._rows(
            "SELECT size, -core, core, first, member FROM family_cores WHERE core IN (?, ?)",
            core,
            other,
        )
        (size, _, gone, first, member), (_, _, stays, *earliest) = sorted(cores)
        self._loosen(gone)
        self._loosen(stays)
        ((family,),) = self._rows("SELECT family FROM family_cores WHERE core = ?", stays)
        self._relabel(gone, family)
        for text in texts_of(self._connection, gone):
            self._move_text(text, gone, stays)
        self._rows("DELETE FROM family_cores WHERE core = ?", gone)
        self._loose.discard(gone)
        self._rows("UPDATE family_cores SET size = size + ? WHERE core = ?", size, stays)
        if [first, member] < earliest:
            self._set_first(stays, first, member)

    def _move_text(self, text: int, core: int, target: int) -> None:
        self._rows("UPDATE family_texts SET core = ? WHERE text = ?", target, text)
        self._rows("UPDATE family_parts SET core = ? WHERE text = ?", target, text)
        if text not in self._unposted:
            unpost_keys(self._connection, text, core)
            post_keys(self._connection, text, target)

    # Families

    def finish(self) -> dict[str, str]:
        """Hang the loose cores, choose the origins; returns the articles whose origin is another."""
        loose = sorted(self._loose)
        for core in loose:
            self._rows(
                "UPDATE family_cores SET parent = ? WHERE core = ?", self._parent(core), core
            )
        for core in loose:
            self._label(core)
        for family in sorted(self._touched):
            self._choose_origin(family)
        return self._changes()

    def _parent(self, core: int) -> int | None:
        """The earliest core that this one is a part or an expanded form of.

        Both the core and the very text must be earlier: what was taken into a later page is no
        excerpt of it.
        """
        found = self._rows(
            "SELECT earlier.core FROM family_cores AS this"
            " JOIN family_parts AS part ON part.core = this.core"
            " JOIN family_texts ON family_texts.text = part.other"
            " JOIN family_cores AS earlier ON earlier.core = family_texts.core"
            " WHERE this.core = ? AND part.contained >= ?"
            " AND (earlier.first, earlier.member) < (this.first, this.member)"
            " AND (SELECT min(published) FROM family_members WHERE text = part.other)"
            "  <= (SELECT min(published) FROM family_members WHERE text = part.text)"
            " ORDER BY earlier.first, earlier.member LIMIT 1",
            core,
            _LEAST_INHERITED,
        )
        return found[0][0] if found else None

    def _label(self, core: int) -> None:
        labels = self._rows(
            "SELECT coalesce(above.family, this.core) FROM family_cores AS this"
            " LEFT JOIN family_cores AS above ON above.core = this.parent WHERE this.core = ?",
            core,
        )
        for (family,) in labels:
            self._relabel(core, family)

    def _relabel(self, core: int, family: int) -> None:
        """Move a core's articles, and those of the cores that hang on it, to a family."""
        waiting = [core]
        while waiting:
            this = waiting.pop()
            ((old,),) = self._rows("SELECT family FROM family_cores WHERE core = ?", this)
            if old == family:
                continue
            self._note_origin(old, "text IN (SELECT text FROM family_texts WHERE core = ?)", this)
            self._rows(
                "UPDATE family_members SET family = ?2"
                " WHERE text IN (SELECT text FROM family_texts WHERE core = ?1)",
                this,
                family,
            )
            self._rows(
                "UPDATE family_credits SET family = ?2 WHERE article IN (SELECT article"
                " FROM family_texts JOIN family_members USING (text) WHERE core = ?1)",
                this,
                family,
            )
            self._rows("UPDATE family_cores SET family = ? WHERE core = ?", family, this)
            self._touched |= {old, family}
            children = self._rows("SELECT core FROM family_cores WHERE parent = ?", this)
            waiting.extend(child for (child,) in children)

    def _note_origin(self, family: int, where: str, value: int) -> None:
        for (article,) in self._rows(f"SELECT article FROM family_members WHERE {where}", value):
            self._remember(article, family)

    def _remember(self, article: str, family: int) -> None:
        """Remember the origin that an article has now, unless one was remembered before."""
        if article not in self._before:
            origins = self._rows("SELECT origin FROM families WHERE family = ?", family)
            self._before[article] = origins[0][0] if origins else ""

    def _choose_origin(self, family: int) -> None:
        old = self._rows("SELECT origin FROM families WHERE family = ?", family)
        origin = find_origin(self._connection, family)
        if old and old[0][0] != origin:
            self._note_origin(family, "family = ?", family)
        if origin is None:
            self._rows("DELETE FROM families WHERE family = ?", family)
        elif not old or old[0][0] != origin:
            self._rows(
                "INSERT OR REPLACE INTO families (family, origin) VALUES (?, ?)", family, origin
            )

    def _changes(self) -> dict[str, str]:
        changes: dict[str, str] = {}
        for article, before in self._before.items():
            row = self._rows(
                "SELECT origin FROM family_members JOIN families USING (family) WHERE article = ?",
                article,
            )
            if row and row[0][0] != before:
                changes[article] = row[0][0]
        return changes

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()
