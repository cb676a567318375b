"""The records of an ARC file (Internet Archive, 1996), the format before WARC, as those of a WARC."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from index.archive.containers.warc_records import Record, Torn, fault_of_block, read_records
from index.archive.containers.window import Window

_MAX_LINE = 16 * 1024
_IP = rb"[0-9a-fA-F.:]{2,45}|-"
_DATE = rb"\d{12,17}"
_URL = re.compile(rb"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ONE = re.compile(
    rb"(?P<ip>%s) (?P<date>%s) (?P<type>[^ ]{1,200}) (?P<length>\d{1,12})" % (_IP, _DATE)
)
_TWO = re.compile(
    rb"(?P<ip>%s) (?P<date>%s) (?P<type>[^ ]{1,200}) (?:\d{1,3}|-) [^ ]+ [^ ]+ \d+ [^ ]+ (?P<length>\d{1,12})"
    % (_IP, _DATE)
)
_NEXT = re.compile(rb"(?<=\n)https?://[^ \r\n]{1,4000} (?:%s) %s [^ \r\n]{1,200} " % (_IP, _DATE))


def arc_records(
    window: Window, *, most: int, wants: Callable[[Mapping[str, str]], bool] = lambda _: True
) -> Iterator[Record | Torn]:
    """Every record of a stream in version 1 or 2, with at most that many bytes of its block."""
    return read_records(window, lambda: _read_record(window, most, wants))


def _read_record(
    window: Window, most: int, wants: Callable[[Mapping[str, str]], bool]
) -> Record | Torn:
    offset = window.offset
    line = window.head(_MAX_LINE).partition(b"\n")[0] + b"\n"
    fields = _fields(line.rstrip())
    if fields is None:
        return _go_on(window, offset, "no ARC record begins here")
    window.skip(len(line))
    length = int(fields["content-length"])
    is_wanted = fields["warc-type"] == "response" and wants(fields)
    if reason := fault_of_block(window, length, most, _ends_so):
        return _go_on(window, offset, reason)
    block = window.take(min(length, most)) if is_wanted else b""
    if not window.skip(length - len(block)):
        return _go_on(window, offset, "the record is cut short")
    if is_wanted and not block.startswith(b"HTTP/"):
        fields = {**fields, "warc-type": "resource"}
    return Record(offset=offset, fields=fields, block=block, is_skipped=not is_wanted)


def _fields(line: bytes) -> dict[str, str] | None:
    """The fields that a WARC record of it would have, from a line of version 1 or 2; None for neither.

    `URL IP date type length`, or `URL IP date type result checksum location offset file length`; an
    address may have spaces in it, so that the line is read from its end.
    """
    for pattern, columns in ((_TWO, 9), (_ONE, 4)):
        url, *rest = line.rsplit(b" ", columns)
        found = pattern.fullmatch(b" ".join(rest))
        if found is not None and _URL.match(url):
            break
    else:
        return None
    address = url.decode("utf-8", "replace")
    return {
        "warc-type": "warcinfo" if address.startswith("filedesc:") else "response",
        "warc-target-uri": address,
        "warc-date": found["date"].decode("ascii"),
        "warc-ip-address": found["ip"].decode("ascii"),
        "content-type": found["type"].decode("utf-8", "replace"),
        "content-length": found["length"].decode("ascii"),
    }


def _ends_so(window: Window, at: int) -> bool:
    """Whether a block ends there: a line end, or the next record's line, or the end of the file."""
    after = window.look(at, 1)
    return after in (b"\n", b"\r") or (not after and not window.ends_in_damage) or after.isalpha()


def _go_on(window: Window, offset: int, reason: str) -> Torn:
    window.drop_through(_NEXT, _MAX_LINE)
    return Torn(offset=offset, reason=reason)
