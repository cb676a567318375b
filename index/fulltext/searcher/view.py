"""One segment as a search sees it: posting lists and columns by name, kept while they are in use."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from operator import eq

from index.fulltext.schema import LAYOUT, NEVER
from index.fulltext.segments.columns import NameColumn
from index.fulltext.segments.postings import PostingBlock, decode_steps
from index.fulltext.segments.reader import Segment
from index.text.analysis import primary_language

_LOOKED_UP = 2000  # terms, and roots, whose entries are kept
_HELD = 300_000  # postings kept decoded for the next query, at some 120 bytes each


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents of one term, ascending, and its weight in each."""

    blocks: Sequence[PostingBlock]
    documents: Sequence[int]
    weights: Sequence[float]

    @classmethod
    def of(cls, blocks: Sequence[PostingBlock]) -> Postings:
        """The blocks of a list, joined."""
        if len(blocks) == 1:
            return cls(blocks, blocks[0].documents, blocks[0].weights)
        documents = list(chain.from_iterable(block.documents for block in blocks))
        return cls(blocks, documents, list(chain.from_iterable(block.weights for block in blocks)))

    def steps(self, wanted: Collection[int]) -> dict[int, Sequence[int]]:
        """Where the term is in those of the wanted documents that have it.

        The first position, and from each position the step to the next.
        """
        found: dict[int, Sequence[int]] = {}
        for block in self.blocks:
            rows = [row for row, number in enumerate(block.documents) if number in wanted]
            if rows:
                values = decode_steps([block.values[row] for row in rows])
                found.update(zip([block.documents[row] for row in rows], values, strict=True))
        return found


class SegmentView:
    """Access to one segment; what was read stays for the next query, within bounds."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.term = lru_cache(maxsize=_LOOKED_UP)(self.segment.terms.get)
        self.forms_of = lru_cache(maxsize=_LOOKED_UP)(self.segment.roots.forms_of)
        self._postings: dict[tuple[str, str], Postings | None] = {}
        self._held = 0
        self._numbers: dict[str, array[int]] = {}
        self._names: dict[str, NameColumn] = {}
        self._flagged: dict[int, frozenset[int]] = {}
        self._in_languages: dict[frozenset[str], bytes] = {}

    @property
    def past(self) -> bool:
        """Whether it holds older versions of articles."""
        return self.segment.record.past

    @property
    def documents(self) -> frozenset[int]:
        """Every document that is not struck out."""
        return self.segment.documents

    @property
    def deleted(self) -> frozenset[int]:
        """The documents that are."""
        return self.segment.record.deleted

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The primary languages of its articles, `en` and not `en-GB`."""
        return tuple(sorted({primary_language(name) for name in self.names("language").names}))

    def zones(self, document: int) -> dict[str, tuple[int, int]]:
        """The positions at which headline, lead and text of a document begin and end."""
        lead, title = self.numbers("lead_at")[document], self.numbers("title_at")[document]
        return {"title": (title, 1 << 32), "lead": (lead, title), "text": (0, lead)}

    def in_languages(self, languages: frozenset[str]) -> bytes:
        """By document, 1 where its language is one of them."""
        if languages not in self._in_languages:
            column = self.names("language")
            kept = bytes(name in languages for name in column.names)
            self._in_languages[languages] = bytes(map(kept.__getitem__, column.numbers))
        return self._in_languages[languages]

    @cached_property
    def dates(self) -> array[int]:
        """By document when it was published, or first seen where that is unknown."""
        published = self.numbers("published")
        if NEVER not in published:
            return published
        pairs = zip(published, self.numbers("seen"), strict=True)
        return array("q", [seen if moment == NEVER else moment for moment, seen in pairs])

    @cached_property
    def originals(self) -> bytes:
        """By document, 1 where it is the first of its family."""
        return bytes(map(eq, self.numbers("code"), self.numbers("family")))

    def flagged(self, bit: int) -> frozenset[int]:
        """The documents that have a bit of the column `flags`, struck-out ones among them."""
        if bit not in self._flagged:
            flags = enumerate(self.numbers("flags"))
            self._flagged[bit] = frozenset(number for number, held in flags if held & bit)
        return self._flagged[bit]

    @cached_property
    def lengths(self) -> bytes:
        """The length byte of each document's text."""
        return self.segment.length_bytes("text")

    def postings(self, field: str, text: str) -> Postings | None:
        """The list of a term; None when no document has it."""
        key = field, text
        if key not in self._postings:
            if self._held > _HELD:
                self._postings.clear()
                self._held = 0
            info = self.term(field, text)
            self._postings[key] = Postings.of(list(self.segment.blocks(info))) if info else None
            self._held += info.documents if info else 1
        return self._postings[key]

    def numbers(self, field: str) -> array[int]:
        """A numeric column by document."""
        if field not in self._numbers:
            default = NEVER if field in ("published", "seen") else 0
            self._numbers[field] = self.segment.numbers(field, LAYOUT.numbers[field], default)
        return self._numbers[field]

    def names(self, field: str) -> NameColumn:
        """A column of names by document."""
        if field not in self._names:
            self._names[field] = self.segment.names(field)
        return self._names[field]


class PastView(SegmentView):
    """A segment as of a moment: what did not stand then counts as struck out."""

    def __init__(self, segment: Segment, moment: int) -> None:
        """`moment` is in microseconds since 1970."""
        super().__init__(segment)
        self._moment = moment

    @cached_property
    def documents(self) -> frozenset[int]:
        """Every document that stood at the moment."""
        since, until = self.numbers("since"), self.numbers("until")
        return frozenset(
            document
            for document in super().documents
            if since[document] <= self._moment < until[document]
        )

    @cached_property
    def deleted(self) -> frozenset[int]:
        """Every other one."""
        return frozenset(range(self.segment.count)) - self.documents
