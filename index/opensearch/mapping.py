"""The fields of the indices in the cluster, and how their values are written."""

from __future__ import annotations

from index.fulltext.schema import LEAD_WEIGHT, TITLE_WEIGHT
from index.fulltext.searcher.rank import K1, B
from index.opensearch.client import Json

FORMAT = 1
"""Of the indices: raise it with any change of fields, tokens or weights; another one is refused."""

HOLE = "_"
"""What is at a position that has no root, and in a phrase where anything may stand. No token is it."""

LONGEST = 8000
"""Letters of a token or a name that count: a term of more than 32,766 bytes would be refused."""

WEIGHTS = {"text": 1, "lead": LEAD_WEIGHT, "title": TITLE_WEIGHT}
"""How often each zone is written into field `text`: so its words count as often, as BM25F has it."""

STEMMED = {"any": "stem", "title": "title_stem", "quote": "quote_stem"}
"""By zone of the query the field of roots; names have none."""

FIELDS = {
    "any": "text", "title": "title", "quote": "quote", "author": "author", "speaker": "speaker",
}  # fmt: skip
"""By zone of the query the field of tokens."""

NUMBERS = {
    "code": "long", "family": "long", "published": "long", "seen": "long", "moment": "long",
    "since": "long", "until": "long", "quarter": "integer", "version": "integer", "length": "integer",
}  # fmt: skip
NAMES = (
    "outlet", "lang", "section", "kind", "agency", "authors", "speakers", "stories", "is", "changed",
)  # fmt: skip

_WORDS = {
    "type": "text",
    "analyzer": "words",
    "similarity": "bm25f",
    "position_increment_gap": 1000,
}


def index_body(meta: Json, *, shards: int, replicas: int) -> Json:
    """Settings and mappings of an index; `meta` is what it says of itself."""
    bare = {**_WORDS, "norms": False}
    return {
        "settings": {
            "index": {
                "number_of_shards": shards,
                "number_of_replicas": replicas,
                "refresh_interval": "30s",
                "max_terms_count": 1_000_000,
                "max_regex_length": 20_000,
                "similarity": {"bm25f": {"type": "BM25", "k1": K1, "b": B}},
            },
            "analysis": {
                "tokenizer": {"blanks": {"type": "whitespace", "max_token_length": LONGEST}},
                "filter": {"holes": {"type": "stop", "stopwords": [HOLE]}},
                "analyzer": {
                    "words": {"type": "custom", "tokenizer": "blanks"},
                    "asked": {"type": "custom", "tokenizer": "blanks", "filter": ["holes"]},
                },
            },
        },
        "mappings": {
            "_meta": meta,
            "_source": {"enabled": False},  # the store is the source
            "dynamic": "strict",
            "properties": {
                "text": _WORDS,
                "stem": _WORDS,
                **dict.fromkeys(("title", "title_stem", "quote", "quote_stem"), bare),
                **dict.fromkeys(("author", "speaker", "capitals"), bare),
                **{name: {"type": kind} for name, kind in NUMBERS.items()},
                **{name: {"type": "keyword"} for name in (*NAMES, "keys")},
            },
        },
    }
