"""Names out of bylines: what is a person's name in `By Ana Ruiz and Bo Li | Updated 4 May`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.extract.dates.cldr_names import is_month
from crawler.extract.phrases import openings, phrases
from crawler.extract.text import fold, is_unspaced, one_line
from index.text.person_names import HAN_SURNAMES

NAME_LIMIT, HAN_LIMIT, RAW_LIMIT = 70, 8, 300
SOUTHERN_LIMIT = 40  # of names in Thai, Lao, Khmer and Burmese, which have a blank in them
HAN_STOP = re.compile("[。，！？的了在是]")
PREFIX = re.compile(
    rf"^\W*(?:by(?=by\b))?(?:{phrases('byline')})(?:\s*[:：]\s*|\s*[/／]\s*|\s+|(?<=[记記]者))",
    re.IGNORECASE,
)
STARTS = openings("byline")
TAIL = re.compile(rf"\s*(?:{phrases('byline_end')}).*$", re.IGNORECASE | re.DOTALL)
SPLIT = re.compile(
    r"\s*[;|•·\n、]\s*|\s*/\s+|(?<=\w)\s*/\s*(?=\w)|\s*,\s+|\s*，\s*"
    r"|\s+(?:and|und|et|y|e|og|och|en|&|with|mit|con|avec|и|та|και|ve|és|dan|və|și|şi|và)\s+"
    r"|(?<=[\u4e00-\u9fff]{2})\s*(?:和|与)\s*(?=[\u4e00-\u9fff]{2})",
    re.IGNORECASE,
)
# Words for `and` that are also short names and initials: only between two names of several words.
WEAK_AND = re.compile(r"(?<=\w\w)\s+(?:i|a|ja|in|ir|na|و)\s+(?=\w\w)")
HAN_PIECE = re.compile(r"[\u4e00-\u9fff·]+")
LAST_FIRST = re.compile(r"^([^\W\d_][\w’'-]+(?: [\w’'-]+)?), ([^\W\d_][\w’'.-]*(?: [\w’'.-]+)?)$")
OFFICE = re.compile(rf"^(?:{phrases('office')}|{phrases('office_modifier')})$", re.IGNORECASE)
COLLECTIVE = frozenset({"staff", "team", "desk", "newsroom", "bureau", "expert", "administrator"})
MODIFIER = re.compile(rf"^(?:{phrases('office_modifier')})$", re.IGNORECASE)
ORGANIZATION = re.compile(rf"(?<!\w)(?:{phrases('organization')})(?!\w)", re.IGNORECASE)
# Words for work and pages that are surnames too, behind a first name.
SURNAMES = frozenset(
    {"getty", "read", "home", "stand", "link", "live", "new", "bureau", "chief", "post"}
)
PLACE = re.compile(r"(?<=\w) in (?!d(?:er|en|em)\b)[A-Z][\w-]+(?:,? [A-Z][\w-]+)*$")
LEADING = re.compile(
    r"^(?:(?:[^\W\d_]+ ){1,3}(?:by|von|par|por|door|av)|(?i:about|über|sobre|à propos de)) (?=[A-ZÀ-Þ])"
)  # `A comment by`
HANDLE = re.compile(r"^[a-z][a-z0-9._-]*$")
SUFFIX = re.compile(
    r"\s+(?:기자|특파원|記者|记者|著|監訳|訳)$|(?<=[가-힣]{2})\s*기자$|\s*\([^)]*\)?$"
)
FOREIGN = re.compile(
    r"https?:|www\.|@|\d|[<>{}=_#:]|\.(?:com|net|org|de|uk|fr|es|it)\b", re.IGNORECASE
)
ROLES = re.compile(rf"\b(?:{phrases('role')})\b", re.IGNORECASE)
AGENCY = re.compile(rf"^(?:{phrases('agency')})$", re.IGNORECASE)
PARTICLES = frozenset(
    {"da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "el", "la", "le", "los",
     "ten", "ter", "van", "von", "y", "zu", "al", "bin", "ibn"}
)  # fmt: skip
ACRONYM = re.compile(r"[A-Z]{3,}\s")
SHARE = re.compile(rf"(?:{phrases('share')})", re.IGNORECASE)
RANK = re.compile(rf"(?:{phrases('rank')})", re.IGNORECASE)
CREDIT = re.compile(rf"(?<!\w)(?:{phrases('credit')})", re.IGNORECASE)


def split_names(raw: Iterable[str]) -> list[str]:
    """The names in some texts, in order and once each, without roles and departments.

    Beside a name of several words a single word is a place, a paper or a rank.
    """
    names: dict[str, str] = {}
    for text in raw:
        for part in _parts(one_line(text, RAW_LIMIT)):
            key = fold(part)
            if key and is_name(part):
                names.setdefault(key, part)
    persons = [name for name in names.values() if is_full_name(name) and _stands_beside(name)]
    return [name for name in names.values() if not persons or _stands_beside(name)]


def _stands_beside(name: str) -> bool:
    """Whether a name is one beside a person's full name: no rank, place or office with a paper's acronym."""
    if AGENCY.match(name) or is_unspaced(name):
        return True
    return len(name.split()) > 1 and not _has_acronym(name) and not name.split()[-1].islower()


def _has_acronym(name: str) -> bool:
    """Whether a name that is not all in capitals begins with an acronym: `CNN Supreme Court`."""
    return ACRONYM.match(name) is not None and not name.isupper()


def strip_prefix(text: str) -> str:
    """A byline without its `By`; the text as it was when there is none."""
    return PREFIX.sub("", text)


def is_name(text: str) -> bool:
    """Whether a text may be the name of a person or an agency: short, no address, no role."""
    words = text.split()
    if not (2 <= len(text) <= NAME_LIMIT and len(words) <= 6) or FOREIGN.search(text):
        return False
    if is_button(text) or (len(words) > 2 and _ends_low(words)):
        return False
    if is_unspaced(text) and (
        (len(text) > (HAN_LIMIT if text[0] >= "\u2e80" else SOUTHERN_LIMIT) and "・" not in text)
        or HAN_STOP.search(text)
    ):
        return False
    return bool(AGENCY.match(text)) or not ROLES.search(text) or _is_surname(words)


def is_button(text: str) -> bool:
    """Whether a text is only what a button beside a byline says: `Facebook`, `Drucken`."""
    return SHARE.fullmatch(text) is not None


def _ends_low(words: list[str]) -> bool:
    """Whether words end in a small letter as no name does: `Zuletzt geändert am`, but not `J. da silva`."""
    return words[0][0].isupper() and words[-1].islower() and words[-2].lower() not in PARTICLES


def _is_surname(words: list[str]) -> bool:
    """Whether the only word for work in a name is its last, and may be a surname: `Estelle Getty`."""
    return (
        len(words) > 1
        and words[-1].lower() in SURNAMES
        and all(word.istitle() for word in words)
        and not any(ROLES.search(word) or OFFICE.match(word) for word in words[:-1])
    )


def is_handle(name: str) -> bool:
    """Whether a name is that of an account, as `fhaacker` is, and not how a person is called."""
    return HANDLE.match(name) is not None


def is_organization(name: str) -> bool:
    """Whether a name holds a word that only firms, papers and offices have."""
    return ORGANIZATION.search(name) is not None or AGENCY.match(name) is not None


def is_full_name(name: str) -> bool:
    """Whether a name may be the whole name of a person: of several words, or in a script without blanks."""
    if is_unspaced(name):
        return 2 <= len(name.replace(" ", "")) <= HAN_LIMIT and not is_organization(name)
    return " " in name and not name[0].islower() and not is_organization(name)


def _parts(text: str) -> list[str]:
    if FOREIGN.match(text) or (CREDIT.search(text[:25]) and not PREFIX.match(text)):
        return []
    inner = LEADING.sub("", strip_prefix(strip_prefix(text)))
    if (cut := TAIL.search(inner)) is not None:
        inner = (
            _without_month(inner[: cut.start()])
            if cut[0].strip()[:1].isdigit()
            else inner[: cut.start()]
        )
    parts = [
        name
        for part in _split(inner)
        if part and not PREFIX.fullmatch(f"{part} ")
        for name in _pieces(_bare(part))
    ]
    full = [part for part in parts if len(part.split()) > 1 or is_unspaced(part)]
    return full or parts


def _split(text: str) -> list[str]:
    """The names of a list; `Quill, Mara; Reed, Tom` and `Quill, Mara` are turned to first name first."""
    groups = [group.strip() for group in text.split(";") if group.strip()]
    turned = [LAST_FIRST.match(group) for group in groups]
    several = len(groups) > 1
    if all(turned) and turned:
        pairs = [(match[1], match[2]) for match in turned if match]
        if all(_is_turned(last, first, several=several) for last, first in pairs):
            return [f"{first} {last}" for last, first in pairs]
    return [piece for part in SPLIT.split(text) if part for piece in _weakly_joined(part)]


def _is_turned(last: str, first: str, *, several: bool) -> bool:
    """Whether two parts stand last name first: two single words do, where no office is among them."""
    words = [*last.split(), *first.split()]
    if any(OFFICE.match(word) or ROLES.search(word) or is_organization(word) for word in words):
        return False
    return (several or len(last.split()) == len(first.split()) == 1) and all(
        word[0].isupper() for word in words
    )


def _weakly_joined(part: str) -> list[str]:
    sides = WEAK_AND.split(part)
    whole = all(len(side.split()) > 1 and side.split()[0].istitle() for side in sides)
    return sides if len(sides) > 1 and whole else [part]


def _pieces(name: str) -> list[str]:
    """Chinese names that only a blank parts; the blank in a name of two characters goes."""
    words = name.split()
    if len(words) < 2 or not all(map(HAN_PIECE.fullmatch, words)):
        return [name]
    if all(len(word) == 1 for word in words):
        return ["".join(words)]
    chinese = all(2 <= len(word) <= 4 and word[0] in HAN_SURNAMES for word in words)
    return words if chinese else [name]  # `大渡 美咲` is one Japanese name


def _is_work(word: str) -> bool:
    """Whether a word names what one person is; a staff, a team or a desk is many."""
    bare = word.strip(",.")
    if bare.lower() in COLLECTIVE or MODIFIER.match(bare):
        return False
    return OFFICE.match(bare) is not None


def _without_office(part: str) -> str:
    """`Jane Doe Staff Writer` and `Staff Writer Jane Doe` without the work; as it was if no name is left."""
    words = part.split()
    offices = [OFFICE.match(word.strip(",.")) is not None for word in words]
    if all(offices):
        return part if AGENCY.match(part) else ""
    behind = next((i for i in range(2, len(words)) if all(offices[i:])), len(words))
    if any(map(_is_work, words[behind:])):
        words, offices = words[:behind], offices[:behind]
    before = next((i for i, office in enumerate(offices) if not office), 0)
    if before and len(words) - before >= 2 and any(map(_is_work, words[:before])):
        words = words[before:]
    return " ".join(words)


def _without_rank(part: str) -> str:
    """A name without what is left behind it of a longer office: `Bruce Lee Senior`."""
    words = part.split()
    while len(words) > 2 and words[0][0].isupper() and RANK.fullmatch(words[-1]):
        words.pop()
    return " ".join(words)


def _without_month(text: str) -> str:
    """A byline cut before the number of a day or year, without the words that lead to it."""
    words = text.split()
    while words and (
        is_month(words[-1].strip(".,"))
        or words[-1].lower() in ("on", "am", "le", "el", "em", "il", "den")
    ):
        words.pop()
    return " ".join(words)


def _bare(part: str) -> str:
    part = strip_prefix(part).strip(" ,:;-–—\"'“”„«»()[]【】/&*‘")
    part = _without_office(PLACE.sub("", SUFFIX.sub("", part)).strip(" ,"))
    part = _without_rank(part)
    return part if re.search(r"\b[^\W\d_]\.$", part) else part.rstrip(".")
