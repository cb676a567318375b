"""A digest as plain text, Markdown, HTML or a mail; what outlets wrote acts in none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from search_cli.output.citing import markdown
from search_cli.output.references import IN_URLS
from search_cli.output.render import cells, hang, one_line
from search_cli.output.typeset import environment

if TYPE_CHECKING:
    from search_cli.view.digest_data import DigestItem, StoryDigest

WIDTH = 72


def as_text(digests: Sequence[StoryDigest]) -> str:
    """The digest for a terminal or a plain mail, in lines of at most 72 characters but for addresses."""
    return "\n".join(line for digest in digests for line in _text_lines(digest)).strip() + "\n"


def _text_lines(digest: StoryDigest) -> Iterator[str]:
    title = one_line(digest.title)
    yield from (title, "=" * min(cells(title), WIDTH), heading(digest), "")
    for item in digest.texts:
        yield from _wrapped(item.title, "* ")
        yield from _wrapped(_facts(item), "  ")
        yield from _wrapped(item.lead, "  ")
        for text in item.quotes:
            yield from _wrapped(text, "  > ")
        yield from ([f"  {item.url}"] if item.url else [])
        yield ""
    if digest.edited:
        yield from ("Edited", "------", "")
    for item in digest.edited:
        yield from _wrapped(item.title, "* ")
        yield from _wrapped(_facts(item), "  ")
        for line in item.changes:
            yield from _wrapped(line, "  - ")
        yield from ([f"  {item.url}"] if item.url else [])
        yield ""
    if digest.left:
        yield from (f"{digest.left} more, for the next digest.", "")


def as_markdown(digests: Sequence[StoryDigest]) -> str:
    """The digest in Markdown."""
    return "\n".join(line for digest in digests for line in _markdown_lines(digest)).strip() + "\n"


def _markdown_lines(digest: StoryDigest) -> Iterator[str]:
    yield from (f"## {markdown(digest.title)}", "", markdown(heading(digest)), "")
    for item in digest.texts:
        yield f"- **{_link(item)}** – {markdown(_facts(item))}"
        yield from ([f"  {markdown(item.lead)}"] if item.lead else [])
        yield from (f"  > {markdown(text)}" for text in item.quotes)
    if digest.edited:
        yield from ("", "### Edited", "")
    for item in digest.edited:
        yield f"- **{_link(item)}** – {markdown(_facts(item))}"
        yield from (f"  - {markdown(line)}" for line in item.changes)
    yield ""
    if digest.left:
        yield from (f"{digest.left} more, for the next digest.", "")


def as_html(digests: Sequence[StoryDigest]) -> str:
    """The digest as a page without scripts, pictures or anything from elsewhere; mail programs read it."""
    values = {"digests": digests, "heading": heading, "facts": _facts, "title": subject(digests)}
    return environment("mail").get_template("digest.html").render(values)


def as_mail(digests: Sequence[StoryDigest], *, to: str, sender: str, now: datetime) -> str:
    """A message (RFC 5322) with the plain text and the page, for `sendmail -t` and its like."""
    message = EmailMessage()
    message["Subject"] = subject(digests)
    for name, value in (("From", sender), ("To", to)):
        if value:
            message[name] = one_line(value)
    message["Date"] = format_datetime(now)
    message.set_content(as_text(digests), charset="utf-8", cte="quoted-printable")
    message.add_alternative(
        as_html(digests), subtype="html", charset="utf-8", cte="quoted-printable"
    )
    return message.as_string()


def subject(digests: Sequence[StoryDigest]) -> str:
    """`Balloon: 3 new texts, 1 edited article`."""
    told = "; ".join(f"{one_line(digest.title)}: {digest.summary}" for digest in digests)
    return told if len(told) <= 150 else f"{told[:149]}…"


def heading(digest: StoryDigest) -> str:
    """What there is, and since when."""
    return f"{digest.summary} since {digest.since}" if digest.since else digest.summary


def _facts(item: DigestItem) -> str:
    also = f"also {', '.join(item.others)}" if item.others else ""
    return " · ".join(filter(None, (item.outlet, item.when, item.language, also, item.id)))


def _wrapped(text: str, lead: str) -> Iterator[str]:
    if text:
        yield from hang(f"{lead}{text}", WIDTH, len(lead))


def _link(item: DigestItem) -> str:
    url = quote(item.url, safe=IN_URLS)
    return f"[{markdown(item.title)}]({url})" if url else markdown(item.title)
