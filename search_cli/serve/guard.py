"""What every answer says about itself, and which posts are taken: from this desk's own pages only."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

from index.errors import UsageError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # not "no-referrer": a browser would then post with `Origin: null`
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=()",
}


class Guarded:
    """An application whose every answer carries the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, and put the headers into the beginning of the answer."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_guarded if scope["type"] == "http" else send)


class PostRefused(UsageError):
    """A post that did not come from a page of this desk, or without its token."""


def cookie_name(request: Request) -> str:
    """Cookies are shared by all ports of a host: each desk has a name of its own."""
    return f"pressclip-{request.url.port or 80}"


def has_token(request: Request, token: str) -> bool:
    """Whether the browser was let in by the address that the terminal printed."""
    return secrets.compare_digest(request.cookies.get(cookie_name(request), ""), token)


def check_post(request: Request, token: str, given: str) -> None:
    """Raise `PostRefused` unless cookie and form both have the token and the post is of this site."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if site != "same-origin" or origin != own:
        raise PostRefused("this post did not come from a page of this desk; nothing was done")
    if not has_token(request, token) or not secrets.compare_digest(given, token):
        raise PostRefused(
            "this post has no valid token; nothing was done",
            hint="open the address that the terminal printed",
        )
