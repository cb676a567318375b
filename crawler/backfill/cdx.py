"""The Wayback Machine: what it captured of an outlet, and of one page, by its CDX server.

https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server. An address that ends in `/cdx`
is the index of a collection of pywb: it answers with an object a line and has its copies beside it
(https://pywb.readthedocs.io/en/latest/manual/cdxserver_api.html).
Copies are asked for as they were captured (`id_`), without the frame and the rewritten links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from crawler.backfill.answers import read_json, rows_of
from crawler.backfill.asks import Answer, Ask, Copy, Lead, Scope
from crawler.lists import Found
from crawler.refusal import Refusal

SOURCE = "wayback"
LOOKUP = "wayback-copies"
BASE = "https://web.archive.org/"
ROWS = 2_000  # of one answer
CAPTURES = 500  # of one page
SIZE = 150_000
LOOKUP_SIZE = 2_000
_FIELDS = "timestamp,original,digest,length"
_EARLIER = timedelta(days=1)  # a page may be captured before the day its finder dates it
_MEMENTO = re.compile(
    r"^https?://[^/]+(?:/[^/]+)*?/(\d{8,14})(?:[a-z]{2}_)?/(https?:/{1,2}[^/].*)$", re.IGNORECASE
)


def plan(scope: Scope) -> Iterator[Ask]:
    """One request for each outlet: the pages captured in the window, each once."""
    for host in scope.hosts:
        yield _finder(scope, host)


def lookup(url: str, base: str, *, since: datetime | None = None) -> Ask:
    """The request for the captures of one page, from its publication on; all when that is unknown."""
    asked = [
        ("url", url),
        ("filter", "statuscode:200"),
        ("filter", "mimetype:text/html"),
        ("collapse", "digest"),
        ("fl", _fields(base)),
        ("output", "json"),
        ("limit", str(CAPTURES)),
    ]
    key = url
    if since is not None:
        first = f"{since - _EARLIER:%Y%m%d}"
        asked.append(("from", first))
        key = f"{url} from {first}"
    target = f"{_index(base)}?{urlencode(asked)}"
    return Ask(source=LOOKUP, key=key, url=target, expected=LOOKUP_SIZE, part=url)


def read(ask: Ask, body: bytes, content_type: str, scope: Scope) -> Answer | Refusal:
    """The pages of an outlet that were captured, and the request for the rest of them."""
    rows, resume = _rows(body, content_type)
    if isinstance(rows, Refusal):
        return rows
    if not rows and _is_pywb(scope.bases.get(SOURCE, BASE)):
        return Answer()  # a collection of one's own may well have nothing of an outlet
    if not rows and not resume:
        return Refusal(
            code="no-rows", detail=f"it names no page of {ask.part}, which is not likely"
        )
    base = scope.bases.get(SOURCE, BASE)
    copies = [copy for row in rows if (copy := _copy(row, base))]
    leads = tuple(Lead(found=Found(url=copy.url), copy=copy) for copy in copies)
    more = (_finder(scope, ask.part, resume),) if resume else ()
    refused = {"no-url": len(rows) - len(leads)} if len(rows) > len(leads) else {}
    return Answer(leads=leads, records=len(rows), refused=refused, more=more)


def read_lookup(ask: Ask, body: bytes, content_type: str, scope: Scope) -> Answer | Refusal:
    """The captures of one page; none is an answer too."""
    if not body.strip():
        return Answer()
    rows, _ = _rows(body, content_type)
    if isinstance(rows, Refusal):
        return rows
    base = scope.bases.get(SOURCE, BASE)
    copies = tuple(copy for row in rows if (copy := _copy(row, base, url=ask.part)))
    return Answer(copies=copies, records=len(rows))


def page_in(address: str) -> tuple[str, datetime] | None:
    """The page and the time that the address of a copy names, in any archive that writes them so."""
    match = _MEMENTO.match(address)
    moment = moment_of(match[1]) if match else None
    return (match[2], moment) if match and moment else None


def raw(address: str) -> str:
    """The address of a copy as it was captured, where an archive gives it like the Wayback Machine."""
    match = _MEMENTO.match(address)
    if match is None:
        return address
    start = match.start(1)
    return f"{address[:start]}{match[1]}id_/{match[2]}"


def moment_of(stamp: str) -> datetime | None:
    """The time of a stamp of 4 to 14 digits; None when it is none."""
    full = stamp + "00000101000000"[len(stamp) :] if stamp.isdigit() else ""
    try:
        return datetime.strptime(full, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _is_pywb(base: str) -> bool:
    return base.endswith("/cdx")


def _index(base: str) -> str:
    return base if _is_pywb(base) else f"{base}cdx/search/cdx"


def _fields(base: str) -> str:
    return _FIELDS.replace("original", "url") if _is_pywb(base) else _FIELDS


def _finder(scope: Scope, host: str, resume: str = "") -> Ask:
    base = scope.bases.get(SOURCE, BASE)
    asked = [
        ("url", host),
        ("matchType", "domain"),
        ("from", f"{scope.start:%Y%m%d}"),
        ("to", f"{scope.end - timedelta(seconds=1):%Y%m%d}"),
        ("filter", "statuscode:200"),
        ("filter", "mimetype:text/html"),
        ("collapse", "urlkey"),
        ("fl", _fields(base)),
        ("output", "json"),
    ]
    if not _is_pywb(base):  # which cannot go on where an answer ended: it gives all in one
        asked += [("limit", str(ROWS)), ("showResumeKey", "true")]
    if resume:
        asked.append(("resumeKey", resume))
    target = f"{_index(base)}?{urlencode(asked)}"
    span = f"{scope.start:%Y%m%d}-{scope.end:%Y%m%d}"
    key = f"{host} {span}{' ' + resume if resume else ''}"
    return Ask(source=SOURCE, key=key, url=target, expected=SIZE, part=host)


def _rows(body: bytes, content_type: str) -> tuple[list[dict[str, str]] | Refusal, str]:
    """The rows below the header, by column, and the key of the rest."""
    by_line = "ndjson" in content_type
    if by_line and not body.strip():
        return [], ""
    value = read_json(body, content_type, by_line=by_line)
    if isinstance(value, Refusal):
        return value, ""
    if by_line:
        return [{name: str(one) for name, one in row.items()} for row in rows_of(value)], ""
    if not isinstance(value, list):
        return Refusal(code="not-json", detail="no rows were served"), ""
    lines = [line for line in value if isinstance(line, list)]
    header = [str(name) for name in lines[0]] if lines else []
    rows, resume = lines[1:], ""
    if len(rows) >= 2 and rows[-2] == [] and len(rows[-1]) == 1:
        resume, rows = str(rows[-1][0]), rows[:-2]
    return [_row(header, row) for row in rows if len(row) == len(header)], resume


def _row(header: Sequence[str], row: Sequence[Any]) -> dict[str, str]:
    return dict(zip(header, map(str, row), strict=True))


def _copy(row: dict[str, str], base: str, *, url: str = "") -> Copy | None:
    stamp, original = row.get("timestamp", ""), row.get("original") or row.get("url", "")
    captured = moment_of(stamp)
    if captured is None or not original.startswith(("http://", "https://")):
        return None
    copies = base.removesuffix("cdx") if _is_pywb(base) else f"{base}web/"
    return Copy(
        url=url or original,
        address=f"{copies}{stamp}id_/{quote(original, safe=SAFE)}",
        captured=captured,
        archive=SOURCE,
        digest=row.get("digest", ""),
    )


SAFE = "!#$%&'()*+,/:;=?@[]~"
