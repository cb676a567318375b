"""`pressclip extract`: the record of one page, from the web or a file, and how it came about."""

from __future__ import annotations

import json
import sys
import tempfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal

import click

from crawler.extract import Explanation, NotAnArticle, explain, extract
from crawler.extract.body.continuation import FORM
from crawler.extract.explain import Removal
from crawler.extract.text import one_line
from crawler.fetch import Fetcher
from crawler.ingest.run import is_page
from crawler.pages import capture_of_answer, capture_of_html
from crawler.refusal import Refusal
from crawler.urls import clean, outlet_of, url_fault
from index.archive.warc import MAX_BODY, Damage, read_file
from index.article import Article, isoformat
from index.capture import Capture
from index.errors import ArchiveError, PressclipError, StorageError, UsageError, WorkspaceNotFound
from index.files import storage_errors
from index.store import ArticleStore
from index.store.boilerplate import learned_blocks, without_boilerplate
from index.text.zones import count_words, is_unspaced
from index.workspace import Workspace
from index.workspace.outlets import Outlets
from search_cli.commandline.session import Session

Style = Literal["record", "text", "md", "json", "jsonl"]
STYLES = ("record", "text", "md", "json", "jsonl")
NOTHING = 1  # the exit code where no page was an article
ADVICE = {
    "blocked-address": "a private address needs a workspace with allow_private = true",
    "blocked-port": "only ports 80 and 443 are fetched, but the one you name",
    "robots": "robots.txt is obeyed; save the page with a browser and give the file",
    "dns": "is the name spelled right?",
    "refused": "is the server running, and the port right?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surroundings:
    """What a workspace, if there is one, says of fetching and of outlets."""

    outlets: Outlets
    workspace: Workspace
    database: Path | None = None

    @classmethod
    def of(cls, session: Session) -> _Surroundings:
        """Those of the workspace named or found; plain ones outside of any."""
        try:
            workspace = Workspace.find(session.directory)
        except WorkspaceNotFound:
            if session.directory:
                raise
            return cls(outlets=Outlets(), workspace=Workspace(root=Path()))
        return cls(outlets=workspace.outlets(), workspace=workspace, database=workspace.database)

    def explain(self, capture: Capture, *, whole: bool) -> Explanation:
        """What the capture is read as; with everything that was heard when `whole`."""
        declared = self.outlets.of_url(capture.url)
        zone = declared.zone if declared else ""
        outlet = declared.id if declared else outlet_of(capture.url)
        read = explain if whole else _unexplained
        told = read(capture, zone=zone)
        if isinstance(told.result, Article):
            article = replace(told.result, outlet=outlet)
            tidied = without_boilerplate(article, self._boilerplate(outlet))
            gone = [
                Removal(reason=f"boilerplate of {outlet}", text=one) for one in tidied.boilerplate
            ]
            removed = (*told.removed, *gone) if whole else ()
            told = replace(told, result=tidied, removed=removed)
        return told

    def _boilerplate(self, outlet: str) -> Collection[int]:
        """What the workspace's corpus has learned of an outlet; nothing where there is none to read."""
        if self.database is None or not self.database.exists():
            return ()
        try:
            with ArticleStore.open(self.database) as store:
                return learned_blocks(store, outlet).keys()
        except StorageError:
            return ()


def _unexplained(capture: Capture, *, zone: str) -> Explanation:
    return Explanation(result=extract(capture, zone=zone))


@click.command(name="extract")
@click.argument("source", metavar="URL|FILE", type=click.Path(allow_dash=True))
@click.option("--explain", "whole", is_flag=True, help="Tell who was heard on each field.")
@click.option("--url", metavar="URL", default="", help="Where the page of an HTML file came from.")
@click.option(
    "-f", "--format", "style", type=click.Choice(STYLES), default="record",
    help="How to print it; a record to be read unless you name one.",
)  # fmt: skip
@click.option("--json", "style", flag_value="json", help="The same as -f json.")
@click.pass_obj
def extract_page(session: Session, source: str, whole: bool, url: str, style: Style) -> int:
    """Print the article of a page: text, title, authors, dates, language, kind.

    \b
    EXAMPLES
      pressclip extract https://prairie-courier.example/2023/02/balloon
      pressclip extract page.html --url https://prairie-courier.example/2023/02/balloon
      pressclip extract page.html --explain    who said what, which won, what was cut away
      pressclip extract captures.warc.gz -f jsonl
      curl -s https://prairie-courier.example/2023/02/balloon | pressclip extract - -f text

    Works outside a workspace too; nothing is stored. A URL is fetched once, by the rules of a crawl:
    robots.txt, no private addresses, bounded in size and time. FILE is HTML or WARC, - is standard
    input. A page that is no article is told with its kind and the reason, and the exit code is 1.
    With -f json a WARC file gives a list, a page one object.
    """  # noqa: D301 - \b is Click's mark for lines to be left as they are
    if style in ("text", "md") and whole:
        raise UsageError(f"--explain does not go with -f {style}", hint="take -f record or json")
    surroundings = _Surroundings.of(session)
    if source.lower().startswith(("http://", "https://")):
        captures: Iterable[Capture] = [_fetched(source, surroundings, session)]
        many = False
    else:
        captures, many = _read(source, url)
    told = ((one, surroundings.explain(one, whole=whole)) for one in captures)
    found = 0
    for text, is_article in _printed(told, style, many=many):
        found += is_article
        click.echo(text, nl=False)
    return 0 if found else NOTHING


def _fetched(source: str, surroundings: _Surroundings, session: Session) -> Capture:
    if fault := url_fault(source):
        raise UsageError(f"{one_line(source, 200)}: no address of a page ({fault})")
    url = clean(source)
    fetch = Fetcher.of(surroundings.workspace)
    fetch.admit_port(url)
    if not session.quiet:
        click.echo(f"fetching {url} …", err=True)
    page = fetch(url)
    if isinstance(page, Refusal):
        raise PressclipError(f"{url}: not fetched: {page}", hint=_advice(page))
    if len(page.body) > MAX_BODY:
        raise PressclipError(f"{url}: not read: over {MAX_BODY // 2**20} MiB")
    return capture_of_answer(page)


def _advice(refused: Refusal) -> str:
    """What to try; a host that cannot be reached fails at its robots.txt already."""
    behind = refused.detail.partition("could not be fetched: ")[2].partition(":")[0]
    return ADVICE.get(behind) or ADVICE.get(refused.code, "")


def _read(source: str, url: str) -> tuple[Iterable[Capture], bool]:
    """The captures of a file, and whether it may hold many; raises `UsageError` or `StorageError`."""
    if url and url_fault(url):
        raise UsageError(f"--url {one_line(url, 200)}: no address of a page ({url_fault(url)})")
    if source != "-" and "://" in source:
        raise UsageError(f"{one_line(source, 200)}: neither http nor https")
    if source == "-":
        return _read_stream(sys.stdin.buffer, url)
    path = Path(source)
    if not path.is_file():
        problem, hint = "no such file", "an address begins with https://"
        if path.is_dir():
            problem, hint = "a folder", "name the files in it, one at a time"
        raise UsageError(f"{one_line(source, 200)}: {problem}", hint=hint)
    with storage_errors(path), path.open("rb") as file:
        head = file.read(512)
        if not _is_warc(head):
            file.seek(0)
            return [_from_html(file, url, path.resolve().as_uri(), _written(path))], False
    return _from_warc(path), True


def _read_stream(stream: IO[bytes], url: str) -> tuple[Iterable[Capture], bool]:
    """The captures of standard input; a WARC file is put aside, since it is read by its offsets."""
    with tempfile.NamedTemporaryFile(suffix=".warc", delete=False) as copy:
        path = Path(copy.name)
        chunk = stream.read(1 << 20)
        most = sys.maxsize if _is_warc(chunk) else MAX_BODY  # a pipe may never end
        while chunk and copy.tell() <= most:
            copy.write(chunk)
            chunk = stream.read(1 << 20)
    try:
        with path.open("rb") as file:
            if not _is_warc(file.read(512)):
                file.seek(0)
                return [_from_html(file, url, "file:///dev/stdin", datetime.now(UTC))], False
    except BaseException:
        path.unlink()
        raise
    return _removing(path), True


def _removing(path: Path) -> Iterator[Capture]:
    try:
        yield from _from_warc(path)
    finally:
        path.unlink()


def _is_warc(head: bytes) -> bool:
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, 8)
        except zlib.error:
            return False
    return head.startswith(b"WARC/")


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _from_html(file: IO[bytes], url: str, place: str, moment: datetime) -> Capture:
    """The page of an HTML file; it is taken to be from where it says that it is from."""
    body = file.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise UsageError(f"{place}: over {MAX_BODY // 2**20} MiB, no page of news")
    return capture_of_html(body, url=url, place=place, written=moment)


def _from_warc(path: Path) -> Iterator[Capture]:
    found = 0
    damage: Damage | None = None
    for item in read_file(path):
        if isinstance(item, Damage):
            damage = item
            where = f"{path}, offset {item.offset}"
            click.echo(f"{where}: not read: {one_line(item.reason, 200)}", err=True)
            continue
        found += 1
        if is_page(item):
            yield item
    if not found:
        raise ArchiveError(f"{path}: {damage.reason if damage else 'no HTTP response in it'}")


def _printed(
    told: Iterable[tuple[Capture, Explanation]], style: Style, *, many: bool
) -> Iterator[tuple[str, bool]]:
    """The output piece by piece, each with whether it is of an article."""
    listed = many and style == "json"
    count = 0
    for count, (capture, one) in enumerate(told, start=1):
        is_article = isinstance(one.result, Article)
        if style in ("json", "jsonl"):
            comma = "" if not listed else "[\n" if count == 1 else ",\n"
            text = f"{comma}{_json(as_record(capture, one))}" + ("" if listed else "\n")
        else:
            gap = "\n" if count > 1 and style != "text" else ""
            text = gap + "".join(f"{line}\n" for line in _lines(capture, one, style))
        yield text, is_article
    if listed:
        yield ("\n]\n" if count else "[]\n"), False


def as_record(capture: Capture, told: Explanation) -> dict[str, Any]:
    """The record for a program: the article's keys, or `refused` and `reason`; `explain` where asked."""
    if isinstance(told.result, NotAnArticle):
        record: dict[str, Any] = {
            "url": capture.url,
            "fetched": isoformat(capture.fetched),
            "refused": told.result.kind,
            "reason": told.result.reason,
        }
    else:
        record = told.result.to_dict()
    if told.testimony or told.removed:
        record["explain"] = {
            "heard": [asdict(one) for one in told.testimony],
            "removed": [asdict(one) for one in told.removed],
        }
    return record


def _json(record: dict[str, Any]) -> str:
    # ASCII where it is not plain text: U+2028 and its like end a line for some readers.
    return json.dumps(record, ensure_ascii=False).replace("\u2028", "\\u2028")


def _lines(capture: Capture, told: Explanation, style: Style) -> Iterator[str]:
    result = told.result
    if isinstance(result, NotAnArticle):
        reason = one_line(result.reason, 300)
        if style == "record":
            yield f"{one_line(capture.url, 2_000)}: no article: {result.kind} ({reason})"
            yield from _explained(told)
        else:
            click.echo(f"{capture.url}: no article: {result.kind} ({reason})", err=True)
        return
    if style == "record":
        yield from _fields(result)
        yield from _explained(told)
        yield ""
    elif style == "md":
        yield f"# {result.title}\n"
        about = (", ".join(result.authors), _day(result), result.outlet)
        yield f"{' · '.join(filter(None, about))}  \n<{result.canonical_url}>\n"
    yield result.text


def _fields(article: Article) -> Iterator[str]:
    unit = "characters" if is_unspaced(article) else "words"
    values = (
        ("title", article.title, "title"),
        ("authors", ", ".join(article.authors), "authors"),
        ("published", _dated(article), "published"),
        ("updated", f"{article.updated:%Y-%m-%d %H:%M} UTC" if article.updated else "", ""),
        ("language", article.language, "language"),
        ("kind", f"{article.kind}{', behind a paywall' if article.paywalled else ''}", ""),
        ("outlet", " · ".join(filter(None, (article.outlet, article.site_name))), ""),
        ("agency", article.agency, ""),
        ("place", article.place, ""),
        ("section", article.section, ""),
        ("tags", ", ".join(article.tags), ""),
        ("kicker", article.kicker, ""),
        ("image", article.image, ""),
        ("url", article.canonical_url, ""),
        ("form", article.witnesses.get(FORM, ""), ""),
        ("text", f"{count_words(article):,} {unit}", "text"),
    )
    for name, value, field in values:
        if value:
            witness = article.witnesses.get(field, "")
            yield f"{name:<10} {one_line(value, 2_000)}{f'   ({witness})' if witness else ''}"


def _dated(article: Article) -> str:
    """When it was published, with `~` before a weak date and a word on witnesses that disagree."""
    if not (day := _day(article)):
        return ""
    weak = "~" if article.has_weak_date else ""
    return f"{weak}{day}{', witnesses disagree' if article.date_conflict else ''}"


def _day(article: Article) -> str:
    if article.published is None:
        return ""
    pattern = {"day": "%Y-%m-%d", "month": "%Y-%m"}.get(
        article.published_precision, "%Y-%m-%d %H:%M UTC"
    )
    return article.published.strftime(pattern)


def _explained(told: Explanation) -> Iterator[str]:
    if not (told.testimony or told.removed):
        return
    yield "\nheard (* has won)"
    width = max((len(one.source) for one in told.testimony), default=0)
    for one in told.testimony:
        mark = "*" if one.won else " "
        yield f"{mark} {one.field:<10} {one.source:<{width}}  {one_line(one.said, 300)}"
    if isinstance(told.result, Article):
        yield from _zones(told.result)
    if told.removed:
        yield "\nkept out"
        for removal in told.removed:
            yield f"  {removal.reason}: {one_line(removal.text, 120)}"


def _zones(article: Article) -> Iterator[str]:
    stretches = [(zone.kind, article.text[zone.start : zone.end]) for zone in article.zones]
    beside = [(f"{aside.kind} (beside)", aside.text) for aside in article.asides]
    if stretches or beside:
        yield "\nzones (the rest is body)"
        for kind, text in [*stretches, *beside]:
            yield f"  {kind:<16} {one_line(text, 120)}"
