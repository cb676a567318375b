"""`pressclip show`: one article, or some, to be read; its versions, its page, who carried it."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

import click

from index.errors import UsageError
from index.workspace import Workspace
from search_cli.asking.articles import find_articles
from search_cli.output.moments import moment, zone_of
from search_cli.output.render import clean, to_json
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session
from search_cli.view.article import article_lines

if TYPE_CHECKING:
    from index.store import Store, StoreAt, StoredArticle

VIEWS = ("versions", "diff", "raw", "group", "quotes")


@click.command()
@click.argument("names", metavar="ID|@N|URL|-…", nargs=-1, required=True)
@click.option("--versions", is_flag=True, help="List its versions and what changed in each.")
@click.option(
    "--diff", is_flag=True,
    help="Show what the last edit changed (ID A B: from version A to B).",
)  # fmt: skip
@click.option(
    "--group", is_flag=True, help="Show who carried its text, when, and with what changes."
)
@click.option("--quotes", is_flag=True, help="List its quotations and who said them.")
@click.option(
    "--as-of",
    "as_of",
    metavar="D",
    help="Show the text as it was at a moment (a day means its end).",
)
@click.option(
    "--cite", metavar="STYLE",
    help="Print a reference: apa, chicago, chicago-author-date, harvard, ieee, iso690, mhra, mla"
    " or FILE.csl.",
)  # fmt: skip
@click.option("--raw", is_flag=True, help="Write the archived page to standard output.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@click.pass_obj
def show(
    session: Session,
    /,
    names: tuple[str, ...],
    as_of: str | None,
    cite: str | None,
    as_json: bool,
    **views: bool,
) -> None:
    """Show articles with their text, their verdicts and their place in the archive.

    EXAMPLES
      pressclip show k7q2d
      pressclip show @1 @3                        rows of the last search
      pressclip show k7q2d --json
      pressclip search story:balloon | pressclip show -
      pressclip show k7q2d --versions
      pressclip show k7q2d --diff                 the last edit; 1 3: two versions
      pressclip show k7q2d --group
      pressclip show k7q2d --quotes
      pressclip show k7q2d --as-of 2023-02-04T12:00
      pressclip show k7q2d --raw > page.html
      pressclip show k7q2d @2 --cite chicago

    The first letters of an id are enough if they are unique; a URL works too. In a diff, removed
    words are shown as [-so-] and added words as {+so+}, in colour on a terminal.
    """
    from index.query.dates import parse_moment
    from index.store import Store, StoreAt

    view = _chosen_view(views, as_json=as_json)
    if cite is not None and (view or as_json):
        raise UsageError(f"--cite and --{view or 'json'} cannot be used together")
    names, numbers = _split_numbers(names) if view == "diff" else (names, ())
    workspace = Workspace.find(session.directory)
    zone = zone_of(session, workspace)
    moment_of = parse_moment(as_of, zone=zone) if as_of is not None else None
    if moment_of and view in ("versions", "diff"):
        raise UsageError(f"--{view} covers all versions and cannot be used with --as-of")
    with Store.open(workspace.database) as newest:
        store = StoreAt(newest, moment_of) if moment_of else newest
        ids = find_articles(workspace, store, names)
        if isinstance(store, StoreAt):
            _check_published(store, ids, zone)
        if view and len(ids) != 1:
            raise UsageError(f"--{view} takes one article", hint=f"pressclip show ID --{view}")
        match view:
            case "versions":
                _show_versions(session, store, ids[0], zone, as_json=as_json)
            case "diff":
                _show_diff(session, store, ids[0], numbers, zone, as_json=as_json)
            case "group":
                _show_group(session, store, ids[0], zone, as_json=as_json)
            case "quotes":
                _show_quotes(session, store.articles.get(ids)[ids[0]], as_json=as_json)
            case "raw":
                _show_raw(session, workspace, store.articles.get(ids)[ids[0]])
            case _ if cite is not None:
                _show_cited(workspace, store, ids, zone, cite)
            case _:
                _show_articles(session, store, ids, zone, as_json=as_json)


def _check_published(store: StoreAt, ids: Sequence[str], zone: tzinfo) -> None:
    """Raise `UsageError` for an article that was not out at the store's moment."""
    found = store.articles.get(ids)
    for name in ids:
        if name not in found:
            out = store.out_since(name)
            told = f"{name} was not published by {moment(store.moment, zone)}"
            raise UsageError(told, hint=f"it was published by {moment(out, zone)}")


def _chosen_view(views: Mapping[str, bool], *, as_json: bool) -> str:
    """The one view asked for, empty for the article itself; raises `UsageError` for two."""
    asked = [name for name in VIEWS if views[name]]
    if len(asked) > 1:
        raise UsageError(f"--{asked[0]} and --{asked[1]} cannot be used together")
    if asked == ["raw"] and as_json:
        raise UsageError("--raw cannot be used with --json")
    return asked[0] if asked else ""


def _split_numbers(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """`ID A B` as the article and two numbers of versions."""
    if len(names) == 3 and all(re.fullmatch(r"v?\d{1,9}", name) for name in names[1:]):
        return (names[0],), tuple(int(name.removeprefix("v")) for name in names[1:])
    if len(names) == 1:
        return tuple(names), ()
    raise UsageError(
        "--diff takes one article, and the numbers of two versions",
        hint="pressclip show ID --diff 1 3",
    )


def _show_articles(
    session: Session, store: Store, ids: Sequence[str], zone: tzinfo, *, as_json: bool
) -> None:
    found = store.articles.get(ids)
    if as_json:
        from index.corpus.export_record import to_record

        write(to_json(to_record(found[name])) + "\n" for name in ids)
        return
    terminal = Terminal.of(session)
    terminal.show(article_lines([found[name] for name in ids], store, terminal, zone))


def _show_cited(
    workspace: Workspace, store: Store, ids: Sequence[str], zone: tzinfo, style: str
) -> None:
    """The articles as references, a line each, in the order of the style."""
    from search_cli.output.cited import cited
    from search_cli.output.reference import refer

    names = {outlet.id: outlet.name for outlet in workspace.outlets()}
    found = store.articles.get(ids)
    lines = cited([refer(found[name], zone, names) for name in dict.fromkeys(ids)], style)
    write(f"{line}\n" for line in lines)


def _show_versions(
    session: Session, store: Store, identity: str, zone: tzinfo, *, as_json: bool
) -> None:
    from search_cli.view.versions import edits_of, removal_record, version_lines, version_record

    versions, stored = store.versions.of(identity), store.articles.get([identity])[identity]
    if as_json:
        pairs = zip(versions, edits_of(versions), strict=True)
        rows = [version_record(*pair) for pair in pairs]
        rows += [removal_record(removal) for removal in stored.removals]
        write(f"{to_json(row)}\n" for row in sorted(rows, key=itemgetter("seen")))
        return
    terminal = Terminal.of(session)
    terminal.show(version_lines(stored, versions, terminal, zone))
    if len(versions) > 1:
        note(session, f"next: pressclip show {identity} --diff")


def _show_diff(
    session: Session,
    store: Store,
    identity: str,
    numbers: tuple[int, ...],
    zone: tzinfo,
    *,
    as_json: bool,
) -> None:
    from search_cli.view.versions import Edit
    from search_cli.view.word_diff import diff_lines

    versions = store.versions.of(identity)
    if len(versions) < 2:
        raise UsageError(
            f"{identity} has only one version; nothing to compare",
            hint="edited articles: pressclip search is:edited",
        )
    first, last = numbers or (len(versions) - 1, len(versions))
    for number in (first, last):
        if not 1 <= number <= len(versions):
            hint = f"its versions: 1 to {len(versions)}"
            raise UsageError(f"{identity} has no version {number}", hint=hint)
    edit = Edit(versions[first - 1], versions[last - 1])
    if as_json:
        write([f"{to_json({'id': identity, **edit.to_dict()})}\n"])
        return
    terminal = Terminal.of(session)
    terminal.show(diff_lines(edit, terminal, zone))


def _show_group(
    session: Session, store: Store, identity: str, zone: tzinfo, *, as_json: bool
) -> None:
    from search_cli.view.carriers import (
        Family,
        family_lines,
        member_records,
        passage_lines,
        translation_lines,
        translation_records,
    )

    family = Family.of(store, identity)
    if family is None:
        hint = "only what a story keeps is compared with the others"
        raise UsageError(f"{identity} has no reprints", hint=hint)
    if as_json:
        records = chain(member_records(family, store), translation_records(family, store))
        write(f"{to_json(row)}\n" for row in records)
        return
    terminal = Terminal.of(session)
    lines = family_lines(family, store, terminal, zone)
    translated = list(translation_lines(family, store, terminal, zone))
    terminal.show(chain(lines, translated, passage_lines(store, identity, terminal)))
    if len(family.members) == 1 and not translated:
        note(session, "No other article has this text.")


def _show_quotes(session: Session, stored: StoredArticle, *, as_json: bool) -> None:
    from search_cli.view.quoting import quote_lines, quote_records

    if as_json:
        write(f"{to_json(row)}\n" for row in quote_records(stored))
        return
    terminal = Terminal.of(session)
    terminal.show(quote_lines(stored, terminal))


def _show_raw(session: Session, workspace: Workspace, stored: StoredArticle) -> None:
    from index.archive import Archive

    if stored.archive is None:
        raise UsageError(f"{stored.id} has no page in the archive")
    capture = Archive(workspace.archive_dir).read(stored.archive)
    if capture.withheld:
        raise UsageError(
            f"{stored.id}: its page asked not to be kept ({capture.withheld}); only its text is here",
            hint=f"pressclip show {stored.id}",
        )
    body = capture.body
    terminal = Terminal.of(session)
    if terminal.screen:  # what a website wrote must not act on the terminal
        terminal.show(clean(body.decode("utf-8", "replace")).split("\n"))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
