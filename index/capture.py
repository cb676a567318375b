"""A captured response: its content, where its address was found, and its place in the archive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

LIST_PREFIX = "list:"  # the channel of a feed, sitemap or section page itself
ROBOTS = "robots"  # the channels of a site's own files
TDMREP = "tdmrep"
LOOKUP = "lookup"  # a page that a user asked to see: archived, and not read into the corpus
# The channels of pages that sources of past coverage named, by the names of these sources.
FINDERS = (
    "gdelt", "gdelt-doc", "wayback", "cc-news", "common-crawl", "wikipedia", "mediacloud", "sitemaps",
    "history",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRef:
    """Where a response is: file below `data/archive/`, byte offset and length, payload digest."""

    file: str
    offset: int
    length: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Where a URL was found (`channel`, the list's own `source` URL) and what was said of it there.

    `url` is the address as it was listed (a redirect may have led elsewhere), `published` the raw
    date text of the list, `outlet` the outlet whose list it is, `authors` names joined by `; `,
    `section` the first of its categories. `reservation` is what the site's
    tdmrep.json says of the address: `0`, `1`, or `1` with the address of its terms. Of a copy out of
    an archive `copy_of` is the publisher's address, `captured` when the archive captured it (ISO 8601)
    and `archive_source` where the copy is to be had.
    """

    channel: str
    url: str = ""
    source: str = ""
    outlet: str = ""
    title: str = ""
    summary: str = ""
    published: str = ""
    authors: str = ""
    section: str = ""
    reservation: str = ""
    copy_of: str = ""
    captured: str = ""
    archive_source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A response as it came over the wire, decoded from its transfer and content codings.

    `is_resource` says that it is not a server's answer, but was taken out of one (a feed's text).
    `withheld` says by which wish of the page its body is not archived; read from there it is empty.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched: datetime
    listing: Listing = field(default_factory=lambda: Listing(channel="url"))
    request_headers: tuple[tuple[str, str], ...] = ()
    ip: str = ""
    ref: ArchiveRef | None = None
    withheld: str = ""
    is_resource: bool = False

    def header(self, name: str) -> str:
        """The first header of that name, in any case; empty when there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


def is_page_channel(channel: str) -> bool:
    """Whether what comes through a channel may become an article: no list, no site's file, no lookup."""
    return not channel.startswith(LIST_PREFIX) and channel not in (ROBOTS, TDMREP, LOOKUP)
