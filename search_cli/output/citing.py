"""Articles as references: Markdown, BibTeX, RIS and CSL JSON, with nothing in them that is markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlsplit

from search_cli.output.moments import dated, moment, published
from search_cli.output.render import clean, one_line, to_json

if TYPE_CHECKING:
    from index.store import StoredArticle

Citation = Literal["md", "bib", "ris", "csl"]
Names = Mapping[str, str]
"""What outlets are called, by their ids."""

NO_NAMES: Names = MappingProxyType({})

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "$": r"\$",
    "#": r"\#", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip
_TEX_SIGN = re.compile(r"[\\{}%&$#_^~]")
IN_URLS = "!#$%&'*+,/:;=?@~"  # what a URL is made of; brackets and spaces would end a link


def cite(
    articles: Iterable[StoredArticle], style: Citation, zone: tzinfo, names: Names = NO_NAMES
) -> Iterator[str]:
    """The articles in a format of references, as pieces of text; `names` are those of outlets."""
    if style == "csl":
        yield from _csl_array(csl_item(stored, zone, names) for stored in articles)
        return
    entry: dict[str, Callable[[StoredArticle, tzinfo, Names], str]] = {
        "md": markdown_item, "bib": bibtex_entry, "ris": ris_entry,
    }  # fmt: skip
    yield from (entry[style](stored, zone, names) for stored in articles)


def outlet_name(stored: StoredArticle, names: Names) -> str:
    """What the outlet is called: by outlets.toml, else by the page, else its id."""
    article = stored.article
    return names.get(article.outlet, "") or article.site_name or article.outlet


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
        _copy_note(stored, zone),
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
        _copy_note(stored, zone),
    )
    paragraphs = "\n\n".join(markdown(line) for line in article.text.split("\n") if line.strip())
    return f"## {_link(stored)}\n\n{markdown(' · '.join(filter(None, facts)))}\n\n{paragraphs}\n\n"


def markdown(text: str) -> str:
    """One line of text with the signs that Markdown or HTML would act on made harmless."""
    line = _MARKDOWN.sub(r"\\\1", one_line(text)).replace("&", "&amp;")
    return re.sub(r"^(\d+)([.)])|^([-+=])", r"\1\\\2\3" if line[:1].isdigit() else r"\\\3", line)


def bibtex_entry(stored: StoredArticle, zone: tzinfo, names: Names = NO_NAMES) -> str:
    """An `@article` of BibTeX and BibLaTeX, in UTF-8."""
    article = stored.article
    day = published(article, zone)[:10]
    values = {
        "title": f"{{{_tex(article.title)}}}",
        "author": " and ".join(_tex_name(name) for name in article.authors),
        "journal": _tex(outlet_name(stored, names)),
        "date": day,
        "year": day[:4],
        "url": clean(quote(article.canonical_url or article.url, safe=IN_URLS)),
        "urldate": moment(article.fetched, zone)[:10],
        "langid": article.language,
        "abstract": _tex(article.description),
        "note": " · ".join(
            filter(None, [f"pressclip {stored.id}", _tex(_copy_note(stored, zone))])
        ),
    }
    key = re.sub(r"[^A-Za-z0-9]", "", article.outlet) + day[:4] + stored.id
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in values.items() if value)
    return f"@article{{{key},\n{lines}}}\n\n"


def ris_entry(stored: StoredArticle, zone: tzinfo, names: Names = NO_NAMES) -> str:
    """A record of RIS, type NEWS; a line a value, each ended with CR and LF."""
    article = stored.article
    day = published(article, zone)[:10]
    lines = [
        ("TY", "NEWS"),
        ("ID", stored.id),
        ("TI", article.title),
        *(("AU", name) for name in article.authors),
        ("T2", outlet_name(stored, names)),
        ("PY", day[:4]),
        ("DA", day.replace("-", "/")),
        ("SE", article.section),
        ("LA", article.language),
        ("UR", article.canonical_url or article.url),
        ("Y2", moment(article.fetched, zone)[:10].replace("-", "/")),
        ("AB", article.description),
        ("AN", article.archive_source),
        ("N1", _copy_note(stored, zone)),
        *(("KW", tag) for tag in article.tags),
    ]
    told = "".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in lines if value)
    return f"{told}ER  - \r\n\r\n"


def csl_item(stored: StoredArticle, zone: tzinfo, names: Names = NO_NAMES) -> dict[str, Any]:
    """An item of CSL JSON (citationstyles.org), type `article-newspaper`.

    Names stay whole: where a family name stands differs between languages.
    """
    article = stored.article
    item: dict[str, Any] = {
        "id": stored.id,
        "type": "article-newspaper",
        "title": one_line(article.title),
        "author": [{"literal": one_line(name)} for name in article.authors],
        "container-title": one_line(outlet_name(stored, names)),
        "issued": _date_parts(published(article, zone)),
        "accessed": _date_parts(moment(article.fetched, zone)),
        "URL": clean(article.canonical_url or article.url),
        "language": article.language,
        "section": one_line(article.section),
        "abstract": one_line(article.description),
        "archive": urlsplit(article.archive_source).hostname or "",
        "archive_location": clean(article.archive_source),
    }
    return {key: value for key, value in item.items() if value}


def _copy_note(stored: StoredArticle, zone: tzinfo) -> str:
    """That the page was read as a copy out of an archive, and where that is; empty when it was not."""
    article = stored.article
    if not article.copy_of:
        return ""
    return (
        f"archived copy of {moment(article.captured, zone)[:10]}: {clean(article.archive_source)}"
    )


def _csl_array(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    opening = "[\n"
    for item in items:
        yield f"{opening}{to_json(item)}"
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def _date_parts(day: str) -> dict[str, Any]:
    """`2023-02-04 …` → date-parts of as many numbers as are known; empty for no date."""
    return {"date-parts": [[int(part) for part in day[:10].split("-")]]} if day else {}


def _link(stored: StoredArticle) -> str:
    url = clean(quote(stored.article.url, safe=IN_URLS))
    title = markdown(stored.article.title) or stored.id
    return f"[{title}]({url})" if url.startswith(("http://", "https://")) else title


def _tex(text: str) -> str:
    return _TEX_SIGN.sub(lambda sign: _TEX[sign[0]], one_line(text))


def _tex_name(name: str) -> str:
    """A name; in braces where BibTeX would see two in it."""
    shown = _tex(name)
    return f"{{{shown}}}" if re.search(r"(?i)\band\b|,", name) else shown
