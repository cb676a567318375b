"""What another desk's files name and this one's do not: outlets, collections and stories, taken over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.errors import ConfigError, UsageError
from index.files import write_atomic
from index.workspace import Workspace
from index.workspace.addresses import is_private_url
from index.workspace.outlets import Outlet, Outlets
from index.workspace.outlets_edit import write_outlets
from index.workspace.sharding import is_bucket_of
from index.workspace.story import Discover, OutletChoice, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What a desk gets of another's files, and where both differ; of two, its own stays.

    `outlets`, `collections` and `stories` are new here; `differing` are stories of one id that say
    something else there; `refused` are stories that name an outlet which has another id here. `renamed`
    gives an outlet's id here by its id there.
    """

    outlets: tuple[Outlet, ...] = ()
    collections: Mapping[str, tuple[str, ...]]
    stories: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    renamed: Mapping[str, str]


def plan_joining(
    ours: Workspace, theirs: Workspace, earlier: Sequence[tuple[Workspace, Joining]] = ()
) -> Joining:
    """Compare the files of two desks; nothing is written. Raises `ConfigError`.

    What `earlier` desks bring counts as being here.
    """
    mine, other = _with(ours.outlets(), [joining for _, joining in earlier]), theirs.outlets()
    renamed = {one.id: own.id for one in other if (own := _own(mine, one)) and own.id != one.id}
    outlets = tuple(one for one in other if _own(mine, one) is None)
    added = {one.id for one in outlets}
    collections = {
        name: wanted
        for name, ids in other.collections.items()
        if (wanted := _members(ids, renamed, added, is_new=name not in mine.collections))
    }
    is_part = is_bucket_of(theirs, ours)
    own_stories, their_stories = dict(ours.stories()), theirs.stories()
    for desk, joining in earlier:
        own_stories |= {name: desk.stories()[name] for name in joining.stories}
    new = [name for name in their_stories if name not in own_stories]
    refused = [
        name for name in new if _names_any(theirs.story_file(name).read_text("utf-8"), renamed)
    ]
    return Joining(
        outlets=outlets,
        collections=collections,
        stories=tuple(name for name in new if name not in refused),
        differing=tuple(
            name
            for name, story in their_stories.items()
            if name in own_stories
            and _compared(story, is_part) != _compared(own_stories[name], is_part)
        ),
        refused=tuple(refused),
        renamed=renamed,
    )


def join_files(ours: Workspace, theirs: Workspace, joining: Joining) -> None:
    """Write what is new into outlets.toml and stories/; they are whole after it, or as they were.

    Raises `UsageError` for an outlet at a private address that this desk does not allow, `ConfigError`
    for files that would not go together, and the children of `StorageError`.
    """
    _refuse_private(ours, joining)
    before = ours.outlets_file.read_bytes() if ours.outlets_file.exists() else None
    if joining.outlets or joining.collections:
        write_outlets(ours.outlets_file, joining.outlets, collections=joining.collections)
    for name in joining.stories:
        ours.stories_dir.mkdir(exist_ok=True)
        write_atomic(ours.story_file(name), theirs.story_file(name).read_text("utf-8"))
    try:
        ours.stories()
    except ConfigError:
        for name in joining.stories:
            ours.story_file(name).unlink()
        if before is not None:
            write_atomic(ours.outlets_file, before.decode("utf-8"))
        raise


def _compared(story: Story, is_part: bool) -> Story:
    """A story as two desks are compared by it; a bucket reads a part of the outlets by design."""
    if is_part:
        story = replace(story, outlets=OutletChoice(), discover=Discover())
    return replace(story, groups=())


def _with(outlets: Outlets, joinings: Iterable[Joining]) -> Outlets:
    """The outlets of a desk with those that others bring."""
    by_id, collections = dict(outlets.by_id), dict(outlets.collections)
    for joining in joinings:
        by_id |= {one.id: one for one in joining.outlets}
        for name, ids in joining.collections.items():
            collections[name] = tuple(dict.fromkeys((*collections.get(name, ()), *ids)))
    return Outlets(by_id=by_id, collections=collections)


def _own(outlets: Outlets, other: Outlet) -> Outlet | None:
    """The outlet here that is one of another desk's: by its id, or by a host of both."""
    if other.id in outlets:
        return outlets.by_id[other.id]
    found = outlets.of_url(other.home)
    return found if found and not set(found.hosts).isdisjoint(other.hosts) else None


def _members(
    ids: tuple[str, ...], renamed: Mapping[str, str], added: set[str], *, is_new: bool
) -> tuple[str, ...]:
    """Who joins a collection: all of a new one, of one that is here the outlets that are new."""
    return tuple(renamed.get(one, one) for one in ids if is_new or one in added)


def _names_any(text: str, names: Mapping[str, str]) -> bool:
    return any(f'"{name}"' in text or f"'{name}'" in text for name in names)


def _refuse_private(ours: Workspace, joining: Joining) -> None:
    if ours.allow_private:
        return
    for outlet in joining.outlets:
        urls = (outlet.home, *outlet.feeds, *outlet.sitemaps, *outlet.sections)
        if private := next(filter(is_private_url, urls), ""):
            raise UsageError(
                f"{outlet.id}: {private} is a private address",
                hint="write allow_private = true into workspace.toml, then merge again",
            )
