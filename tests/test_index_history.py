from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Aside, LiveEntry
from index.versions.history import changes, is_new_version, word_diff

FIRST = "A large balloon drifted over the northern plains on Thursday, officials said."
SECOND = "The object, 34 metres wide, was tracked by Colonel Ann Reyes from the old airfield."
THIRD = "Nobody was hurt, the sheriff of the county told reporters late in the evening."
TEXT = "\n".join((FIRST, SECOND, THIRD))


def article(text: str = TEXT, title: str = "Balloon seen over the plains") -> Article:
    return Article(
        url="https://prairie-courier.example/1",
        canonical_url="https://prairie-courier.example/1",
        outlet="prairie-courier.example",
        title=title,
        text=text,
        fetched=datetime(2023, 2, 4, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(f"2 hours ago\n{TEXT}", f"3 hours ago\n{TEXT}", id="age, English"),
        pytest.param(f"vor 2 Stunden\n{TEXT}", f"vor 3 Stunden\n{TEXT}", id="age, German"),
        pytest.param(f"il y a 5 minutes\n{TEXT}", f"il y a 9 minutes\n{TEXT}", id="age, French"),
        pytest.param(f"5分钟前\n{TEXT}", f"8分钟前\n{TEXT}", id="age, Chinese"),
        pytest.param(f"{TEXT}\n12 comments", f"{TEXT}\n1,340 comments", id="comment count"),
        pytest.param(f"{FIRST}\n210 views\n{THIRD}", f"{FIRST}\n9k views\n{THIRD}", id="views"),
        pytest.param(f"{TEXT}\nHow to bake rye bread", f"{TEXT}\nFive hikes", id="teaser below"),
        pytest.param(f"Live: the vote\n{TEXT}", f"Weather today\n{TEXT}", id="teaser above"),
        pytest.param(
            f"{FIRST}\nRead more: rye bread\n{THIRD}", f"{FIRST}\n{THIRD}", id="labelled teaser"
        ),
        pytest.param(TEXT, TEXT.replace("\n", "\n\n") + "  ", id="white space"),
        pytest.param(TEXT, TEXT.replace("\n", " "), id="paragraphs joined"),
        pytest.param(TEXT, TEXT.replace(",", " –"), id="punctuation"),
    ],
)
def test_what_pages_change_by_themselves_makes_no_version(before: str, after: str) -> None:
    assert not is_new_version(article(before), article(after))
    assert changes(article(before), article(after)) == ()


@pytest.mark.parametrize(
    ("after", "kinds"),
    [
        pytest.param(TEXT.replace("34", "36"), ["number", "silent"], id="number"),
        pytest.param(TEXT.replace("Ann Reyes", "Anne Reese"), ["name", "silent"], id="name"),
        pytest.param(TEXT.replace("large", "small white"), ["wording", "silent"], id="wording"),
        pytest.param(f"{TEXT}\nIt fell into a lake at noon on Friday.", ["added"], id="added"),
        pytest.param(f"{FIRST}\n{THIRD}", ["removed", "silent"], id="removed"),
        pytest.param(
            TEXT.replace("34", "36").replace(", was", " – was"),
            ["number", "silent"],
            id="a number and a sign",
        ),
        pytest.param(
            f"{TEXT} This story has been corrected.", ["correction"], id="note in a paragraph"
        ),
        pytest.param("\n".join((THIRD, FIRST, SECOND)), ["moved"], id="moved"),
        pytest.param(
            f"{TEXT}\nCorrection: An earlier version gave the wrong width.",
            ["correction"],
            id="correction",
        ),
        pytest.param(
            TEXT.replace("34", "36") + "\nBerichtigung: Die Breite stimmte nicht.",
            ["number", "correction"],
            id="noted number",
        ),
        pytest.param(f"{FIRST}\n{SECOND}\n{SECOND}\n{THIRD}", ["added"], id="a paragraph repeated"),
        pytest.param(f"{SECOND} {THIRD}", ["removed", "silent"], id="removed, the others joined"),
        pytest.param(
            f"{FIRST} {SECOND}\nIt fell into a lake at noon on Friday.\n{THIRD}",
            ["added"],
            id="added, others joined",
        ),
        pytest.param(f"{THIRD}\n{FIRST} {SECOND}", ["moved"], id="moved, the others joined"),
    ],
)
def test_a_change_has_a_kind(after: str, kinds: list[str]) -> None:
    assert is_new_version(article(), article(after))
    assert [change.kind for change in changes(article(), article(after))] == kinds


def test_a_paragraph_that_moves_among_its_repetitions_is_a_change() -> None:
    before, after = "\n".join((FIRST, FIRST, SECOND)), "\n".join((FIRST, SECOND, FIRST))
    assert [one.kind for one in changes(article(before), article(after))] == ["moved"]


def test_an_entry_on_top_of_a_live_blog_changes_nothing_below_it() -> None:
    def live(*hours: int) -> Article:
        entries = tuple(
            LiveEntry(
                title=f"What is known at {hour}",
                text=f"At {hour} the balloon was over the plains, said Ann Reyes.",
                published=datetime(2023, 2, 4, hour, tzinfo=UTC),
            )
            for hour in hours
        )
        text = "\n".join(f"{entry.title}\n{entry.text}" for entry in entries)
        return replace(article(text), entries=entries)

    (change,) = changes(live(9, 8), live(10, 9, 8))
    assert (change.kind, change.before) == ("entry", "2023-02-04T10:00:00Z What is known at 10")


def test_a_new_headline_alone_is_a_version_and_not_silent() -> None:
    after = article(title="Balloon falls into a lake")
    (change,) = changes(article(), after)
    assert is_new_version(article(), after)
    assert (change.kind, change.before) == ("headline", "Balloon seen over the plains")
    assert change.after == "Balloon falls into a lake"


def test_a_rewrite_with_a_new_time_is_not_silent() -> None:
    after = replace(article(TEXT.replace("34", "36")), updated=datetime(2023, 2, 5, tzinfo=UTC))
    (change,) = changes(article(), after)
    assert (change.kind, change.before, change.after, change.paragraph) == ("number", "34", "36", 1)


def test_shares_in_prose_are_no_counter() -> None:
    before = "The firm sold 1,000 shares on Monday."
    assert is_new_version(article(before), article(before.replace("1,000", "2,000")))


WORDS = st.lists(
    st.sampled_from(("balloon", "drifted", "7", "Reyes", "said.", "\n", "2 hours ago", "气球")),
    max_size=25,
).map(" ".join)


@given(WORDS, WORDS)
def test_there_are_changes_just_when_there_is_a_new_version(before: str, after: str) -> None:
    old, new = article(before), article(after)
    assert bool(changes(old, new)) is is_new_version(old, new)


# Word by word


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        pytest.param(
            "It was an airship.",
            "It was a civilian airship.",
            [("=", "It was "), ("-", "an"), ("+", "a civilian"), ("=", " airship.")],
            id="words",
        ),
        pytest.param(
            "飞艇来自中国，属民用。",
            "该飞艇来自中国，属于民用。",
            [("+", "该"), ("=", "飞艇来自中国，属"), ("+", "于"), ("=", "民用。")],
            id="characters",
        ),
        pytest.param(
            "red blue",
            "green yellow",
            [("-", "red blue"), ("+", "green yellow")],
            id="a space by chance is not kept",
        ),
        pytest.param("same", "same", [("=", "same")], id="nothing"),
        pytest.param("", "new", [("+", "new")], id="from nothing"),
        pytest.param(
            f"{FIRST}\n{SECOND}\n{THIRD}",
            f"{THIRD}\n{FIRST}\n{SECOND}",
            [(">", THIRD), ("+", "\n"), ("=", f"{FIRST}\n{SECOND}"), ("-", "\n"), ("<", THIRD)],
            id="moved paragraph",
        ),
    ],
)
def test_a_diff_goes_word_by_word(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert word_diff(before, after) == pieces


LINES = st.lists(
    st.sampled_from((FIRST, SECOND, THIRD, "", "短い", "It's 3.5 m, no?")), max_size=8
).map("\n".join)


@given(st.one_of(st.text(max_size=60), LINES), st.one_of(st.text(max_size=60), LINES))
def test_a_diff_holds_both_texts_to_the_letter(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.op in "=-<") == before
    assert "".join(piece.text for piece in pieces if piece.op in "=+>") == after


# Sentence by sentence

PLAIN = (
    "The school stayed open. The object fell into the sea near the pier. Divers went out at noon."
)


def test_a_replaced_sentence_is_replaced_whole() -> None:
    after = PLAIN.replace(
        "The object fell into the sea near the pier.",
        "Nobody knows to this day of what it was made.",
    )
    assert word_diff(PLAIN, after) == [
        ("=", "The school stayed open."),
        ("-", " The object fell into the sea near the pier."),
        ("+", " Nobody knows to this day of what it was made."),
        ("=", " Divers went out at noon."),
    ]


def test_function_words_are_no_islands_between_changes() -> None:
    before = (
        "Officials tracked the balloon across the wide northern plains of the county on Thursday."
    )
    after = "Officials tracked the balloon across the low southern hills of the state on Thursday."
    changed = [piece for piece in word_diff(before, after) if piece.op != "="]
    assert changed == [
        ("-", "wide northern plains of the county"), ("+", "low southern hills of the state"),
    ]  # fmt: skip


def test_words_changed_within_a_quotation_are_told_apart() -> None:
    before = (
        "“We never lost sight of the white balloon over the plains,” said Ann Reyes of the county."
    )
    after = before.replace("never lost", "hardly ever lost")
    assert [one.kind for one in changes(article(before), article(after))] == ["quotation", "silent"]
    outside = before.replace("of the county", "of the district")
    assert [one.kind for one in changes(article(before), article(outside))] == ["wording", "silent"]


NOTICE = Aside(kind="correction", text="Correction: An earlier version gave the wrong width.")


def test_a_correction_beside_the_text_is_announced() -> None:
    after = replace(article(TEXT.replace("34", "36")), asides=(NOTICE,))
    found = changes(article(), after)
    assert [one.kind for one in found] == ["number", "correction"]
    assert found[1].after == NOTICE.text


def test_a_notice_alone_is_a_version_and_so_is_its_going() -> None:
    noted = replace(article(), asides=(NOTICE, Aside(kind="caption", text="A balloon")))
    assert is_new_version(article(), noted)
    assert [one.kind for one in changes(article(), noted)] == ["correction"]
    assert [one.kind for one in changes(noted, article())] == ["removed", "silent"]
    assert not is_new_version(article(), replace(article(), asides=noted.asides[1:]))
