"""XPath that asks each element for its attributes, answered in one walk that remembers what names said.

trafilatura finds boilerplate by some twenty such expressions a page. libxml2 calls Python for each
`re:test`, three times an element; pages name their elements with few names, over and over.

    .//*[self::div or self::p][re:test(@class, 'share|social') or @role='navigation']
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml.etree import XPath
from lxml.html import HtmlElement

Test = Callable[[str], bool]

NAMES = r"(@[\w-]+(?:\|@[\w-]+)?)"
SHIFTED = rf"(?:translate\(\s*{NAMES}\s*,\s*'(\w*)'\s*,\s*'(\w*)'\s*\)|{NAMES})"
TEXT = r"'([^']*)'"
TESTED = re.compile(rf"re:test\(\s*{NAMES}\s*,\s*{TEXT}\s*(?:,\s*'(i)'\s*)?\)")
FOUND = re.compile(rf"(contains|starts-with)\(\s*{SHIFTED}\s*,\s*{TEXT}\s*\)")
EQUAL = re.compile(rf"(@[\w-]+)\s*=\s*{TEXT}")
THERE = re.compile(r"(@[\w-]+)")
TAG = re.compile(r"self::([\w-]+)")
JOINED = re.compile(r"\sor\s")
FIRST_OF_ALL = re.compile(r"\((.*)\)\s*\[\s*1\s*\]", re.DOTALL)
ESCAPED = re.compile(r"\\[^\w]")
PLAIN = re.compile(r"[\w -]+")
KNOWN = 8_192
"""How many values of an attribute each predicate remembers its answer for."""


class NotQuickError(ValueError):
    """An expression that is not of this kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """What one attribute, or the first of two in the tag, must say; one of the tests is enough."""

    tests: tuple[tuple[str, Test], ...]
    pairs: tuple[tuple[str, str, Test], ...]

    def fits(self, element: HtmlElement) -> bool:
        """Whether an attribute of the element passes its test; one that is not there passes none."""
        get = element.get
        for name, test in self.tests:
            value = get(name)
            if value is not None and test(value):
                return True
        for one, other, test in self.pairs:
            value, second = get(one), get(other)
            if value is None or (second is not None and _is_before(element, other, one)):
                value = second
            if value is not None and test(value):
                return True
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickPath:
    """An expression of this kind; called as `XPath` is, it finds the same elements in the same order.

    `first` keeps the first element `of all`, or of `each` parent. `whole` is the expression itself,
    asked where a part of it that is not of this kind must decide.
    """

    tags: tuple[str, ...]
    predicates: tuple[Predicate, ...]
    first: str = ""
    whole: XPath | None = None

    def __call__(self, tree: HtmlElement) -> list[HtmlElement]:
        """The elements below `tree`, in page order."""
        found = self._find(tree)
        if self.whole is not None:
            return [] if next(found, None) is None else self.whole(tree)
        if self.first == "of all":
            return [one for one in [next(found, None)] if one is not None]
        if self.first == "of each":
            by_parent: dict[HtmlElement | None, HtmlElement] = {}
            for one in found:
                by_parent.setdefault(one.getparent(), one)
            return list(by_parent.values())
        return list(found)

    def _find(self, tree: HtmlElement) -> Iterator[HtmlElement]:
        found: Iterator[HtmlElement] = tree.iterdescendants(*self.tags)
        for predicate in self.predicates:
            found = filter(predicate.fits, found)
        return found


def quickened(path: XPath) -> XPath | QuickPath:
    """The expression as a `QuickPath`, itself where it is of another kind."""
    try:
        return quick_path(path)
    except NotQuickError:
        return path


def quick_path(whole: XPath) -> QuickPath:
    """Reads an expression; raises `NotQuickError` for one of another kind."""
    path, first = whole.path.strip(), ""
    if (match := FIRST_OF_ALL.fullmatch(path)) is not None:
        path, first = match[1].strip(), "of all"
    if not path.startswith(".//*"):
        raise NotQuickError(path)
    tags: tuple[str, ...] = ()
    predicates: list[Predicate] = []
    is_whole = True
    for text in _predicates(path.removeprefix(".//*")):
        choices = _choices(text)
        if first == "of each":
            raise NotQuickError(path)
        if choices == ["1"] and not first:
            first = "of each"
        elif all(map(TAG.fullmatch, choices)) and not tags and not predicates:
            tags = tuple(choice.removeprefix("self::") for choice in choices)
        elif (predicate := _predicate(choices)) is not None:
            predicates.append(predicate)
        else:
            is_whole = False
    if not predicates or (first and not is_whole):
        raise NotQuickError(path)
    return QuickPath(
        tags=tags or ("*",),
        predicates=tuple(predicates),
        first=first,
        whole=None if is_whole else whole,
    )


@dataclass(slots=True)
class _Alternatives:
    """The ways in which a value may pass: it has a plain text, it is one, a pattern, another test."""

    parts: list[str] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)

    def joined(self) -> Test:
        parts, tests = tuple(self.parts), tuple(self.tests)

        @lru_cache(maxsize=KNOWN)
        def test(value: str) -> bool:
            return any(part in value for part in parts) or any(one(value) for one in tests)

        return test


def _predicate(choices: list[str]) -> Predicate | None:
    """The choices by the attributes that they ask for; None if one is of another kind."""
    asked: dict[tuple[str, ...], _Alternatives] = {}
    for choice in choices:
        if not _add(choice, asked):
            return None
    tests = {names: some.joined() for names, some in asked.items()}
    single = tuple((names[0], test) for names, test in tests.items() if len(names) == 1)
    pairs = tuple((names[0], names[1], test) for names, test in tests.items() if len(names) == 2)
    return Predicate(tests=single, pairs=pairs)


def _add(choice: str, asked: dict[tuple[str, ...], _Alternatives]) -> bool:
    """Adds one choice; False if it is of another kind, or holds of what has no such attribute."""

    def of(names: str) -> _Alternatives:
        return asked.setdefault(tuple(names.replace("@", "").split("|")), _Alternatives())

    if match := TESTED.fullmatch(choice):
        pattern = re.compile(match[2], re.IGNORECASE if match[3] else 0)
        if pattern.search(""):
            return False
        branches = [] if match[3] or ESCAPED.search(match[2]) else _split(match[2], "|")
        of(match[1]).parts += filter(PLAIN.fullmatch, branches)
        rest = "|".join(one for one in branches if not PLAIN.fullmatch(one))
        search = re.compile(rest).search if branches else pattern.search
        if rest or not branches:
            of(match[1]).tests.append(lambda value: search(value) is not None)
    elif match := FOUND.fullmatch(choice):
        some, shift, text = (
            of(match[2] or match[5]),
            str.maketrans(match[3] or "", match[4] or ""),
            match[6],
        )
        if match[1] == "starts-with":
            some.tests.append(lambda value: value.translate(shift).startswith(text))
        elif shift:
            some.tests.append(lambda value: text in value.translate(shift))
        else:
            some.parts.append(text)
    elif match := EQUAL.fullmatch(choice):
        text = match[2]
        of(match[1]).tests.append(lambda value: value == text)
    elif match := THERE.fullmatch(choice):
        of(match[1]).parts.append("")
    else:
        return False
    return True


def _is_before(element: HtmlElement, one: str, other: str) -> bool:
    """Whether an attribute is before another in the tag."""
    names = element.keys()
    return bool(names.index(one) < names.index(other))


def _predicates(text: str) -> list[str]:
    """The predicates of a step, without their brackets; raises `NotQuickError` for anything else."""
    found: list[str] = []
    while text := text.strip():
        end = next((at for at, depth in _depths(text) if depth == 0), None)
        if text[0] != "[" or end is None:
            raise NotQuickError(text)
        found.append(text[1:end].strip())
        text = text[end + 1 :]
    return found


def _choices(predicate: str) -> list[str]:
    """What a predicate joins by `or`."""
    breaks = [at for at, depth in _depths(predicate) if depth == 0 and JOINED.match(predicate, at)]
    starts = [0, *(at + len(" or ") for at in breaks)]
    return [predicate[a:b].strip() for a, b in zip(starts, [*breaks, None], strict=True)]


def _split(pattern: str, sign: str) -> list[str]:
    """The parts of a pattern between signs that are in no bracket."""
    breaks = [at for at, depth in _depths(pattern) if depth == 0 and pattern[at] == sign]
    starts = [0, *(at + 1 for at in breaks)]
    return [pattern[a:b] for a, b in zip(starts, [*breaks, None], strict=True)]


def _depths(text: str) -> Iterator[tuple[int, int]]:
    """Each place outside of quoted text, and how many brackets are open behind it."""
    depth, quote = 0, ""
    for at, sign in enumerate(text):
        if quote or sign in "'\"":
            quote = "" if sign == quote else quote or sign
            continue
        depth += (sign in "[(") - (sign in ")]")
        yield at, depth
