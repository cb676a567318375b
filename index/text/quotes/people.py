"""The people of an article: what a surname, a pronoun or a role beside a quotation stands for."""

from __future__ import annotations

import re

from index.text.quotes.cues import (
    ARABIC_TITLES,
    ARABIC_TRADES,
    CHINESE_TITLES,
    CHINESE_TRADES,
    cues_of,
)
from index.text.quotes.subjects import Subject

_PARTICLES = "de|da|do|dos|das|di|von|van|der|den|bin|ibn|al|el|la|du|del"
_CAPITAL = r"[^\W\d_a-zà-öø-ÿа-яё][\w’'-]*"
_NOBLE = frozenset({"von", "van", "zu", "der", "de"})
_FULL = re.compile(rf"{_CAPITAL}(?:\s+(?:(?:{_PARTICLES})\s+)?{_CAPITAL})+")


class People:
    """The full names of one article with their places, and who spoke so far."""

    def __init__(self, text: str, language: str) -> None:
        self._language = language
        self._text = text
        self._cues = cues_of(language)
        self._names: list[tuple[int, str]] | None = None
        self._speakers: list[str] = []

    def resolve(self, subject: Subject, place: int, last: str) -> str:
        """The speaker that a subject at a place stands for; empty for a pronoun without anybody.

        `last` is who spoke last.
        """
        speaker = self._resolve(subject, place, last)
        if speaker:
            self._speakers.append(speaker)
        return speaker

    def _resolve(self, subject: Subject, place: int, last: str) -> str:
        if subject.kind in ("pronoun", "role"):
            if last:
                return last
            before = [name for at, name in self._full_names if at < place]
            if before:
                return before[-1]
            return subject.text if subject.kind == "role" else ""
        if subject.kind == "phrase":
            return subject.text
        name = self._without_title(subject.text)
        return self._spoken(name) or self._full(name, place) or name

    def _without_title(self, name: str) -> str:
        if self._language in ("zh", "ja"):
            return CHINESE_TRADES.sub("", CHINESE_TITLES.sub("", name)) or name
        if self._language == "ar":
            return ARABIC_TRADES.sub("", ARABIC_TITLES.sub("", name)) or name
        words = name.removesuffix("’s").removesuffix("'s").split()
        if self._language == "de" and len(words) > 2 and words[-2].lower() not in _NOBLE:
            words = words[-2:]  # "Urlauberin Eva Muster": German roles have capitals too
        return " ".join(words)

    def _spoken(self, name: str) -> str:
        """An earlier speaker of whose name this is the end."""
        for speaker in reversed(self._speakers):
            if speaker == name or speaker.endswith(f" {name}"):
                return speaker
            if self._language in ("zh", "ar") and (speaker.endswith(name) and len(name) > 1):
                return speaker
        return ""

    def _full(self, name: str, place: int) -> str:
        """The nearest earlier full name that ends so, or else any later one."""
        ending = f" {name}"
        if " " in name:
            return ""
        before = [full for at, full in self._full_names if at < place and full.endswith(ending)]
        after = [full for at, full in self._full_names if at >= place and full.endswith(ending)]
        return before[-1] if before else after[0] if after else ""

    @property
    def _full_names(self) -> list[tuple[int, str]]:
        if self._names is None:
            self._names = list(self._find_names()) if self._cues else []
        return self._names

    def _find_names(self) -> list[tuple[int, str]]:
        names = []
        for found in _FULL.finditer(self._text):
            words = found[0].split()
            while words and self._cues and self._cues.roles.fullmatch(words[0]):
                words.pop(0)
            if len(words) > 1:
                name = " ".join(words).removesuffix("’s").removesuffix("'s")
                names.append((found.start(), name))
        return names
