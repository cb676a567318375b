from __future__ import annotations

import pickle
import random
import subprocess
import sys
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.families.fingerprint import (
    fingerprint_text,
    hash_block,
    unpack_keys,
    unpack_shingles,
    without_blocks,
)
from index.text.shingles import count_words, normal_tokens

SYLLABLES = ("bar", "den", "fol", "gim", "hast", "jor", "kel", "lum", "mon", "nep")


def made_text(words: int, seed: int = 1) -> str:
    chance = random.Random(seed)
    return " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(words))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param("Shot down, “F-22” said.", ["shot", "down", "f", "22", "said"], id="english"),
        pytest.param("ﬁne ２０２３", ["fine", "2023"], id="compatibility forms"),
        pytest.param("飞艇来了 OK", ["飞", "艇", "来", "了", "ok"], id="chinese"),
        pytest.param("हिन्दी में", ["हिन्दी", "में"], id="hindi vowel signs stay in the word"),
        pytest.param("ลูกโป่ง", list("ลูกโป่ง"), id="thai"),
        pytest.param("snake_case", ["snake", "case"], id="underscore"),
        pytest.param("a\ud800b", ["a", "b"], id="lone surrogate"),
        pytest.param("", [], id="empty"),
    ],
)
def test_tokens_are_normalised(text: str, tokens: list[str]) -> None:
    assert normal_tokens(text) == tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [("four words stand here", 4), ("高空气球飞越蒙大拿州上空的", 8), ("", 0)],
    ids=["spaced", "chinese", "empty"],
)
def test_length_is_counted_in_words(text: str, words: int) -> None:
    assert count_words(normal_tokens(text)) == words


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda text: text.upper(), id="case"),
        pytest.param(lambda text: text.replace(" ", "\n"), id="line breaks"),
        pytest.param(lambda text: text.replace(" ", ",  "), id="punctuation and spaces"),
    ],
)
def test_trimmings_do_not_change_the_exact_hash(other: object) -> None:
    text = made_text(80)
    assert callable(other)
    assert fingerprint_text(text).exact == fingerprint_text(other(text)).exact


def test_one_other_word_changes_the_exact_hash_and_little_of_the_sample() -> None:
    text = made_text(200)
    before, after = fingerprint_text(text), fingerprint_text(text + " something")
    sample = set(unpack_shingles(before.signature))
    assert before.exact != after.exact
    assert len(sample & set(unpack_shingles(after.signature))) >= 0.95 * len(sample)


@pytest.mark.parametrize("words", [1, 39, 300, 3000, 40_000])
def test_the_fingerprint_of_a_long_text_stays_small(words: int) -> None:
    print_ = fingerprint_text(made_text(words))
    assert len(unpack_shingles(print_.signature)) <= 320
    assert len(unpack_keys(print_.keys)) <= 64
    assert print_.short == (words < 40)


def test_samples_of_other_levels_can_be_compared() -> None:
    text = made_text(2000)
    small, large = fingerprint_text(" ".join(text.split()[:200])), fingerprint_text(text)
    bound = (1 << 32) >> large.level
    kept = {value for value in unpack_shingles(small.signature) if value < bound}
    assert large.level > small.level
    assert kept <= set(unpack_shingles(large.signature))


def test_a_fingerprint_is_the_same_in_another_process() -> None:
    code = (
        "from index.families.fingerprint import fingerprint_text as f;"
        "print(f('one two three').exact.hex())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == fingerprint_text("one two three").exact.hex()


# Every kind of token and paragraph; stored fingerprints must stay comparable with new ones.
PINNED = {
    "english": (
        "Balloon drifts over Harbour Town",
        "On 4 February the Balloon drifted over 2 towns.\nTold in NASA's words, they said.\n"
        "Sign up for the letter that we send each day now.\nShare this page\n" + made_text(700),
        "699772a0b209a4bd",
    ),
    "chinese": (
        "气球飞越蒙大拿州上空",
        "五角大楼2月3日表示，F-22击落了ABC气球。\n" + "高空气球飞越蒙大拿州上空的城市" * 20 + "\n请关注我们",
        "4b703c1c763d701d",
    ),
    "marks and forms": (
        "ΣΊΣΥΦΟΣ ﬁne İstanbul",
        "हिन्दी में ２０２３ Straße STRASSE m² Ⅷ ลูกโป่ง 서울 신문\nカード a1 ა აბ\ud800 snake_case",
        "18048a044a1e93e4",
    ),
}  # fmt: skip


STORED = ["exact", "title", "words", "level", "signature", "keys", "numbers", "names", "titled"]


@pytest.mark.parametrize(("title", "text", "digest"), PINNED.values(), ids=PINNED)
def test_fingerprints_mean_the_same_as_those_that_are_stored(
    title: str, text: str, digest: str
) -> None:
    made = fingerprint_text(text, title)
    stored = [getattr(made, name) for name in STORED]
    assert sha256(repr(stored).encode()).hexdigest()[:16] == digest


def test_dropping_a_block_leaves_the_sketch_of_the_rest() -> None:
    body, footer = made_text(120), made_text(40, seed=2)
    whole = fingerprint_text(f"{body}\n{footer}", "harbour festival opens today")
    rest = without_blocks(whole, {hash_block(normal_tokens(footer))})
    alone = set(unpack_shingles(fingerprint_text(body).signature))
    assert rest.words == 120
    assert alone <= set(unpack_shingles(rest.signature))
    assert len(unpack_shingles(rest.signature)) <= len(alone) + 2  # those across the seam
    assert without_blocks(whole, {1}) is whole


def test_what_is_printed_often_counts_where_it_is_what_the_headline_tells() -> None:
    report, lead, other = made_text(120), made_text(50, seed=2), made_text(60, seed=3)
    often = {hash_block(normal_tokens(report))}
    title = " ".join(report.split()[3:11])
    gallery = fingerprint_text(f"{other}\n{report}", " ".join(other.split()[3:11]))
    assert without_blocks(gallery, set(), often).words == 60
    for text in (report, f"{lead}\n{report}"):
        whole = fingerprint_text(text, title)
        assert without_blocks(whole, set(), often) is whole
        assert without_blocks(whole, often, often).words < 60


@pytest.mark.parametrize(
    ("title", "titled"),
    [
        ("Balloons drift over harbour town", True),
        ("Parliament votes on dairy tariffs", False),
        ("Photos", True),
        ("", True),
    ],
    ids=["its own", "another's", "too short to tell", "none"],
)
def test_a_text_knows_whether_it_has_to_do_with_its_headline(title: str, titled: bool) -> None:
    text = "A large balloon drifted above the harbour while the town was asleep."
    assert fingerprint_text(text, title).titled is titled


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_has_a_fingerprint_that_travels(text: str, title: str) -> None:
    print_ = fingerprint_text(text, title)
    assert pickle.loads(pickle.dumps(print_)) == print_
    assert without_blocks(print_, {block.hash for block in print_.blocks}).words <= print_.words
