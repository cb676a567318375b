"""References as BibTeX, RIS and CSL JSON, each with what proves it; nothing in them is markup."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any
from urllib.parse import quote

from index.text.person_names import PersonName
from search_cli.output.reference import Issued, Reference
from search_cli.output.render import clean, one_line

IN_URLS = "!#$%&'*+,/:;=?@~"  # what a URL is made of; brackets and spaces would end a link

_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "$": r"\$",
    "#": r"\#", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip
_TEX_SIGN = re.compile(r"[\\{}%&$#_^~]")


def bibtex_entry(one: Reference) -> str:
    """An `@article` of BibLaTeX, which BibTeX reads too, in UTF-8.

    `date` is of EDTF: `2023-02-04T21:14:00-05:00`, `2023-02-04`, and with `~` for a weak one.
    """
    values = {
        "title": f"{{{_tex(one.title)}}}",
        "author": " and ".join(map(_tex_name, one.authors)),
        "journal": _tex(one.outlet),
        "entrysubtype": "newspaper",
        "date": _edtf(one.issued),
        "year": one.issued.day[:4] if one.issued else "",
        "url": clean(quote(one.url, safe=IN_URLS)),
        "urldate": one.proof["captured"],
        "langid": one.language,
        "addendum": f"Archived at {_tex(one.copy)}" if one.copy else "",
        "abstract": _tex(one.abstract),
        "note": _tex(_proof_line(one)),
    }
    key = (
        re.sub(r"[^A-Za-z0-9]", "", one.outlet_id)
        + (one.issued.day[:4] if one.issued else "")
        + one.id
    )
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in values.items() if value)
    return f"@article{{{key},\n{lines}}}\n\n"


def ris_entry(one: Reference) -> str:
    """A record of RIS, type NEWS; a line a value, each ended with CR and LF.

    DA has no time in its fourth part, though RIS allows one: Zotero would read its hour as the day.
    """
    day = one.issued.day.replace("-", "/") if one.issued else ""
    weak = "/~" if one.issued and one.issued.weak and day.count("/") == 2 else ""
    lines = [
        ("TY", "NEWS"),
        ("ID", one.id),
        ("TI", one.title),
        *(("AU", name.turned) for name in one.authors),
        ("T2", one.outlet),
        ("PY", day[:4]),
        ("DA", day + weak),
        ("SE", one.section),
        ("LA", one.language),
        ("UR", one.url),
        ("Y2", one.proof["captured"][:10].replace("-", "/")),
        ("AB", one.abstract),
        ("DB", one.archive),
        ("AN", one.copy),
        ("CN", f"pressclip {one.id}"),
        ("N1", _proof_line(one)),
        *(("KW", tag) for tag in one.tags),
    ]
    told = "".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in lines if value)
    return f"{told}ER  - \r\n\r\n"


def csl_item(one: Reference) -> dict[str, Any]:
    """An item of CSL JSON 1.0.2 (citationstyles.org), type `article-newspaper`.

    `issued` knows days alone, so that `custom` has the exact times, and `note` what Zotero keeps.
    """
    accessed = one.accessed.astimezone(UTC)
    item: dict[str, Any] = {
        "id": one.id,
        "type": "article-newspaper",
        "title": one.title,
        "author": [csl_name(name) for name in one.authors],
        "container-title": one.outlet,
        "issued": csl_date(one.issued),
        "accessed": {"date-parts": [[accessed.year, accessed.month, accessed.day]]},
        "URL": one.url,
        "language": one.language,
        "section": one.section,
        "abstract": one.abstract,
        "archive": one.archive,
        "archive_location": one.copy,
        "call-number": f"pressclip {one.id}",
        "note": _proof_line(one),
        "custom": dict(one.proof),
    }
    return {key: value for key, value in item.items() if value}


def csl_name(name: PersonName) -> dict[str, str]:
    """A name of CSL JSON: in its parts, or `literal` where it has none."""
    if not name.family:
        return {"literal": name.whole}
    parts = {
        "family": name.family,
        "given": name.given,
        "dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {key: value for key, value in parts.items() if value}


def csl_date(issued: Issued | None) -> dict[str, Any]:
    """`2023-02-04` → date-parts of as many numbers as are known; empty for no date."""
    if issued is None:
        return {}
    return {"date-parts": [issued.parts], **({"circa": True} if issued.weak else {})}


def _proof_line(one: Reference) -> str:
    return " · ".join(f"{name} {value}" for name, value in one.proof.items())


def _edtf(issued: Issued | None) -> str:
    """The exact time where it falls on the outlet's day, or else the day; a time has no `~` in EDTF."""
    if issued is None:
        return ""
    if issued.exact.startswith(issued.day) and not issued.weak:
        return issued.exact
    return issued.day + ("~" if issued.weak else "")


def _tex(text: str) -> str:
    return _TEX_SIGN.sub(lambda sign: _TEX[sign[0]], one_line(text))


def _tex_name(name: PersonName) -> str:
    """Family first, as BibTeX parts it surely; in braces what has no parts, or would fall into two."""
    if not name.family or (name.turned == name.whole and "," not in name.whole):
        return f"{{{_tex(name.whole)}}}"
    family = " ".join(filter(None, (name.particle, name.family)))
    parts = [family, name.suffix, name.given] if name.suffix else [family, name.given]
    return ", ".join(
        f"{{{part}}}" if re.search(r"(?i)\band\b|,", part) else part for part in map(_tex, parts)
    )
