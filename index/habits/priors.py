"""What is known of an outlet before a page is read: what outlets.toml says, or else what was learned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from index.habits.values import LEARNED, WRITTEN, DateOrder, Habits, Learned, Priors
from index.workspace.outlets import Outlet


def priors_of(outlet: Outlet | None, habits: Habits | None) -> Priors:
    """The priors of an outlet: what `outlets.toml` says of it, or else what was learned, else nothing.

    `outlet` is None if it is not declared, `habits` where nothing was learned.
    """
    outlet, habits = outlet or Outlet(id=""), habits or Habits()
    written: dict[str, str | tuple[str, ...] | None] = {
        "zone": outlet.zone or None,
        "date_order": outlet.date_order or None,
        "language": outlet.lang[0] if len(outlet.lang) == 1 else None,
        "charset": outlet.charset or None,
        "title_parts": outlet.title_parts,
        "headings": outlet.headings,
        "bylines": outlet.bylines,
        "desks": outlet.desks,
        "accounts": outlet.accounts,
    }
    learned: dict[str, str | tuple[str, ...]] = {
        "zone": _value(habits.zone),
        "date_order": _value(habits.date_order),
        "language": _value(habits.language),
        "charset": _value(habits.charset),
        "title_parts": _values(habits.title_parts),
        "headings": _values(habits.headings),
        "bylines": _values(habits.bylines),
        "desks": _values(habits.desks),
        "accounts": _values(habits.accounts),
    }
    found: dict[str, str | tuple[str, ...]] = {}
    source: dict[str, str] = {}
    for name, said in written.items():
        found[name] = learned[name] if said is None else said
        if said is not None or learned[name]:
            source[name] = LEARNED if said is None else WRITTEN
    return Priors(
        zone=str(found["zone"]),
        country=outlet.country,
        date_order=cast(DateOrder, found["date_order"]),
        language=str(found["language"]),
        charset=str(found["charset"]),
        title_parts=tuple(found["title_parts"]),
        headings=tuple(found["headings"]),
        bylines=tuple(found["bylines"]),
        desks=tuple(found["desks"]),
        accounts=tuple(found["accounts"]),
        source=source,
    )


def _value(learned: Learned | None) -> str:
    return learned.value if learned else ""


def _values(learned: Sequence[Learned]) -> tuple[str, ...]:
    return tuple(one.value for one in learned)
