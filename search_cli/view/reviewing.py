"""Deciding on borderline articles one by one: the queue, the keys, the decisions and their undoing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

import click

from index.article import Decision, Verdict
from index.errors import WorkspaceBusy
from index.workspace import Workspace
from index.workspace.lock import hold
from search_cli.output.moments import moment
from search_cli.output.render import clean, one_line, paint, wrap
from search_cli.output.terminal import Terminal, warn
from search_cli.output.waiting import stop_waiting

if TYPE_CHECKING:
    from index.relevance import Reevaluation
    from index.store import Store, StoredArticle
    from index.workspace.story import Story

_DECISIONS: dict[str, Decision] = {"y": "on-story", "m": "mention", "n": "off-story"}
_KEYS = "y belongs · m mentions it · n no · s skip · w why · t text · u undo · q quit"
_UNSURE = 0.5  # the score at which an article is as likely on the story as not
_BESIDE, _NEARLY = 10, 0.12  # so many on each side, so near to it, are asked about too
_OPENING = 600  # letters of the text that are shown first


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A text to decide on: the article shown, its reprints in the queue, what the story says of it."""

    first: StoredArticle
    reprints: tuple[str, ...]
    verdict: Verdict

    @property
    def ids(self) -> list[str]:
        """Every article that the decision is for."""
        return [self.first.id, *self.reprints]


def queue_of(store: Store, story: str) -> list[Group]:
    """The texts without a label from whose answer most is learned, the least certain first.

    What is borderline for the story, and what is little more than that on either side.
    """
    edge = [
        name
        for side in ("above", "below")
        for name, score in store.verdicts.nearest(story, _UNSURE, side, _BESIDE)
        if abs(score - _UNSURE) <= _NEARLY
    ]
    ids = sorted({*store.verdicts.borderline(story), *edge})
    found = store.articles.get(ids)
    families: dict[str, list[StoredArticle]] = {}
    for identity in ids:
        if identity in found:
            families.setdefault(found[identity].family, []).append(found[identity])
    groups = [_group(members, story) for members in families.values()]
    return sorted(groups, key=lambda group: (abs(group.verdict.score - _UNSURE), group.first.id))


def groups_of(store: Store, story: str, ids: Sequence[str]) -> list[Group]:
    """Each article by itself, in that order."""
    found = store.articles.get(ids)
    return [_group([found[name]], story) for name in ids if name in found]


def _group(members: Sequence[StoredArticle], story: str) -> Group:
    first = next((one for one in members if one.id == one.family), members[0])
    return Group(
        first=first,
        reprints=tuple(one.id for one in members if one.id != first.id),
        verdict=next(verdict for verdict in first.verdicts if verdict.story == story),
    )


class Desk:
    """Where the decisions on a story go; the workspace is held only while one is written."""

    def __init__(self, workspace: Workspace, story: Story, now: datetime) -> None:
        self.workspace = workspace
        self.story = story
        self.decided: dict[str, str] = {}
        self.is_settled = True
        self.change: Reevaluation | None = None
        self._now = now

    def decide(self, ids: Sequence[str], decision: Decision | None, remark: str = "") -> None:
        """Store a label on each article, or take it back (None); raises `WorkspaceBusy`."""
        from index.store import StoreWriter

        self.is_settled = False
        with (
            hold(self.workspace.data / "lock"),
            StoreWriter.open(self.workspace.database) as writer,
        ):
            for identity in ids:
                if decision is None:
                    writer.labels.take_back(identity, self.story.id)
                else:
                    writer.labels.put(identity, self.story.id, decision, note=remark, at=self._now)
                self.decided[identity] = decision or "taken back"

    def settle(self) -> None:
        """Learn from the decisions, judge again, bring the search index up; raises `WorkspaceBusy`."""
        from index.fulltext.indexer import update_index
        from index.relevance import Readers, reevaluate
        from index.store import StoreWriter

        stories = list(self.workspace.stories().values())
        readers = Readers.of(stories, self.workspace.outlets())
        with (
            hold(self.workspace.data / "lock"),
            StoreWriter.open(self.workspace.database) as writer,
        ):
            self.change = reevaluate(writer, readers)
            update_index(writer, self.workspace.index_dir)
        self.is_settled = True


class Review:
    """One walk through a queue."""

    def __init__(
        self, desk: Desk, groups: Sequence[Group], terminal: Terminal, zone: tzinfo
    ) -> None:
        self._desk = desk
        self._groups = groups
        self._terminal = terminal
        self._zone = zone
        self._done: list[int] = []  # the places decided on, for undoing
        self._place = 0

    def run(self) -> bool:
        """Ask about each text; False when the user wants to leave."""
        while self._place < len(self._groups):
            self._show("\n".join(self._summary()))
            if not self._answer():
                return False
        return True

    def _answer(self) -> bool:
        """Ask until the text is decided on, skipped or undone; False for leaving."""
        while True:
            key = read_key(f"{_KEYS} ")
            if key in _DECISIONS and self._decide(_DECISIONS[key]):
                return True
            if key == "s":
                self._place += 1
                return True
            if key == "u" and self._undo():
                return True
            if key == "q":
                return False
            if key in ("w", "t"):
                self._show("\n".join(self._reasons() if key == "w" else self._text(None)))

    def _decide(self, decision: Decision) -> bool:
        try:
            self._desk.decide(self._groups[self._place].ids, decision)
        except WorkspaceBusy as busy:
            self._show(f"not stored: {busy}; press the key again when it is done")
            return False
        self._done.append(self._place)
        self._place += 1
        return True

    def _undo(self) -> bool:
        if not self._done:
            self._show("nothing to undo")
            return False
        place = self._done[-1]
        ids = self._groups[place].ids
        try:
            self._desk.decide(ids, None)
        except WorkspaceBusy as busy:
            self._show(f"not undone: {busy}")
            return False
        for identity in ids:
            self._desk.decided.pop(identity, None)
        self._place = self._done.pop()
        return True

    @staticmethod
    def _show(text: str) -> None:
        warn(text)  # stdout is for what comes of it

    def _summary(self) -> Iterator[str]:
        group = self._groups[self._place]
        article = group.first.article
        colored = self._terminal.colored
        where = f"{self._place + 1} of {len(self._groups)}"
        yield ""
        yield paint(
            f"{where} · {self._desk.story.id} · {group.verdict.score:.2f}", "dim", colored=colored
        )
        yield paint(one_line(article.title), "bold", colored=colored)
        when = moment(article.published, self._zone) or "undated"
        more = f"+{len(group.reprints)} reprints" if group.reprints else ""
        facts = (group.first.id, article.outlet, when, article.language, more)
        yield " · ".join(one_line(fact) for fact in facts if fact)
        yield from self._text(_OPENING)

    def _text(self, most: int | None) -> Iterator[str]:
        text = clean(self._groups[self._place].first.article.text)
        short = text if most is None or len(text) <= most else text[:most].rpartition(" ")[0] + " …"
        yield from wrap(short, self._terminal.measure)

    def _reasons(self) -> Iterator[str]:
        group = self._groups[self._place]
        yield paint(one_line(group.first.article.url), "cyan", colored=self._terminal.colored)
        for reason in group.verdict.reasons:
            yield from wrap(f"- {one_line(reason)}", self._terminal.measure)


def read_key(prompt: str) -> str:
    """One key on a terminal, or else the first letter of a line; `q` at the end of the input."""
    stop_waiting()
    click.echo(prompt, nl=False, err=True)
    if sys.stdin.isatty():
        key = click.getchar()[:1]  # more where keys were typed ahead, or of an arrow
        click.echo(key if key.isprintable() else "", err=True)
    else:
        line = sys.stdin.readline()
        key = line.strip()[:1] if line else "q"
        click.echo("", err=True)
    return key.lower()
