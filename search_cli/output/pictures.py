"""Vega-Lite pictures as SVG or PNG, drawn on this machine by vl-convert; nothing is fetched for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import click

from index.errors import UsageError
from index.files import replace_atomic

Function = TypeVar("Function", bound=Callable[..., Any])

KINDS = (".svg", ".png")
_NO_LETTER = "\ue000"  # of private use: no font has it
_LAST_LATIN = 0x24F
SCALE = 2.0  # points of a PNG a pixel of the picture
VERSION = "5.20"  # of Vega-Lite, so that a newer vl-convert draws the same
_FONT = "system-ui, 'Noto Sans', 'DejaVu Sans', sans-serif"
_CONFIG = {
    "font": _FONT,
    "background": "#ffffff",
    "view": {"stroke": None},
    "axis": {"labelColor": "#444", "titleColor": "#444", "gridColor": "#e4e4e4", "domain": False},
    "title": {"anchor": "start", "fontSize": 14, "subtitleColor": "#555"},
    # Okabe and Ito (2008): told apart by the colour-blind, too
    "range": {
        "category": [
            "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c00", "#777777",
        ]
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A Vega-Lite specification with its data inside, and what it shows, in words."""

    spec: Mapping[str, Any]
    alt: str


def picture_option(text: str) -> Callable[[Function], Function]:
    """Give a verb `--picture FILE`, as `picture`."""
    return click.option(
        "--picture", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help=text
    )


def can_draw() -> bool:
    """Whether vl-convert is installed."""
    return find_spec("vl_convert") is not None


def check_picture(path: Path | None) -> None:
    """Raise `UsageError` for a file that is no .svg or .png, or where nothing can be drawn."""
    if path is None:
        return
    if path.suffix.lower() not in KINDS:
        raise UsageError(f"--picture {path}: pictures are .svg or .png")
    require_drawing()


def require_drawing() -> None:
    """Raise `UsageError` if vl-convert is not installed."""
    if not can_draw():
        raise UsageError("pictures need vl-convert", hint="pip install 'pressclip[pictures]'")


def draw_svg(picture: Picture) -> str:
    """The picture as SVG, with its words as the label of the whole; raises `UsageError`."""
    require_drawing()
    import vl_convert

    return str(
        vl_convert.vegalite_to_svg(_whole(picture), vl_version=VERSION, allowed_base_urls=[])
    )


def write_picture(path: Path, picture: Picture) -> None:
    """Write a file whole or not at all, in the format of its name; raises `UsageError`."""
    check_picture(path)
    with replace_atomic(path) as draft:
        if path.suffix.lower() == ".svg":
            draft.write_text(draw_svg(picture), "utf-8")
            return
        import vl_convert

        data = vl_convert.vegalite_to_png(
            _whole(picture), vl_version=VERSION, scale=SCALE, allowed_base_urls=[]
        )
        draft.write_bytes(data)


def boxes_told(path: Path, picture: Picture) -> str:
    """That a PNG shows boxes for letters of which this machine has no font; empty if it has.

    In an SVG the reader's own fonts draw them.
    """
    if path.suffix.lower() != ".png":
        return ""
    missing = [letter for letter in _samples(picture.spec) if _draw(letter) == _draw(_NO_LETTER)]
    if not missing:
        return ""
    return (
        f"{path}: no font of this machine has letters such as {' '.join(missing)}, which are boxes in it:"
        " write an .svg, or install a font (fonts-noto-cjk, fonts-noto-core)"
    )


def _samples(spec: object) -> list[str]:
    """A letter of each script of a picture's texts that a Latin font need not have."""
    letters: dict[str, str] = {}
    for text in _texts(spec):
        for letter in text:
            if ord(letter) > _LAST_LATIN and letter.isalpha():
                letters.setdefault(unicodedata.name(letter, "").partition(" ")[0], letter)
    return list(letters.values())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)


@cache
def _draw(letter: str) -> bytes:
    """A letter as PNG; all that no font has look the same."""
    import vl_convert

    text = f'<text x="5" y="30" font-size="20" font-family="{_FONT}">{letter}</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{text}</svg>'
    return bytes(vl_convert.svg_to_png(svg))


def _whole(picture: Picture) -> dict[str, Any]:
    return {**picture.spec, "description": picture.alt, "config": _CONFIG}
