"""What can be done from a register: acts on one row, and acts that bring something new. Registers only show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.views.languages import spoken
from app.views.office.look import address_of


@dataclass(frozen=True, slots=True)
class RowAct:
    """An act on one row: an endpoint that takes the row's id as `argument`, open to whoever has `permission`."""

    label: Any
    endpoint: str
    argument: str
    permission: str
    when: Callable[[Any], bool] = lambda _row: True
    by_post: bool = True


@dataclass(frozen=True, slots=True)
class ListAct:
    """An act that brings something new into the list, or looks at all of it."""

    label: Any
    endpoint: str
    permission: str
    icon: str = "plus"
    keeps_filter: bool = False
    """Whether it is about the rows that the filter of the list leaves."""


@dataclass(frozen=True, slots=True)
class Button:
    """An act as this person sees it."""

    label: str
    url: str
    by_post: bool
    icon: str = ""


def row_buttons(acts: Iterable[RowAct], row: Any, may: Callable[[str], bool]) -> Sequence[Button]:
    """Return what this person may do to `row` now."""
    return [
        Button(str(act.label), url_for(act.endpoint, **{act.argument: row.id}), act.by_post)
        for act in acts
        if may(act.permission) and act.when(row)
    ]


def list_buttons(acts: Iterable[ListAct], may: Callable[[str], bool], query: str = "") -> Sequence[Button]:
    """Return what this person may bring into the list, or do to what `query` leaves of it."""
    return [
        Button(
            spoken(act.label),
            address_of(act.endpoint) + (f"?{query}" if query and act.keeps_filter else ""),
            by_post=False,
            icon=act.icon,
        )
        for act in acts
        if may(act.permission)
    ]
