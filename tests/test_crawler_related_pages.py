"""One article of several pages: what leads to its parts and forms, what is joined, what never is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.extract import NotAnArticle, extract_page
from crawler.extract.body.continuation import FORM
from crawler.ingest.related_pages import MAX_PARTS, RelatedPage, assemble
from crawler.urls import canonical
from index.article import Article
from index.capture import ArchiveRef, Capture, Listing

ADDRESS = "https://prairie-courier.example/2023/02/04/the-long-flight-of-the-balloon"
TITLE = "The long flight of the balloon"
SUBJECTS = ("pilot", "farmer", "teacher", "sheriff", "mayor", "nurse", "grocer", "smith",
            "miller", "ranger", "sailor", "painter")  # fmt: skip


def paragraphs(number: int) -> str:
    who = SUBJECTS[number - 1]
    return "".join(
        f"<p>The {who} of Harrow Bend watched the balloon {what} and wrote down the hour in a {who}'s"
        f" diary, which this paper was allowed to read on the {number}th day after the flight.</p>"
        for what in ("rise over the river", "cross the northern fields", "vanish to the east")
    )


def page(
    number: int = 1, *, extra: str = "", head: str = "", url: str = "", channel: str = "part"
) -> Capture:
    body = (
        f'<html lang="en"><head><title>{TITLE}</title><meta property="og:type" content="article">{head}'
        f"</head><body><article><h1>{TITLE}</h1>{paragraphs(number)}</article>{extra}</body></html>"
    )
    address = url or (ADDRESS if number == 1 else f"{ADDRESS}?page={number}")
    return Capture(
        url=address, status=200, headers=(), body=body.encode(),
        fetched=datetime(2023, 2, 5, tzinfo=UTC),
        listing=Listing(channel="feed" if number == 1 and not url else channel, source=ADDRESS),
        ref=ArchiveRef(file="a.warc.gz", offset=number, length=1, digest="sha256:AB"),
    )  # fmt: skip


def pager(number: int, *, last: int = 12) -> str:
    if number == last:
        return ""
    return f'<div class="pager">{number} <a href="?page={number + 1}">{number + 1}</a></div>'


@pytest.mark.parametrize(
    ("head", "extra", "wanted"),
    [
        ('<link rel="next" href="?page=2">', "", f"{ADDRESS}?page=2"),
        (f'<link rel="next" href="{ADDRESS}/2/">', "", f"{ADDRESS}/2/"),
        ("", pager(1), f"{ADDRESS}?page=2"),
        ("", f'<p>Page 1 of 3 <a href="{ADDRESS}/page/2">Next</a></p>', f"{ADDRESS}/page/2"),
        ("", f'<ul><li>1<li><a href="{ADDRESS}-2">2</a></ul>', f"{ADDRESS}-2"),
        ('<link rel="next" href="/2023/02/05/another-article-of-ours">', "", ""),
        ('<link rel="next" href="https://elsewhere.example/a?page=2">', "", ""),
        ("", f'<div class="comments">1 <a href="{ADDRESS}?page=2">2</a></div>', ""),
        ("", f'<div>1 <a href="{ADDRESS}?cpage=2">2</a></div>', ""),
        ("", f'<div>1 <a href="{ADDRESS}/comment-page-2">2</a></div>', ""),
        ("", f'<p>See also <a href="{ADDRESS}?page=2">2</a></p>', ""),
        ("", pager(2), ""),
    ],
    ids=["rel", "rel-path", "pager", "words", "file", "next-article", "elsewhere", "comments",
         "comment-name", "comment-path", "no-pager", "not-the-next"],
)  # fmt: skip
def test_a_next_part_is_the_page_s_own_address_with_the_next_number(
    head: str, extra: str, wanted: str
) -> None:
    assert extract_page(page(head=head, extra=extra)).forms.next == wanted


def test_a_list_s_next_page_is_no_part() -> None:
    links = "".join(
        f"<h3><a href='/2023/02/0{n % 9 + 1}/story-{n}'>A headline of the day, number {n}</a></h3>"
        for n in range(30)
    )
    assert extract_page(page(extra=links + pager(1))).forms.next == ""


def test_parts_are_joined_with_their_places() -> None:
    first, rest = page(1, extra=pager(1)), [page(2, extra=pager(2)), page(3)]
    whole = assemble(first, rest)
    assert isinstance(whole.result, Article)
    article = whole.result
    assert whole.wants is None
    assert article.continues == ""
    assert article.text.count("\n\n") == 8
    assert [part.url for part in article.parts] == [f"{ADDRESS}?page=2", f"{ADDRESS}?page=3"]
    for part, who in zip(article.parts, ("farmer", "teacher"), strict=True):
        assert article.text[part.start :].startswith(f"The {who} of Harrow Bend")
        assert part.archive is not None
    assert Article.from_dict(article.to_dict()) == article


def test_what_is_missing_is_asked_for_and_named() -> None:
    whole = assemble(page(1, extra=pager(1)), [page(2, extra=pager(2))])
    assert whole.wants == RelatedPage(channel="part", url=f"{ADDRESS}?page=3")
    assert isinstance(whole.result, Article)
    assert whole.result.continues == f"{ADDRESS}?page=3"


def test_no_more_than_ten_pages_are_joined() -> None:
    rest = [page(number, extra=pager(number)) for number in range(2, MAX_PARTS + 1)]
    whole = assemble(page(1, extra=pager(1)), rest)
    assert isinstance(whole.result, Article)
    assert len(whole.result.parts) == MAX_PARTS - 1
    assert (whole.wants, whole.result.continues) == (None, f"{ADDRESS}?page=11")


def test_the_same_page_again_is_no_part() -> None:
    again = page(1, url=f"{ADDRESS}?page=2", extra=pager(2))
    whole = assemble(page(1, extra=pager(1)), [again])
    assert isinstance(whole.result, Article)
    assert (whole.result.parts, whole.wants, whole.result.continues) == ((), None, "")


SHELL = '<html><head><title>T</title><link rel="amphtml" href="/amp/flight"></head><body>{}</body></html>'


def test_an_amp_page_stands_in_for_a_page_that_fails() -> None:
    failed = Capture(
        url=ADDRESS, status=200, headers=(), fetched=datetime(2023, 2, 5, tzinfo=UTC),
        body=SHELL.format("<p>Please enable JavaScript.</p>").encode(),
    )  # fmt: skip
    alone = assemble(failed, [])
    assert isinstance(alone.result, NotAnArticle)
    form = "https://prairie-courier.example/amp/flight"
    assert alone.wants == RelatedPage(channel="amp", url=form)
    whole = assemble(failed, [page(1, url=form, channel="amp")])
    assert isinstance(whole.result, Article)
    assert (whole.result.url, whole.result.witnesses["text"]) == (ADDRESS, "amp")
    assert [part.url for part in whole.result.parts] == [form]
    assert whole.wants is None


def test_a_page_that_is_whole_asks_for_no_other_form() -> None:
    head = '<link rel="amphtml" href="/amp/flight">'
    printed = f'<a href="{ADDRESS}?print=1">Print</a>'
    whole = assemble(page(1, head=head, extra=printed), [])
    assert whole.wants is None


def test_a_teaser_is_completed_by_the_page_for_printing() -> None:
    said = '{"@type": "NewsArticle", "headline": "' + TITLE + '", "isAccessibleForFree": false}'
    text = (
        f'<html lang="en"><head><title>{TITLE}</title><script type="application/ld+json">{said}</script>'
        f"</head><body><h1>{TITLE}</h1><p>The pilot of Harrow Bend watched the balloon rise over the river"
        " on a cold morning in February, and wrote down the hour for those who would ask him later, as he"
        f' was sure that they would…</p><a href="{ADDRESS}/print">Print</a></body></html>'
    )
    cut = Capture(
        url=ADDRESS, status=200, headers=(), body=text.encode(),
        fetched=datetime(2023, 2, 5, tzinfo=UTC),
    )  # fmt: skip
    alone = assemble(cut, [])
    assert alone.wants == RelatedPage(channel="print", url=f"{ADDRESS}/print")
    whole = assemble(cut, [page(1, url=f"{ADDRESS}/print", channel="print")])
    assert isinstance(whole.result, Article)
    assert whole.result.witnesses["text"] == "print"
    assert "vanish to the east" in whole.result.text


AMP_ADDRESS = "https://prairie-courier.example/amp/2023/02/04/the-long-flight-of-the-balloon"


def form(mark: str, address: str, *, canonical: str = ADDRESS) -> Capture:
    """A form of the page, of other words than the page itself."""
    plain = page(2, url=address, head=f'<link rel="canonical" href="{canonical}">', channel="feed")
    return replace(plain, body=plain.body.replace(b"<html", f"<html {mark}".encode(), 1))


@pytest.mark.parametrize(
    ("mark", "address"), [("amp", AMP_ADDRESS), ("\u26a1", AMP_ADDRESS), ("", f"{ADDRESS}?print=1")]
)
def test_the_main_page_is_read_in_place_of_the_form_that_a_list_named(
    mark: str, address: str
) -> None:
    alone = assemble(form(mark, address), [])
    assert alone.wants == RelatedPage(channel="main", url=ADDRESS)
    assert isinstance(alone.result, Article)
    assert "farmer" in alone.result.text
    whole = assemble(form(mark, address), [page(1, url=ADDRESS, channel="main", extra=pager(1))])
    assert isinstance(whole.result, Article)
    assert ("pilot" in whole.result.text, "farmer" in whole.result.text) == (True, False)
    assert FORM not in whole.result.witnesses
    assert [part.url for part in whole.result.parts] == [ADDRESS]
    assert whole.wants == RelatedPage(channel="part", url=f"{ADDRESS}?page=2")


def test_a_form_stays_where_its_main_page_fails() -> None:
    failed = page(1, url=ADDRESS, channel="main")
    failed = replace(failed, body=SHELL.format("<p>Please enable JavaScript.</p>").encode())
    whole = assemble(form("amp", AMP_ADDRESS), [failed])
    assert isinstance(whole.result, Article)
    assert (whole.result.witnesses[FORM], whole.result.parts) == ("amp", ())
    assert whole.wants is None


def test_an_amp_page_that_names_no_other_is_the_main_page() -> None:
    alone = assemble(form("amp", ADDRESS), [])
    assert isinstance(alone.result, Article)
    assert (alone.wants, FORM in alone.result.witnesses) == (None, False)


@pytest.mark.parametrize(
    ("path", "extra", "own"),
    [
        ("/page/2", "", True),
        ("?page=2", "", True),
        ("/2/", pager(2).replace("?page=3", f"{ADDRESS}/3/"), True),
        ("-2", "", False),
        ("", "", True),
    ],
    ids=["word", "query", "number-that-leads-on", "number-alone", "first"],
)
def test_a_further_page_keeps_its_own_address(path: str, extra: str, own: bool) -> None:
    head = f'<link rel="canonical" href="{ADDRESS}">'
    address = f"{ADDRESS}{path}"
    read = extract_page(page(2, url=address, head=head, extra=extra)).result
    assert isinstance(read, Article)
    assert canonical(read.canonical_url) == canonical(address if own else ADDRESS)
