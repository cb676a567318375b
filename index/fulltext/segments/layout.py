"""What a segment is made of: the fields of an index, and one article as they take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Entry = tuple[int, bytes | None]
"""The weight of a term in one document and its encoded positions, if the field has any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The fields of an index: which have terms, which of these positions and lengths, and columns.

    The words of the fields `listed` are found by their beginnings and ends.
    `numbers` are columns by name with their `array` typecode.
    """

    terms: tuple[str, ...]
    positional: frozenset[str]
    measured: frozenset[str]
    listed: frozenset[str]
    numbers: Mapping[str, str]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is indexed of one article: by field, its terms with their entries; lengths; columns.

    `roots` are, by language, the roots of its forms, but for those that are their own root.
    """

    terms: Mapping[str, Mapping[str, Entry]]
    lengths: Mapping[str, int]
    numbers: Mapping[str, int]
    names: Mapping[str, str]
    roots: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
