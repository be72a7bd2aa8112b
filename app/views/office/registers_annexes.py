"""The registers of annexes 7 and 8: what documents and markings the office had, and which plates came back to it.

Law: CZYNN (Dz.U. 2022 poz. 1849) annexes 7 and 8. Returned plates stand apart from new ones, which are in the stock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy.orm import joinedload, selectinload

from app.domain.blanks import label_as_printed, permit_as_printed
from app.domain.custody import ItemState, Movement
from app.domain.identified import compact
from app.domain.items import ItemKind
from app.domain.vehicles import plate_as_printed
from app.models import Case, Handover, Item, PlateNumber
from app.views.office import marks
from app.views.office.formats import day
from app.views.office.register_acts import ListAct
from app.views.office.register_filters import Choice, Days, Reading, Words, written
from app.views.office.register_page import Asked
from app.views.office.registers_procedure import CaseRows
from app.views.wording_registers import CARRIAGES
from app.views.wording_things import HOLDERS, THINGS, handover_in_words, holder_in_words

_RETURNED = (ItemKind.PLATE, ItemKind.EXTRA_PLATE)
_MARKINGS = (
    ItemKind.TEMPORARY_PERMIT,
    ItemKind.REGISTRATION_CERTIFICATE,
    ItemKind.CONTROL_STICKER,
    ItemKind.LEGALISATION_STICKERS,
    ItemKind.NEW_VEHICLE_CARD,
)


_MOST = frozenset(
    {
        *(ItemKind.PLATE, ItemKind.TEMPORARY_PERMIT, ItemKind.REGISTRATION_CERTIFICATE),
        *(ItemKind.CONTROL_STICKER, ItemKind.LEGALISATION_STICKERS, ItemState.WITH_PARTY),
    }
)
"""What a great part of all rows of its register is."""


def _by_day(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return `condition` so that rows are looked at in the order of their days until there are enough for a page.

    SQLite would find all that are so by an index, and then sort them, however many; so not what is so is asked for, but
    not what is not. PostgreSQL sees through that, and knows how many there are: else it would send workers for a count.
    """
    return sa.not_(sa.or_(sa.not_(condition), Item.came_at.is_(None)))


def _meanings(column: Any, codes: Iterable[ItemKind | ItemState]) -> dict[str, Callable[[], sa.ColumnElement[bool]]]:
    """Return what the codes of a filter mean that most rows have; the others are found by their index."""
    return {code.value: partial(_by_day, column == code) for code in codes if code in _MOST}


@dataclass(frozen=True, slots=True)
class _NumberWords(Words):
    """A text by which things of `kinds` are found: what `Words` finds, and what is written on the thing."""

    kinds: tuple[ItemKind, ...] = ()

    def read(self, args: Mapping[str, str]) -> Reading:
        """Return the reading of `args`; labels have an index among things of one kind only."""
        reading = Words.read(self, args)
        text = written(args, self.name)
        if not text or any(field.error for field in reading.fields):
            return reading
        labelled = sa.select(Item.id).where(Item.kind.in_(self.kinds), Item.label.in_(self.spellings(text)))
        return replace(reading, where=(sa.or_(*reading.where, Item.id.in_(labelled)),))


def _plate_spellings(text: str) -> tuple[str, ...]:
    """SC12345 and SC 12345 are one number."""
    return text, text.upper(), compact(text), plate_as_printed(compact(text))


def _blank_spellings(text: str) -> tuple[str, ...]:
    """Return the number of a blank as it may be printed."""
    return tuple(filter(None, (text, text.upper(), permit_as_printed(text), label_as_printed(text))))


def _words(kinds: tuple[ItemKind, ...], spellings: Callable[[str], tuple[str, ...]]) -> _NumberWords:
    """Return the filter by what a thing of `kinds` is found by."""
    words = _("Number, case sign, plate, VIN or name")
    return _NumberWords("q", words, Item.case_id, exact=(Item.number,), spellings=spellings, kinds=kinds)


def _kind(kinds: tuple[ItemKind, ...]) -> Choice:
    words = {kind.value: THINGS[kind.value] for kind in kinds}
    return Choice("kind", _("Kind"), words, Item.kind, _meanings(Item.kind, kinds))


def _when(row: Handover | None) -> str:
    return day(row.at) if row is not None else ""


def _came(item: Item) -> str:
    """Return how a thing came: by post, with a courier, brought; with the number of the consignment."""
    row = item.arrival
    if row is None or row.consignment is None:
        return ""
    return f"{CARRIAGES[row.consignment.carriage.value]}, {row.consignment.number}"


def _where(item: Item) -> Markup | str:
    """Return where a thing is now: its shelf, or who has it."""
    if item.state is ItemState.IN_OFFICE and item.place:
        return marks.chip(item.place, "", "map-pin")
    return holder_in_words(item)


def _became(item: Item) -> Markup | str:
    """Return what became of a plate in the end and when; what was destroyed or handed over leads to its paper."""
    row = item.ending
    if row is None:
        return ""
    said = f"{handover_in_words(row)}, {day(row.at)}"
    if row.movement is Movement.TO_MAKER and row.consignment is not None:
        address = url_for("WornPlates.protocol", pk=row.consignment.id)
        return Markup('{}<br><a href="{}" target="_blank">{}</a>').format(said, address, row.consignment.number)
    if row.movement is Movement.DESTROYED and item.case is not None:
        address = url_for("FrontDesk.items", sign=item.case.sign, _anchor="records")
        return Markup('<a href="{}">{}</a>').format(address, said)
    return said


def _vehicle(item: Item) -> Markup:
    """Return the number that the vehicle is given in the case, else the one by which it came."""
    if item.case is None:
        return Markup("")
    given = item.case.plate_numbers
    return marks.plate(given[0].number if given else item.case.plate)


class _AnnexRegister(CaseRows):
    """Things of a few kinds that the office received or made, with the days of their lives."""

    datamodel = SQLAInterface(Item)
    kinds: tuple[ItemKind, ...] = ()
    row_head = "number"
    base_order = ("came_at", "desc")
    order_columns = ["number", "came_at"]
    more_columns = ["place", "returned"]
    eager = {"case": ("sign", "plate")}

    def rows(self, asked: Asked) -> sa.Select[Any]:
        """Return the rows of the register; what is awaited still is in none."""
        return super().rows(asked).where(_by_day(Item.kind.in_(self.kinds)), Item.came_at.is_not(None))

    def _loading(self, order: str) -> sa.Select[Any]:
        """Read the chains of the things along: one statement more, however long the page."""
        if order not in self._loads:
            chain = selectinload(Item.handovers)
            self._loads[order] = super()._loading(order).options(chain, chain.joinedload(Handover.consignment))
        return self._loads[order]


class ReturnedPlateRegister(_AnnexRegister):
    """Every plate that came back to the office, and what became of it (annex 8)."""

    route_base = "/tablice-zwrocone"
    list_title, show_title = _("Returned plates"), _("Returned plate")
    kinds = _RETURNED
    label_columns = {
        "number": _("Number"),
        "label": _("Registration number"),
        "kind": _("Kind"),
        "came_at": _("Received"),
        "arrival": _("How it came"),
        "case": _("Case"),
        "state": _("Where it is"),
        "ending": _("What became of it"),
    }
    list_columns = ["number", "label", "kind", "came_at", "arrival", "case", "state", "ending"]
    quick_filters = (
        _words(_RETURNED, _plate_spellings),
        Days("came", _("Received from"), _("to"), Item.came_at),
        _kind(_RETURNED),
        Choice(
            "state",
            _("Where it is"),
            {
                state: HOLDERS[state]
                for state in ("in_office", "destroyed", "with_maker", "with_party", "in_post", "forwarded")
            },
            Item.state,
        ),
    )
    standing_views = (
        (_("In the office"), "state=in_office"),
        (_("With the maker of plates"), "state=with_maker"),
    )
    formatters_columns: dict[str, Any] = {
        "label": marks.plate,
        "kind": lambda kind: str(THINGS[kind.value]),
        "came_at": day,
    }
    row_formatters = {
        "case": lambda item: item.case.sign if item.case else "",
        "arrival": _came,
        "state": _where,
        "ending": _became,
    }
    list_acts = (ListAct(_("Worn plates to their maker"), "WornPlates.look", "can_list", icon="package-export"),)
    empty_title = _("No plate has come back yet")
    empty_text = _("Plates that parties bring or send stand here from the day on which the office received them.")


class MarkingRegister(_AnnexRegister):
    """Every document and marking of a vehicle that the office made or got, and what became of it (annex 7)."""

    route_base = "/dokumenty-i-oznaczenia"
    list_title, show_title = _("Documents and markings"), _("Document or marking")
    kinds = _MARKINGS
    label_columns = {
        "number": _("Number"),
        "kind": _("Kind"),
        "label": _("Number of the blank"),
        "case": _("Case"),
        "case.plate": _("Vehicle"),
        "came_at": _("Made or arrived"),
        "departure": _("Given out"),
        "invalidation": _("Returned or invalidated"),
        "state": _("Where it is"),
    }
    list_columns = ["number", "kind", "label", "case", "case.plate", "came_at", "departure", "invalidation", "state"]
    quick_filters = (
        _words(_MARKINGS, _blank_spellings),
        Days("came", _("Made or arrived from"), _("to"), Item.came_at),
        _kind(_MARKINGS),
        Choice("state", _("Where it is"), HOLDERS, Item.state, _meanings(Item.state, ItemState)),
    )
    standing_views = (
        (_("In the office"), "state=in_office"),
        (_("Temporary permits"), "kind=TEMPORARY_PERMIT"),
        (_("Certificates"), "kind=REGISTRATION_CERTIFICATE"),
    )
    formatters_columns: dict[str, Any] = {
        "kind": lambda kind: str(THINGS[kind.value]),
        "label": marks.code,
        "came_at": day,
    }
    row_formatters = {
        "case": lambda item: item.case.sign if item.case else "",
        "case.plate": _vehicle,
        "departure": lambda item: _when(item.departure),
        "invalidation": lambda item: _when(item.invalidation),
        "state": _where,
    }
    empty_title = _("No document and no marking yet")
    empty_text = _(
        "Permits, certificates, stickers and cards stand here from the day on which they are made or arrive."
    )

    def _loading(self, order: str) -> sa.Select[Any]:
        """Read the numbers of the vehicles along, too."""
        if order not in self._loads:
            numbers = joinedload(Item.case).selectinload(Case.plate_numbers).load_only(PlateNumber.number)
            self._loads[order] = super()._loading(order).options(numbers)
        return self._loads[order]
