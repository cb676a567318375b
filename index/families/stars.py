"""Stars: the texts of a core that are like one of them, its centre; so that copies make no chains.

In order of their first publication, each text belongs to the earliest centre that it is near to, and
is a centre itself when there is none (leader clustering; Hartigan, *Clustering Algorithms*, 1975). A
core alone would join A and C because B is like both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from sqlite3 import Connection
from typing import Any

from index.families.hanging import Hanging, Near
from index.families.relation import Sketch, is_near
from index.families.texts import TextOf, read_printing, read_sketches

_MANY = 64  # stars of a core; where there are more, only those at hand are looked at
_HELD = 128  # sketches

_First = tuple[
    int, str
]  # when a text was first published (seconds since 1970), and as which article


def partition(texts: Iterable[int], near: Near) -> dict[int, int]:
    """The centre of each of the texts, which come in order of their first publication."""
    centres: list[int] = []
    found: dict[int, int] = {}
    for text in texts:
        found[text] = next((centre for centre in centres if near(text, centre)), text)
        if found[text] == text:
            centres.append(text)
    return found


class Nearness:
    """Whether two stored texts are near each other, as they were first printed."""

    def __init__(self, connection: Connection, text_of: TextOf) -> None:
        self._connection = connection
        self._text_of = text_of
        self._sketches: dict[int, Sketch] = {}

    def __call__(self, text: int, other: int) -> bool:
        """Look at both."""
        printed = read_printing(self._connection, text), read_printing(self._connection, other)
        return is_near(
            self._sketch(text),
            self._sketch(other),
            printed,
            lambda: (self._text_of(text), self._text_of(other)),
        )

    def _sketch(self, text: int) -> Sketch:
        if text not in self._sketches:
            if len(self._sketches) >= _HELD:
                self._sketches.clear()
            self._sketches |= read_sketches(self._connection, [text])
        return self._sketches[text]


class Stars:
    """Which texts and cores are to be looked at again, until `settle`."""

    def __init__(self, connection: Connection, near: Near, hanging: Hanging) -> None:
        self._connection = connection
        self._near = near
        self._hanging = hanging
        self._texts: set[int] = set()  # that may belong to another star now
        self._cores: dict[int, set[int]] = {}  # to be parted again, and the stars to begin with

    # What has happened

    def joined(self, text: int, other: int, *, gone: int, stays: int, alone: int | None) -> None:
        """Two cores became one because of two texts; `alone` was all of the core that is gone."""
        self._rows("UPDATE family_stars SET core = ? WHERE core = ?", stays, gone)
        stars = self._cores.pop(gone, set())
        if alone is None:
            stars |= {self.star_of(text), self.star_of(other)}
        else:
            self._texts.add(alone)
        if stars:
            self._cores.setdefault(stays, set()).update(stars)

    def came(self, text: int, core: int, first: _First) -> None:
        """A text is to have another article, which may be its first one."""
        before = self._first(text)
        if before is None or before <= first:
            return
        star = self.star_of(text)
        if self._is_centre(star, before):
            self._hanging.set_first(star, first)
            self._look_again(core, {star, *self._around(text)})
        else:
            self._texts.add(text)

    def left(self, text: int, core: int, article: str) -> None:
        """A text that is kept has lost an article."""
        star = self.star_of(text)
        first = self._first(text)
        if first is not None and self._rows(
            "SELECT 1 FROM family_stars WHERE star = ? AND member = ?", star, article
        ):
            self._hanging.set_first(star, first)
            self._look_again(core, {star})
        elif first is not None and not self._is_centre(star, first) and self._size(core) > 1:
            self._texts.add(text)

    def gone(self, star: int, core: int, article: str) -> None:
        """A text of a star is gone, and the last article it had."""
        if not self._rows("SELECT 1 FROM family_texts WHERE star = ? LIMIT 1", star):
            self._hanging.end(star)
        elif self._rows("SELECT 1 FROM family_stars WHERE star = ? AND member = ?", star, article):
            self._hanging.loosen(star)
            self._cores.setdefault(core, set()).add(star)

    def fell_apart(self, core: int, texts: Iterable[int]) -> None:
        """Each text of a core is a core of its own now, and a star."""
        families = {text: self._hanging.family_of(self.star_of(text)) for text in texts}
        for (star,) in self._rows("SELECT star FROM family_stars WHERE core = ?", core):
            self._hanging.end(star)
        self._cores.pop(core, None)
        for text, family in families.items():
            first = self._first(text)
            assert first is not None
            self._hanging.add(text, text, first, family)
            self._set_star(text, text)

    # What follows from it

    def settle(self) -> None:
        """Bring the stars up to what has happened."""
        for _, text in sorted((self._first(text) or (0, ""), text) for text in self._texts):
            found = self._rows("SELECT core FROM family_texts WHERE text = ?", text)
            if found and found[0][0] not in self._cores and not self._assign(text, found[0][0]):
                self._cores[found[0][0]] = {self.star_of(text), *self._around(text)}
        for core, stars in sorted(self._cores.items()):
            self._part(core, stars)

    def _look_again(self, core: int, stars: set[int]) -> None:
        if self._size(core) > 1:
            self._cores.setdefault(core, set()).update(stars)

    def _assign(self, text: int, core: int) -> bool:
        """Give one text to the earliest star it is near to; False if that may move others too."""
        first = self._first(text)
        if first is None or self._size(core) < 2:
            return True
        for star, member in self._earlier(text, core, first):
            if self._near(text, self._text_of(member)):
                self._move(text, star)
                return True
        later = self._rows(
            "SELECT 1 FROM family_texts JOIN family_members USING (text) WHERE core = ?"
            " AND text <> ? AND (published, article) > (?, ?) LIMIT 1",
            core,
            text,
            *first,
        )
        if later:
            return False
        if not self._is_centre(self.star_of(text), first):
            star = self._free_name(core, text, ())
            self._hanging.add(star, core, first, self._hanging.family_of(self.star_of(text)))
            self._move(text, star)
        return True

    def _earlier(self, text: int, core: int, first: _First) -> list[tuple[int, str]]:
        """The stars that a text may belong to, the earliest first."""
        rows = self._rows(
            "SELECT star, member FROM family_stars WHERE core = ? AND (first, member) < (?, ?)"
            " ORDER BY first, member LIMIT ?",
            core,
            *first,
            _MANY + 1,
        )
        if len(rows) <= _MANY:
            return rows
        found = []
        for star in {self.star_of(text), *self._around(text)}:
            found += self._rows(
                "SELECT first, member, star FROM family_stars WHERE star = ?"
                " AND (first, member) < (?, ?)",
                star,
                *first,
            )
        return [(star, member) for _, member, star in sorted(found)]

    def _part(self, core: int, stars: set[int]) -> None:
        """Part a core's texts into stars; of a core with many, those of some stars."""
        named = [
            star for (star,) in self._rows("SELECT star FROM family_stars WHERE core = ?", core)
        ]
        scope = named if len(named) <= _MANY else sorted(stars & set(named))
        current: dict[int, int] = {}
        firsts: dict[int, _First] = {}
        for star in scope:
            for (text,) in self._rows("SELECT text FROM family_texts WHERE star = ?", star):
                first = self._first(text)
                assert first is not None
                current[text], firsts[text] = star, first
        centres = partition(sorted(current, key=firsts.__getitem__), self._near)
        names = self._name(core, centres, current, others=set(named) - set(scope))
        known = set(named)
        for centre, star in names.items():
            if star not in known:
                family = self._hanging.family_of(current[centre])
                self._hanging.add(star, core, firsts[centre], family)
            elif not self._is_centre(star, firsts[centre]):
                self._hanging.set_first(star, firsts[centre])
        for text, centre in centres.items():
            if current[text] != names[centre]:
                self._move(text, names[centre])
        for star in set(scope) - set(names.values()):
            if self._hanging.family_of(star):  # not ended with its last text
                self._hanging.end(star)

    def _name(
        self,
        core: int,
        centres: Mapping[int, int],
        current: Mapping[int, int],
        others: set[int],
    ) -> dict[int, int]:
        """The star of each centre: that which most of its texts were in, or else a new one."""
        shared = Counter((centre, current[text]) for text, centre in centres.items())
        names: dict[int, int] = {}
        for centre, star in sorted(shared, key=lambda pair: (-shared[pair], pair)):
            if centre not in names and star not in names.values():
                names[centre] = star
        for centre in sorted(set(centres.values()) - names.keys()):
            names[centre] = self._free_name(core, centre, {*others, *names.values()})
        return names

    def _free_name(self, core: int, text: int, taken: Iterable[int]) -> int:
        """A number for a new star: that of a text of the core, which names none yet."""
        used = {*taken}
        used |= {
            star for (star,) in self._rows("SELECT star FROM family_stars WHERE core = ?", core)
        }
        if text not in used:
            return text
        texts = self._rows("SELECT text FROM family_texts WHERE core = ? ORDER BY text", core)
        return next(int(other) for (other,) in texts if other not in used)

    def _move(self, text: int, star: int) -> None:
        """Move a text to a star of its core."""
        old = self.star_of(text)
        if old == star:
            return
        self._hanging.loosen_tied(text, old)
        self._set_star(text, star)
        self._hanging.loosen_tied(text, star)
        self._hanging.move(text, self._hanging.family_of(star))
        if not self._rows("SELECT 1 FROM family_texts WHERE star = ? LIMIT 1", old):
            self._hanging.end(old)

    def _set_star(self, text: int, star: int) -> None:
        self._rows("UPDATE family_texts SET star = ? WHERE text = ?", star, text)
        self._rows("UPDATE family_parts SET star = ? WHERE text = ?", star, text)

    # Looking

    def star_of(self, text: int) -> int:
        """The star of a text."""
        ((star,),) = self._rows("SELECT star FROM family_texts WHERE text = ?", text)
        return int(star)

    def _around(self, text: int) -> set[int]:
        """The stars of the texts that tie a text to its core."""
        rows = self._rows(
            "SELECT star FROM family_edges JOIN family_texts ON family_texts.text = other"
            " WHERE family_edges.text = ?",
            text,
        )
        return {star for (star,) in rows}

    def _first(self, text: int) -> _First | None:
        rows = self._rows(
            "SELECT published, article FROM family_members WHERE text = ?"
            " ORDER BY published, article LIMIT 1",
            text,
        )
        return rows[0] if rows else None

    def _is_centre(self, star: int, first: _First) -> bool:
        """Whether a star is named after a text that was first published so."""
        rows = self._rows("SELECT first, member FROM family_stars WHERE star = ?", star)
        return rows == [first]

    def _text_of(self, article: str) -> int:
        ((text,),) = self._rows("SELECT text FROM family_members WHERE article = ?", article)
        return int(text)

    def _size(self, core: int) -> int:
        rows = self._rows("SELECT size FROM family_cores WHERE core = ?", core)
        return int(rows[0][0]) if rows else 0

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()
