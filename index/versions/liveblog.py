"""Live blogs: the entries of an article, which came since an older version, which a line is from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.article import Article, LiveEntry
from index.text.shingles import normal_tokens


def intro_of(article: Article) -> str:
    """What a live blog says before its first entry; the whole text of any other article."""
    if not article.entries:
        return article.text
    first = next(entry_lines(article.entries[0]), "")
    return article.text.partition(first)[0].rstrip() if first else article.text


def entry_lines(entry: LiveEntry) -> Iterator[str]:
    """The headline of an entry and its paragraphs, as they are in the article's text."""
    yield from (line for line in (entry.title, *entry.text.split("\n")) if line)


def entry_with(article: Article, piece: str, place: int) -> LiveEntry | None:
    """The entry in which a piece of the article's text is, by what is around a place in it."""
    for reach in (60, 30, 15):
        around = piece[max(place - reach, 0) : place + reach].strip("… ")
        for entry in article.entries:
            if around and around in " ".join(entry_lines(entry)):
                return entry
    return None


def entries_added(old: Article, new: Article) -> tuple[LiveEntry, ...]:
    """The entries of the newer version whose time and headline the older one does not have.

    Nothing is added to what had no entries.
    """
    if not old.entries:
        return ()
    known = {_key(entry) for entry in old.entries}
    return tuple(entry for entry in new.entries if _key(entry) not in known)


def entries_left_behind(old: Article, new: Article) -> tuple[LiveEntry, ...]:
    """The entries that went to another page: older than any that the newer version still has."""
    times = [entry.published for entry in new.entries if entry.published]
    if not times:
        return ()
    first = min(times)
    known = {_key(entry) for entry in new.entries}
    return tuple(
        entry
        for entry in old.entries
        if _key(entry) not in known and entry.published and entry.published < first
    )


def line_keys(entries: Sequence[LiveEntry]) -> frozenset[tuple[str, ...]]:
    """The lines of entries, each as its normal tokens."""
    return frozenset(tuple(normal_tokens(line)) for entry in entries for line in entry_lines(entry))


def _key(entry: LiveEntry) -> tuple[object, ...]:
    if entry.published is None:
        return (tuple(normal_tokens(f"{entry.title} {entry.text}")),)
    return entry.published, tuple(normal_tokens(entry.title))
