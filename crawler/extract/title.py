"""The headline: a vote of the h1, Open Graph, JSON-LD, Twitter card and title element."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from urllib.parse import urlsplit

from crawler.extract.page import Page, element_text
from crawler.extract.page.linked_data import as_list, is_person, name_of
from crawler.extract.phrases import phrases
from crawler.extract.text import field_text, fold, is_unspaced, overlap, squeeze, tokens
from index.habits.values import NO_PRIORS, Priors

TITLE_LIMIT = 500
SEPARATOR = re.compile(
    r"\s+(?:[|\-–—·•»«:/~]|::|--)+\s+|\s*[|｜ㅣ_»]+\s*|(?<=[\u3040-\u9fff\uac00-\ud7af\w\"”’』」）)])\s?-{1,2}\s?(?=[\u3040-\u9fff\uac00-\ud7af])"
)
HOST = re.compile(r"^[\w-]+(?:\.[\w-]+)+$")
BYLINE = re.compile(rf"\W*(?:{phrases('byline')})(?:\s*[:：]|\s)", re.IGNORECASE)
VISIBLE = ("h1", "h2", "h3", "h4", "strong", "b", "td", "div", "span", "p", "font", "a")
SHOWN_TOKENS, SHOWN_HEADINGS, KICKER = 4, 12, 60  # of an h2 that shows the headline
LEAST_TOKENS, SURE_TOKENS, LONGEST_HEADING = 3, 4, 200
LONG_HEADLINE = 15  # signs; what is shorter in an h1 may be the site's name
AGREEMENT, RELATION = 0.5, 0.15
SECTION_LENGTH, SECTION_LENGTH_UNSPACED = 25, 9


def read_title(page: Page, known: Priors = NO_PRIORS, listed: str = "") -> tuple[str, str]:
    """The headline without the site's name, and the witness that won; ("", "") when there is none.

    `known` is what the outlet's titles have beside their headlines, `listed` what the list calls the page.
    """
    names = site_names(page)
    usual = frozenset(map(fold, known.headings))
    headings = [
        heading
        for heading in page.headings
        if fold(heading) not in usual and not is_site(heading, names)
    ]
    parts = frozenset(filter(None, map(fold, known.title_parts)))
    said = (*title_witnesses(page), ("listing", listed))
    witnesses = {source: text for source, raw in said if (text := cut_site(raw, names | parts))}
    told = {source: text for source, text in witnesses.items() if fold(text) not in parts}
    witnesses = told or witnesses
    heading, score = _best_heading(headings, witnesses)
    if shown := _shown_below(page, heading, witnesses):
        return shown, "og:title"
    if score >= AGREEMENT:
        return _without_kicker(heading, witnesses), "h1"
    if len(headings) == 1 and _is_headline(headings[0], score, names):
        return headings[0], "h1"
    if witnesses:
        source, text = next(iter(witnesses.items()))
        return _visible_part(page, text) or _without_sections(text), source
    return (headings[0], "h1") if headings else ("", "")


def _is_headline(heading: str, score: float, names: Collection[str]) -> bool:
    """Whether the only h1 of a page is its headline although its markup phrases it differently.

    A short one may name a section, one with the site's name the site.
    """
    if len(heading) >= LONGEST_HEADING:
        return False
    if score > RELATION:
        return len(tokens(heading)) >= LEAST_TOKENS
    return len(tokens(heading)) >= SURE_TOKENS and cut_site(heading, names) == heading


def site_names(page: Page) -> frozenset[str]:
    """Folded names the site gives itself: in its meta, its publisher node, its host name and its title."""
    named = [page.first("og:site_name"), page.first("application-name"), page.first("twitter:site")]
    publishers = (one for node in page.nodes[:20] for one in as_list(node.get("publisher")))
    named += [name_of(one) for one in publishers if not is_person(one)]  # a blog is its writer's
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    labels = [label for label in host.split(".") if len(label) > 3]
    return frozenset(filter(None, map(fold, [*named, host, *labels, *_title_tail(page)])))


def _title_tail(page: Page) -> list[str]:
    """What the title element has behind a headline that an h1 shows: `… | Harbour Gazette`."""
    parts = [part for _, part in _split(page.title)]
    shown = frozenset(map(fold, page.headings))
    heads = (end for end in range(len(parts) - 1, 0, -1) if fold(" ".join(parts[:end])) in shown)
    end = next(heads, len(parts))
    return parts[end:] if sum(map(len, parts[:end])) >= LONG_HEADLINE else []


def is_site(text: str, names: Collection[str]) -> bool:
    """Whether a text is only the name of the site."""
    folded = fold(text)
    squeezed = folded.replace(" ", "")
    return any(
        squeezed == name.replace(" ", "") or (len(squeezed) > 3 and overlap(folded, name) > 0.75)
        for name in names
    )


def cut_site(title: str, names: Collection[str]) -> str:
    """The title without segments at either end that are the site's name."""
    first, _, others = title.partition(" ")
    if (
        others and HOST.match(first) and is_site(first, names)
    ):  # `gazette.example Ferry stays ashore`
        title = others
    parts = _split(title)
    while len(parts) > 1 and is_site(parts[-1][1], names):
        parts.pop()
    while len(parts) > 1 and is_site(parts[0][1], names):
        parts.pop(0)
        parts[0] = ("", parts[0][1])
    head, colon, rest = _join(parts).partition(": ")
    return rest if colon and is_site(head, names) else f"{head}{colon}{rest}"


def title_witnesses(page: Page) -> Iterator[tuple[str, str]]:
    """What the page's markup calls its title, by source, the most trusted first; "" where it is silent."""
    headline = page.article.get("headline") or page.article.get("name")
    yield "og:title", page.first("og:title")
    yield "json-ld", field_text(headline, TITLE_LIMIT)
    yield "twitter:title", page.first("twitter:title")
    yield "microdata", field_text(page.item.get("headline"), TITLE_LIMIT)
    yield (
        "meta",
        page.first(
            "headline", "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "title"
        ),
    )
    yield "title", page.title


def _best_heading(headings: Collection[str], witnesses: Mapping[str, str]) -> tuple[str, float]:
    """The heading that agrees best with any witness, and how well (0 to 1)."""
    best, score = "", 0.0
    for heading in headings:
        agreed = max((_agreement(heading, other) for other in witnesses.values()), default=0.0)
        agreed *= 1.0 if len(tokens(heading)) >= 3 else 0.8
        if agreed > score:
            best, score = heading, agreed
    return best, score


def _agreement(heading: str, other: str) -> float:
    if is_unspaced(heading):
        one, two = fold(heading).replace(" ", ""), fold(other).replace(" ", "")
        if len(one) > 3 and (one in two or two in one):
            return 0.5 + min(len(one), len(two)) / max(len(one), len(two), 1) / 2
    return overlap(heading, other)


def _without_kicker(heading: str, witnesses: Mapping[str, str]) -> str:
    """The headline of an h1 that also holds a kicker before it or a second line after it.

    What colon or dash joins is one headline, unless two witnesses know it without.
    """
    whole = fold(heading)
    for text in witnesses.values():
        part = fold(text)
        if not len(whole) / 2 < len(part) < len(whole):
            continue
        agreed = sum(fold(other) == part for other in witnesses.values()) >= 2
        if whole.endswith(" " + part) and len(whole.removesuffix(part).split()) <= 4:
            joined = (
                heading[: max(0, len(heading) - len(text))].rstrip().endswith((":", "-", "–", "—"))
            )
            if not joined or (agreed and whole not in map(fold, witnesses.values())):
                return text
        rest = heading[len(text) :]
        glued = agreed and not SEPARATOR.match(rest)
        if whole.startswith(part + " ") and (glued or BYLINE.match(rest)):
            return text
    return heading


def _shown_below(page: Page, heading: str, witnesses: Mapping[str, str]) -> str:
    """What Open Graph calls the page, where an h2 shows it, alone or behind a kicker, and the h1 says else.

    The h1 of such pages is their title for search engines, and is not seen.
    """
    text = witnesses.get("og:title", "")
    key = squeeze(text)
    if len(tokens(text)) < SHOWN_TOKENS or key == squeeze(heading):
        return ""
    for element in islice(page.tree.iter("h2"), SHOWN_HEADINGS):
        shown = squeeze(element_text(element, TITLE_LIMIT))
        if shown.endswith(key) and len(shown) <= len(key) + KICKER:
            return text
    return ""


def _visible_part(page: Page, title: str) -> str:
    """The longest run of the title's segments that is in the page as an element's whole text."""
    parts = _split(title)
    if len(parts) < 2:
        return ""
    runs = [_join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)]
    wanted = {fold(run): run for run in runs if len(tokens(run)) >= 3}
    shown: set[str] = set()
    for element in page.tree.iter(*VISIBLE):
        if len(element) <= 3 and (text := element_text(element, TITLE_LIMIT)):
            shown.add(fold(text))
    found = [run for key, run in wanted.items() if key in shown]
    return max(found, key=len, default="")


def _without_sections(title: str) -> str:
    """The title without short trailing segments, which name a section or a site unknown to us."""
    parts = _split(title)
    while (
        len(parts) > 1
        and not _is_shouted(parts[0][1])
        and _is_section(parts[-1][1])
        and len(parts[-1][1]) < len(_join(parts[:-1]))
    ):
        parts.pop()
    while (
        len(parts) > 1
        and _is_section(parts[0][1])
        and _is_shouted(parts[0][1])
        and not _is_shouted(parts[1][1])
    ):
        parts.pop(0)
    return _join(parts)


def _is_shouted(segment: str) -> bool:
    """Whether a segment is in capitals; one in Chinese with a model's name in it is none."""
    return segment.isupper() and not is_unspaced(segment)


def _is_section(segment: str) -> bool:
    limit = SECTION_LENGTH_UNSPACED if is_unspaced(segment) else SECTION_LENGTH
    return len(segment) <= limit and len(segment.split()) <= 4


def _split(title: str) -> list[tuple[str, str]]:
    """(separator before, segment) of each segment of the title."""
    parts: list[tuple[str, str]] = []
    position, separator = 0, ""
    for match in SEPARATOR.finditer(title):
        if title[position : match.start()].strip():
            parts.append((separator, title[position : match.start()]))
            separator = match[0]
        position = match.end()
    rest = title[position:]
    return [*parts, (separator, rest)] if rest.strip() or not parts else parts


def _join(parts: list[tuple[str, str]]) -> str:
    return (
        "".join([parts[0][1], *(separator + text for separator, text in parts[1:])]).strip()
        if parts
        else ""
    )
