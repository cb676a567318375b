"""`pressclip demo --past`: a backfill from nothing, from made-up lists and archives, offline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic

from index.store import Store, StoredArticle
from index.text.wording import counted
from index.workspace import Workspace
from search_cli.view.backfill_summary import proposal_lines, source_lines

STORY = "balloon"
WINDOW = ("--since", "2023-02-03", "--until", "2023-02-05")
Call = Callable[..., None]


def show_past(
    desk: Workspace, folder: Path, proxies: Mapping[str, str], call: Call, tell: Callable[..., None]
) -> None:
    """Backfill the story twice, then its history, and say what came of it."""
    started = monotonic()
    tell("$ pressclip backfill balloon")
    call(desk.root, ["backfill", STORY, *WINDOW, "-q"], proxies, fine=3)
    with Store.open(desk.database) as store:
        tell("\n".join(source_lines(store.backfill.counts(STORY))))
    tell("\n".join(_found(_coverage(desk), monotonic() - started)))
    tell("\n$ pressclip backfill balloon --history")
    started = monotonic()
    call(desk.root, ["backfill", STORY, "--history", "-q"], proxies, fine=3)
    edited = [one for one in _coverage(desk) if one.versions > 1]
    tell(
        f"  {counted(len(edited), 'article')} edited before we looked · {monotonic() - started:.0f} s"
    )
    tell("".join(f"    {one.id}  {one.article.title}\n" for one in edited).rstrip())
    tell("\n".join(_next(desk, folder, edited)))


def _found(held: Sequence[StoredArticle], seconds: float) -> Iterator[str]:
    copies = [one for one in held if one.article.copy_of]
    outlets = {one.article.outlet for one in held}
    languages = {one.article.language for one in held}
    yield (
        f"  {counted(len(held), 'article')} of {counted(len(outlets), 'outlet')} in"
        f" {counted(len(languages), 'language')} · {seconds:.0f} s"
    )
    yield f"  {len(copies)} of them copies of pages that are gone"


def _next(desk: Workspace, folder: Path, edited: Sequence[StoredArticle]) -> Iterator[str]:
    declared = {outlet.id for outlet in desk.outlets()}
    counts: dict[str, int] = {}
    for one in _coverage(desk):
        counts[one.article.outlet] = counts.get(one.article.outlet, 0) + 1
    proposed = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    yield from proposal_lines([one for one in proposed if one[0] not in declared], STORY)
    yield "\nTry next:"
    yield f"  cd {folder}"
    yield "  pressclip status --coverage"
    yield "  pressclip search is:edited"
    yield from (f"  pressclip show {one.id} --diff" for one in edited[:2])


def _coverage(desk: Workspace) -> list[StoredArticle]:
    with Store.open(desk.database) as store:
        held = store.articles.get(store.articles.kept_ids()).values()
        return [one for one in held if one.stories]
