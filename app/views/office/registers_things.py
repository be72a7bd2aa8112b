"""The registers of things: originals and plates, the consignments they travel in, the stock of plates, permits."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from app import clock
from app.domain.identified import compact
from app.domain.vehicles import plate_as_printed
from app.models import Carriage, Consignment, Direction, Item, Permit, PlateNumber
from app.views.office import marks
from app.views.office.formats import day
from app.views.office.register_acts import ListAct
from app.views.office.register_filters import Choice, Days, Words
from app.views.office.registers_procedure import CaseRows, chip_of, words_of
from app.views.wording_registers import (
    CARRIAGES,
    DIRECTIONS,
    PARCEL_OUTCOMES,
    PLATE_KINDS,
    PLATE_STATES,
    RETIRED_BECAUSE,
)
from app.views.wording_things import HOLDERS, THINGS


def _case(row: Item | PlateNumber | Permit) -> str:
    return row.case.sign if row.case else ""


class ItemRegister(CaseRows):
    """Every original, plate, permit and document that the office awaits or holds, or had."""

    datamodel = SQLAInterface(Item)
    route_base = "/rzeczy"
    list_title, show_title = _("Originals and plates"), _("Thing")
    label_columns = {
        "number": _("Number"),
        "kind": _("Kind"),
        "label": _("Mark"),
        "case": _("Case"),
        "state": _("Where it is"),
        "place": _("Shelf"),
    }
    list_columns = ["number", "kind", "label", "case", "state", "place"]
    row_head = "number"
    order_columns = ["number", "place"]
    quick_filters = (
        Words("q", _("Number, case sign, plate, VIN or name"), Item.case_id, exact=(Item.number,)),
        Words("shelf", _("Shelf"), exact=(Item.place,)),
        Choice("kind", _("Kind"), THINGS, Item.kind),
        Choice("state", _("Where it is"), HOLDERS, Item.state),
    )
    standing_views = (
        (_("On the shelves"), "state=in_office&sort=place&dir=asc"),
        (_("On the way"), "state=in_post"),
    )
    formatters_columns: dict[str, Any] = {
        "kind": lambda kind: str(THINGS[kind.value]),
        "state": lambda state: str(HOLDERS[state.value]),
        "place": lambda place: marks.chip(place, "", "map-pin") if place else "",
        "label": marks.code,
    }
    row_formatters = {"case": _case}
    empty_title = _("No thing yet")
    empty_text = _("As soon as a summons asks for originals, each of them stands here until it is back.")


def _outcome(parcel: Consignment) -> Markup | str:
    if parcel.outcome is not None:
        words = str(PARCEL_OUTCOMES[parcel.outcome.value])
        delivered = parcel.outcome.value == "delivered"
        return marks.chip(words, "ok" if delivered else "warn", "check" if delivered else "truck-return")
    return marks.muted(gettext("no proof of delivery yet")) if parcel.awaits_acknowledgement else ""


def _case_or_none(parcel: Consignment) -> Markup | str:
    if parcel.case is None and parcel.direction is Direction.OUT:
        return marks.muted(gettext("of several cases"))
    return parcel.case.sign if parcel.case else marks.chip(gettext("no case yet"), "warn", "help-circle")


class ConsignmentRegister(CaseRows):
    """Everything that came into the office and went out of it, envelope by envelope, visit by visit."""

    datamodel = SQLAInterface(Consignment)
    route_base = "/przesylki"
    list_title, show_title = _("Consignments"), _("Consignment")
    label_columns = {
        "number": _("Number"),
        "on": _("Day"),
        "direction": _("Direction"),
        "carriage": _("Carriage"),
        "person": _("Person"),
        "case": _("Case"),
        "tracking": _("Tracking number"),
        "outcome": _("Outcome"),
    }
    list_columns = ["number", "on", "direction", "carriage", "person", "case", "tracking", "outcome"]
    row_head = "number"
    base_order = ("on", "desc")
    order_columns = ["on"]
    quick_filters = (
        Words(
            "q",
            _("Number, tracking number, case sign, plate or name"),
            Consignment.case_id,
            exact=(Consignment.number, Consignment.tracking, Consignment.acknowledgement),
        ),
        Days("day", _("From"), _("to"), Consignment.on),
        Choice("direction", _("Direction"), DIRECTIONS, Consignment.direction),
        Choice("carriage", _("Carriage"), CARRIAGES, Consignment.carriage),
        Choice(
            "state",
            _("State"),
            {"unmatched": _("no case yet"), "unproved": _("no proof of delivery yet"), **PARCEL_OUTCOMES},
            Consignment.outcome,
            meanings={
                "unmatched": lambda: sa.and_(Consignment.case_id.is_(None), Consignment.direction == Direction.IN),
                "unproved": lambda: sa.and_(
                    Consignment.direction == Direction.OUT,
                    Consignment.carriage != Carriage.IN_PERSON,
                    Consignment.outcome.is_(None),
                ),
            },
        ),
    )
    standing_views = (
        (_("Not matched to a case"), "state=unmatched"),
        (_("No proof of delivery yet"), "state=unproved"),
    )
    formatters_columns: dict[str, Any] = {
        "on": day,
        "direction": lambda direction: str(DIRECTIONS[direction.value]),
        "carriage": lambda carriage: str(CARRIAGES[carriage.value]),
        "tracking": marks.code,
    }
    row_formatters = {"case": _case_or_none, "outcome": _outcome}
    empty_title = _("Nothing has come or gone yet")
    empty_text = _("Envelopes and visits are registered at the front desk and stand here.")


def _plate_spellings(text: str) -> tuple[str, ...]:
    """SC7A123 and SC 7A123 are one number."""
    return text.upper(), compact(text), plate_as_printed(compact(text))


class PlateRegister(CaseRows):
    """The registration numbers of the office: in stock, assigned, retired."""

    datamodel = SQLAInterface(PlateNumber)
    route_base = "/tablice"
    list_title, show_title = _("Plates"), _("Registration number")
    label_columns = {
        "number": _("Number"),
        "kind": _("Kind"),
        "plates": _("How many plates"),
        "state": _("State"),
        "case": _("Case"),
        "assigned_at": _("Assigned"),
        "added_at": _("Added"),
        "retired_because": _("Why it was retired"),
    }
    list_columns = ["number", "kind", "plates", "state", "case", "assigned_at", "added_at", "retired_because"]
    row_head = "number"
    number_columns = ["plates"]
    order_columns = ["number"]
    base_order = ("id", "asc")
    quick_filters = (
        Words(
            "q",
            _("Number, case sign or name"),
            PlateNumber.case_id,
            exact=(PlateNumber.number,),
            spellings=_plate_spellings,
        ),
        Choice("kind", _("Kind"), PLATE_KINDS, PlateNumber.kind),
        Choice("state", _("State"), words_of(PLATE_STATES), PlateNumber.state),
    )
    standing_views = (
        (_("In stock"), "state=in_stock"),
        (_("Assigned"), "state=assigned"),
    )
    formatters_columns: dict[str, Any] = {
        "number": marks.plate,
        "kind": lambda code: str(PLATE_KINDS[code]),
        "state": chip_of(PLATE_STATES),
        "retired_because": lambda reason: str(RETIRED_BECAUSE.get(reason, reason or "")),
        "assigned_at": day,
        "added_at": day,
    }
    row_formatters = {"case": _case}
    list_acts = (
        ListAct(_("Add a series"), "PlateStock.add", "can_stock"),
        ListAct(_("Retire a number"), "PlateStock.retire", "can_stock", icon="ban"),
    )
    empty_title = _("There is no registration number in stock")
    empty_text = _("A supervisor adds the series that came from the manufacturer.")


def _valid_until(permit: Permit) -> Markup | str:
    if permit.valid_until is None:
        return marks.muted(gettext("counted from the decision"))
    said = day(permit.valid_until)
    left = (permit.valid_until - clock.today()).days
    if left < 0:
        return marks.chip(said, "", "ban")
    return marks.chip(said, "warn", "clock") if left <= 7 else said


class PermitRegister(CaseRows):
    """Every temporary permit, and until when it is valid."""

    datamodel = SQLAInterface(Permit)
    route_base = "/pozwolenia"
    list_title, show_title = _("Temporary permits"), _("Temporary permit")
    label_columns = {
        "number": _("Number"),
        "case": _("Case"),
        "days": _("Days"),
        "valid_until": lazy_pgettext("permit", "Valid until"),
        "extended_at": _("Extended"),
    }
    list_columns = ["number", "case", "days", "valid_until", "extended_at"]
    row_head = "number"
    number_columns = ["days"]
    order_columns = ["number", "valid_until"]
    quick_filters = (
        Words("q", _("Number, case sign, plate or name"), Permit.case_id, exact=(Permit.number,)),
        Days("until", _("Valid until, from"), _("to"), Permit.valid_until),
        Choice(
            "state",
            _("State"),
            {
                "valid": lazy_pgettext("permit", "valid"),
                "expired": lazy_pgettext("permit", "no longer valid"),
                "extended": lazy_pgettext("permit", "extended"),
            },
            meanings={
                "valid": lambda: Permit.valid_until >= clock.today(),
                "expired": lambda: Permit.valid_until < clock.today(),
                "extended": lambda: Permit.extended_at.is_not(None),
            },
        ),
    )
    standing_views = ((_("Ending next"), "state=valid&sort=valid_until&dir=asc"),)
    formatters_columns: dict[str, Any] = {"number": marks.code, "extended_at": day}
    row_formatters = {"case": _case, "valid_until": _valid_until}
    empty_title = _("No temporary permit yet")
    empty_text = _("A permit is prepared when the originals of a case are complete.")
