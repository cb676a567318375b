"""workspace.toml and the folder around it: where everything of a desk lies, checked whole.

Stories are imported where they are read: most searches name none.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from index.errors import ConfigError, Fault, UsageError, WorkspaceNotFound
from index.workspace.archive_settings import ArchiveSettings, read_archive
from index.workspace.backfill_settings import BackfillSettings, read_backfill
from index.workspace.evidence_settings import EvidenceSettings, read_evidence
from index.workspace.outlets import FILE_NAME as OUTLETS_FILE
from index.workspace.outlets import MAX_DELAY, Outlets, load_outlets, parse_zone
from index.workspace.search_settings import SearchSettings, read_search
from index.workspace.toml_reader import TableReader, read_toml

if TYPE_CHECKING:
    from index.workspace.story import Story

FILE_NAME = "workspace.toml"
VARIABLE = "PRESSCLIP_WORKSPACE"
DEFAULT_DELAY = 2.0
DEFAULT_MIN_FREE = 500  # MiB
RobotsForbidden = Literal["open", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOutPolicy:
    """What is done with the wishes of pages; docs/politeness.md has the meaning of each.

    `noindex`: `hide` from search, or `search` it all the same. `noarchive`: use the `text` and keep
    no snapshot, or keep `nothing`. `tdm`: `record` a reservation of text mining, or `obey` it.
    """

    noindex: Literal["hide", "search"] = "hide"
    noarchive: Literal["text", "nothing"] = "text"
    tdm: Literal["record", "obey"] = "record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A desk: its folder and what workspace.toml says.

    `contact` goes into the User-Agent; `delay` is seconds between two requests to one outlet;
    below `min_free` MiB of free disk nothing more is archived; `robots_forbidden` is what a robots.txt
    means that the host refuses with 401 or 403: all is `open`, as RFC 9309 has it, or `closed`;
    `zone` is an IANA name or empty for the machine's; `queries` are saved searches by name.
    """

    root: Path
    contact: str = ""
    zone: str = ""
    delay: float = DEFAULT_DELAY
    min_free: float = DEFAULT_MIN_FREE
    allow_private: bool = False
    robots_forbidden: RobotsForbidden = "open"
    optouts: OptOutPolicy = field(default_factory=OptOutPolicy)
    backfill: BackfillSettings = field(default_factory=BackfillSettings)
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    archive: ArchiveSettings = field(default_factory=ArchiveSettings)
    queries: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def find(cls, directory: Path | None = None) -> Self:
        """The workspace of the folder named, or else of $PRESSCLIP_WORKSPACE, or else the nearest above.

        Raises `WorkspaceNotFound`, or `ConfigError` with all faults of all files when
        workspace.toml has one.
        """
        return cls.load(_find_root(directory))

    @classmethod
    def load(cls, root: Path) -> Self:
        """The workspace of a folder that holds workspace.toml; raises as `find` does."""
        faults: list[Fault] = []
        table = read_toml(root / FILE_NAME, faults, name=FILE_NAME)
        reader = TableReader(table or {}, faults, file=FILE_NAME)
        delay = reader.number("delay", low=0, high=MAX_DELAY)
        min_free = reader.number("min_free", low=0, high=1_000_000_000)
        workspace = cls(
            root=root,
            contact=reader.parsed("contact", parse_contact) or "",
            zone=reader.parsed("tz", parse_zone) or "",
            delay=DEFAULT_DELAY if delay is None else delay,
            min_free=DEFAULT_MIN_FREE if min_free is None else min_free,
            allow_private=reader.flag("allow_private", False),
            robots_forbidden=_read_forbidden(reader),
            optouts=_read_optouts(reader.table("optouts")),
            backfill=read_backfill(reader.table("backfill")),
            evidence=read_evidence(reader.table("evidence")),
            search=read_search(reader.table("search")),
            archive=read_archive(reader.table("archive")),
            queries=_read_saved(reader.table("queries")),
        )
        reader.finish()
        if faults:
            outlets = workspace._read_outlets(faults)
            workspace._read_stories(faults, outlets)
            raise ConfigError(faults)
        return workspace

    @property
    def data(self) -> Path:
        """The folder of everything the program writes."""
        return self.root / "data"

    @property
    def database(self) -> Path:
        """The SQLite store."""
        return self.data / "pressclip.db"

    @property
    def archive_dir(self) -> Path:
        """The WARC files."""
        return self.data / "archive"

    @property
    def index_dir(self) -> Path:
        """The search index, which can always be rebuilt."""
        return self.data / "index"

    @property
    def outlets_file(self) -> Path:
        """outlets.toml."""
        return self.root / OUTLETS_FILE

    @property
    def stories_dir(self) -> Path:
        """The folder of the stories' files."""
        from index.workspace.story import FOLDER

        return self.root / FOLDER

    def owns(self, path: Path) -> bool:
        """Whether a file is the workspace's own: its settings, a story's file, or below `data/`."""
        file = path.resolve()
        own = {self.root / FILE_NAME, self.outlets_file, self.root / "scrapy.cfg"}
        folders = (self.stories_dir, self.data)
        return file in {one.resolve() for one in own} or any(
            file.is_relative_to(folder.resolve()) for folder in folders
        )

    def story_file(self, story_id: str) -> Path:
        """The file of a story, whether it exists or not."""
        return self.stories_dir / f"{story_id}.toml"

    def story_files(self) -> list[Path]:
        """The files of all stories, in order; what begins with a dot is an editor's."""
        found = sorted(self.stories_dir.glob("*.toml"))
        return [path for path in found if not path.name.startswith(".")]

    def outlets(self) -> Outlets:
        """The outlets; raises `ConfigError` with all faults of all files when theirs has one."""
        faults: list[Fault] = []
        outlets = self._read_outlets(faults)
        if faults:
            self._read_stories(faults, outlets)
            raise ConfigError(faults)
        return outlets

    def stories(self) -> dict[str, Story]:
        """Every story by id; raises `ConfigError` with all faults of stories and outlets."""
        faults: list[Fault] = []
        stories = self._read_stories(faults, self._read_outlets(faults))
        if faults:
            raise ConfigError(faults)
        return stories

    def story(self, story_id: str) -> Story:
        """One story; raises `UsageError` with the nearest id, or `ConfigError` as `stories`."""
        stories = self.stories()
        if story_id in stories:
            return stories[story_id]
        from index.workspace.story import nearest_story

        raise UsageError(f"no such story: {story_id}", hint=nearest_story(story_id, stories))

    def check_stories(self, names: Iterable[str]) -> None:
        """Raise `UsageError`, with the nearest id, for a name that is not a story's; reads no file."""
        known = {path.stem for path in self.story_files()}
        for name in names:
            if name not in known:
                from index.workspace.story import nearest_story

                raise UsageError(f"no such story: {name}", hint=nearest_story(name, known))

    def _read_outlets(self, faults: list[Fault]) -> Outlets:
        return load_outlets(self.outlets_file, faults, allow_private=self.allow_private)

    def _read_stories(self, faults: list[Fault], outlets: Outlets) -> dict[str, Story]:
        from index.workspace.story import load_story

        stories = (load_story(path, faults, outlets) for path in self.story_files())
        return {story.id: story for story in stories if story is not None}


def _find_root(directory: Path | None) -> Path:
    """The folder of the workspace; the first of flag, environment and parents that speaks."""
    named = directory or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if named is not None:
        root = named.expanduser().resolve()
        if (root / FILE_NAME).is_file():
            return root
        source = "" if directory else f" (${VARIABLE})"
        raise WorkspaceNotFound(
            f"no {FILE_NAME} in {root}{source}", hint=f"make a desk: pressclip init {named}"
        )
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE_NAME).is_file():
            return folder
    raise WorkspaceNotFound(
        f"no desk here: no {FILE_NAME} in {here} or above it",
        hint=f"make one with pressclip init, or name it with -C DIR or ${VARIABLE}",
    )


def _read_forbidden(reader: TableReader) -> RobotsForbidden:
    said: Any = reader.choice("robots_forbidden", ("open", "closed"), "open")
    return cast(RobotsForbidden, said)


def _read_optouts(reader: TableReader) -> OptOutPolicy:
    choices: dict[str, Any] = {
        "noindex": reader.choice("noindex", ("hide", "search"), "hide"),
        "noarchive": reader.choice("noarchive", ("text", "nothing"), "text"),
        "tdm": reader.choice("tdm", ("record", "obey"), "record"),
    }
    reader.finish()
    return OptOutPolicy(**choices)


def _read_saved(reader: TableReader) -> dict[str, str]:
    saved = {name: reader.text(name) for name in reader}
    return {name: reader.query(name, saved=saved) for name in reader}


def parse_contact(text: str) -> str:
    """An address for the User-Agent, which is a header: one line of ASCII; raises `ValueError`."""
    if not text.isascii() or not text.isprintable() or len(text) > 200:
        raise ValueError("must be one line of plain ASCII, at most 200 characters")
    if "@" not in text and not text.startswith(("http://", "https://")):
        raise ValueError(
            'is not an address such as "desk@example.org" or "https://example.org/bot"'
        )
    return text
