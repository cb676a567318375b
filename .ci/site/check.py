"""What `zensical build --strict` does not see: pages in no menu, and addresses of other machines."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILT = ROOT / ".ci" / "site" / "html"
NAMED = re.compile(r"[\w/-]+\.md")
FETCHED = re.compile(
    r"<(?:script|img|iframe|source)\b[^>]*\bsrc=[\"']?(https?:)?//[^>]*>"
    r"|<link\b(?=[^>]*rel=[\"']?(?:stylesheet|preconnect|preload|icon))[^>]*href=[\"']?(https?:)?//[^>]*>",
    re.IGNORECASE,
)


def faults() -> Iterator[str]:
    """One line for each fault."""
    docs = ROOT / "docs"
    menus = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:")[2]
    named = set(NAMED.findall(menus))
    pages = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
    yield from (f"docs/{page} is in no menu of mkdocs.yml" for page in sorted(pages - named))
    yield from (f"mkdocs.yml names {page}, which is not there" for page in sorted(named - pages))
    built = sorted(BUILT.rglob("*.html"))
    if len(built) < len(pages):
        yield f"{len(built)} pages were built of {len(pages)}"
    for path in built:
        for found in FETCHED.finditer(path.read_text("utf-8")):
            yield f"{path.relative_to(BUILT)} fetches {found[0]}"


if __name__ == "__main__":
    found = list(faults())
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.exit(bool(found))
