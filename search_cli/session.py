"""What the user said before the verb: which workspace, how much to tell, whether to ask."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The options that are before the verb; the `obj` of every command's context."""

    directory: Path | None = None
    quiet: bool = False
    verbose: bool = False
    color: Literal["auto", "always", "never"] = "auto"
    ask: bool = True
    pager: bool = True
    zone: str = ""
