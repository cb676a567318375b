"""Text that was read in a wrong charset before it was sent, and sent as UTF-8: `dÃ©rivÃ©`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

# The first letters of what each charset makes of UTF-8, followed by one of the upper half.
MARKS = (
    ("cp1252", re.compile("[Â-ô][\x80-\xbf€‚„†‡•™Š‹Œšœ˜“”’‘–—ƒ…]")),
    ("cp1251", re.compile("[РС][\x80-\xbf°±ІіґµЂЃѓ‚„…†‡€‰ЉЊЋЏђ‘’“”•–—™љњќћџЎўЈҐЁЄ«¬ЇЅѕї»ј№ё]")),
)
RUN = re.compile("[^\x00-\x7f]+")
ENOUGH, SEARCHED = 3, 200_000
ASCII = bytes(range(0x80))
SHARE = 0.8  # of the letters above ASCII; the others were written correctly


def undo_doubled(text: str) -> str:
    """The text as it was before, where most of it went through a wrong charset; else as it is."""
    # Most of a page is ASCII: without it the marks are looked for in little.
    foreign = text[:SEARCHED].encode("utf-8", "replace").translate(None, ASCII).decode("utf-8")
    for charset, mark in MARKS:
        if len(mark.findall(foreign)) >= ENOUGH:
            runs = RUN.findall(text)
            known = {run: _mend(run, charset) for run in dict.fromkeys(runs)}
            done = sum(len(run) for run in runs if known[run] != run)
            if done >= SHARE * sum(map(len, runs)):
                return RUN.sub(partial(_replace, known), text)
    return text


def _replace(known: Mapping[str, str], run: re.Match[str]) -> str:
    return known[run[0]]


def _mend(run: str, charset: str) -> str:
    """The characters that a run of letters stands for; itself where it is not UTF-8."""
    sent = bytearray()
    for char in run:
        try:
            sent += char.encode(charset)
        except UnicodeEncodeError:
            if ord(char) > 0xFF:
                return run
            sent.append(ord(char))  # the bytes to which the charset gives no letter
    try:
        return sent.decode("utf-8")
    except UnicodeDecodeError:
        return run
