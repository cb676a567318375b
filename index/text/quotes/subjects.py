"""The subject of a cue beside a quotation: what is there for the speaker, as it is written."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from index.text.quotes.cues import (
    ARABIC_VERBS,
    CHINESE_PRONOUNS,
    CHINESE_VERBS,
    Cues,
    cues_of,
)

Kind = Literal["name", "pronoun", "role", "phrase"]

_PARTICLES = "de|da|do|dos|das|di|von|van|der|den|bin|ibn|al|el|la|le|du|del|of|y|e"
_CAPITAL = r"[^\W\d_a-zà-öø-ÿа-яё][\w’'.-]*"
_RUN = re.compile(rf"{_CAPITAL}(?:\s+(?:(?:{_PARTICLES})\s+)?{_CAPITAL})*")
_CUT_WORDS = (
    "in on at from to during who as while when after before that by with for this last"
    " au aux à dans lors sur qui que ce en durante este esta el ante para na no em nesta neste"
    " am im bei beim auf vor nach zu dem den dass nel в на во что"
    " monday tuesday wednesday thursday friday saturday sunday"
    " lundi mardi mercredi jeudi vendredi samedi dimanche"
)
_CUT = re.compile(
    rf"(?:\s+(?:{'|'.join(_CUT_WORDS.split())})(?=\s|$))|[,;:()\n“”„«»\"—–]|\.(?:\s|$)|[!?]",
    re.IGNORECASE,
)
# To whom it was said: "sagte Eva Muster der Zeitung", "dijo Reyes al diario", "a déclaré Mme Roy à la radio".
_MEDIUM = (
    r"\w*(?:zeitung|zeitungen|blatt|magazin|sender|agentur|portal|rundschau|anzeiger|kurier|fernsehen)(?:en|s|e)?"
    r"|Presse|Journalist\w*|Reporter\w*|dpa|AFP|Reuters|AP|ARD|ZDF"
)
_ADDRESSEE = re.compile(
    rf"\s+(?i:der|dieser|unserer|einer|dem|diesem|unserem|einem|den|gegenüber(?:\s+\w+)?)\s+"
    rf"(?:[„»“«\w][\w„»“«.-]*\s+){{0,2}}?(?i:{_MEDIUM})(?!\w)"
    r"|\s+(?:al|alla|allo|ao|aos|au|aux|a la|a los|a las|a un|a una|à la|à l[’']|à un|à une|à)\s+"
)
_TO_THEM = re.compile(
    rf"(?i)^(?:der|dieser|unserer|einer|dem|diesem)\s+(?:\S+\s+)?[„»“]?(?:{_MEDIUM})(?!\w)[“«”]?\s*"
)
_ABBREVIATED = re.compile(
    r"(?i)\b(mr|mrs|ms|dr|gen|brig|col|lt|maj|capt|adm|sen|rep|gov|prof|sra?|mme|m)\.\s"
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=\S)|(?<=[。！？])")
_PRO_DROP = frozenset({"es", "pt", "it"})  # "diz" alone is "he says"
_BEGINNING = 12  # characters within which "according to" begins a sentence
_LEAST, _MOST = 2, 80  # characters of a subject


class Subject(NamedTuple):
    """What stands for the speaker: its text, what kind of a thing it is, and the cue beside it."""

    text: str
    kind: Kind
    cue: str


def find_subject(before: str, after: str, language: str, ending: str) -> Subject | None:
    """The speaker beside a quotation, from the text before and after it in its paragraph.

    `ending` is the last sign within the quotation: after a full stop a new sentence may begin that
    is about something else. None if no cue tells.
    """
    if language in ("zh", "ja"):
        return _chinese(before, after)
    if language == "ar":
        return _arabic(before, after)
    cues = cues_of(language)
    if cues is None:
        return None
    after = _ABBREVIATED.sub(r"\1 ", after)
    before = _ABBREVIATED.sub(r"\1 ", before)
    return (
        _after(after, cues, ending, drops=language in _PRO_DROP)
        or _before(before, cues)
        or _sentence_before(before, cues)
    )


def _after(after: str, cues: Cues, ending: str, *, drops: bool) -> Subject | None:
    """`”, said Ann Reyes`, `”, Reyes said`, `”, according to the county`."""
    clause = re.split(r"[.!?](?:\s|$)", after, maxsplit=1)[0].strip(" ,;–—.")
    begins_anew = ending in ".!?" and after[:1].isspace() and clause[:1].isupper()
    if begins_anew and (ending == "." or not cues.verbs.search(clause[:60])):
        return None  # after a full stop within the marks a capital begins another sentence
    if cues.according and (found := cues.according.match(clause)):
        return _subject(clause[found.end() :], cues, found[0])
    verb = cues.verbs.search(clause)
    if verb is None or verb.start() > 90:
        return None
    left, right = _before_verb(clause[: verb.start()]), clause[verb.end() :]
    if left:
        return _subject(left, cues, verb[0], ends=True)
    inverted = re.search(r"-(il|elle)\b", verb[0])
    if inverted:
        return Subject(inverted[1], "pronoun", verb[0])
    if drops and not right.strip(" ,."):
        return Subject("", "pronoun", verb[0])
    return _subject(right, cues, verb[0])


def _sentence_before(before: str, cues: Cues) -> Subject | None:
    """`Reyes said that the road was closed. “`: who is reported in the sentence before it."""
    sentences = _SENTENCE.split(before.strip())
    if not sentences or sentences[-1][-1:] not in ".!?":
        return None
    verb = cues.verbs.search(sentences[-1])
    left = sentences[-1][: verb.start()].strip(" ,") if verb else ""
    return _subject(left, cues, verb[0], ends=True) if verb and left else None


def _before(before: str, cues: Cues) -> Subject | None:
    """`Ann Reyes said: “`, `As Reyes told reporters, “`, `According to the county, “`."""
    sentence = _SENTENCE.split(before)[-1]
    if not sentence.strip(" ,:"):
        return None
    verbs = list(cues.verbs.finditer(sentence))
    if verbs:
        verb = verbs[-1]
        left = _before_verb(sentence[: verb.start()])
        if left:
            return _subject(left, cues, verb[0], ends=True)
        return _subject(sentence[verb.end() :], cues, verb[0])
    found = cues.according.search(sentence) if cues.according else None
    if found and found.start() <= _BEGINNING:
        return _subject(sentence[found.end() :], cues, found[0])
    return None


def _before_verb(text: str) -> str:
    """What is before the verb; nothing if that is only to whom it was said."""
    left = text.strip(" ,")
    return "" if _TO_THEM.fullmatch(left) else left


def _subject(text: str, cues: Cues, cue: str, *, ends: bool = False) -> Subject | None:
    """The subject at the beginning of a text, or at its end where the cue is behind it."""
    text = text.strip()
    if ends:
        pieces = [piece for piece in re.split(r"[;:()“”„«»\"—–\n]", text) if piece.strip()]
        text = _apposition(pieces[-1].strip()) if pieces else ""
        head = re.match(r"(.+?)\s(?:of|from)\s(?:the|a|an)\s", text)
        text = head[1] if head and _RUN.search(head[1]) else text
    else:
        cut = _CUT.search(text)
        text = text[: cut.start()] if cut else text
        addressee = _ADDRESSEE.search(text)
        text = _TO_THEM.sub("", text[: addressee.start()] if addressee else text)
    text = text.strip(" ,.")
    if not _LEAST <= len(text) <= _MOST:
        return None
    words = text.split()
    last = words[-1].casefold() if ends else words[0].casefold()
    if last in cues.pronouns or text.casefold() in cues.pronouns:
        return Subject(last, "pronoun", cue)
    if name := _name_in(text, cues):
        return Subject(name, "name", cue)
    if len(words) <= 4 and cues.roles.fullmatch(words[-1]):
        return Subject(text, "role", cue)
    return Subject(" ".join(words[-6:]) if ends else " ".join(words[:6]), "phrase", cue)


def _apposition(text: str) -> str:
    """`Ann Reyes, the sheriff of the county,` → its head; else what is behind the last comma."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if (
        len(parts) > 1
        and _RUN.match(parts[0])
        and not _RUN.match(parts[-1])
        and len(parts[0].split()) > 1
    ):
        return parts[0]
    if len(parts) > 2 and _RUN.match(parts[-2]) and parts[-1].split()[0].islower():
        return parts[-2]
    return parts[-1] if parts else ""


def _name_in(text: str, cues: Cues) -> str:
    """The last name of a phrase without the titles before it; empty if there is none."""
    for run in reversed(list(_RUN.finditer(text))):
        whole = run[0].split()
        words = list(whole)
        while words and cues.roles.fullmatch(words[0]):
            words.pop(0)
        if "of" in words:
            words = words[: words.index("of")]
        if words and (len(words) != len(whole) or len(words) > 1 or run.start() or " " not in text):
            return " ".join(words)
    return ""


_CHINESE_SUBJECT = r"([^，。；：！？“”、\s]{1,30}?)"
_CHINESE_BEFORE = re.compile(
    rf"{_CHINESE_SUBJECT}(?:{CHINESE_VERBS})(?:[^，。；：“”]{{0,4}})[，：:,]?\s*$"
)
_CHINESE_AFTER = re.compile(rf"^[，,。]?\s*{_CHINESE_SUBJECT}(?:{CHINESE_VERBS})")
_CHINESE_WITHIN = re.compile(rf"(?<![^。\n]){_CHINESE_SUBJECT}(?:{CHINESE_VERBS})[，,：]")
_CHINESE_VERB = re.compile(CHINESE_VERBS)


def _chinese(before: str, after: str) -> Subject | None:
    sentence = _SENTENCE.split(before)[-1]
    found = _CHINESE_BEFORE.search(sentence) or _CHINESE_AFTER.match(after)
    if found is None and not sentence.strip():
        found = next(iter(reversed(list(_CHINESE_WITHIN.finditer(before)))), None)
    if found is None:
        return None
    text = found[1].strip()
    cue = _CHINESE_VERB.search(found[0][len(found[1]) :])
    text = re.sub(
        r"(?<=.{2})(?:[对對向给給跟][^，。]{1,8}|(?:在)?(?:接受)[^，。]{0,8}采?[访訪](?:时|時)?)$",
        "",
        text,
    )
    text = re.sub(
        r"(?:[周週][一二三四五六日]|\d+日|[当當]天|昨天|今天|[还還]|也|又|[则則]|[随隨][后後]|同[时時]|在.{1,12}[上中时時])+$",
        "",
        text,
    )
    if not text or text in CHINESE_PRONOUNS:
        return Subject(text or "他", "pronoun", cue[0] if cue else "")
    return Subject(text, "name", cue[0] if cue else "")


_ARABIC_CUE = re.compile(rf"(?<!\w){ARABIC_VERBS}(?!\w)")
_ARABIC_END = re.compile(
    r"[،:؛.«»\"“”]|\s(?:إن|أن|في|يوم|إنه|إنها|على|خلال|بقوله|بقولها|قائلا|قائلة|إلى|أمام"
    r"|ل(?:ل|ـ)?(?:صحيفة|إذاعة|قناة|وكالة|موقع|مجلة|تلفزيون|مراسل|راديو|برنامج|جريدة|صحفيين|صحافيين|صحافة"
    r"|مراسلين)\w*)(?=[\s:،«\"“]|$)"
)


def _arabic(before: str, after: str) -> Subject | None:
    sentence = re.split(r"[.؟!](?:\s|$)", before)[-1]
    cues = list(_ARABIC_CUE.finditer(sentence))
    rest = sentence[cues[-1].end() :] if cues else ""
    cue = cues[-1] if cues else _ARABIC_CUE.match(after.lstrip(" ،,"))
    if cue is None:
        earlier = re.split(r"[.؟!](?:\s|$)", before.strip().rstrip("."))[-1]
        told = _ARABIC_CUE.match(earlier.strip())
        if told is None or sentence.strip():
            return None
        cue, cues, rest = told, [told], earlier.strip()[told.end() :]
    if not cues:
        rest = after.lstrip(" ،,")[cue.end() :]
    end = _ARABIC_END.search(rest)
    text = (rest[: end.start()] if end else rest).strip()
    if not text or len(text) > _MOST:
        return Subject("", "pronoun", cue[0])
    return Subject(text, "name", cue[0])
