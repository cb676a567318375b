"""Direct quotations of an article: what is between the marks, who is said to have said it."""

from index.text.quotes.attribute import Quote, quotes_of

__all__ = ["Quote", "quotes_of"]
