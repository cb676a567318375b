# ruff: noqa: E501 (markup is a line)
"""Made-up outlets whose single pages do not tell all: what a page lacks, the outlet's other pages have.

Half of the outlets are there to look at, half to gate on: other names, languages, zones and templates. Of each the
first pages teach, the last ones are read; a plain outlet, whose pages tell everything, has nothing to gain.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from index.capture import Capture

LESSONS, PAGES = 8, 14  # pages that teach, and all
LOOK, GATE = "look", "gate"
START = datetime(2023, 2, 1, 10, 30, tzinfo=UTC)

NAMES = {
    LOOK: ("Mara Quill", "Joss Hale", "Ida Brook", "Tom Reed", "Ann Vale", "Lee Moss", "Kit Marsh"),
    GATE: (
        "Jonas Feld",
        "Petra Lind",
        "Ute Hagen",
        "Arne Voss",
        "Lena Brandt",
        "Karl Ohm",
        "Nora Stern",
    ),
}
TOPICS = {
    LOOK: (
        "ferry",
        "library",
        "bridge",
        "orchard",
        "railway",
        "lighthouse",
        "market",
        "mill",
        "quarry",
        "school",
        "well",
        "barn",
        "dam",
        "pier",
    ),
    GATE: (
        "Hafen",
        "Bahnhof",
        "Brunnen",
        "Kirchturm",
        "Marktplatz",
        "Museum",
        "Rathaus",
        "Schwimmbad",
        "Spielplatz",
        "Stadtwald",
        "Theater",
        "Tunnel",
        "Wehr",
        "Zoo",
    ),
}
TITLES = {
    LOOK: "The old {topic} of Elm Fork is opened again",
    GATE: "Nach langer Pause öffnet wieder: {topic} von Ulmen",
}
TEXTS = {
    LOOK: (
        "People in Elm Fork had waited for the {topic} for years, and on this morning some two hundred of them came to see it for themselves.",
        "The county paid for most of the work on the {topic}, and a farmer gave the rest, which he did not wish to speak about in public.",
        "Nobody could say how long the {topic} will stand this time. The last one fell into the river in the winter of the great flood.",
    ),
    GATE: (
        "Auf den {topic} hatten die Leute in Ulmen jahrelang gewartet, und an diesem Morgen kamen rund zweihundert, um selbst nachzusehen.",
        "Das meiste an der Arbeit für den {topic} hat der Kreis bezahlt, den Rest ein Bauer, der darüber öffentlich nicht sprechen wollte.",
        "Wie lange der {topic} diesmal hält, konnte niemand sagen. Der letzte fiel im Winter der großen Flut in den Fluss und wurde nie gefunden.",
    ),
}  # fmt: skip
ZONES = {LOOK: "America/Denver", GATE: "Europe/Berlin"}
LANGUAGES = {LOOK: "en", GATE: "de"}
SLOGANS = {
    LOOK: "All that moves between the river and the railway",
    GATE: "Was zwischen Fluss und Bahndamm alles geschieht",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HabitPage:
    """A made-up page, its capture and what is true of it; `moment` is in UTC, None if the page has none."""

    capture: Capture
    title: str
    authors: tuple[str, ...]
    day: date
    moment: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HabitOutlet:
    """A made-up outlet: which habit it is there for, the field that shows it, its pages in their order."""

    habit: str
    field: str
    pages: tuple[HabitPage, ...]


def habit_outlets(half: str) -> list[HabitOutlet]:
    """The outlets of one half."""
    return [
        HabitOutlet(
            habit=habit,
            field=field,
            pages=tuple(make(half, number) for number in range(PAGES)),
        )
        for habit, field, make in _HABITS
    ]


def _page(
    half: str,
    number: int,
    host: str,
    *,
    head: str = "",
    top: str = "",
    by: str = "",
    when: str = "",
    titled: str = "{title}",
    h1: str = "<h1>{title}</h1>",
    authors: tuple[str, ...] = (),
    charset: str = "utf-8",
    title: str = "",
    exact: bool = False,
    paragraphs: tuple[str, ...] = (),
) -> HabitPage:
    topic = TOPICS[half][number]
    title = title or TITLES[half].format(topic=topic)
    text = paragraphs or TEXTS[half]
    body = "".join(f"<p>{line.format(topic=topic)}</p>" for line in text)
    html = (
        f"<html lang={LANGUAGES[half]}><head><title>{titled.format(title=title)}</title>{head}</head>"
        f"<body class=site>{top}{h1.format(title=title)}{by}{when}{body}</body></html>"
    )
    moment = moment_of(number)
    return HabitPage(
        capture=Capture(
            url=f"https://{host}/{half}/a-page-of-this-outlet-{4711 + number}",
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=html.encode(charset),
            fetched=START + timedelta(days=300),
        ),
        title=title,
        authors=authors,
        day=moment.astimezone(ZoneInfo(ZONES[half])).date(),
        moment=moment if exact else None,
    )


def moment_of(number: int) -> datetime:
    """When the page of that number was published; the pages to be read on the first days of a month."""
    if number < LESSONS:
        return START + timedelta(days=3 * number, hours=number)
    return START.replace(month=3, day=number - LESSONS + 4) + timedelta(hours=number - LESSONS)


def _linked(number: int, author: str = "") -> str:
    """Linked data of the page: its date in UTC, and an author where one is given."""
    data: dict[str, object] = {
        "@type": "NewsArticle",
        "datePublished": f"{moment_of(number):%Y-%m-%dT%H:%M:%SZ}",
    }
    if author:
        data["author"] = {"@type": "Person", "name": author}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def _local(half: str, number: int) -> datetime:
    return moment_of(number).astimezone(ZoneInfo(ZONES[half]))


def _name(half: str, number: int) -> str:
    return NAMES[half][number % len(NAMES[half])]


def _slogan(half: str, number: int) -> HabitPage:
    """A slogan in every title; of the later pages no element shows the headline alone."""
    h1 = "<h1>{title}</h1>" if number < LESSONS else "<div>{title} (1)</div>"
    slogan = SLOGANS[half]
    return _page(
        half,
        number,
        f"slogan-{half}.com",
        head=_linked(number),
        titled=f"{{title}} – {slogan}",
        h1=h1,
    )


def _logo(half: str, number: int) -> HabitPage:
    """The slogan is an h1; the headline is below it, with the place before it."""
    logo = f"<h1>{SLOGANS[half]}</h1>"
    h1 = f"{logo}<h2>{{title}}</h2>"
    titled = "{title}" if number < LESSONS else SLOGANS[half]
    page = _page(half, number, f"logo-{half}.com", head=_linked(number), titled=titled, h1=h1)
    if number < LESSONS:
        return page
    meta = f"<meta name=twitter:title content='{page.title}'>"
    return _page(
        half, number, f"logo-{half}.com", head=_linked(number) + meta, titled=titled, h1=h1
    )


def _clock(half: str, number: int) -> HabitPage:
    """A visible time without a zone; the first pages also give it in UTC."""
    when = f"<p class=date>{_local(half, number):%Y-%m-%d %H:%M}</p>"
    head = _linked(number) if number < LESSONS else ""
    return _page(half, number, f"clock-{half}.com", head=head, when=when, exact=True)


def _order(half: str, number: int) -> HabitPage:
    """Dates of numbers the other way than country and language write them."""
    style = "%d/%m/%Y" if half == LOOK else "%m/%d/%Y"
    when = f"<p class=date>{_local(half, number):{style}}</p>"
    head = _linked(number) if number < LESSONS else ""
    return _page(half, number, f"order-{half}.com", head=head, when=when)


def _byline(half: str, number: int) -> HabitPage:
    """A name alone in an element that is called nothing of the kind; the first pages' markup names it too."""
    name = _name(half, number)
    head = _linked(number, name if number < LESSONS else "")
    return _page(
        half,
        number,
        f"byline-{half}.com",
        head=head,
        by=f"<div class='w-{half} k2'>{name}</div>",
        authors=(name,),
    )


def _account(half: str, number: int) -> HabitPage:
    """The markup names whoever put the page in; the later pages show nobody."""
    name, account = _name(half, number), "Rolf Redmann" if half == LOOK else "Ingo Import"
    by = f"<p class=byline>By {name}</p>" if number < LESSONS else ""
    authors = (name,) if number < LESSONS else ()
    return _page(
        half, number, f"account-{half}.com", head=_linked(number, account), by=by, authors=authors
    )


def _charset(half: str, number: int) -> HabitPage:
    """A charset that nobody declares; the later pages have a few letters of it only."""
    long = ("Přijeli v pátek večer a zůstali až do neděle, protože jim řekli, že stará loď už nikdy nevyjede na řeku.",
            "Starosta řekl, že město zaplatí opravu, a žádal všechny, aby psali, co viděli a kdy to viděli v přístavu.") if half == LOOK else (
            "Przyjechali w piątek wieczorem i zostali do niedzieli, ponieważ powiedziano im, że stary prom już nie wypłynie.",
            "Burmistrz powiedział, że miasto zapłaci za naprawę, i prosił wszystkich, żeby pisali, co widzieli w porcie.")  # fmt: skip
    name = "Dítě" if half == LOOK else "Żółw"
    title = f"{name} {4711 + number}: {TOPICS[half][number]} again, in another way"
    lines = (*long, TEXTS[LOOK][1]) if number < LESSONS else TEXTS[LOOK]
    charset = "cp1250" if half == LOOK else "iso8859-2"
    return _page(
        half,
        number,
        f"charset-{half}.com",
        head=_linked(number),
        charset=charset,
        title=title,
        paragraphs=lines,
    )


def _plain(half: str, number: int) -> HabitPage:
    """A page that tells everything itself."""
    name = _name(half, number)
    return _page(
        half, number, f"plain-{half}.com", head=_linked(number, name), titled="{title} | Plain Post",
        by=f"<p class=byline>By {name}</p>", authors=(name,), exact=True,
    )  # fmt: skip


_HABITS: tuple[tuple[str, str, Callable[[str, int], HabitPage]], ...] = (
    ("a slogan in the titles", "title", _slogan),
    ("a logo as h1", "title", _logo),
    ("a clock without zone", "moment", _clock),
    ("an order of dates", "day", _order),
    ("a place of bylines", "authors", _byline),
    ("an account as author", "authors", _account),
    ("a charset", "title", _charset),
    ("nothing: plain", "all", _plain),
)
