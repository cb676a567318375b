"""No tag with thousands of attributes reaches libxml2, which is worse than quadratic in them.

100,000 attributes in one tag take minutes in which nothing else of the process runs.
"""

from __future__ import annotations

import re

ATTRIBUTE_LIMIT = 500

# The attribute of HTML's tokenizer (WHATWG 13.2.5.32 to 13.2.5.40): a quote counts after "=" alone,
# and a value without an end quote reaches to the end of the document.
_ATTRIBUTE = (
    rb"[\t\n\r /]*+[^\t\n\r />][^\t\n\r />=]*+"
    rb"(?:[\t\n\r ]*+=[\t\n\r ]*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\t\n\r >]*+))?+"
)
_OPENING = rb"<[a-zA-Z_:\x80-\xff][^\t\n\r />]*+"  # XML's names, and HTML's
_TAG = re.compile(_OPENING + rb"(?:" + _ATTRIBUTE + rb")*+")
_ONE = re.compile(_ATTRIBUTE)
_NAME = re.compile(_OPENING)
# In XML what looks like a tag in a comment or a CDATA section is none.
_XML_TOKEN = re.compile(
    rb"<!--(?:[^-]|-(?!->))*+|<!\[CDATA\[(?:[^\]]|\](?!\]>))*+|<\?(?:[^?]|\?(?!>))*+|"
    + _TAG.pattern
)
_SHORTEST = 2 * ATTRIBUTE_LIMIT  # bytes: a blank and a letter


def tame(source: bytes) -> bytes:
    """The markup, without control characters, with the attributes of absurd tags taken off.

    It cannot be led astray by comments, scripts or quotes: in a long tag that stays every other "<"
    is escaped, so that each place where any parser could see a tag begin was looked at here.
    """
    pieces: list[bytes] = []
    position = 0
    for tag in _TAG.finditer(source):
        if tag.end() - tag.start() > _SHORTEST:
            pieces += (source[position : tag.start()], _tamed(tag[0]))
            position = tag.end()
    return b"".join((*pieces, source[position:])) if pieces else source


def has_bomb(source: bytes, limit: int) -> bool:
    """Whether a tag of an XML document has more than `limit` attributes."""
    return any(
        token.end() - token.start() > 2 * limit
        and (name := _NAME.match(token[0])) is not None
        and _count(token[0], name.end()) > limit
        for token in _XML_TOKEN.finditer(source)
    )


def _count(tag: bytes, start: int) -> int:
    return sum(1 for _ in _ONE.finditer(tag, start))


def _tamed(tag: bytes) -> bytes:
    name = _NAME.match(tag)
    if name is None:
        return b""
    bomb = _count(tag, name.end()) > ATTRIBUTE_LIMIT
    return name[0] if bomb else b"<" + tag[1:].replace(b"<", b"&lt;")
