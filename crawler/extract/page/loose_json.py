"""JSON as pages write it: with the usual mistakes mended, and several documents in one block."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

LIMIT = 1_000_000
MENDED_LIMIT = 300_000  # characters of a broken block that are looked at
DOCUMENTS = 50
JUNK_AROUND = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:(?://|/\*)\s*)?(?:-->|\]\]>(?:\s*\*/)?)\s*;?\s*$"
)
SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
WORD = re.compile(r"[A-Za-z_$@][\w$.@-]*|-?\d[\d.eE+-]*")
# A quotation mark ends a text where what follows goes on as JSON does.
ENDS = {
    quote: re.compile(
        rf"{quote}(?=\s*(?:,[\s,]*(?:/[*/]|[\"'{{\[\]}}\d-]|true|false|null|[A-Za-z_$]\w*\s*:|$)|[:}}\]]|/[*/]|$|\s\s*\"[\w@:]+\"\s*:))"
    )
    for quote in "\"'"
}
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "/": "/"}
LITERALS = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None}


def read_documents(text: str) -> list[Any]:
    """The JSON values of a text, in order; what cannot be mended is left out. Never raises."""
    text = JUNK_AROUND.sub("", text[:LIMIT].strip()).strip().rstrip(";")
    try:
        return [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        pass
    if "&quot;" in text:
        text = unescape(text)
    try:
        return list(_whole_documents(text))
    except (ValueError, RecursionError):
        pass
    try:
        return list(_Mender(text[:MENDED_LIMIT]).documents())
    except RecursionError:
        return []


def _whole_documents(text: str) -> Iterator[Any]:
    """Several sound documents, one after the other, separated by blanks, commas or semicolons."""
    decoder, place = json.JSONDecoder(strict=False), 0
    while place < len(text):
        value, place = decoder.raw_decode(text, place)
        yield value
        while place < len(text) and text[place] in " \t\r\n,;":
            place += 1


class _Mender:
    """Reads a value at a time, taking what stands where something else should."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0

    def documents(self) -> Iterator[Any]:
        for _ in range(DOCUMENTS):
            start = next(
                (i for i in range(self._place, len(self._text)) if self._text[i] in "{["), -1
            )
            if start < 0:
                return
            self._place = start
            yield self._value()

    def _value(self) -> Any:
        self._skip()
        char = self._peek()
        if char == "{":
            return self._object()
        if char == "[":
            return self._array()
        if char and char in "\"'":
            return self._string()
        return self._literal()

    def _object(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self._place += 1
        while True:
            self._skip(",;")
            char = self._peek()
            if char in ("", "}", "]"):
                self._place += char == "}"
                return found
            key = self._string() if char in "\"'" else str(self._word())
            self._skip()
            if self._peek() == ":":
                self._place += 1
                value = self._value()
                if key:
                    found[key] = value
            elif not key:
                self._place += 1

    def _array(self) -> list[Any]:
        found: list[Any] = []
        self._place += 1
        while True:
            self._skip(",;")
            char = self._peek()
            if char in ("", "]", "}"):
                self._place += char == "]"
                return found
            before = self._place
            found.append(self._value())
            if self._place == before:
                self._place += 1

    def _string(self) -> str:
        quote, start = self._peek(), self._place + 1
        place = start
        while (match := ENDS[quote].search(self._text, place)) is not None:
            ahead = self._text[start : match.start()]
            if (len(ahead) - len(ahead.rstrip("\\"))) % 2 == 0:
                self._place = match.end()
                return ESCAPE.sub(_unescaped, ahead)
            place = match.end()
        end = self._text.find("\n", start)
        self._place = end if end >= 0 else len(self._text)
        return ESCAPE.sub(_unescaped, self._text[start : self._place]).rstrip(" ,\"'}")

    def _literal(self) -> Any:
        word = self._word()
        if word in LITERALS:
            return LITERALS[word]
        try:
            return json.loads(word)
        except ValueError:
            return word

    def _word(self) -> str:
        match = WORD.match(self._text, self._place)
        if match is None:
            return ""
        self._place = match.end()
        return match[0]

    def _peek(self) -> str:
        return self._text[self._place : self._place + 1]

    def _skip(self, also: str = "") -> None:
        while True:
            if match := SPACE.match(self._text, self._place):
                self._place = match.end()
            elif self._peek() and self._peek() in also:
                self._place += 1
            else:
                return


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return PLAIN.get(code, code)
