"""The topics of `pressclip help`, which no single verb explains, and where their pages lie."""

from __future__ import annotations

from pathlib import Path

PAGES = Path(__file__).parent.parent / "help"
TOPICS = {
    "query": "the query language",
    "dates": "dates and periods in queries",
    "fields": "the fields of queries and of lists",
    "exit-codes": "what a command's exit status says",
    "files": "the files of a desk, and the environment",
}
