"""What a report on a fault must not hold: the passwords of addresses on the command line."""

from __future__ import annotations

import re

_URL_WITH_SECRET = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)\S*@")


def without_secrets(text: str) -> str:
    """A text with user and password of every address in it left out."""
    return _URL_WITH_SECRET.sub(r"\1…@", text)
