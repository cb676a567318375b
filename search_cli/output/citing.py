"""Articles as references: Markdown here, BibTeX, RIS and CSL JSON by `references.py`; no text is markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from search_cli.output.moments import dated
from search_cli.output.reference import Names, copy_note, outlet_name, refer
from search_cli.output.references import IN_URLS, bibtex_entry, csl_item, ris_entry
from search_cli.output.render import clean, one_line, to_json

if TYPE_CHECKING:
    from index.store import StoredArticle

Citation = Literal["md", "bib", "ris", "csl"]
NO_NAMES: Names = MappingProxyType({})

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")


def cite(
    articles: Iterable[StoredArticle], style: Citation, zone: tzinfo, names: Names = NO_NAMES
) -> Iterator[str]:
    """The articles in a format of references, as pieces of text; `names` are those of outlets."""
    if style == "csl":
        yield from _csl_array(csl_item(refer(stored, zone, names)) for stored in articles)
    elif style == "md":
        yield from (markdown_item(stored, zone, names) for stored in articles)
    else:
        entry = bibtex_entry if style == "bib" else ris_entry
        yield from (entry(refer(stored, zone, names)) for stored in articles)


def markdown_item(
    stored: StoredArticle,
    zone: tzinfo,
    names: Names = NO_NAMES,
    *,
    more: str = "",
    quoted: str = "",
) -> str:
    """A line of a list: headline with link, outlet, time, authors; a quotation under it."""
    article = stored.article
    facts = (
        outlet_name(stored, names),
        dated(article, zone),
        article.language,
        ", ".join(article.authors),
        copy_note(stored, zone),
        more,
    )
    line = f"- {_link(stored)} – {markdown(' · '.join(filter(None, facts)))}\n"
    return line + (f"  > {markdown(quoted)}\n" if quoted else "")


def markdown_article(stored: StoredArticle, zone: tzinfo, names: Names = NO_NAMES) -> str:
    """An article whole: headline as a heading, its facts, its paragraphs."""
    article = stored.article
    facts = (
        outlet_name(stored, names),
        dated(article, zone),
        article.language,
        ", ".join(article.authors),
        stored.id,
        copy_note(stored, zone),
    )
    paragraphs = "\n\n".join(markdown(line) for line in article.text.split("\n") if line.strip())
    return f"## {_link(stored)}\n\n{markdown(' · '.join(filter(None, facts)))}\n\n{paragraphs}\n\n"


def markdown(text: str) -> str:
    """One line of text with the signs that Markdown or HTML would act on made harmless."""
    line = _MARKDOWN.sub(r"\\\1", one_line(text)).replace("&", "&amp;")
    return re.sub(r"^(\d+)([.)])|^([-+=])", r"\1\\\2\3" if line[:1].isdigit() else r"\\\3", line)


def _csl_array(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    opening = "[\n"
    for item in items:
        yield f"{opening}{to_json(item)}"
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def _link(stored: StoredArticle) -> str:
    url = clean(quote(stored.article.url, safe=IN_URLS))
    title = markdown(stored.article.title) or stored.id
    return f"[{title}]({url})" if url.startswith(("http://", "https://")) else title
