"""Pages from templates: everything escaped, nothing in it that acts, links to the web only."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from search_cli.output.render import clean, one_line

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment(folder: str = "") -> Environment:
    """Templates of `search_cli/templates`, or of a folder in it; every text that they show is cleaned."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("search_cli", f"templates/{folder}".rstrip("/")),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_cleaned,
        trim_blocks=bool(folder),
        lstrip_blocks=bool(folder),
    )
    found.filters |= {"plain": lambda text: one_line(str(text or "")), "weblink": weblink}
    return found


def weblink(url: str) -> str:
    """The address where it can be followed safely, else nothing: no `javascript:`, no `data:`."""
    return url if url.lower().startswith(("http://", "https://")) else ""


def _cleaned(value: Any) -> Any:
    """A text without control and bidi characters; what is markup already stays."""
    return clean(value) if type(value) is str else value
