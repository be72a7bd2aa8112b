"""What is a page of a register made of: what was asked for, columns and how their cells read, tabs of views?"""

from __future__ import annotations

import datetime as dt
import enum
import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext
from markupsafe import Markup, escape

from app.views.languages import spoken
from app.views.office import formats
from app.views.office.register_filters import Field, Reading
from app.views.office.register_query import Order

_YES, _NO = lazy_gettext("yes"), lazy_gettext("no")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list, as its head and cells are drawn."""

    name: str
    label: str
    value: Callable[[Any], object]
    cell: Callable[[Any], object]
    classes: str
    sort_url: str = ""
    sorted: str = ""  # ascending, descending or nothing


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved or standing view above a list; `id` only where the person may remove it."""

    label: str
    url: str
    current: bool
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, after everything senseless in it was left out."""

    order: Order
    size: int
    readings: tuple[Reading, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of all filters, in their order."""
        return tuple(field for reading in self.readings for field in reading.fields)

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """The filters that apply, as parameters of an address."""
        return tuple(param for reading in self.readings for param in reading.params)


@cache
def reader(name: str) -> Callable[[Any], object]:
    """Return how the value of a column, a dotted column or a method is read from a row."""
    first, *rest = (attrgetter(part) for part in name.split("."))

    def read(row: Any) -> object:
        value = first(row)
        for get in rest:
            if value is None:
                return None
            value = get(value)
        return value() if callable(value) else value

    return read


def drawn(rows: Iterable[Any], columns: Sequence[Column], head: str, row_url: Callable[[Any], str] | None) -> Markup:
    """Return the rows of a list as HTML. Not a template: this is most of what a page costs."""
    spots = [(column.name == head, _opening(column), column.cell) for column in columns]
    parts: list[str] = []
    for row in rows:
        parts.append('<tr role="row" data-row>')
        for is_head, opening, cell in spots:
            found = cell(row)
            # What `escape` does, without a new object for each of hundreds of cells.
            inside: str = html.escape(found) if type(found) is str else escape(found)
            if not is_head:
                parts += (opening, inside, "</td>")
            elif not (address := row_url(row) if row_url is not None else ""):
                parts += ('<th role="rowheader" scope="row">', inside, "</th>")
            else:
                address = html.escape(address)
                parts += ('<th role="rowheader" scope="row"><a class="sign" href="', address, '">', inside, "</a></th>")
        parts.append("</tr>\n")
    return Markup("".join(parts))  # noqa: S704  every cell was escaped above


def _opening(column: Column) -> str:
    classes = f' class="{column.classes}"' if column.classes else ""
    return f'<td role="cell" data-label="{html.escape(column.label)}"{classes}>'


def cell_of(value: Callable[[Any], object], formatter: Callable[[Any], object] | None) -> Callable[[Any], object]:
    """Return how a cell is made of a row; nothing is looked up per row."""
    if formatter is not None:
        return once_per_value(formatter, value)
    yes, no = spoken(_YES), spoken(_NO)

    def cell(row: Any) -> object:
        found = value(row)
        if found is None:
            return ""
        if isinstance(found, (str, Markup)):
            return found.value if isinstance(found, enum.Enum) else found
        return said(found, yes, no)

    return cell


def once_per_value(formatter: Callable[[Any], object], value: Callable[[Any], object]) -> Callable[[Any], object]:
    """Return how a formatted cell is made: codes repeat, so each is put into words once a page and not once a row."""
    known: dict[object, object] = {}

    def cell(row: Any) -> object:
        found = value(row)
        if found is not None and not isinstance(found, (str, enum.Enum, bool, dt.date)):
            return formatter(found)
        shown = known.get(found)
        if shown is None:
            shown = known[found] = formatter(found)
        return shown

    return cell


def said(value: object, yes: str, no: str) -> object:
    """Return how a plain `value` is shown where no formatter is declared: nothing is shown as None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes if value else no
    if isinstance(value, dt.datetime):
        return formats.moment(value if value.tzinfo else value.replace(tzinfo=dt.UTC))
    if isinstance(value, dt.date):
        return formats.day(value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part) for part in value)
    return value


def refuse_slow_orders(model: type[Any], names: Iterable[str]) -> None:
    """Raise LookupError if the rows of `model` cannot be read in the order of one of `names` along an index."""
    for name in names:
        if not is_indexed(model.__table__, sa.inspect(model).columns[name].name):
            raise LookupError(f"no index of {model.__table__} leads with {name}, by which a register sorts")


def is_indexed(table: sa.Table, column: str) -> bool:
    """Return whether the rows of `table` stand ready in the order of `column` and then of the primary key."""
    wanted = [column, *(key.name for key in table.primary_key)]
    if table.columns[column].primary_key or table.columns[column].unique:
        return True
    for index in table.indexes:
        names = [part.name for part in index.columns]
        if names[: len(wanted)] == wanted or (index.unique and names == [column]):
            return True
    return any(
        isinstance(constraint, sa.UniqueConstraint) and [part.name for part in constraint.columns] == [column]
        for constraint in table.constraints
    )
