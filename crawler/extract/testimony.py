"""What is told of a reading: who said what of which field, and which text was kept out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What one witness says of one field; `won` when the record has it from this witness."""

    field: str
    source: str
    said: str
    won: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A text of the page that was kept out of the article's text, and why."""

    reason: str
    text: str
