"""What a page says about its use: X-Robots-Tag, meta robots, and the TDM reservation.

Robots forms: https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag;
reservation: W3C TDMRep, https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from typing import Any

from crawler.lists.timestamps import parse_date
from index.article import Article
from index.capture import Capture
from index.workspace import OptOutPolicy

PRODUCT = "pressclip"
TDMREP_PATH = "/.well-known/tdmrep.json"
MAX_RULES = 1_000
TDM_RESERVED = "tdm-reserved"

HEAD_LIMIT = 100_000
_META = re.compile(r"<meta\s([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_AGENT_PREFIX = re.compile(r"\s*([A-Za-z][\w-]*)\s*:\s*(.*)", re.DOTALL)
_KNOWN = re.compile(
    r"\s*(?:all|none|no\w+|index(?:ifembedded)?|follow|archive|unavailable_after|max-[\w-]+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOuts:
    """The opt-outs of a page: False and None if it says nothing.

    `tdm_reserved` is None without a statement; `tdm_policy` the address of its terms.
    """

    noindex: bool = False
    noarchive: bool = False
    nofollow: bool = False
    nosnippet: bool = False
    unavailable_after: datetime | None = None
    tdm_reserved: bool | None = None
    tdm_policy: str = ""

    @property
    def robots(self) -> tuple[str, ...]:
        """The directives by name."""
        names = ("noindex", "noarchive", "nofollow", "nosnippet")
        return tuple(name for name in names if getattr(self, name))

    def withheld(self, policy: OptOutPolicy) -> str:
        """By which wish the page's body is not archived: `noarchive`, `tdm-reserved`; or empty."""
        return self.refused(policy) or ("noarchive" if self.noarchive else "")

    def refused(self, policy: OptOutPolicy) -> str:
        """By which wish nothing of the page is used: `noarchive`, `tdm-reserved`; or empty."""
        if self.tdm_reserved and policy.tdm == "obey":
            return TDM_RESERVED
        return "noarchive" if self.noarchive and policy.noarchive == "nothing" else ""

    def hidden(self, policy: OptOutPolicy, now: datetime) -> str:
        """By which wish an article is not in search: `noindex`, `expired`; or empty."""
        if policy.noindex == "search":
            return ""
        return "noindex" if self.noindex else "expired" if self.expired(now) else ""

    def expired(self, now: datetime) -> bool:
        """Whether the page asked to be gone by now."""
        return self.unavailable_after is not None and self.unavailable_after <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class TdmRule:
    """One line of a site's tdmrep.json: which paths, reserved or not, under which terms."""

    location: str
    reserved: bool
    policy: str = ""


def read_optouts(headers: Iterable[tuple[str, str]], body: bytes = b"") -> OptOuts:
    """What a response's headers and the meta elements of its HTML say to us. Never raises.

    Directives for other agents (`otherbot: noindex`, `<meta name="otherbot">`) are left out.
    """
    pairs = [(name.lower(), value) for name, value in headers]
    meta = list(_meta_elements(body[:HEAD_LIMIT].decode("utf-8", "replace")))
    directives = [
        found for name, value in pairs if name == "x-robots-tag" for found in _tagged(value)
    ]
    for name, content in meta:
        if name in ("robots", PRODUCT):
            directives += _split(content)
    return _opt_outs(directives, meta + pairs)


def optouts_of(capture: Capture) -> OptOuts:
    """The opt-outs of a captured page; where it says nothing of text mining, its site's tdmrep.json.

    A page's own statement goes before its header, and that before the site's file, as TDMRep has it.
    """
    found = read_optouts(capture.headers, capture.body)
    if found.tdm_reserved is not None or not capture.listing.reservation:
        return found
    reserved, _, policy = capture.listing.reservation.partition(" ")
    return replace(found, tdm_reserved=reserved == "1", tdm_policy=policy)


def optouts_of_article(article: Article) -> OptOuts:
    """The opt-outs that were recorded with an article."""
    return OptOuts(
        unavailable_after=article.unavailable_after,
        tdm_reserved=article.tdm_reserved,
        tdm_policy=article.tdm_policy,
        **dict.fromkeys(article.robots, True),
    )


def with_optouts(article: Article, optouts: OptOuts, policy: OptOutPolicy) -> Article:
    """The article with the opt-outs of its page, and with what follows from them for search."""
    return replace(
        article,
        robots=optouts.robots,
        unavailable_after=optouts.unavailable_after,
        tdm_reserved=optouts.tdm_reserved,
        tdm_policy=optouts.tdm_policy,
        withheld=optouts.hidden(policy, article.fetched),
    )


def reservation_of(rules: Sequence[TdmRule], path: str) -> str:
    """What a site's rules say of a path, as `Listing.reservation` carries it."""
    rule = tdm_rule_of(rules, path)
    return "" if rule is None else f"{int(rule.reserved)} {rule.policy}".strip()


def parse_tdmrep(body: bytes) -> tuple[TdmRule, ...]:
    """The rules of a site's `/.well-known/tdmrep.json`; none if it cannot be read."""
    try:
        data = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return ()
    listed = data if isinstance(data, list) else []
    rules = (_tdm_rule(entry) for entry in listed[:MAX_RULES] if isinstance(entry, dict))
    return tuple(rule for rule in rules if rule is not None)


def tdm_rule_of(rules: Sequence[TdmRule], path: str) -> TdmRule | None:
    """The first rule whose location (with `*` and a closing `$` as in robots.txt) has the path."""
    return next((rule for rule in rules if _location(rule.location).match(path)), None)


def _meta_elements(head: str) -> Iterator[tuple[str, str]]:
    for element in _META.finditer(head):
        attributes = {
            found[1].lower(): unescape(found[2] or found[3] or found[4] or "")
            for found in _ATTRIBUTE.finditer(element[1])
        }
        yield attributes.get("name", "").strip().lower(), attributes.get("content", "")


def _tagged(value: str) -> Iterator[str]:
    """The directives of one X-Robots-Tag that are for everybody or for us."""
    agent = ""
    for directive in _split(value):
        named = _AGENT_PREFIX.match(directive)
        if named and named[1].lower() not in _VALUED:
            agent, directive = named[1].lower(), named[2]
        if agent in ("", "*", PRODUCT):
            yield directive


def _split(value: str) -> list[str]:
    """The directives of a list; a comma inside a date (`Sat, 01 Jan 2028`) does not part it."""
    parts: list[str] = []
    for part in value[:5000].split(","):
        is_date = parts and "unavailable_after" in parts[-1].lower()
        if is_date and not _KNOWN.match(part) and not _AGENT_PREFIX.match(part):
            parts[-1] += f",{part}"
        else:
            parts.append(part)
    return parts


def _opt_outs(directives: Sequence[str], pairs: Sequence[tuple[str, str]]) -> OptOuts:
    words = {directive.strip().lower() for directive in directives}
    none = "none" in words
    reserved = _first(pairs, "tdm-reservation")
    return OptOuts(
        noindex=none or "noindex" in words,
        nofollow=none or "nofollow" in words,
        noarchive=not words.isdisjoint({"noarchive", "nocache"}),
        nosnippet="nosnippet" in words,
        unavailable_after=next(filter(None, map(_expiry, directives)), None),
        tdm_reserved={"1": True, "0": False}.get(reserved),
        tdm_policy=_first(pairs, "tdm-policy")[:2048],
    )


def _expiry(directive: str) -> datetime | None:
    name, _, date = directive.partition(":")
    return parse_date(date) if name.strip().lower() == "unavailable_after" else None


def _first(pairs: Sequence[tuple[str, str]], name: str) -> str:
    return next((value.strip() for key, value in pairs if key == name), "")


def _tdm_rule(entry: dict[str, Any]) -> TdmRule | None:
    location, policy = entry.get("location"), entry.get("tdm-policy")
    if not isinstance(location, str) or entry.get("tdm-reservation") not in (0, 1, "0", "1"):
        return None
    return TdmRule(
        location=location[:2048],
        reserved=str(entry["tdm-reservation"]) == "1",
        policy=policy[:2048] if isinstance(policy, str) else "",
    )


def _location(location: str) -> re.Pattern[str]:
    pattern = ".*?".join(re.escape(part) for part in location.rstrip("$").split("*"))
    return re.compile(f"{pattern}$" if location.endswith("$") else pattern)
