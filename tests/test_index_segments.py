from __future__ import annotations

import pickle
import random
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.analysis.tokenizers import RegexTokenizer
from whoosh.columns import NumericColumn, RefBytesColumn
from whoosh.fields import COLUMN, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.util.numeric import byte_to_length
from whoosh.util.numeric import length_to_byte as whoosh_byte

from index.fulltext.segments.byte_ranges import ByteRange, OpenFile, first_not_below
from index.fulltext.segments.columns import (
    decode_names,
    decode_numbers,
    encode_names,
    encode_numbers,
)
from index.fulltext.segments.layout import Document, Layout
from index.fulltext.segments.lengths import LENGTHS, length_to_byte
from index.fulltext.segments.merge import FACTOR, LARGE, choose, merge
from index.fulltext.segments.postings import (
    decode_steps,
    encode_list,
    encode_lone,
    encode_positions,
    read_blocks,
    read_lone,
)
from index.fulltext.segments.reader import Segment
from index.fulltext.segments.roots import Roots, encode_roots
from index.fulltext.segments.toc import (
    DamagedTocError,
    SegmentRecord,
    State,
    read_state,
    remove_leftovers,
    write_state,
)
from index.fulltext.segments.wordlist import Words, encode_words, turn_words
from index.fulltext.segments.writer import SegmentWriter

LAYOUT = Layout(
    terms=("tag", "text"),
    positional=frozenset({"text"}),
    measured=frozenset({"text"}),
    listed=frozenset({"text"}),
    numbers={"when": "q"},
    names=("outlet",),
)
Article = Sequence[str]

words = st.lists(st.text("abä气", min_size=1, max_size=3), max_size=30)
corpora = st.lists(words, min_size=1, max_size=12)
ascending = st.sets(st.integers(0, 200_000), min_size=1, max_size=400).map(sorted)


def build_schema() -> Any:
    analyzer: Any = RegexTokenizer(r"\S+")
    numbers: Any = NumericColumn
    names: Any = RefBytesColumn
    return Schema(
        text=TEXT(analyzer=analyzer),
        tag=TEXT(analyzer=analyzer, phrase=False),
        when=COLUMN(numbers("q")),
        outlet=COLUMN(names()),
    )


def make_document(number: int, text: Article) -> Document:
    places: dict[str, list[int]] = {}
    for position, word in enumerate(text):
        places.setdefault(word, []).append(position)
    return Document(
        terms={
            "tag": dict.fromkeys(places, (1, None)),
            "text": {word: (len(found), encode_positions(found)) for word, found in places.items()},
        },
        lengths={"text": len(text)},
        numbers={"when": number * 1000 - 5},
        names={"outlet": f"outlet {number % 3}"},
        roots={"xx": {word: f"xx:{word[0]}" for word in places}},
    )


def decode_positions(values: Sequence[bytes]) -> list[list[int]]:
    return [list(accumulate(steps)) for steps in decode_steps(values)]


def write(folder: Path, texts: Sequence[Article], first: int = 0) -> SegmentRecord:
    writer = SegmentWriter(LAYOUT)
    for number, text in enumerate(texts, start=first):
        writer.add(make_document(number, text))
    return writer.write(folder)


def publish(folder: Path, records: Sequence[SegmentRecord], generation: int = 1) -> State:
    state = State(records=tuple(records), revision=7, store="a", generation=generation)
    write_state(folder, state, build_schema())
    return state


def read_with_whoosh(folder: Path) -> dict[tuple[str, int], tuple[float, list[int]]]:
    """Term and document → weight and positions, as stock Whoosh finds them."""
    found = {}
    with open_dir(str(folder)).searcher() as searcher:
        reader = searcher.reader()
        for _, text in (term for term in reader.all_terms() if term[0] == "text"):
            matcher = reader.postings("text", text)
            while matcher.is_active():
                key = text.decode(), matcher.id()
                found[key] = matcher.weight(), matcher.value_as("positions")
                matcher.next()
    return found


def expected(texts: Sequence[Article]) -> dict[tuple[str, int], tuple[float, list[int]]]:
    found: dict[tuple[str, int], list[int]] = {}
    for number, text in enumerate(texts):
        for position, word in enumerate(text):
            found.setdefault((word, number), []).append(position)
    return {key: (len(places), places) for key, places in found.items()}


def test_lengths_are_those_of_whoosh() -> None:
    assert tuple(map(byte_to_length, range(256))) == LENGTHS
    assert all(length_to_byte(length) == whoosh_byte(length) for length in range(0, 120_000, 7))


@given(st.lists(ascending, min_size=1, max_size=5))
def test_positions_come_back(lists: list[list[int]]) -> None:
    assert decode_positions([encode_positions(positions) for positions in lists]) == lists


@given(ascending, st.sampled_from([[1], [1, 2, 255], [3, 256], [0.5, 2.0]]), st.booleans())
def test_a_posting_list_comes_back(
    documents: list[int], weights: list[float], positional: bool
) -> None:
    drawn = [weights[number % len(weights)] for number in documents]
    values = [encode_positions([number]) for number in documents] if positional else None
    data = encode_list(documents, drawn, values, bounds=(0, 9))
    blocks = list(read_blocks(data))
    assert [number for block in blocks for number in block.documents] == documents
    assert [weight for block in blocks for weight in block.weights] == drawn
    assert [value for block in blocks for value in block.values] == (values or [])


@settings(deadline=None, max_examples=40)
@given(corpora)
def test_whoosh_reads_what_we_write(
    tmp_path_factory: pytest.TempPathFactory, texts: list[Article]
) -> None:
    folder = tmp_path_factory.mktemp("index")
    publish(folder, [write(folder, texts)])
    assert read_with_whoosh(folder) == expected(texts)


@settings(deadline=None, max_examples=40)
@given(corpora)
def test_we_read_what_whoosh_writes(
    tmp_path_factory: pytest.TempPathFactory, texts: list[Article]
) -> None:
    folder = tmp_path_factory.mktemp("index")
    writer: Any = create_in(str(folder), build_schema()).writer()
    for number, text in enumerate(texts):
        writer.add_document(text=" ".join(text), when=number, outlet=b"x")
    writer.commit()
    opened: Any = open_dir(str(folder))
    item = opened._segments()[0]
    segment = Segment(folder, SegmentRecord(key=item.segid, count=item.doc_count_all()))
    found = {}
    for term, info in segment.terms.items("text"):
        for block in segment.blocks(info):
            rows = zip(block.documents, block.weights, decode_positions(block.values), strict=True)
            for document, weight, positions in rows:
                found[term.decode(), document] = weight, positions
    assert found == expected(texts)


@settings(deadline=None, max_examples=40)
@given(st.lists(corpora, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_merging_keeps_every_live_document_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[Article]], rng: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("index")
    records, live = [], []
    for texts in parts:
        gone = {number for number in range(len(texts)) if rng.random() < 0.3}
        records.append(write(folder, texts).strike_out(gone))
        live += [text for number, text in enumerate(texts) if number not in gone]
    merged = merge(folder, records, LAYOUT)
    publish(folder, [merged] if merged else [])
    assert (merged.count if merged else 0) == len(live)
    assert read_with_whoosh(folder) == expected(live)


def test_columns_lengths_and_roots_survive_a_merge(tmp_path: Path) -> None:
    first, second = [["a"], ["a", "b"]], [["c"] * 30, ["d"]]
    records = [write(tmp_path, first).strike_out([0]), write(tmp_path, second, first=2)]
    merged = merge(tmp_path, records, LAYOUT)
    assert merged
    segment = Segment(tmp_path, merged)
    assert list(segment.numbers("when", "q")) == [995, 1995, 2995]
    outlets = segment.names("outlet")
    assert [outlets[number] for number in range(3)] == ["outlet 1", "outlet 2", "outlet 0"]
    assert segment.total_length("text") == 2 + 30 + 1
    assert set(segment.roots.pairs()) == {(word, f"xx:{word}") for word in "abcd"}


@given(st.lists(st.text(max_size=5), max_size=300))
def test_names_come_back(names: list[str]) -> None:
    column = decode_names(encode_names(names), len(names))
    assert [column[number] for number in range(len(names))] == names


@pytest.mark.parametrize("count", [10, 300, 70_000])
def test_there_may_be_any_number_of_names(count: int) -> None:
    column = decode_names(encode_names(map(str, range(count))), count)
    assert column[count - 1] == str(count - 1)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=50), st.integers(0, 5))
def test_numbers_come_back_and_missing_rows_have_the_default(values: list[int], more: int) -> None:
    decoded = decode_numbers(encode_numbers(values, "q"), "q", len(values) + more, -1)
    assert list(decoded) == values + [-1] * more


@given(st.sets(st.text("abc气é", min_size=1, max_size=4), max_size=40))
def test_terms_are_found_alone_and_in_order(
    tmp_path_factory: pytest.TempPathFactory, texts: set[str]
) -> None:
    folder = tmp_path_factory.mktemp("index")
    terms = Segment(folder, write(folder, [sorted(texts)])).terms
    assert all(terms.get("text", text) for text in texts)
    assert terms.get("text", "zz") is None
    assert terms.get("none", "a") is None
    assert [text.decode() for text, _ in terms.items("text")] == sorted(texts)


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=400),
    st.sampled_from([1, 30, 3000]),
    st.integers(0, 10**6),
)
def test_a_line_is_found_in_a_file_of_any_size(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int], width: int, wanted: int
) -> None:
    lines = sorted(f"{number:07}".encode() + b"x" * (number % width) for number in numbers)
    path = tmp_path_factory.mktemp("lines") / "file"
    path.write_bytes(b"0\n" + b"".join(line + b"\n" for line in lines) + b"9")
    part = ByteRange(OpenFile(path), 2, path.stat().st_size - 1)
    place = first_not_below(part, f"{wanted:07}".encode())
    left = part.read(place, part.size).split(b"\n")[:-1]
    assert left == [line for line in lines if line >= f"{wanted:07}".encode()]


def test_a_file_that_ends_too_early_is_told_from_one_that_ends(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"whole")
    part = ByteRange(OpenFile(path), 0, 9)
    assert part.read(0, 5) == b"whole"
    assert ByteRange(part.file, 1, 3).read(1, 100) == b"o"
    with pytest.raises(EOFError, match="within 9 bytes"):
        part.read_all()


@given(
    st.dictionaries(
        st.text("abc气é", min_size=1, max_size=4), st.text("ab气", min_size=1, max_size=2)
    )
)
def test_the_forms_of_a_root_are_found(
    tmp_path_factory: pytest.TempPathFactory, roots: dict[str, str]
) -> None:
    path = tmp_path_factory.mktemp("roots") / "file"
    data = encode_roots([roots])
    path.write_bytes(b"before\n" + data + b"after\n")
    found = Roots(ByteRange(OpenFile(path), 7, 7 + len(data)))
    for root in {*roots.values(), "zz", "a", "after"}:
        assert found.forms_of(root) == sorted(form for form, own in roots.items() if own == root)
    assert dict(found.pairs()) == roots


@given(st.sets(st.text("abc气é", min_size=1, max_size=4)), st.text("ab气é", max_size=2))
def test_words_are_found_by_their_beginning_and_their_end(
    tmp_path_factory: pytest.TempPathFactory, words: set[str], part: str
) -> None:
    path = tmp_path_factory.mktemp("words") / "file"
    forward = encode_words(sorted(word.encode() for word in words))
    turned = encode_words(turn_words(word.encode() for word in words))
    path.write_bytes(b"before\n" + forward + turned + b"after\n")
    middle, end = 7 + len(forward), 7 + len(forward) + len(turned)
    file = OpenFile(path)
    lists = Words(ByteRange(file, 7, middle), ByteRange(file, middle, end))
    assert lists.starting(part) == sorted(word for word in words if word.startswith(part))
    assert sorted(lists.ending(part)) == sorted(word for word in words if word.endswith(part))


@given(
    st.integers(0, 2**31 - 1),
    st.sampled_from([1, 7, 300, 0.5]),
    st.binary(max_size=300) | st.none(),
)
def test_the_list_of_one_document_comes_back(
    document: int, weight: float, value: bytes | None
) -> None:
    block = read_lone(encode_lone(document, weight, value))
    assert (block.documents, tuple(block.weights)) == ([document], (weight,))
    assert tuple(block.values) == (() if value is None else (value,))


def test_the_state_comes_back_with_its_revision(tmp_path: Path) -> None:
    state = publish(
        tmp_path, [SegmentRecord(key="b1", count=3, deleted=frozenset({1}), lengths={"text": 9})]
    )
    assert read_state(tmp_path) == state


def test_a_newer_generation_replaces_an_older_one(tmp_path: Path) -> None:
    old = write(tmp_path, [["a"]])
    publish(tmp_path, [old])
    new = publish(tmp_path, [write(tmp_path, [["b"]])], generation=2)
    (tmp_path / "_MAIN_3.draft").write_bytes(b"of a writer that died")
    remove_leftovers(tmp_path, new)
    assert read_state(tmp_path) == new
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {new.file_name, new.records[0].file_name}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty, as after a power cut"),
        pytest.param(b"\x04\x08\x04garbage", id="garbage"),
        pytest.param(None, id="missing"),
    ],
)
def test_a_table_that_cannot_be_read_is_damaged(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "_MAIN_1.toc").write_bytes(content)
    with pytest.raises(DamagedTocError):
        read_state(tmp_path)


class _Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("exploded"),)


def test_a_table_from_elsewhere_runs_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    state = publish(tmp_path, [])
    path = tmp_path / state.file_name
    path.write_bytes(path.read_bytes().replace(pickle.dumps([], 4), pickle.dumps([_Bomb()], 4)))
    with pytest.raises(DamagedTocError, match="no place"):
        read_state(tmp_path)
    assert not Path("exploded").exists()


@pytest.mark.parametrize(
    ("sizes", "merged"),
    [
        pytest.param([100] * (FACTOR - 1), 0, id="few"),
        pytest.param([100] * FACTOR, FACTOR, id="a full tier"),
        pytest.param([LARGE] * 50, 0, id="large ones stay"),
        pytest.param([LARGE, *[9] * FACTOR, 100], FACTOR, id="only the small"),
    ],
)
def test_a_tier_is_merged_when_it_is_full(sizes: list[int], merged: int) -> None:
    assert (
        len(choose([SegmentRecord(key=str(place), count=size) for place, size in enumerate(sizes)]))
        == merged
    )


def test_a_segment_that_is_mostly_struck_out_is_rewritten() -> None:
    wasteful = SegmentRecord(key="a", count=2 * LARGE, deleted=frozenset(range(LARGE)))
    assert choose([wasteful, SegmentRecord(key="b", count=LARGE)]) == [wasteful]
