from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from index.article import Article
from index.families.credits import find_credits, name_source

BODY = "A balloon drifted over the town on Friday.\nNobody was hurt, the mayor said.\n"


def article(text: str = BODY, **fields: object) -> Article:
    plain = Article(
        url="https://prairie-courier.example/1",
        canonical_url="https://prairie-courier.example/1",
        outlet="prairie-courier.example",
        title="Balloon over town",
        text=text,
        fetched=datetime(2023, 2, 4, tzinfo=UTC),
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "source", "kind"),
    [
        ("WASHINGTON, Feb 4 (Reuters) - A balloon drifted.", "reuters", "dateline"),
        ("HELENA (AP) — A balloon drifted.", "apnews", "dateline"),
        ("Madrid, 4 feb (EFE).- Un globo.", "efe", "dateline"),
        ("Berlin (dpa/lby) - Ein Ballon.", "dpa", "dateline"),
        ("ROMA (ANSA) - Un pallone.", "ansa", "dateline"),
        ("HARBOUR (Northwire) — A balloon drifted.", "northwire", "dateline"),
        ("新华社北京2月4日电 一只气球", "xinhuanet", "dateline"),
        ("【ワシントン共同】気球が", "kyodonews", "dateline"),
        ("(서울=연합뉴스) 풍선이", "yonhap", "dateline"),
        ("МОСКВА, 4 фев — РИА Новости. Шар", "ria", "dateline"),
        ("МОСКВА, 4 февраля. /ТАСС/. Шар", "tass", "dateline"),
        (BODY + "© 2023 The Associated Press. All rights reserved.", "apnews", "copyright"),
        (BODY + "Quelle: dpa", "dpa", "source"),
        (BODY + "来源：新华社", "xinhuanet", "source"),
        (BODY + "(AFP)", "afp", "source"),
        (
            BODY + "Associated Press writer Jane Roe contributed to this report.",
            "apnews",
            "contribution",
        ),
        (BODY + "Le Matin avec AFP", "afp", "contribution"),
    ],
)
def test_a_credit_is_read_from_the_text(text: str, source: str, kind: str) -> None:
    assert (source, kind) in {
        (credit.source, credit.kind) for credit in find_credits(article(text))
    }


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BODY, id="no credit"),
        pytest.param("The ministry (which runs it) said so.", id="brackets in prose"),
        pytest.param(
            "Officials told Reuters on Friday that it drifted.", id="quoted, not credited"
        ),
        pytest.param("", id="empty"),
    ],
)
def test_prose_is_no_credit(text: str) -> None:
    assert find_credits(article(text)) == ()


@pytest.mark.parametrize("author", ["The Associated Press", "Jane Roe, Associated Press", "AP"])
def test_an_agency_in_the_byline_is_credited(author: str) -> None:
    (credit,) = find_credits(article(authors=(author,)))
    assert (credit.source, credit.kind, credit.evidence) == ("apnews", "byline", author)


def test_a_byline_of_one_word_may_be_an_agency_that_nobody_listed() -> None:
    assert [one.source for one in find_credits(article(authors=("Northwire",)))] == ["northwire"]
    assert find_credits(article(authors=("Jane Roe",))) == ()


def test_a_line_that_names_its_source_credits_whoever_it_is() -> None:
    (credit,) = find_credits(article(BODY + "Source: Northwire"))
    assert (credit.source, credit.kind) == ("northwire", "source")


def test_a_canonical_address_elsewhere_is_a_credit() -> None:
    (credit,) = find_credits(article(canonical_url="https://www.harbour-daily.example/7"))
    assert (credit.source, credit.kind, credit.strong) == ("harbourdaily", "canonical", True)


def test_a_source_organization_is_a_credit() -> None:
    (credit,) = find_credits(article(witnesses={"sourceOrganization": "Agence France-Presse"}))
    assert (credit.source, credit.kind) == ("afp", "source")


def test_a_contribution_is_weak() -> None:
    (credit,) = find_credits(article(BODY + "Reuters contributed to this report."))
    assert not credit.strong


@pytest.mark.parametrize(
    ("outlet", "site_name", "source"),
    [
        ("www.bbc.co.uk", "", "bbc"),
        ("apnews.com", "AP News", "apnews"),
        ("wire.example", "The Associated Press", "apnews"),
        ("prairie-courier.example", "", "prairiecourier"),
        ("northwire", "", "northwire"),
        ("127.0.0.1:8000", "", "0"),
    ],
)
def test_an_outlet_has_the_name_a_credit_would_give_it(
    outlet: str, site_name: str, source: str
) -> None:
    assert name_source(outlet, site_name) == source
