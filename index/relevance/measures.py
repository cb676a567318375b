"""What closeness comes to, and a few facts of an article that one by one and many at once need."""

from __future__ import annotations

from index.article import Article
from index.query.match import AnalysedArticle
from index.text.zones import NOT_STORY, sayings

# Closeness that counts as coverage without a hit (1: as half of the story's articles are). A text has
# words enough that others are hardly ever so close by chance; a headline and a lead have not.
CLOSE_TEXT, CLOSE_BRIEF = 0.42, 0.6
TITLE_LIKE = 0.5  # how like the story's headlines a headline is from which it is theirs
MORE = 0.5  # so much more closeness is needed where a headline is nothing like theirs
LESS, LIKE_FROM, LIKE_TO = 0.4, 0.4, 0.8  # and up to so much less as it grows like them
FAINT = 0.1  # closeness below which labels are not asked about what meets no query
FEW = 8  # articles from which a profile is trusted
# How much of the closeness is needed where the headline holds an anchor of the story, and where nothing does.
ANCHORED, UNANCHORED = 0.7, 1.8
HEADLESS = 0.5  # of a headline's likeness, where it has none of them

_TEXT = 40  # words from which it is a text


def is_brief(analysed: AnalysedArticle) -> bool:
    """Whether there is a headline and a lead, and no text."""
    return analysed.zones["text"].words < _TEXT


def beside_text(article: Article) -> str:
    """What is in captions and credits, line by line."""
    return "\n".join(saying for kind in NOT_STORY for saying in sayings(article, kind))
