"""Placing an article in its family, and taking it out again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from sqlite3 import Connection
from typing import Any

from index.article import Article
from index.families.blocks import (
    articles_with,
    forget_blocks,
    known_blocks,
    learn_blocks,
    without_paragraphs,
)
from index.families.cores import Regrouping
from index.families.credits import Credit, find_credits, name_source
from index.families.fingerprint import Fingerprint, fingerprint_text, unpack_keys
from index.families.publication import publication
from index.families.texts import add_text, find_text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """What is kept of an article beside its text."""

    article: str
    outlet: str
    source: str
    published: int
    trusted: bool
    title: str
    credits: tuple[Credit, ...]


def place(
    connection: Connection,
    identity: str,
    article: Article,
    fingerprint: Fingerprint,
    *,
    first_seen: datetime,
    text_of: Callable[[str], str],
) -> dict[str, str]:
    """Put an article, new or changed, into its family, inside the caller's transaction.

    `text_of` gives the text of any article placed before, by id. Returns every article, this one
    too, whose family is another now, with the id of that family's origin. The families are the
    same whatever the order in which articles are placed and removed.
    """
    placement = _Placement(connection, {identity: article.text}, text_of)
    again = placement.take_out(identity)
    member = _member(identity, article, first_seen)
    known, new = learn_blocks(connection, identity, member.outlet, fingerprint)
    placement.put_in(member, known.left_out_of(fingerprint))
    again |= set(articles_with(connection, member.outlet, new))
    placement.place_again(again - {identity})
    return placement.regrouping.finish()


def leave(
    connection: Connection,
    identity: str,
    outlet: str,
    fingerprint: Fingerprint,
    *,
    text_of: Callable[[str], str],
) -> dict[str, str]:
    """Take an article out of its family, or keep it out of all, inside the caller's transaction.

    Its paragraphs go on showing what is boilerplate of its outlet. Returns as `remove`.
    """
    placement = _Placement(connection, {}, text_of)
    again = placement.take_out(identity)
    _, new = learn_blocks(connection, identity, outlet, fingerprint)
    again |= set(articles_with(connection, outlet, new))
    placement.place_again(again - {identity})
    return placement.regrouping.finish()


def remove(
    connection: Connection, identity: str, *, text_of: Callable[[str], str]
) -> dict[str, str]:
    """Take an article out of its family, inside the caller's transaction.

    Returns the articles that stay and whose family is another now, with the id of its origin.
    Nothing happens to an article that was never placed.
    """
    placement = _Placement(connection, {}, text_of)
    placement.place_again(placement.take_out(identity))
    return placement.regrouping.finish()


def _member(identity: str, article: Article, first_seen: datetime) -> _Member:
    published, trusted = publication(article, first_seen)
    source = name_source(article.outlet, article.site_name)
    return _Member(
        article=identity,
        outlet=article.outlet,
        source=source,
        published=published,
        trusted=trusted,
        title=article.title,
        credits=tuple(credit for credit in find_credits(article) if credit.source != source),
    )


class _Placement:
    """The members' side of one change: rows in, rows out, and the texts to compare."""

    def __init__(
        self, connection: Connection, texts: dict[str, str], text_of: Callable[[str], str]
    ) -> None:
        self._connection = connection
        self._texts = texts
        self._text_of = text_of
        self.regrouping = Regrouping(connection, self._counted_text)

    def put_in(self, member: _Member, counted: Fingerprint) -> None:
        """Add an article under its counted text, which is new or held by other articles already."""
        identity = _identity(member.article, counted)
        text = find_text(self._connection, identity)
        if text is not None:
            self._add_row(member, text)
            return
        text = add_text(self._connection, identity, counted)
        self.regrouping.add_text(text, member.published, member.article)
        self._add_row(member, text)
        self.regrouping.connect(text)
        self.regrouping.post(text)

    def take_out(self, article: str) -> set[str]:
        """Remove an article; returns those to place again, whose blocks count once more."""
        outlet, unlearned = forget_blocks(self._connection, article)
        again = set(articles_with(self._connection, outlet, unlearned))
        self._take_row(article)
        return again - {article}

    def place_again(self, articles: Iterable[str]) -> None:
        """Place articles again after their outlet's blocks have changed."""
        for article in sorted(articles):
            member = self._take_row(article)
            if member is not None:
                self.put_in(member, self._counted(member))

    def _counted(self, member: _Member) -> Fingerprint:
        """The fingerprint of an article placed before, without what is a block now."""
        whole = fingerprint_text(self._text(member.article), member.title)
        hashes = {block.hash for block in whole.blocks}
        return known_blocks(self._connection, member.outlet, hashes).left_out_of(whole)

    def _add_row(self, member: _Member, text: int) -> None:
        family = self.regrouping.add_member(text, member.published, member.article)
        self._connection.execute(
            "INSERT INTO family_members (article, text, family, outlet, source, published, trusted,"
            " title) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                member.article,
                text,
                family,
                member.outlet,
                member.source,
                member.published,
                member.trusted,
                member.title,
            ),
        )
        self._connection.executemany(
            "INSERT INTO family_credits (article, family, source, kind, strong, evidence)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (member.article, family, one.source, one.kind, one.strong, one.evidence)
                for one in member.credits
            ],
        )

    def _take_row(self, article: str) -> _Member | None:
        rows = self._rows(
            "DELETE FROM family_members WHERE article = ?"
            " RETURNING article, outlet, source, published, trusted, title, text, family",
            article,
        )
        if not rows:
            return None
        credits = self._rows(
            "DELETE FROM family_credits WHERE article = ? RETURNING source, kind, evidence", article
        )
        *fields, text, family = rows[0]
        self.regrouping.drop_member(article, text, family)
        names = ("article", "outlet", "source", "published", "trusted", "title")
        return _Member(
            **dict(zip(names, fields, strict=True)),
            credits=tuple(Credit(*credit) for credit in sorted(credits)),
        )

    def _counted_text(self, text: int) -> str:
        """A text as it is in any article that has it, without its outlet's blocks."""
        ((dropped, article),) = self._rows(
            "SELECT dropped, article FROM family_texts JOIN family_members USING (text)"
            " WHERE text = ? LIMIT 1",
            text,
        )
        return without_paragraphs(self._text(article), unpack_keys(dropped))

    def _text(self, article: str) -> str:
        known = self._texts.get(article)
        return self._text_of(article) if known is None else known

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()


def _identity(article: str, counted: Fingerprint) -> bytes:
    """What makes two articles the same text: their tokens, and more where these say too little.

    Short texts must be under the same headline; so must texts that have nothing to do with
    theirs. Without a headline a short text is nobody's copy.
    """
    if not counted.short and counted.titled:
        return counted.exact
    ground = counted.title or article.encode()
    if counted.words == 0:
        ground = article.encode()
    return blake2b(counted.exact + ground, digest_size=16).digest()
