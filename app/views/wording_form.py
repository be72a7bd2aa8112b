"""How a form document reads: its parts and fields in words, in the order of the national form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from flask_babel import LazyString, pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.epackages import application as form
from app.views.wording_findings import DOCUMENTS

Rows = Iterator[tuple[str, str]]

GROUNDS: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "DEMONTAZ": _l("handed to a dismantling station"),
        "KRADZIEZ": _l("stolen"),
        "WYWOZ_ZBYCIE": _l("exported: sold abroad"),
        "WYWOZ_REJESTRACJA": _l("exported: registered abroad"),
        "KASACJA_ZAGRANICA": _l("scrapped abroad"),
        "UTRATA": _l("lost for good, proved, without a change of ownership"),
        "NIEKOMPLETNY": _l("handed over incomplete"),
        "WYCOFANIE_Z_OBROTU": _l("withdrawn from the market"),
        "Z_URZEDU_DEMONTAZ": _l("ex officio: the dismantling station reported it"),
        "Z_URZEDU_UE": _l("ex officio: registered in another member state"),
        "Z_URZEDU_WYWOZ": _l("ex officio: registered for export"),
    }
)
"""Grounds of a deregistration (PRD art. 79), by the codes of `domain/data/deregistration-grounds.csv`."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form: its heading, and rows of label and value that are filled in."""

    heading: str
    rows: tuple[tuple[str, str], ...]


def sections(application: form.Application, *, hide_numbers: bool) -> tuple[Section, ...]:
    """Return the parts of `application` that say something. `hide_numbers` masks PESELs, as lists and pages do."""
    parts = [
        (_("What the party asks for"), _request(application)),
        (_("Owner"), _party(application.owner, hide_numbers)),
        *((_("Co-owner"), _party(party, hide_numbers)) for party in application.co_owners),
        (_("Sender"), _party(application.sender, hide_numbers)),
        (_("Holder"), _party(application.holder, hide_numbers)),
        (_("Proxy"), _party(application.proxy, hide_numbers)),
        (_("Contact"), _contact(application.contact)),
        (_("Vehicle"), _vehicle(application.vehicle)),
        (_("Plates"), _plates(application.plates)),
        (_("How the party wants to collect"), _handover(application.handover)),
        (_("How the originals come"), _originals(application.originals)),
        (_("Declarations"), _declarations(application.declarations)),
        (_("Remarks"), iter([("", application.remarks)])),
    ]
    shown = ((heading, tuple((label, value) for label, value in rows if value)) for heading, rows in parts)
    return tuple(Section(heading, rows) for heading, rows in shown if rows)


def attachments(application: form.Application) -> tuple[tuple[str, str], ...]:
    """Return (kind in words, name of the file) of what the form lists."""
    return tuple(
        (str(DOCUMENTS.get(attachment.kind, DOCUMENTS["OTHER"])), attachment.name)
        for attachment in application.attachments
    )


def _request(application: form.Application) -> Rows:
    kinds = {
        form.RequestKind.REGISTRATION: _("registration of a vehicle"),
        form.RequestKind.TEMPORARY_REGISTRATION: _("temporary registration"),
        form.RequestKind.DEREGISTRATION: _("deregistration of a vehicle"),
        form.RequestKind.DISPOSAL_NOTICE: _("notice of a disposal"),
    }
    request, answers, authority = application.request, application.answers, application.authority
    if request is not None:
        yield _("Request"), kinds[request.kind]
        yield _("Purpose of the temporary registration"), request.purpose
        yield _("Ground of the deregistration"), str(GROUNDS.get(request.ground, request.ground))
        yield _("Disposed of on"), _day(request.disposed_on)
    if answers is not None:
        yield _("Letter in the case"), answers.case_sign
        yield _("Answers the letter"), answers.letter
    if authority is not None:
        yield _("Authority"), ", ".join(filter(None, (authority.name, authority.locality)))
    yield _("Place and date"), ", ".join(filter(None, (application.place, _day(application.filed_on))))


def _party(party: form.Party | None, hide_numbers: bool) -> Rows:  # noqa: FBT001  passed on as it came
    if party is None:
        return
    yield pgettext("person or entity", "Name"), party.name
    yield "PESEL", "•••••••" + party.pesel[-4:] if party.pesel and hide_numbers else party.pesel
    yield "REGON", party.regon
    yield _("Date of birth"), _day(party.birth_date)
    yield _("Address"), _address(party.address)


def _contact(contact: form.Contact | None) -> Rows:
    if contact is None:
        return
    yield _("E-mail"), contact.email
    yield _("Telephone"), contact.phone
    yield _("Address for electronic delivery"), contact.e_delivery
    yield _("Postal address"), _address(contact.address)


def _vehicle(vehicle: form.FormVehicle | None) -> Rows:
    if vehicle is None:
        return
    origins = {
        form.Origin.NEW: pgettext("vehicle", "new"),
        form.Origin.USED_POLAND: _("used, from Poland"),
        form.Origin.USED_EU: _("used, from the European Union"),
        form.Origin.THIRD_COUNTRY: _("from outside the European Union"),
        form.Origin.SELF_BUILT: _("self-built"),
        form.Origin.HISTORIC: _("historic"),
        form.Origin.CONFISCATED: _("forfeited"),
        form.Origin.SERVICES: _("from the services"),
    }
    acquisitions = {
        form.Acquisition.SALE: _("sale"),
        form.Acquisition.EXCHANGE: _("exchange"),
        form.Acquisition.GIFT: _("gift"),
        form.Acquisition.INHERITANCE: _("inheritance"),
        form.Acquisition.DIVISION: _("division of property"),
        form.Acquisition.JUDGMENT: _("judgment"),
        form.Acquisition.OTHER: _("other"),
    }
    yield _("Kind and purpose"), ", ".join(filter(None, (vehicle.kind, vehicle.purpose)))
    yield _("Make, type, model"), ", ".join(filter(None, (vehicle.make, vehicle.type, vehicle.model)))
    yield _("Year of production"), str(vehicle.production_year or "")
    yield "VIN", vehicle.vin
    yield _("Registration number so far"), vehicle.plate
    yield _("Origin"), origins[vehicle.origin] if vehicle.origin else ""
    yield _("Acquired by"), acquisitions[vehicle.acquisition] if vehicle.acquisition else ""
    yield _("Acquired on"), _day(vehicle.acquired_on)
    yield _("Imported from the EU on"), _day(vehicle.eu_import_date)
    yield _("Customs reservations"), vehicle.customs_reservations


def _plates(plates: form.PlateWishes | None) -> Rows:
    if plates is None:
        return
    yield _("Individual text"), plates.individual_text
    yield _("Reduced plates"), _yes_no(plates.reduced)
    yield _("The place for the plate is reduced"), _yes_no(plates.reduced_space_declared)
    yield _("Keep the present number"), _yes_no(plates.keep_number)


def _handover(handover: form.HandoverWish | None) -> Rows:
    if handover is None:
        return
    yield _("Way"), _ways()[handover.way]
    yield _("Address"), _address(handover.address)
    yield _("Pays the cost of the post"), _yes_no(handover.cost_accepted)


def _originals(originals: form.OriginalsNotice | None) -> Rows:
    if originals is None:
        return
    yield _("Way"), _ways()[originals.way]
    yield _("Carrier"), originals.carrier
    yield _("Tracking number"), originals.tracking_number
    yield _("Day"), _day(originals.on)


def _declarations(declarations: form.Declarations | None) -> Rows:
    if declarations is None:
        return
    yield _("The data are current and true"), _yes_no(declarations.accuracy)
    for statement in declarations.statements:
        liable = _("under criminal liability") if statement.under_liability else ""
        yield statement.code, "\n".join(filter(None, (statement.text, liable))) or _yes_no(answer=True)


def _ways() -> dict[form.Way, str]:
    return {form.Way.IN_PERSON: _("in person"), form.Way.POST: _("by post"), form.Way.COURIER: _("by courier")}


def _yes_no(answer: bool | None) -> str:  # noqa: FBT001  a value to show
    return "" if answer is None else _("yes") if answer else _("no")


def _day(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _address(address: form.Address | None) -> str:
    if address is None:
        return ""
    house = "/".join(filter(None, (address.building, address.flat)))
    street = " ".join(filter(None, (address.street, house)))
    town = " ".join(filter(None, (address.postal_code, address.locality)))
    return ", ".join(filter(None, (street, town, address.country)))
