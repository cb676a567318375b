"""What the list that led to a page says of it: its title and authors, witnesses beside the page's own."""

from __future__ import annotations

from crawler.extract.authors.names import split_names
from crawler.extract.text import field_text
from index.capture import Listing

TITLE_LIMIT = 500
LISTING = "listing"
# Lists whose titles are the articles' own; what is in a link may be "Read more".
TITLED = frozenset({"feed", "sitemap"})


def listed_title(listing: Listing) -> str:
    """The title by which a feed or a news sitemap announced the page; "" for none."""
    return field_text(listing.title, TITLE_LIMIT) if listing.channel in TITLED else ""


def listed_authors(listing: Listing) -> tuple[tuple[str, ...], str]:
    """Whom the feed names as authors, and the witness; ((), "") when it names nobody."""
    names = tuple(split_names(listing.authors.split("; "))) if listing.authors else ()
    return names, LISTING if names else ""
