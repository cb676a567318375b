"""References as a style guide prints them, by citeproc-py from CSL: `show --cite apa`.

The styles in `templates/cite/` are our own, for news articles: the Zotero repository's ask for more of CSL
1.0.2 than the processor does (it prints initials where Chicago has names, and a headline without author
twice). Any other is given as a file.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from index.errors import UsageError
from index.text.person_names import PersonName
from search_cli.output.reference import Reference
from search_cli.output.references import csl_date, csl_name
from search_cli.output.render import one_line

STYLES = ("apa", "chicago", "chicago-author-date", "harvard", "ieee", "iso690", "mhra", "mla")
_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_BROKEN = (ValueError, KeyError, IndexError, NameError, SyntaxError, OSError)
# What the processor leaves small in headline style: the last word, and one behind a quotation mark.
_SMALL = re.compile(r"(?<=\s)[a-z](?=[\w’'-]*\W*$)|(?<=[“‘\"(])[a-z](?=\w{2})")


def read_style(name: str) -> bytes:
    """A style by its name, or from a file that ends in `.csl`; raises `UsageError`."""
    if name in STYLES:
        return files("search_cli.templates").joinpath("cite", f"{name}.csl").read_bytes()
    if not name.endswith(".csl"):
        raise UsageError(f"no such style: {name}", hint=f"{', '.join(STYLES)}, or FILE.csl")
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}") from error


def cited(references: Sequence[Reference], style: str) -> list[str]:
    """The references, in the style's order; raises `UsageError` for a style that cannot be used."""
    text = read_style(style)
    if b'rel="independent-parent"' in text:
        raise UsageError(
            f"{style}: only names the style that it is like", hint="take that one's file"
        )
    said = text.decode("utf-8", "replace")
    items = [_item(one, said) for one in references]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the processor knows no place for
            lines = _render(items, text)
    except (AttributeError, TypeError, RecursionError) as error:
        raise UsageError(f"{style}: not a CSL style that can be used") from error
    except _BROKEN as error:
        reason = one_line(str(error))[:100] or type(error).__name__
        raise UsageError(f"{style}: no style that can be used: {reason}") from error
    return [_tidy(line, american='default-locale="en-US"' in said) for line in lines]


def _render(items: Sequence[dict[str, Any]], style: bytes) -> list[str]:
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    opened = CitationStylesStyle(BytesIO(style), validate=False)
    if not opened.has_bibliography():
        raise ValueError("it has no bibliography, only notes")
    book = CitationStylesBibliography(opened, CiteProcJSON(items), formatter.plain)
    for item in items:
        book.register(Citation([CitationItem(item["id"])]))
    book.sort()
    return [str(line) for line in book.bibliography()]


def _item(one: Reference, style: str) -> dict[str, Any]:
    """The reference as the processor is to print it, in a style with these quotation marks."""
    title = _requote(one.title, single='prefix="‘"' in style)
    if 'text-case="title"' in style and one.language == "en":
        title = _SMALL.sub(lambda letter: letter[0].upper(), title)
    item = {
        "id": one.id,
        "type": "article-newspaper",
        "title": title,
        "author": [_name(name) for name in one.authors],
        "container-title": one.outlet,
        "issued": csl_date(one.issued),
        "accessed": {"date-parts": [[one.accessed.year, one.accessed.month, one.accessed.day]]},
        "URL": one.url,
        "archive_location": one.copy,
        "language": one.language,
    }
    return {key: value for key, value in item.items() if value}


def _name(name: PersonName) -> dict[str, str]:
    """A name as CSL has it; one in Han or Hangul is never turned round nor cut to initials."""
    return {"literal": name.whole} if _EASTERN.search(name.whole) else csl_name(name)


def _requote(title: str, *, single: bool) -> str:
    """A headline with its own quotation marks as they are within those that the style sets around."""
    curly = re.sub(r'"([^"]*)"', r"“\1”", title)
    if single:
        return re.sub(r"‘([^‘’]*)’(?!\w)", r"“\1”", curly)
    return curly


def _tidy(line: str, *, american: bool) -> str:
    """What the processor leaves to do: no stop behind `?`, quotes within quotes, no blank too many."""
    line = re.sub(r"(?<=[?!。！？])(?:\.(?=[”’\s]|$)|,(?=[”’]))", "", line)
    line = re.sub(r"“([^“”]*)“([^“”]*)”([^“”]*)”", r"“\1‘\2’\3”", line)
    line = re.sub(r"‘([^‘’]*)‘([^‘’]*)’([^‘’]*)’", r"‘\1“\2”\3’", line)
    if american:
        line = re.sub(r"([”’])([.,])", r"\2\1", line)
    return one_line(re.sub(r"  +", " ", line))
