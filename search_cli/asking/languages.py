"""Codes of languages as people give them."""

from __future__ import annotations

from index.errors import UsageError
from index.workspace.codes import LANGUAGES, suggest_language


def check_language(code: str) -> None:
    """Raise `UsageError`, with the code that was meant if one is near, for what is none."""
    if code not in LANGUAGES:
        meant = suggest_language(code)
        hint = f"did you mean {meant}?" if meant else "two letters (ISO 639-1)"
        raise UsageError(f"{code}: no such language", hint=hint)
