"""The corpus as it stood at a moment: each article with the version that was published then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property

from index.store.articles import Articles
from index.store.database import Connection
from index.store.standings import Standing
from index.store.store import Store
from index.store.stored import StoredArticle
from index.store.versions import Versions


class StoreAt(Store):
    """The store whose articles are as they stood at a moment; those not out by then are not in it.

    Verdicts and families are today's. It shares its connection with the store it was made from.
    """

    def __init__(self, store: Store, moment: datetime) -> None:
        super().__init__(store._connection)
        self.moment = moment

    @cached_property
    def articles(self) -> ArticlesAt:
        """The articles as they stood."""
        return ArticlesAt(self._connection, self.moment)

    def standing(self, stored: StoredArticle) -> Standing | None:
        """What stood of an article, as the store has it today; None when it was not out yet."""
        return self.articles.standing(stored)

    def out_since(self, identity: str) -> datetime:
        """By when an article was out; raises `KeyError` for an unknown id."""
        return self.articles.out_since(identity)


class ArticlesAt(Articles):
    """The articles as they stood at a moment."""

    def __init__(self, connection: Connection, moment: datetime) -> None:
        super().__init__(connection)
        self._versions = Versions(connection)
        self._moment = moment

    def get(self, ids: Iterable[str]) -> dict[str, StoredArticle]:
        """Articles by id; unknown ids and those not out by the moment are left out."""
        found: dict[str, StoredArticle] = {}
        for identity, stored in super().get(ids).items():
            standing = self.standing(stored)
            if standing is not None:
                found[identity] = stored.as_it_stood(standing)
        return found

    def texts(self, ids: Sequence[str]) -> dict[str, str]:
        """The texts of the moment by id."""
        return {identity: stored.article.text for identity, stored in self.get(ids).items()}

    def standing(self, stored: StoredArticle) -> Standing | None:
        """As `StoreAt.standing`."""
        known = [one for one in self._versions.standings(stored) if one.since <= self._moment]
        return known[-1] if known else None

    def out_since(self, identity: str) -> datetime:
        """As `StoreAt.out_since`."""
        return self._versions.standings(super().get([identity])[identity])[0].since
