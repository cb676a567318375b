"""What an outlet's pages have in common: pure functions on what each of them showed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from index.habits.clocks import find_zone
from index.habits.templates import find_change
from index.habits.titles import end_parts, fold_part, has_parts
from index.habits.values import Habits, Learned, Traits

NEWEST = 120  # pages of an outlet that are learned from
LEAST = 3  # pages that must show a habit, under different headlines
MOST_VALUES = 12
MOST = 0.8  # of the pages, for what an outlet has but one of
USUAL = 0.6  # for where its bylines stand
IN_HEADLINES = 0.2  # of the pages with a part of the titles, how many may have it in their h1
REPEATED = 0.5  # of the pages, for an h1 that is not a headline
ACCOUNT_PAGES = 5


def learn(pages: Sequence[tuple[datetime, Traits]], *, country: str = "") -> Habits:
    """The habits of an outlet by what its pages showed, oldest first; `country` (ISO 3166-1) is its own.

    After a change of its template only the pages since then count, where they are five or more.
    The result depends on the set of pages alone.
    """
    change = find_change([(at, traits.template) for at, traits in pages])
    all_of = [traits for _, traits in pages]
    if change is not None and change.after >= ACCOUNT_PAGES:
        of_now = [traits for at, traits in pages if at >= change.since]
    else:
        of_now = all_of
    return Habits(
        pages=len(all_of),
        name=_one(all_of, lambda traits: traits.name),
        title_parts=_title_parts(of_now),
        headings=_headings(of_now),
        sections=_several((traits.section,) for traits in all_of if traits.section),
        language=_one(all_of, lambda traits: traits.language, least=ACCOUNT_PAGES),
        charset=_one(of_now, lambda traits: traits.charset),
        zone=find_zone([one for traits in all_of for one in traits.offsets], country),
        date_order=_one(of_now, lambda traits: traits.order),
        bylines=_bylines(of_now),
        desks=_markup_names(of_now, are_shown=True),
        accounts=_markup_names(of_now, are_shown=False),
        template=change,
    )


def _one(
    pages: Sequence[Traits], value_of: Callable[[Traits], str], *, least: int = LEAST
) -> Learned | None:
    """The value that nearly all pages have which have any."""
    found = Counter(value for value in map(value_of, pages) if value)
    if not found:
        return None
    value, number = min(found.items(), key=lambda item: (-item[1], item[0]))
    if number < least or number < MOST * found.total():
        return None
    return Learned(value=value, pages=number, of=found.total())


def _several(pages: Iterable[Sequence[str]]) -> tuple[Learned, ...]:
    """The values of at least three pages, the most frequent first."""
    listed = [tuple(dict.fromkeys(values)) for values in pages]
    found = Counter(value for values in listed for value in values)
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Learned(value=value, pages=number, of=len(listed))
        for value, number in ranked[:MOST_VALUES]
        if number >= LEAST
    )


def _title_parts(pages: Sequence[Traits]) -> tuple[Learned, ...]:
    """What stands first or last in the titles of three pages, and in the headlines of next to none."""
    shown: dict[str, tuple[str, set[int], set[str]]] = {}
    titled = 0
    for number, traits in enumerate(pages):
        titled += any(map(has_parts, traits.titles))
        for part, rest in (pair for title in traits.titles for pair in end_parts(title)):
            if not (key := fold_part(part)):
                continue
            _, numbers, rests = shown.setdefault(key, (part.strip(), set(), set()))
            numbers.add(number)
            rests.add(fold_part(rest))
    found = [
        Learned(value=text, pages=len(numbers), of=titled)
        for key, (text, numbers, rests) in shown.items()
        if min(len(numbers), len(rests)) >= LEAST and _is_beside(key, numbers, pages)
    ]
    return tuple(sorted(found, key=lambda one: (-one.pages, one.value))[:MOST_VALUES])


def _is_beside(part: str, numbers: Iterable[int], pages: Sequence[Traits]) -> bool:
    """Whether a part of the titles belongs to none of their headlines, as far as a page has an h1.

    Where no page has one, it must be in nearly all titles: a story's name begins many headlines.
    """
    with_headline = [pages[number] for number in numbers if pages[number].headings]
    if not with_headline:
        return len(list(numbers)) >= MOST * len(pages)
    inside = sum(
        any(f" {part} " in f" {fold_part(heading)} " != f" {part} " for heading in traits.headings)
        for traits in with_headline
    )
    return inside <= IN_HEADLINES * len(with_headline)


def _headings(pages: Sequence[Traits]) -> tuple[Learned, ...]:
    """The h1 elements that stand on half of the pages, under different titles."""
    having = [traits for traits in pages if traits.headings]
    found = []
    for one in _several(traits.headings for traits in having):
        titles = {traits.titles[:1] for traits in having if one.value in traits.headings}
        if one.pages >= REPEATED * len(having) and len(titles) >= LEAST:
            found.append(one)
    return tuple(found)


def _bylines(pages: Sequence[Traits]) -> tuple[Learned, ...]:
    """The places where most of the pages that show their author show it; at most three."""
    having = [traits.signed for traits in pages if traits.signed]
    usual = [one for one in _several(having) if one.pages >= USUAL * len(having)]
    return tuple(usual[:3])


def _markup_names(pages: Sequence[Traits], *, are_shown: bool) -> tuple[Learned, ...]:
    """Names in the markup of most pages of which readers see none, or see other persons in their place.

    Not shown they are accounts, which put pages in; shown they are desks. Bylines name others beside both.
    """
    having = [traits for traits in pages if traits.named]
    found = []
    for one in _several(traits.named for traits in having):
        naming = [traits for traits in having if one.value in traits.named]
        seen = sum(one.value in traits.shown for traits in naming)
        others = {
            name
            for traits in naming
            if one.value not in traits.bylined
            for name in traits.bylined[:1]
        }
        if one.pages < max(ACCOUNT_PAGES, USUAL * len(having)):
            continue
        if are_shown and seen > IN_HEADLINES * len(naming) and len(others) >= LEAST:
            found.append(replace(one, of=len(having)))
        if not are_shown and seen <= IN_HEADLINES * len(naming) / 2 and len(others) > 1:
            found.append(replace(one, of=len(having)))
    return tuple(found)
