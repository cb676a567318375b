"""What a search is asked for: its options as one value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

from index.errors import UsageError
from search_cli.asking.narrowing import Narrowing, require_words
from search_cli.output.formats import FORMATS as TABLES
from search_cli.output.formats import choose_fields
from search_cli.output.render import Format

if TYPE_CHECKING:
    from index.fulltext.searcher import Sort

Style = Format | Literal["ids", "md", "bib", "ris", "csl"]
FORMATS = (*TABLES, "ids", "md", "bib", "ris", "csl")
FIELDS = (
    "id", "published", "outlet", "language", "title", "reprints", "url", "authors", "section",
    "family", "score", "snippet", "first_seen", "updated", "fetched", "canonical_url",
    "kicker", "lead", "description", "text", "words", "tags", "image", "site_name", "agency", "place",
    "kind", "paywalled", "published_day", "date_confidence", "date_conflict", "entry", "version",
    "versions", "removed", "revision", "story", "relevance", "reasons", "archive",
)  # fmt: skip
TSV_FIELDS = FIELDS[:7]
DATA_FIELDS = FIELDS[:13]
LISTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What is looked for and how the answer is wanted; empty or None if nothing was said.

    `every` lists reprints in rows of their own, `like` is an article's name, `meaning` asks for what means
    the same, `new` is the name under which is kept what was told (empty: the query's own), `facet` the
    names of facets between commas.
    `fields` are those of the rows; there are none where their list was asked for.
    """

    words: tuple[str, ...]
    narrowing: Narrowing
    fields: tuple[str, ...]
    sort: Sort = "relevance"
    limit: int | None = None
    every: bool = False
    like: str | None = None
    meaning: bool = False
    new: str | None = None
    peek: bool = False
    only_count: bool = False
    facet: str | None = None
    explained: bool = False
    style: Style | None = None

    @classmethod
    def of(cls, *, narrowing: Narrowing, ever: bool, names: str | None, **options: Any) -> Self:
        """The request behind the options of the verb; raises `UsageError` for an unknown field."""
        default = TSV_FIELDS if options["style"] in (None, "tsv") else DATA_FIELDS
        return cls(
            narrowing=replace(narrowing, ever=ever),
            fields=choose_fields(names, FIELDS, default),
            **options,
        )

    @property
    def listed(self) -> int | None:
        """How many hits are listed at most: ten, but all of what is new; None for all."""
        return self.limit or (LISTED if self.new is None else None)

    @property
    def told_as(self) -> str:
        """The name under which is kept what `--new` has told."""
        meaning = ("meaning",) if self.meaning else ()
        return self.new or "\0".join((*self.words, repr(self.narrowing), self.like or "", *meaning))

    def check(self) -> None:
        """Raise `UsageError` for options that make no sense together, or if nothing is asked."""
        if self.peek and self.new is None:
            raise UsageError(
                "--peek works only with --new", hint="pressclip search QUERY --new --peek"
            )
        if self.facet is not None and self.only_count:
            raise UsageError("--facet and --count cannot be used together")
        if self.facet is not None and self.style not in (None, *TABLES):
            raise UsageError(
                f"--facet has no format {self.style}", hint=f"one of: {', '.join(TABLES)}"
            )
        if self.new is not None and (self.narrowing.as_of or self.narrowing.ever):
            raise UsageError("--new cannot be used with --as-of or --all-versions")
        if self.meaning and (self.narrowing.as_of or self.narrowing.ever):
            raise UsageError("--meaning cannot be used with --as-of or --all-versions")
        if self.like is None:
            require_words(self.words, "search")
