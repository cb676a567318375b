"""The files that `init` and `story new` write, with their comments."""

from __future__ import annotations

import json
from pathlib import Path
from string import Template


def fill(name: str, **values: str) -> str:
    """The template of that file name with its `$places` filled."""
    path = Path(__file__).with_name(name)
    return Template(path.read_text("utf-8")).substitute(values)


def quoted(text: str) -> str:
    """The text as a TOML string: JSON's escapes are TOML's too, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def literal(text: str) -> str:
    """The text as a TOML string between `'''`, as queries are written; escaped where that cannot be."""
    plain = "'''" not in text and not text.endswith("'") and text.isprintable()
    return f"'''{text}'''" if plain else quoted(text)
