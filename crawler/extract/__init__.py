"""From a captured page to an article record, or to the reason why it is none."""

from crawler.extract.explain import Explanation, explain
from crawler.extract.record import extract, extract_page
from crawler.extract.rejection import NotAnArticle

__all__ = ["Explanation", "NotAnArticle", "explain", "extract", "extract_page"]
