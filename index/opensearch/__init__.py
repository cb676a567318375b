"""A desk's articles in an OpenSearch cluster: for a corpus that has outgrown one machine's index.

    documents.py   an article → what is sent: our own tokens, roots beside them, columns
    push.py        follows the store by its numbered changes, as `index.fulltext.indexer` does
    translate.py   a query tree → a query of the cluster's; near.py for what is near what
    again.py       what such a query cannot say: more is asked for, and looked at again in the text
    answer.py      counts, hits, facets; scores.py: the same BM25F
    searcher.py    the reading side, an `index.fulltext.engine.Searcher`

Positions and forms are those of `index.text.analysis`: the cluster cuts at blanks and does no more.
"""
