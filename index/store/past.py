"""The corpus as it stood at a moment: each article with the version that was published then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from index.store.articles import ArticleStore, StoredArticle
from index.store.standings import Standing


class StoreAt(ArticleStore):
    """The store whose articles are as they stood at a moment; those not out by then are not in it.

    Verdicts and families are today's. It shares its connection with the store it was made from.
    """

    def __init__(self, store: ArticleStore, moment: datetime) -> None:
        super().__init__(store.path, store.connection)
        self.moment = moment

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
        """What stood of an article, as the store has it today; None when it was not out yet."""
        known = [one for one in self.standings(stored) if one.since <= self.moment]
        return known[-1] if known else None

    def out_since(self, identity: str) -> datetime:
        """By when an article was out; raises `KeyError` for an unknown id."""
        return self.standings(super().get([identity])[identity])[0].since
