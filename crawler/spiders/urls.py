"""`scrapy crawl urls -a file=…`: the pages of a plain list of URLs."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.backfill.cdx import page_in, raw
from crawler.pages.url_lists import Listed, read_list
from crawler.spiders.base import DeskSpider
from crawler.spiders.source_asks import set_pauses
from crawler.urls import canonical, clean, page_of, registered_domain, url_fault
from crawler.urls.wrapped import sealed, unwrap
from index.article import isoformat
from index.capture import Listing
from index.errors import UsageError
from index.store import Candidate
from index.store.tags import LONGEST_NOTE
from index.workspace import Workspace

CHANNEL = "urls"
SEALED = "url-sealed"
logger = logging.getLogger(__name__)


class UrlsSpider(DeskSpider):
    """Fetches the URLs of a file (`read_list`); `-` is standard input, one a line; `#` begins a comment."""

    name = "urls"

    def __init__(self, *, file: str = "-", **named: Any) -> None:
        super().__init__(**named)
        self._file = file
        self._notes: dict[str, str] = {}

    def prepare(self) -> None:
        """Put the list's URLs first in the frontier; raises `UsageError`."""
        listed = read_entries(self._file)
        self._notes = {canonical(page_of(unwrap(one.url))): one.note for one in listed if one.note}
        for url in filter(sealed, (one.url for one in listed)):
            self._refuse_sealed(url)
        candidates = candidates_of(
            [one.url for one in listed if not sealed(one.url)],
            source=self._file,
            outlet_of=self.run.context.outlet_of,
            archives=archives_of(self.run.workspace),
        )
        self.add_candidates(one for one in candidates if not self._is_forgotten(one))
        set_pauses(self.crawler, self.run.workspace)

    def closed(self, reason: str) -> None:
        """Write the notes of the list on the articles that are there now; then as every spider."""
        for key, note in self._notes.items():
            self._write_note(key, note)
        super().closed(reason)

    def _refuse_sealed(self, url: str) -> None:
        """Note an address that nobody but its maker can read."""
        listing = Listing(channel=CHANNEL, url=url, outlet=registered_domain(url))
        detail = "Google alone knows which page this is: open it in a browser and name that page"
        self.failures.note(url, listing, SEALED, detail)
        logger.warning("%s: %s", url[:80], detail)

    def _is_forgotten(self, candidate: Candidate) -> bool:
        """Whether a copy is one of a page that is to be forgotten."""
        of = candidate.listing.copy_of
        find = self.run.store.tombstones.find
        return bool(of and find(key=canonical(of), outlet=candidate.outlet))

    def _write_note(self, key: str, note: str) -> None:
        """Put a list's note on its article, unless a person wrote another."""
        store = self.run.store
        held = store.articles.get(store.articles.find(key, key)[:1])
        for one in held.values():
            if one.remarks.note:
                continue
            if len(note) > LONGEST_NOTE:
                logger.warning("%s: a note of %d characters is cut", one.article.url, len(note))
                note = note[: LONGEST_NOTE - 1] + "…"
            store.tags.note([one.id], note, at=datetime.now(UTC))


def read_entries(file: str, *, quiet: bool = False) -> list[Listed]:
    """The URLs of a list and the notes on them, by its ending lines, a table or JSON; what has none is
    counted in the log unless `quiet`.

    Raises `UsageError` when it cannot be read or something in it is not a http(s) URL.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: not UTF-8 text (byte {error.start})") from error
    try:
        entries = read_list(text, file)
    except ValueError as error:
        hint = "one URL a line, or CSV or JSON with a column url"
        raise UsageError(f"{file}: {error}", hint=hint) from error
    listed = [one for one in entries if one.url]
    for number, url, _ in listed:
        if fault := url_fault(url):
            raise UsageError(
                f"{file}, line {number}: {fault}: {url[:80]}", hint="one http(s) URL a line"
            )
    if (without := len(entries) - len(listed)) and not quiet:
        logger.warning("%s: without a URL, passed over: %d", file, without)
    return listed


def archives_of(workspace: Workspace) -> tuple[str, ...]:
    """How the addresses of copies begin in the archives that are known."""
    base = workspace.backfill.bases.get("wayback", "").removesuffix("cdx")
    known = ("https://web.archive.org/", "http://web.archive.org/")
    return (*known, base) if base else known


def candidates_of(
    urls: Iterable[str], *, source: str, outlet_of: Any, archives: tuple[str, ...] = ()
) -> Iterator[Candidate]:
    """Candidates of URLs that the user named, first come first, before all others.

    Of a link counter, a mail filter, an AMP cache or a translation the page that it leads to is meant.
    A copy in one of the `archives`, by how their addresses begin, is fetched there, as what stood at the
    page's address then; any other archive's is the page itself. None of those is an outlet.
    """
    for place, named in enumerate(urls):
        named = unwrap(named)
        if named.startswith(archives) and (copy := page_in(named)):
            yield _copy_of(named, *copy, source=source, outlet_of=outlet_of, place=place)
            continue
        url = page_of(named)
        yield Candidate(
            url=clean(url),
            key=canonical(url),
            outlet=outlet_of(url),
            site=registered_domain(url),
            score=1000.0 - place * 1e-6,
            listing=Listing(channel=CHANNEL, source="" if source == "-" else source),
        )


def _copy_of(
    named: str, page: str, captured: datetime, *, source: str, outlet_of: Any, place: int
) -> Candidate:
    """The candidate of a copy in an archive: it is asked for as it was captured, without the frame."""
    address = raw(named)
    return Candidate(
        url=address,
        key=f"copy:{address}",
        outlet=outlet_of(page),
        site=registered_domain(address),
        score=1000.0 - place * 1e-6,
        listing=Listing(
            channel=CHANNEL,
            source="" if source == "-" else source,
            copy_of=clean(page) or page,
            captured=isoformat(captured) or "",
            archive_source=address,
        ),
    )
