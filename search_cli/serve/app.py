"""The pages of the desk by address, as an ASGI application; each is a question to the corpus."""

from __future__ import annotations

import contextlib
from asyncio import CancelledError
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from index.errors import PressclipError, QuerySyntaxError, StorageError, UsageError, WorkspaceBusy
from search_cli.commandline.failures import caret, write_report
from search_cli.output.typeset import environment
from search_cli.serve.article_pages import evidence_of, family_of, head_of, text_of, versions_of
from search_cli.serve.asked import Asked
from search_cli.serve.guard import Guarded, PostRefused, check_post, cookie_name, has_token
from search_cli.serve.results import gather_results, tree_of
from search_cli.serve.review_pages import BrowserReview
from search_cli.serve.studies import (
    STYLES,
    VIEWS,
    Question,
    make_study,
    page_of,
    picture_of,
    pieces_of,
    read_question,
)
from search_cli.serve.study_pages import counts_of, families_of, overview_of
from search_cli.serve.study_thread import StudyThread
from search_cli.view.exporting import Selection, text_pieces

if TYPE_CHECKING:
    from starlette.requests import Request

    from index.store import StoredArticle
    from search_cli.serve.desk import ServedDesk

Answer = Callable[["Pages", "Request"], Awaitable[Response] | Response]
MAX_FORM = 64 * 1024
EXPORTS = {
    "csv": "text/csv", "jsonl": "application/x-ndjson", "md": "text/markdown", "ids": "text/plain",
    "bib": "application/x-bibtex", "ris": "application/x-research-info-systems",
    "csl": "application/vnd.citationstyles.csl+json",
}  # fmt: skip
_ASSETS = {"desk.css": "text/css", "keys.js": "text/javascript"}
_TEMPLATES = Path(__file__).parent.parent / "templates" / "serve"


class Pages:
    """The pages; each is made in the one thread of the event loop, as the store's connection asks."""

    def __init__(self, desk: ServedDesk, review: BrowserReview | None) -> None:
        self.desk = desk
        self.studies = StudyThread(desk.root, desk.zone_name)
        self.review = review

    def search(self, request: Request) -> Response:
        """The search page, which is the first page too."""
        asked = Asked.read(request.query_params.multi_items())
        results = gather_results(self.desk, asked)
        first = not (asked.query or asked.filters or asked.new or asked.page > 1)
        overview = overview_of(self.desk) if first else None
        return self._page(
            request, "search.html", asked=asked, results=results, overview=overview, exports=EXPORTS
        )

    def counts(self, request: Request) -> Response:
        """Every value of a facet."""
        asked = Asked.read(request.query_params.multi_items())
        values = counts_of(self.desk, asked, request.path_params["facet"])
        return self._page(request, "counts.html", asked=asked, **values)

    def families(self, request: Request) -> Response:
        """The most reprinted texts."""
        asked = Asked.read(request.query_params.multi_items())
        return self._page(request, "families.html", asked=asked, **families_of(self.desk, asked))

    async def study(self, request: Request) -> Response:
        """A study of the search: its form, what it found, a picture, files."""
        question = self._question(request)
        found = await self.studies.make(make_study(question))
        template = VIEWS[question[0]].template
        return self._page(request, template, asked=question[1], **page_of(question, found))

    async def study_file(self, request: Request) -> Response:
        """What a study found, for other programs: what the command line writes; or its picture."""
        verb, style = request.path_params["verb"], request.path_params["style"]
        question = self._question(request)
        if style == "svg":
            picture = await self.studies.make(picture_of(question))
            return Response(picture, media_type="image/svg+xml")
        pieces = await self.studies.make(pieces_of(question, style))
        name = f'attachment; filename="pressclip-{verb}.{style}"'
        return StreamingResponse(
            self.studies.stream(pieces),
            media_type=f"{STYLES[style][1]}; charset=utf-8",
            headers={"Content-Disposition": name},
        )

    def _question(self, request: Request) -> Question:
        verb = request.path_params["verb"]
        if verb not in VIEWS:
            raise HTTPException(404)
        given = request.query_params.multi_items()
        return read_question(verb, Asked.read(given), given)

    def article(self, request: Request) -> Response:
        """An article to be read."""
        stored, asked = self._stored(request)
        values = text_of(self.desk.corpus, stored, asked)
        return self._article(request, stored, asked, "text", values)

    def versions(self, request: Request) -> Response:
        """Its versions."""
        stored, asked = self._stored(request)
        before, after = (_number(request.query_params.get(name)) for name in ("from", "to"))
        values = versions_of(self.desk.corpus, stored, before, after)
        return self._article(request, stored, asked, "versions", values)

    def family(self, request: Request) -> Response:
        """Who carried its text."""
        stored, asked = self._stored(request)
        values = family_of(self.desk.corpus, stored)
        return self._article(request, stored, asked, "family", values)

    def evidence(self, request: Request) -> Response:
        """What its record rests on."""
        stored, asked = self._stored(request)
        values = evidence_of(self.desk.corpus, stored)
        return self._article(request, stored, asked, "evidence", values)

    def export(self, request: Request) -> Response:
        """The articles of a search for other programs: what `pressclip export` writes."""
        from index.corpus.export_record import FIELDS

        style: Any = request.path_params["style"]
        if style not in EXPORTS:
            raise UsageError(f"no such format: {style}", hint=f"one of: {', '.join(EXPORTS)}")
        asked = Asked.read(request.query_params.multi_items())
        tree, _ = tree_of(self.desk.workspace, self.desk.corpus, asked)
        corpus = self.desk.open_apart()
        try:
            ranked = corpus.match(tree).top(sort="oldest", fold=False)
        except BaseException:
            corpus.close()
            raise
        selection = Selection(
            ids=[hit.id for hit in ranked], style=style, fields=FIELDS, story="", with_text=False
        )

        async def pieces() -> AsyncIterator[str]:
            with corpus:
                for piece in text_pieces(corpus, selection):
                    yield piece

        ending = "json" if style == "csl" else "txt" if style == "ids" else style
        name = f'attachment; filename="pressclip.{ending}"'
        kind = f"{EXPORTS[style]}; charset=utf-8"
        return StreamingResponse(pieces(), media_type=kind, headers={"Content-Disposition": name})

    def asset(self, request: Request) -> Response:
        """The style, and the script of the review's keys."""
        name = request.path_params["name"]
        if name not in _ASSETS:
            raise HTTPException(404)
        text = (_TEMPLATES / name).read_text("utf-8")
        return Response(text, media_type=_ASSETS[name], headers={"Cache-Control": "max-age=3600"})

    def enter(self, request: Request) -> Response:
        """Let a browser in that has the token of the address that the terminal printed."""
        review = self._review()
        if request.query_params.get("token") != review.token:
            raise PostRefused("wrong token", hint="open the address that the terminal printed")
        answer = RedirectResponse("/", 303)
        answer.set_cookie(cookie_name(request), review.token, httponly=True, samesite="strict")
        return answer

    def review_page(self, request: Request) -> Response:
        """The next text to decide on."""
        review = self._review()
        if not has_token(request, review.token):
            raise PostRefused(
                "this browser was not let in", hint="open the address that the terminal printed"
            )
        story = request.path_params["story"]
        skipped = tuple(request.query_params.getlist("skip"))
        values = review.next_text(story, skipped)
        return self._page(request, "review.html", asked=Asked(), token=review.token, **values)

    async def decide(self, request: Request) -> Response:
        """Take a decision, take it back, or bring verdicts and index up to all of them."""
        review = self._review()
        form = dict(await _read_form(request))
        check_post(request, review.token, form.get("token", ""))
        story = request.path_params["story"]
        match form.get("decision", ""):
            case "undo":
                review.undo(story)
            case "settle":
                review.settle()
            case decision:
                review.decide(story, form.get("article", ""), decision)
        return RedirectResponse(f"/review/{quote(story)}", 303)

    def _review(self) -> BrowserReview:
        if self.review is None:
            raise PostRefused("this desk is served read-only", hint="pressclip serve --review")
        return self.review

    def _stored(self, request: Request) -> tuple[StoredArticle, Asked]:
        asked = Asked.read(request.query_params.multi_items())
        identity = request.path_params["id"]
        found = self.desk.corpus.store.articles.get([identity])
        if identity not in found:
            raise HTTPException(404, f"no article {identity}")
        return found[identity], asked

    def _article(
        self,
        request: Request,
        stored: StoredArticle,
        asked: Asked,
        tab: str,
        values: dict[str, Any],
    ) -> Response:
        head = head_of(self.desk.corpus, stored)
        return self._page(request, f"{tab}.html", asked=asked, head=head, tab=tab, **values)

    def _page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        review = self.review is not None and has_token(request, self.review.token)
        given = {"desk": self.desk.root.name, "review": review, **values}
        page = environment("serve").get_template(template).render(given)
        return HTMLResponse(page, status)

    def error(self, request: Request, error: Exception) -> Response:
        """What went wrong, on a page with the search box; a fault of ours leaves a report."""
        values: dict[str, Any] = {"hint": getattr(error, "hint", ""), "caret": (), "lines": ()}
        given = request.query_params.multi_items()
        with contextlib.suppress(UsageError):
            values["asked"] = Asked.read(given)
        values.setdefault("asked", Asked(query=request.query_params.get("q", "")))
        if isinstance(error, HTTPException):
            told = error.detail if error.status_code != 404 else error.detail or "no such page"
            return self._page(request, "error.html", error.status_code, told=told, **values)
        if isinstance(error, QuerySyntaxError):
            values["caret"] = tuple(caret(error.query, error.column))
        if isinstance(error, PressclipError):
            first, *values["lines"] = str(error).split("\n")
            return self._page(request, "error.html", _status_of(error), told=first, **values)
        report = write_report(error)
        values["hint"] = f"report: {report}" if report else ""
        told = f"a fault in pressclip itself: {type(error).__name__}"
        return self._page(request, "error.html", 500, told=told, **values)


def make_app(desk: ServedDesk, names: list[str], review: BrowserReview | None) -> Starlette:
    """The application; it answers to the host names given, whatever leads to it."""
    pages = Pages(desk, review)

    def route(path: str, answer: Callable[[Request], Any], *, post: bool = False) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                made = answer(request)
                return made if isinstance(made, Response) else await made
            except CancelledError:  # the desk ends amid a long study
                return Response("the desk has ended", 503, media_type="text/plain")
            except Exception as error:  # noqa: BLE001 - the last door before the user
                return pages.error(request, error)

        return Route(path, endpoint, methods=["POST"] if post else ["GET"], name=path)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        if review is not None:
            review.settle()
        pages.studies.close()
        desk.close()

    async def unknown(request: Request, error: Exception) -> Response:
        return pages.error(request, error)

    return Starlette(
        routes=[
            route("/", pages.search),
            route("/counts/{facet}", pages.counts),
            route("/families", pages.families),
            route("/article/{id}", pages.article),
            route("/article/{id}/versions", pages.versions),
            route("/article/{id}/family", pages.family),
            route("/article/{id}/evidence", pages.evidence),
            route("/export/{style}", pages.export),
            route("/asset/{name}", pages.asset),
            route("/favicon.ico", lambda _: Response(status_code=204)),
            route("/enter", pages.enter),
            route("/review/{story}", pages.review_page),
            route("/review/{story}", pages.decide, post=True),
            route("/{verb}", pages.study),
            route("/{verb}/{style}", pages.study_file),
        ],
        middleware=[
            Middleware(Guarded),
            Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False),
        ],
        exception_handlers={404: unknown, 405: unknown},
        lifespan=lifespan,
    )


def _status_of(error: PressclipError) -> int:
    if isinstance(error, PostRefused):
        return 403
    if isinstance(error, WorkspaceBusy):
        return 409
    return 503 if isinstance(error, StorageError) else 400


def _number(text: str | None) -> int | None:
    """A version's number; raises `UsageError` for what is none."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise UsageError(f"no such version: {text}")
    return int(text)


async def _read_form(request: Request) -> list[tuple[str, str]]:
    """The pairs of a form as browsers send it; raises `UsageError` for a long one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            raise UsageError("the form is too long")
    return parse_qsl(body.decode("utf-8", "replace"), max_num_fields=100)
