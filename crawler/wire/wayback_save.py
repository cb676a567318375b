"""The Wayback Machine's Save Page Now, version 2 (SPN2): one request to save a page, one for its answer.

Stated limits (SPN2 API documentation): 7 captures a minute and 30,000 a day with keys, 3 and 200 without;
an answer is kept for an hour; a URL is captured five to ten times a day. Refusals come with status 200.
"""

from __future__ import annotations

import json
import os
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any, Literal
from urllib.parse import quote, urlencode

from crawler.wire.politeness import user_agent
from index.errors import UsageError
from index.workspace import Workspace
from index.workspace.addresses import is_private_url

KEYS = "PRESSCLIP_WAYBACK_KEYS"  # the environment's variable: ACCESS:SECRET
_MOST = 1 << 20
_JOB = re.compile(r"spn2-[0-9a-f]{8,64}")
_TIME = re.compile(r"\d{14}")
# What the service says of itself, or of us, not of the page.
_ITS_OWN = frozenset({
    "error:user-session-limit", "error:bandwidth-limit-exceeded", "error:max-daily-bandwidth-from-ip",
    "error:blocked-client-ip", "error:no-browsers-available", "error:celery", "error:unauthorized-user",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the service said.

    `asked`: it works on `job`. `saved`: `captured` and `address`. `refused`: this page, for `code`.
    `paused`: nothing for now, for `code`.
    """

    kind: Literal["asked", "saved", "refused", "paused"]
    job: str = ""
    captured: datetime | None = None
    address: str = ""
    code: str = ""


class SaveService:
    """The service of a workspace; `pace` is the least seconds between two captures, `daily` the most a day.

    Raises `UsageError` for keys that are none and for a private address that is not allowed.
    """

    def __init__(self, workspace: Workspace, *, timeout: float = 20.0) -> None:
        self._base = workspace.evidence.wayback_address
        if is_private_url(self._base) and not workspace.allow_private:
            hint = "allow_private = true in workspace.toml"
            raise UsageError(f"{self._base}: a private address", hint=hint)
        keys = os.environ.get(KEYS, "")
        if keys and not re.fullmatch(r"[!-9;-~]+:[!-~]+", keys):
            raise UsageError(f"${KEYS} is not ACCESS:SECRET")
        self.pace = 60 / 7 if keys else 60 / 3
        self.daily = 30_000 if keys else 200
        self._timeout = timeout
        self._headers = {
            "Accept": "application/json",
            "User-Agent": user_agent(workspace.contact),
            **({"Authorization": f"LOW {keys}"} if keys else {}),
        }

    def ask(self, url: str) -> Answer:
        """Ask for a page to be captured, unless it was within the last day."""
        wish = {"url": url, "if_not_archived_within": "1d", "skip_first_archive": "1"}
        return self._send("/save", urlencode(wish).encode("ascii"), url)

    def look(self, job: str, url: str) -> Answer:
        """What became of a request."""
        return self._send(f"/save/status/{quote(job)}", None, url, job=job)

    def _send(self, path: str, data: bytes | None, url: str, *, job: str = "") -> Answer:
        asked = urllib.request.Request(self._base + path, data=data, headers=self._headers)  # noqa: S310  # http(s) by workspace.toml
        try:
            with urllib.request.urlopen(asked, timeout=self._timeout) as answer:  # noqa: S310
                body = answer.read(_MOST)
        except urllib.error.HTTPError as error:
            with error:
                return Answer(kind="paused", code=f"http-{error.code}")
        except (urllib.error.URLError, HTTPException, OSError) as error:
            reason = " ".join(str(getattr(error, "reason", error)).split())[:80]
            return Answer(kind="paused", code=reason or type(error).__name__)
        return read_answer(body, url, base=self._base, job=job)


def read_answer(body: bytes, url: str, *, base: str, job: str = "") -> Answer:
    """An answer to a request for a page's capture (`url`), or to one for what became of `job`.

    Without keys the service may answer with its page for people, which has the job in it.
    """
    try:
        said: Any = json.loads(body)
    except ValueError:
        found = _JOB.search(body.decode("utf-8", "replace"))
        return Answer(kind="asked", job=found[0]) if found else _strange()
    if not isinstance(said, dict):
        return _strange()
    if said.get("status") == "success":
        return _saved(said, url, base)
    if code := said.get("status_ext") or (said.get("status") == "error" and "error"):
        kind: Literal["paused", "refused"] = "paused" if code in _ITS_OWN else "refused"
        return Answer(kind=kind, code=str(code)[:60])
    found_job = str(said.get("job_id") or job)
    return Answer(kind="asked", job=found_job[:100]) if found_job else _strange()


def _saved(said: dict[str, Any], url: str, base: str) -> Answer:
    stamp = str(said.get("timestamp", ""))
    if not _TIME.fullmatch(stamp):
        return _strange()
    original = str(said.get("original_url") or url)
    if not re.fullmatch(r"https?://[!-~]+", original):
        original = url
    try:
        captured = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return _strange()
    return Answer(kind="saved", captured=captured, address=f"{base}/web/{stamp}/{original}")


def _strange() -> Answer:
    return Answer(kind="paused", code="an answer that is none")
