"""Four search engines under one interface: build, add, ask. Only what a newsroom's search needs."""

from __future__ import annotations

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from bench.made_up.articles import FIRST_DAY, OUTLETS, make_articles
from index.article import isoformat
from index.store import Store, StoredArticle, StoreWriter

TOP = 10
SOME_OUTLETS = OUTLETS[:20]
FIRST, LAST = FIRST_DAY + timedelta(days=20), FIRST_DAY + timedelta(days=50)


@dataclass(frozen=True, slots=True)
class Question:
    """A query of one kind, by its words."""

    kind: str
    words: Sequence[str]


class Engine(ABC):
    """An index in a folder; every `ask` counts all hits exactly and fetches ten of them."""

    limits: ClassVar[frozenset[str]] = frozenset()
    """Kinds of queries that it cannot answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self, first: int, count: int) -> None:  # noqa: B027
        """Lay out what `build` reads, unmeasured."""

    def keep(self, articles: Sequence[StoredArticle]) -> None:  # noqa: B027
        """Put the texts where snippets come from, unmeasured."""

    @abstractmethod
    def build(self, articles: Sequence[StoredArticle]) -> None:
        """Index the articles; called several times, and then `finish`."""

    @abstractmethod
    def finish(self) -> None:
        """Make everything durable and searchable."""

    @abstractmethod
    def open(self) -> None:
        """Open for searching."""

    @abstractmethod
    def ask(self, question: Question) -> int:
        """Answer; returns how many articles match."""

    def size(self) -> int:
        """Bytes on the disk."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


class Pressclip(Engine):
    """The real path: the store in SQLite, the index beside it, the corpus over both."""

    def prepare(self, first: int, count: int) -> None:
        """Put articles into the store, by SQL, since recording each would take far longer."""
        data = self.folder / "data"
        for name in ("workspace.toml", "outlets.toml"):
            (self.folder / name).touch()
        with StoreWriter.open(data / "pressclip.db"):
            pass
        connection = sqlite3.connect(data / "pressclip.db")
        with connection:
            for start in range(first, first + count, 1000):
                _insert(connection, make_articles(min(1000, first + count - start), start))
        connection.close()

    def build(self, articles: Sequence[StoredArticle]) -> None:
        """The articles are in the store already."""

    def finish(self) -> None:
        from index.fulltext.indexer import update_index

        with Store.open(self.folder / "data" / "pressclip.db") as store:
            update_index(store, self.folder / "data" / "index")

    def size(self) -> int:
        return sum(path.stat().st_size for path in (self.folder / "data" / "index").rglob("*"))

    def open(self) -> None:
        from index.corpus import open_corpus

        self.corpus = open_corpus(self.folder)

    def ask(self, question: Question) -> int:
        words = question.words
        query = {
            "phrase": f'"{" ".join(words)}"',
            "phrase, frequent": f'"{" ".join(words)}"',
            "near": " NEAR/8 ".join(words),
            "prefix": f"{words[0]}*",
            "typo": f"{words[0]}~",
        }.get(question.kind, " ".join(words))
        if question.kind == "term + outlet + dates":
            period = f"{FIRST:%Y-%m-%d}..{LAST - timedelta(days=1):%Y-%m-%d}"
            query += f" outlet:{','.join(SOME_OUTLETS)} date:{period}"
        hits = self.corpus.search(query, limit=TOP)
        if question.kind == "facets: outlet, day":
            hits.facets("outlet", "day")
        if question.kind == "ten snippets":
            assert all(hit.snippet.text for hit in hits)
        return hits.total


class _Others(Engine):
    """What the other engines share: the articles' texts in a file of their own, for the snippets."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.texts = sqlite3.connect(folder / "texts.db")
        self.texts.execute("CREATE TABLE IF NOT EXISTS texts (id TEXT PRIMARY KEY, text TEXT)")

    def size(self) -> int:
        return super().size() - (self.folder / "texts.db").stat().st_size

    def keep(self, articles: Sequence[StoredArticle]) -> None:
        rows = [(stored.id, stored.article.text) for stored in articles]
        self.texts.executemany("INSERT INTO texts VALUES (?, ?)", rows)
        self.texts.commit()

    def text(self, identity: str) -> str:
        row = self.texts.execute("SELECT text FROM texts WHERE id = ?", (identity,)).fetchone()
        return str(row[0])


class Whoosh(_Others):
    """Stock Whoosh: StemmingAnalyzer, columns for filters and facets, one commit."""

    limits = frozenset({"near"})
    _writer: Any = None

    def build(self, articles: Sequence[StoredArticle]) -> None:
        if self._writer is None:
            self._writer = self._open_or_create().writer(limitmb=256)
        for stored in articles:
            self._writer.add_document(
                id=stored.id,
                title=stored.article.title,
                text=f"{stored.article.description} {stored.article.text}",
                outlet=stored.article.outlet,
                day=_day(stored),
            )

    def finish(self) -> None:
        self._writer.commit()

    def open(self) -> None:
        from whoosh.qparser.default import MultifieldParser

        index: Any = self._open_or_create()
        self.searcher = index.searcher()
        self.parser = MultifieldParser(["title", "text"], index.schema)

    def ask(self, question: Question) -> int:
        from whoosh.query.compound import And, Or
        from whoosh.query.ranges import TermRange
        from whoosh.query.terms import FuzzyTerm, Term
        from whoosh.sorting import FieldFacet

        words = question.words
        query: Any = self.parser.parse(
            {
                "phrase": f'"{" ".join(words)}"',
                "phrase, frequent": f'"{" ".join(words)}"',
                "prefix": f"{words[0]}*",
            }.get(question.kind, " ".join(words))
        )
        if question.kind == "typo":
            query = Or([FuzzyTerm(field, words[0]) for field in ("title", "text")])
        if question.kind == "term + outlet + dates":
            outlets = Or([Term("outlet", name) for name in SOME_OUTLETS])
            query = And(
                [query, outlets, TermRange("day", f"{FIRST:%F}", f"{LAST:%F}", endexcl=True)]
            )
        if question.kind == "facets: outlet, day":
            grouping = [FieldFacet("outlet"), FieldFacet("day")]
            results = self.searcher.search(
                query,
                limit=TOP,
                groupedby={str(place): item for place, item in enumerate(grouping)},
            )
            assert (results.groups("0") and results.groups("1")) or not results
        else:
            results = self.searcher.search(query, limit=TOP)
        hits = [(hit["id"], hit["title"]) for hit in results]
        if question.kind == "ten snippets":
            for hit in results:
                hit.highlights("text", text=self.text(hit["id"]))
        return len(results) if hits else 0

    def _open_or_create(self) -> Any:
        import whoosh.analysis
        from whoosh.fields import ID, TEXT, Schema
        from whoosh.index import create_in, exists_in, open_dir

        place = str(self.folder / "index")
        if exists_in(place):
            return open_dir(place)
        Path(place).mkdir()
        analysis: Any = whoosh.analysis
        analyzer = analysis.StemmingAnalyzer()
        return create_in(
            place,
            Schema(
                id=ID(unique=True, stored=True),
                title=TEXT(analyzer=analyzer, stored=True),
                text=TEXT(analyzer=analyzer),
                outlet=ID(sortable=True),
                day=ID(sortable=True),
            ),
        )


class Fts5(_Others):
    """SQLite FTS5 with the Porter tokenizer; metadata in a table beside it."""

    limits = frozenset({"typo"})

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.db = sqlite3.connect(folder / "fts.db")

    def build(self, articles: Sequence[StoredArticle]) -> None:
        self.db.executescript(
            "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (title, text, content='',"
            " tokenize='porter unicode61', prefix='4');"
            "CREATE TABLE IF NOT EXISTS articles (n INTEGER PRIMARY KEY, id TEXT, title TEXT, outlet TEXT,"
            " day TEXT); BEGIN"
        )
        for stored in articles:
            article = stored.article
            row = stored.id, article.title, article.outlet, _day(stored)
            number = self.db.execute(
                "INSERT INTO articles (id, title, outlet, day) VALUES (?, ?, ?, ?)", row
            ).lastrowid
            self.db.execute(
                "INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)",
                (number, article.title, f"{article.description} {article.text}"),
            )
        self.db.commit()

    def finish(self) -> None:
        self.db.execute("PRAGMA wal_checkpoint")

    def open(self) -> None:
        self.db.execute("SELECT count(*) FROM articles").fetchone()

    def ask(self, question: Question) -> int:
        quoted = [f'"{word}"' for word in question.words]
        query = {
            "phrase": f'"{" ".join(question.words)}"',
            "phrase, frequent": f'"{" ".join(question.words)}"',
            "near": f"NEAR({' '.join(quoted)}, 7)",
            "prefix": f"{quoted[0]}*",
        }.get(question.kind, " ".join(quoted))
        tables = "words JOIN articles ON n = words.rowid WHERE words MATCH ?"
        values: list[str] = [query]
        if question.kind == "term + outlet + dates":
            marks = ",".join("?" * len(SOME_OUTLETS))
            tables += f" AND outlet IN ({marks}) AND day >= ? AND day < ?"
            values += [*SOME_OUTLETS, f"{FIRST:%F}", f"{LAST:%F}"]
        count = self.db.execute(f"SELECT count(*) FROM {tables}", values).fetchone()[0]
        rows = self.db.execute(
            f"SELECT id, articles.title FROM {tables} ORDER BY bm25(words) LIMIT {TOP}", values
        ).fetchall()
        if question.kind == "facets: outlet, day":
            for column in ("outlet", "day"):
                self.db.execute(
                    f"SELECT {column}, count(*) FROM {tables} GROUP BY 1", values
                ).fetchall()
        if question.kind == "ten snippets":
            for identity, _ in rows:  # a contentless table has no snippet(): cut at the first word
                text = self.text(identity)
                place = max(0, text.find(question.words[0]) - 80)
                assert text[place : place + 240]
        return int(count)


class Tantivy(_Others):
    """tantivy with its English stemmer, fast fields for filters and facets."""

    _writer: Any = None

    def build(self, articles: Sequence[StoredArticle]) -> None:
        import tantivy

        if self._writer is None:
            self._writer = self._index().writer(128_000_000, 1)
        for stored in articles:
            article = stored.article
            self._writer.add_document(
                tantivy.Document(
                    id=stored.id,
                    title=article.title,
                    text=f"{article.description} {article.text}",
                    outlet=article.outlet,
                    day=(article.published or stored.first_seen).toordinal(),
                )
            )

    def finish(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()

    def open(self) -> None:
        self.index = self._index()
        self.searcher = self.index.searcher()

    def ask(self, question: Question) -> int:
        import tantivy

        make, schema, words = tantivy.Query, self.index.schema, question.words
        match question.kind:
            case "phrase" | "phrase, frequent":
                query = self.index.parse_query(f'"{" ".join(words)}"', ["title", "text"])
            case "near":
                query = self.index.parse_query(f'"{" ".join(words)}"~7', ["title", "text"])
            case "prefix":
                query = make.regex_query(schema, "text", f"{words[0]}.*")
            case "typo":
                query = make.fuzzy_term_query(schema, "text", words[0], distance=1)
            case _:
                text = " ".join(f"+{word}" for word in words)
                query = self.index.parse_query(text, ["title", "text"])
        must = tantivy.Occur.Must
        if question.kind == "term + outlet + dates":
            outlets = make.term_set_query(schema, "outlet", list(SOME_OUTLETS))
            kind, first, last = tantivy.FieldType.Integer, FIRST.toordinal(), LAST.toordinal()
            days = make.range_query(schema, "day", kind, first, last, True, False)
            query = make.boolean_query([(must, query), (must, outlets), (must, days)])
        results = self.searcher.search(query, TOP, count=True)
        hits = [self.searcher.doc(address) for _, address in results.hits]
        if question.kind == "facets: outlet, day":
            wanted = {name: {"terms": {"field": name, "size": 500}} for name in ("outlet", "day")}
            assert self.searcher.aggregate(query, wanted)
        if question.kind == "ten snippets":
            generator = tantivy.SnippetGenerator.create(self.searcher, query, schema, "title")
            for hit in hits:
                generator.snippet_from_doc(hit)
                assert self.text(hit["id"][0])
        return int(results.count or 0)

    def _index(self) -> Any:
        import tantivy

        place = self.folder / "index"
        place.mkdir(exist_ok=True)
        build = tantivy.SchemaBuilder()
        build.add_text_field("id", stored=True, tokenizer_name="raw")
        build.add_text_field("title", stored=True, tokenizer_name="en_stem")
        build.add_text_field("text", tokenizer_name="en_stem")
        build.add_text_field("outlet", fast=True, tokenizer_name="raw")
        build.add_integer_field("day", indexed=True, fast=True)
        return tantivy.Index(build.build(), path=str(place))


ENGINES: dict[str, type[Engine]] = {
    "pressclip": Pressclip,
    "whoosh": Whoosh,
    "fts5": Fts5,
    "tantivy": Tantivy,
}


def _day(stored: StoredArticle) -> str:
    return f"{stored.article.published or stored.first_seen:%F}"


def _insert(connection: sqlite3.Connection, articles: Iterable[StoredArticle]) -> None:
    for stored in articles:
        record = stored.article.to_dict()
        text = record.pop("text")
        fetched = isoformat(stored.article.fetched)
        capture = (stored.article.url, fetched, stored.article.outlet, stored.revision)
        number = connection.execute(
            'INSERT INTO captures (url, fetched, status, outlet, channel, file, "offset", length, digest)'
            " VALUES (?, ?, 200, ?, 'warc', 'a.warc.gz', ?, 1, '')",
            capture,
        ).lastrowid
        values = (
            stored.id, stored.article.url, stored.revision, stored.family, fetched, number, text,
            json.dumps(record),
        )  # fmt: skip
        connection.execute(
            "INSERT INTO articles (id, key, revision, kept, family, first_seen, versions, capture, text,"
            " record) VALUES (?, ?, ?, 1, ?, ?, 1, ?, ?, ?)",
            values,
        )
        connection.execute("UPDATE revision SET newest = ?", (stored.revision,))
