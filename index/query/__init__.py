"""The query language: text → an engine-neutral tree, errors with a caret.

What a tree means, for every engine and for `index.query.match`:

Zones. A Word, Phrase, Wildcard or Typo of zone `any` looks into three zones of an article, each on
its own: title, lead and text. `title` and `author` look into that zone alone (author: the names, one
after the other), `speaker` into the names of those who are quoted, and `quote` into what is within
one pair of quotation marks in the text. A phrase or a Near is within one zone; the parts of And
may lie anywhere. Zones are cut into positions by `index.text.analysis`, in the article's language.

Word      `terms_of_words(text)`. One token: it stands where the exact token is the same or, unless
          `exact` or in `author` and `speaker`, where the stem is `stem_word(text, language of the article)`.
          More slots (`spy-balloon`, 无人飞艇) are a Phrase.
Phrase    each slot fits at its offset from one position on; exact tokens, no stems.
Wildcard  `terms_of_pattern`: `*` is any run of letters, also none, within one exact token.
Typo      `terms_of_typo`: an exact token at most one edit away (one letter put in, left out,
          changed, or two neighbours swapped); parts of one or two letters stand as they are.
Near      `index.query.spans`: one match of each part, no two sharing their first or last word, all
          within `distance` words (neighbours are 1 apart); `ordered`: each after the one before.
Filter    equal to one value by `index.query.match.filter_key`; several of an article's own count each.
Period    `start <= date < end`; an article without that date never matches.
Not       every article of the corpus that the part does not match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.faces import load_on_demand

if TYPE_CHECKING:
    from index.query.leaves import MAX_DISTANCE
    from index.query.parser import MAX_CHARACTERS, MAX_DEPTH, MAX_TERMS, parse
    from index.query.tree import (
        CHANGES,
        FIELDS,
        FLAGS,
        And,
        Everything,
        Filter,
        Near,
        Node,
        Not,
        Or,
        Period,
        Phrase,
        Typo,
        Wildcard,
        Word,
        Zone,
        expand_collections,
        parts_of,
        rewrite,
        unparse,
        walk,
    )
else:
    __getattr__ = load_on_demand(
        __name__,
        {
            "leaves": "MAX_DISTANCE",
            "parser": "MAX_CHARACTERS MAX_DEPTH MAX_TERMS parse",
            "tree": (
                "CHANGES FIELDS FLAGS And Everything Filter Near Node Not Or Period Phrase Typo Wildcard"
                " Word Zone expand_collections parts_of rewrite unparse walk"
            ),
        },
    )

__all__ = [
    "CHANGES",
    "FIELDS",
    "FLAGS",
    "MAX_CHARACTERS",
    "MAX_DEPTH",
    "MAX_DISTANCE",
    "MAX_TERMS",
    "And",
    "Everything",
    "Filter",
    "Near",
    "Node",
    "Not",
    "Or",
    "Period",
    "Phrase",
    "Typo",
    "Wildcard",
    "Word",
    "Zone",
    "expand_collections",
    "parse",
    "parts_of",
    "rewrite",
    "unparse",
    "walk",
]
