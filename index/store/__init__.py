"""The corpus in SQLite: captures, articles, versions, verdicts, labels, families, ledger, frontier, runs."""

from index.store.articles import ArticleStore, StoredArticle
from index.store.frontier import Candidate, Frontier
from index.store.hosts import Host, Hosts, SiteFile
from index.store.labels import Label
from index.store.ledger import Entry, Ledger, Run
from index.store.lists import ListPage, Lists, Span
from index.store.past import StoreAt
from index.store.rechecks import Recheck, Rechecks
from index.store.standings import Removal, Standing, Version

__all__ = [
    "ArticleStore",
    "Candidate",
    "Entry",
    "Frontier",
    "Host",
    "Hosts",
    "Label",
    "Ledger",
    "ListPage",
    "Lists",
    "Recheck",
    "Rechecks",
    "Removal",
    "Run",
    "SiteFile",
    "Span",
    "Standing",
    "StoreAt",
    "StoredArticle",
    "Version",
]
