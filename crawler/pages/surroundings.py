"""A page read as a workspace, if there is one, would read it: its outlet, its zone, its boilerplate."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from crawler.extract import extract
from crawler.extract.explain import Explanation, explain
from crawler.extract.testimony import Removal
from crawler.urls import outlet_of
from index.article import Article
from index.capture import Capture
from index.errors import StorageError, WorkspaceNotFound
from index.habits.priors import priors_of
from index.habits.values import NO_HABITS, Habits, Priors
from index.store import Store
from index.store.tidying import without_boilerplate
from index.workspace import Workspace
from index.workspace.outlets import Outlets


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a workspace, if there is one, says of fetching and of outlets."""

    outlets: Outlets
    workspace: Workspace | None = None
    database: Path | None = None

    @classmethod
    def find(cls, folder: Path | None) -> Self:
        """Those of the workspace named or found; plain ones outside of any, where none is named."""
        try:
            workspace = Workspace.find(folder)
        except WorkspaceNotFound:
            if folder:
                raise
            return cls(outlets=Outlets())
        return cls(outlets=workspace.outlets(), workspace=workspace, database=workspace.database)

    def explain(self, capture: Capture, *, whole: bool) -> Explanation:
        """What the capture is read as; with everything that was heard when `whole`."""
        declared = self.outlets.of_url(capture.url)
        outlet = declared.id if declared else outlet_of(capture.url)
        read = explain if whole else _unexplained
        told = read(capture, priors=priors_of(declared, self._habits(outlet)))
        if isinstance(told.result, Article):
            article = replace(told.result, outlet=outlet)
            tidied = without_boilerplate(article, self._boilerplate(outlet))
            gone = [
                Removal(reason=f"boilerplate of {outlet}", text=one) for one in tidied.boilerplate
            ]
            removed = (*told.removed, *gone) if whole else ()
            told = replace(told, result=tidied, removed=removed)
        return told

    def _habits(self, outlet: str) -> Habits:
        """What the workspace's corpus has learned of an outlet; nothing if there is none to read."""
        if self.database is None or not self.database.exists():
            return NO_HABITS
        try:
            with Store.open(self.database) as store:
                return store.habits.of(outlet)
        except StorageError:
            return NO_HABITS

    def _boilerplate(self, outlet: str) -> Collection[int]:
        """What the workspace's corpus has learned of an outlet; nothing if there is none to read."""
        if self.database is None or not self.database.exists():
            return ()
        try:
            with Store.open(self.database) as store:
                return store.boilerplate.of(outlet).keys()
        except StorageError:
            return ()


def _unexplained(capture: Capture, *, priors: Priors) -> Explanation:
    return Explanation(result=extract(capture, priors=priors))
