"""Which filters may a register declare, and how are they read? What makes no sense is said at its field, not obeyed.

A filter stands open above its list, lives in the address, and is read anew in each request: nothing is shared.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.acts import OFFICE_ZONE
from app.domain.alphabet import polish_key
from app.domain.folding import KeyKind, fold, is_enough, key_of_query, prefix_range
from app.house import equipment
from app.models import Case, SearchKey
from app.models.base import UtcDateTime
from app.reports.search import cases_of_blank, tail_of_vin
from app.roles import Role
from app.views.languages import spoken, spoken_choices
from app.views.office.register_query import LARGEST_ID, python_type

LONGEST = 80
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_POLISH_DAY = re.compile(r"(\d{1,2})[.\-/ ](\d{1,2})[.\-/ ](\d{4})", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_PEOPLE_SECONDS = 60
_EVERYTHING = lazy_gettext("all")
_ANYBODY = {"": lazy_gettext("everybody"), "me": lazy_gettext("me"), "nobody": lazy_gettext("nobody")}


@dataclass(frozen=True, slots=True)
class Field:
    """One field above a list, as it is drawn."""

    name: str
    label: str
    kind: str  # text, day, choice
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one filter made of the address: fields to draw, conditions to ask with, parameters to keep."""

    fields: tuple[Field, ...]
    where: tuple[sa.ColumnElement[bool], ...] = ()
    params: tuple[tuple[str, str], ...] = ()


def written(args: Mapping[str, str], name: str) -> str:
    """Return what stands in the field `name` of an address, cut to a length that can be meant."""
    return _CONTROL.sub("", args.get(name, ""))[:LONGEST].strip()


def read_day(text: str) -> dt.date | None:
    """Return the day written as dd.mm.rrrr (or as ISO), or None where there is no such day."""
    if match := _POLISH_DAY.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := _ISO_DAY.fullmatch(text):
        year, month, day = map(int, match.groups())
    else:
        return None
    try:
        # The office's first and last imaginable days; beyond them a moment in UTC may not exist.
        return dt.date(year, month, day) if 1900 <= year <= 2999 else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Words:
    """A text by which rows are found: case sign, plate, VIN, tracking number, name, by the folded search keys of cases.

    `case_id` is the column that holds the case. `exact` are columns compared as a whole, each of them unique or indexed
    (a package's number), in each of the `spellings` that what was typed may stand for. `within` are columns that may
    hold the text anywhere: for lists that stay short only.
    """

    name: str
    label: Any
    case_id: InstrumentedAttribute[Any] | None = None
    exact: tuple[InstrumentedAttribute[Any], ...] = ()
    within: tuple[InstrumentedAttribute[Any], ...] = ()
    spellings: Callable[[str], Sequence[str]] = lambda text: (text, text.upper())

    def read(self, args: Mapping[str, str]) -> Reading:
        """Return the reading of `args`; a PESEL is not looked for here, since it would stand in an address."""
        text = written(args, self.name)
        if not text:
            return Reading((Field(self.name, spoken(self.label), "text"),))
        conditions = [condition for column in self.exact for condition in _as_a_whole(column, self.spellings(text))]
        conditions += [column.icontains(text, autoescape=True) for column in self.within]
        if self.case_id is not None and (wanted := cases_meant(text)) is not None:
            conditions.append(self.case_id.in_(wanted))
        if error := _too_little(text, short=bool(self.within)):
            # Said at the field, and nothing below: a list of everything would look like an answer.
            return Reading(
                (Field(self.name, spoken(self.label), "text", text, error=error),), (sa.false(),), ((self.name, text),)
            )
        if not conditions:
            conditions = [sa.false()]
        return Reading(
            (Field(self.name, spoken(self.label), "text", text),), (sa.or_(*conditions),), ((self.name, text),)
        )


def _too_little(text: str, *, short: bool) -> str:
    """Return what to write instead of `text`; empty where it is enough. In a `short` list one letter is."""
    if short:
        return "" if fold(text) else _("Write at least one letter or digit.")
    return "" if is_enough(text) else _("Write at least two letters, or a number.")


def _as_a_whole(column: InstrumentedAttribute[Any], spellings: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    """Return the condition that `column` is what was typed; nothing where it can never be, as a word in a number."""
    if not issubclass(python_type(column), int):
        return [column.in_(spellings)]
    numbers = [int(text) for text in spellings if text.isascii() and text.isdigit()]
    return [column.in_([number for number in numbers if number <= LARGEST_ID])] if numbers else []


def cases_meant(text: str) -> sa.Select[Any] | sa.CompoundSelect[Any] | None:
    """Return a select of the ids of cases that `text` may mean, or None where it can mean none."""
    keys = key_of_query(text, unit=equipment().office.unit)
    selects = [_beginning(key.kind, key.key) for key in keys if key.kind is not KeyKind.NAME]
    names = [_beginning(key.kind, key.key) for key in keys if key.kind is KeyKind.NAME][:6]
    if names:
        first, *others = names
        selects.append(first.where(*(SearchKey.case_id.in_(other) for other in others)))
    if tail := tail_of_vin(text):
        whole = Case.vin.endswith(fold(text), autoescape=True)
        selects.append(_beginning(tail.kind, tail.key).join(Case, Case.id == SearchKey.case_id).where(whole))
    if (of_blank := cases_of_blank(text)) is not None:
        selects.append(of_blank)
    if not selects:
        return None
    return selects[0] if len(selects) == 1 else sa.union(*selects)


def _beginning(kind: KeyKind, prefix: str) -> sa.Select[Any]:
    low, high = prefix_range(prefix)
    return sa.select(SearchKey.case_id).where(SearchKey.key >= low, SearchKey.key < high, SearchKey.kind == kind.value)


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days, both ends included, over a column of days or of moments (days of the office's zone)."""

    name: str
    label_from: Any
    label_to: Any
    column: InstrumentedAttribute[Any]

    def read(self, args: Mapping[str, str]) -> Reading:
        """Return the reading of `<name>_from` and `<name>_to`."""
        fields, where, params = [], [], []
        for end, label in (("from", self.label_from), ("to", self.label_to)):
            name = f"{self.name}_{end}"
            text = written(args, name)
            day = read_day(text)
            error = ""
            if text and day is None:
                error = _("Write the day like this: 02.11.2026.")
            fields.append(Field(name, spoken(label), "day", text, error=error))
            if day is not None:
                where.append(self._from(day) if end == "from" else self._to(day))
                params.append((name, text))
        return Reading(tuple(fields), tuple(where), tuple(params))

    def _from(self, day: dt.date) -> sa.ColumnElement[bool]:
        return self.column >= self._bound(day)

    def _to(self, day: dt.date) -> sa.ColumnElement[bool]:
        return self.column < self._bound(day + dt.timedelta(days=1))

    def _bound(self, day: dt.date) -> dt.date | dt.datetime:
        if not issubclass(python_type(self.column), dt.datetime):
            return day
        midnight = dt.datetime.combine(day, dt.time(), OFFICE_ZONE)
        return midnight if isinstance(self.column.expression.type, UtcDateTime) else midnight.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few codes: `choices` maps each to its words, `meanings` to a condition where equality is not meant."""

    name: str
    label: Any
    choices: Mapping[str, Any]
    column: InstrumentedAttribute[Any] | None = None
    meanings: Mapping[str, Callable[[], sa.ColumnElement[bool]]] = field(default_factory=dict)
    any_label: Any = None

    def read(self, args: Mapping[str, str]) -> Reading:
        """Return the reading of `args`; a code that is not declared is as good as none."""
        code = args.get(self.name, "")
        options = (
            ("", spoken(self.any_label) if self.any_label is not None else spoken(_EVERYTHING)),
            *spoken_choices(self.choices),
        )
        if code not in self.choices:
            return Reading((Field(self.name, spoken(self.label), "choice", "", options),))
        if code in self.meanings:
            condition = self.meanings[code]()
        elif self.column is not None:
            condition = self.column == code
        else:
            raise LookupError(f"the choice {code!r} of {self.name} means nothing")
        return Reading(
            (Field(self.name, spoken(self.label), "choice", code, options),), (condition,), ((self.name, code),)
        )


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff: me, nobody, or one by name."""

    name: str
    label: Any
    column: InstrumentedAttribute[Any]

    def read(self, args: Mapping[str, str]) -> Reading:
        """Return the reading of `args`: `me`, `nobody` or the id of somebody who works here."""
        code = args.get(self.name, "")
        people = people_of_office()
        options = (*spoken_choices(_ANYBODY), *people)
        if code not in {option for option, _words in options if option}:
            return Reading((Field(self.name, spoken(self.label), "choice", "", options),))
        somebody = None if code == "nobody" else current_user.id if code == "me" else int(code)
        condition: sa.ColumnElement[bool] = self.column == somebody if somebody else self.column.is_(None)
        return Reading(
            (Field(self.name, spoken(self.label), "choice", code, options),), (condition,), ((self.name, code),)
        )


class QuickFilter(Protocol):
    """A filter that stands open above a list; app/views/office/register_filters_audit.py has more of them."""

    def read(self, args: Mapping[str, str]) -> Reading:
        """Return what the filter makes of an address."""


def people_of_office() -> tuple[tuple[str, str], ...]:
    """Return (id, name) of staff who hold cases or may, by surname; asked at most once a minute, not on every page."""
    kept: tuple[float, tuple[tuple[str, str], ...]] | None = current_app.extensions.get("office_people")
    if kept is None or kept[0] < time.monotonic():
        session: Session = current_app.extensions["appbuilder"].session
        may_hold = sa.and_(User.active, User.roles.any(name=Role.CLERK.value))
        holds = sa.exists().where(Case.clerk_id == User.id)
        rows: Sequence[Any] = session.execute(
            sa.select(User.id, User.first_name, User.last_name).where(sa.or_(may_hold, holds)).limit(500)
        ).all()
        named = [(str(row.id), f"{row.last_name} {row.first_name}".strip()) for row in rows]
        people = tuple(sorted(named, key=lambda person: polish_key(person[1])))
        kept = current_app.extensions["office_people"] = (time.monotonic() + _PEOPLE_SECONDS, people)
    return kept[1]
