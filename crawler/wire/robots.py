"""robots.txt as RFC 9309 has it: what its absence means, and what its rules allow us.

The rules are Protego's. It matches user agents more loosely than the RFC (anywhere in our name,
`press` for `pressclip`); `_plain_agents` makes that exact. `docs/decisions.md` has the counts.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from protego import Protego

from crawler.urls import clean
from index.workspace import RobotsForbidden

# RFC 9309, 2.5: a crawler reads at least 500 KiB and may ignore the rest.
ROBOTS_LIMIT = 500 * 1024
MAX_CRAWL_DELAY = 120.0
MAX_SITEMAPS = 500
FORBIDDEN = (401, 403)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    # Half a mark, as broken editors leave it; Google's parser skips it too.
    (codecs.BOM_UTF8[:2], "utf-8"),
    (codecs.BOM_UTF8[:1], "utf-8"),
)
_AGENT_LINE = re.compile(
    r"^[ \t]*user[- ]?agent[ \t]*(?::[ \t]*|[ \t]+)(?P<value>[^\r\n#]*)",
    re.IGNORECASE | re.MULTILINE,
)
_TOKEN = re.compile(r"[A-Za-z_-]+")
_OTHER_LINE_ENDS = re.compile("[\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRules:
    """What a host's robots.txt means for us.

    `reason` says why the whole host is closed, whatever the URL, and `code` in the ledger's word; the
    reason is empty when the rules decide.
    `sitemap_lines` are the addresses as written.
    """

    rules: Protego | None = None
    reason: str = ""
    code: str = "robots-unreachable"
    sitemap_lines: tuple[str, ...] = ()

    def allowed(self, url: str, agent: str) -> bool:
        """Whether a user agent (`pressclip/1.0 (+contact)`: its first word counts) may fetch."""
        return not self.refusal(url, agent)

    def refusal(self, url: str, agent: str) -> str:
        """Why the agent may not fetch the URL, in words; empty when it may."""
        if self.reason or self.rules is None:
            return self.reason
        if not self.rules.can_fetch(url, _key(agent)):
            return "robots.txt disallows it"
        wanted = self._pause(agent) or 0.0
        if wanted > MAX_CRAWL_DELAY:
            return f"robots.txt asks for {wanted:g} s between requests, over {MAX_CRAWL_DELAY:g}"
        return ""

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds between requests that the host asks for, at most 120; None if it asks for none."""
        wanted = self._pause(agent)
        return None if wanted is None else min(wanted, MAX_CRAWL_DELAY)

    def sitemaps(self, robots_url: str) -> tuple[str, ...]:
        """The sitemaps it names, resolved against its own address, each once."""
        urls = (clean(line, robots_url) for line in self.sitemap_lines)
        return tuple(dict.fromkeys(filter(None, urls)))[:MAX_SITEMAPS]

    def _pause(self, agent: str) -> float | None:
        if self.rules is None:
            return None
        delay, rate = self.rules.crawl_delay(_key(agent)), self.rules.request_rate(_key(agent))
        pauses = [float(delay)] if delay is not None else []
        pauses += [rate.seconds / rate.requests] if rate is not None else []
        return max(pauses, default=None)


def rules_of(
    status: int | None, body: bytes, error: str = "", *, forbidden: RobotsForbidden = "open"
) -> RobotsRules:
    """The rules that follow from an answer to a request for /robots.txt; never raises.

    `status` is None when there was no answer (time-out, no such host): the host is closed
    (RFC 9309, 2.3.1.4), as for 5xx. 429 closes it too: who asks for less gets none. Other 4xx
    and redirects that led nowhere leave it open (2.3.1.3); of 401 and 403 `forbidden` decides.
    """
    if status is None:
        return RobotsRules(reason=f"robots.txt could not be fetched: {error or 'no answer'}"[:200])
    if status >= 500 or status == 429 or status < 200:
        return RobotsRules(reason=f"robots.txt answered {status}")
    if status in FORBIDDEN and forbidden == "closed":
        return RobotsRules(reason=f"robots.txt answered {status}, and robots_forbidden is closed")
    if status >= 300:
        return RobotsRules()
    return parse_robots(body)


def parse_robots(body: bytes) -> RobotsRules:
    """The rules in a robots.txt; only its first 500 KiB count."""
    if len(body) > ROBOTS_LIMIT:  # half a line (`Disallow: /` of `/private`) must not count
        body = body[:ROBOTS_LIMIT].rpartition(b"\n")[0]
    text = _OTHER_LINE_ENDS.sub(" ", _decode(body))
    rules = Protego.parse(_AGENT_LINE.sub(_plain_agents, text))
    return RobotsRules(rules=rules, sitemap_lines=tuple(rules.sitemaps))


def _decode(body: bytes) -> str:
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace")
    return body.decode("utf-8", "replace")


def _plain_agents(line: re.Match[str]) -> str:
    """The user-agent line with its product token closed by `;`, which no token contains.

    So `press;` does not match our `pressclip;`, and `Foo Bar 1.0` is `Foo` (RFC 9309, 2.2.1).
    """
    value = line["value"].strip()
    if value == "*" or value.startswith(("* ", "*\t")):
        return "User-agent: *"
    token = _TOKEN.match(value)
    return f"User-agent: {token[0] if token else ''};"


def _key(agent: str) -> str:
    token = _TOKEN.match(agent.strip())
    return f"{token[0] if token else agent.strip()};"
