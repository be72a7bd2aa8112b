"""What should a clerk look at twice in an application? Machine checks that warn and never stand in its way.

The application comes as plain values: the mapping that `dataclasses.asdict` makes of a form document, with the same
names. Anything may be missing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from app.domain.addresses import postal_lines
from app.domain.documents import IMPORTED, Answers, ground_of, is_ex_officio, required_documents
from app.domain.folding import fold_words
from app.domain.identified import Identified, IdentifierKind, compact
from app.domain.identifiers import (
    PlateKind,
    VehicleClass,
    birth_date,
    is_valid_pesel,
    is_valid_plate,
    parse_delivery_address,
    parse_pesel,
    parse_plate,
    parse_postal_code,
    parse_regon,
    parse_tracking,
    parse_vin,
    vehicle_class_of,
)
from app.domain.other_offices import county_elsewhere
from app.domain.plates import OWN_PREFIXES
from app.domain.procedures.editions import SEKAP
from app.domain.procedures.stages import ProcedureName

Values = Mapping[str, object]

FIRST_PRODUCTION_YEAR = 1900
REGISTRATION_DAYS = 30
"""PRD art. 73aa ust. 1: within so many days of the acquisition an owner applies."""
_DUTY_SINCE = dt.date(2024, 1, 1)
_POLAND = frozenset({"", "PL", "POLSKA", "POLAND"})


@dataclass(frozen=True, slots=True)
class ApplicationWarning:
    """Something doubtful: a `code`, the `field` it stands in (`vehicle.vin`), and `details` for the sentence."""

    code: str
    field: str
    details: Mapping[str, str | int] = dataclasses.field(default_factory=dict)


def check_application(
    values: Values,
    *,
    today: dt.date,
    signers: Iterable[Mapping[str, str]] = (),
    edition: str = SEKAP,
    own_prefixes: Sequence[str] = OWN_PREFIXES,
) -> tuple[ApplicationWarning, ...]:
    """Return what is doubtful about an application, in the order of the form.

    Args:
        values: The application as plain values.
        today: The day in the office.
        signers: For each signature of the package its `name` and `identifier` as the certificate writes it (`PNOPL-…`).
        edition: The edition under which the case runs, which decides about its documents.
        own_prefixes: The county letters of the office's own plates.
    """
    context = _Context(today, tuple(signers), edition, tuple(own_prefixes))
    checks = (_identifiers, _dates, _request, _plates, _addresses, _documents, _declarations, _signers)
    return tuple(ApplicationWarning(*found) for check in checks for found in check(values, context))


@dataclass(frozen=True, slots=True)
class _Context:
    today: dt.date
    signers: tuple[Mapping[str, str], ...]
    edition: str
    own_prefixes: tuple[str, ...]


_Found = Iterator[tuple[str, str, Mapping[str, str | int]]]


def _part(values: Values, name: str) -> Values:
    part = values.get(name)
    return cast("Values", part) if isinstance(part, Mapping) else {}


def _text(values: Values, name: str) -> str:
    value = values.get(name)
    return str(value) if value is not None else ""


def _texts(values: Values) -> dict[str, str]:
    return {name: _text(values, name) for name in values}


def _day(values: Values, name: str) -> dt.date | None:
    value = values.get(name)
    return value if isinstance(value, dt.date) else None


def parties(values: Values) -> Iterator[tuple[str, Values]]:
    """Yield everybody whom the application names, with the place where they stand."""
    for name in ("owner", "sender", "holder", "proxy"):
        party = _part(values, name)
        if party:
            yield name, party
    others = values.get("co_owners")
    for number, other in enumerate(others if isinstance(others, (list, tuple)) else ()):
        if isinstance(other, Mapping):
            yield f"co_owners.{number}", other


def _warnings_of(identified: Identified, place: str) -> _Found:
    for code in identified.warnings:
        yield code, place, {"value": identified.as_written}


def _identifiers(values: Values, _: _Context) -> _Found:
    for place, party in parties(values):
        pesel, regon, born = _text(party, "pesel"), _text(party, "regon"), _day(party, "birth_date")
        if pesel:
            yield from ((code, f"{place}.pesel", {}) for code in parse_pesel(pesel).warnings)
        if regon:
            yield from _warnings_of(parse_regon(regon), f"{place}.regon")
        if party.get("kind") == "entity" and not regon:
            yield "regon-missing", f"{place}.regon", {}
        if party.get("kind") == "person" and place == "owner" and not pesel and born is None:
            yield "person-unidentified", f"{place}.pesel", {}
        if born is not None and is_valid_pesel(compact(pesel)) and birth_date(compact(pesel)) != born:
            yield "birth-date-differs", f"{place}.birth_date", {}
    vehicle = _part(values, "vehicle")
    if vehicle:
        yield from _warnings_of(parse_vin(_text(vehicle, "vin")), "vehicle.vin")
    number = _text(_part(values, "originals"), "tracking_number")
    if number:
        yield from _warnings_of(parse_tracking(number), "originals.tracking_number")


def _dates(values: Values, context: _Context) -> _Found:
    vehicle = _part(values, "vehicle")
    request = _part(values, "request")
    dates = (
        ("filed_on", _day(values, "filed_on")),
        ("vehicle.acquired_on", _day(vehicle, "acquired_on")),
        ("vehicle.eu_import_date", _day(vehicle, "eu_import_date")),
        ("request.disposed_on", _day(request, "disposed_on")),
        *((f"{place}.birth_date", _day(party, "birth_date")) for place, party in parties(values)),
    )
    for place, day in dates:
        if day is not None and day > context.today:
            yield "date-in-future", place, {"date": day.isoformat()}
    year = vehicle.get("production_year")
    acquired = _day(vehicle, "acquired_on")
    if isinstance(year, int):
        if not FIRST_PRODUCTION_YEAR <= year <= context.today.year:
            yield "production-year", "vehicle.production_year", {"year": year}
        elif acquired is not None and acquired.year < year:
            yield "acquired-before-production", "vehicle.acquired_on", {"year": year}
    filed = _day(values, "filed_on") or context.today
    if (
        request.get("kind") == "registration"
        and acquired is not None
        and acquired >= _DUTY_SINCE
        and (filed - acquired).days > REGISTRATION_DAYS
        and vehicle.get("acquisition") != "inheritance"  # counted from the court's order, which the form does not say
    ):
        yield "registration-overdue", "vehicle.acquired_on", {"days": (filed - acquired).days}


def _request(values: Values, context: _Context) -> _Found:
    request = _part(values, "request")
    vehicle = _part(values, "vehicle")
    kind = request.get("kind")
    if kind == "deregistration":
        ground = _text(request, "ground")
        if not ground:
            yield "ground-missing", "request.ground", {}
        elif ground_of(ground) is None:
            yield "ground-unknown", "request.ground", {"ground": ground}
        elif is_ex_officio(ground):
            yield "ground-ex-officio", "request.ground", {}
        elsewhere = county_elsewhere(_text(vehicle, "plate"), context.own_prefixes)
        if elsewhere is not None:
            # PRD art. 79 ust. 1: the authority of the last registration decides.
            yield "registered-elsewhere", "vehicle.plate", {"prefix": elsewhere[0]}
    if kind == "temporary-registration" and not _text(request, "purpose"):
        yield "purpose-missing", "request.purpose", {}


def _plates(values: Values, _: _Context) -> _Found:
    vehicle, wishes = _part(values, "vehicle"), _part(values, "plates")
    plate, origin = _text(vehicle, "plate"), vehicle.get("origin")
    if plate:
        yield from (() if origin in IMPORTED else _warnings_of(parse_plate(plate), "vehicle.plate"))
        if origin == "new":
            yield "plate-of-a-new-vehicle", "vehicle.plate", {"value": plate}
    elif vehicle and (origin == "used-poland" or _part(values, "request").get("kind") == "deregistration"):
        yield "plate-missing", "vehicle.plate", {}
    if wishes.get("keep_number") and (not plate or origin in {"new", *IMPORTED}):
        yield "no-number-to-keep", "plates.keep_number", {}
    if wishes.get("reduced") and not wishes.get("reduced_space_declared"):
        yield "reduced-space-undeclared", "plates.reduced", {}
    text = compact(_text(wishes, "individual_text"))
    if text and not is_valid_plate(f"S0{text}"):
        yield "individual-text", "plates.individual_text", {"value": text}


def _addresses(values: Values, _: _Context) -> _Found:
    places = [(place, _part(party, "address")) for place, party in parties(values)]
    places.append(("contact", _part(_part(values, "contact"), "address")))
    places.append(("handover", _part(_part(values, "handover"), "address")))
    for place, address in places:
        code = _text(address, "postal_code")
        if code and _text(address, "country").strip().upper() in _POLAND:
            yield from _warnings_of(parse_postal_code(code), f"{place}.address.postal_code")
    if values.get("owner") and not places[0][1]:
        yield "address-missing", "owner.address", {}
    electronic = _text(_part(values, "contact"), "e_delivery")
    if electronic:
        yield from _warnings_of(parse_delivery_address(electronic), "contact.e_delivery")


def _documents(values: Values, context: _Context) -> _Found:
    kind = _part(values, "request").get("kind")
    if kind not in {"registration", "deregistration"}:
        return
    listed = values.get("attachments")
    there = {
        _text(one, "kind") for one in (listed if isinstance(listed, (list, tuple)) else ()) if isinstance(one, Mapping)
    }
    if is_ex_officio(_text(_part(values, "request"), "ground")):
        return  # which ground it is, a clerk says first
    for requirement in required_documents(ProcedureName(str(kind)), context.edition, answers_of(values)):
        if not requirement.if_issued and requirement.kind.value not in there:
            yield "document-missing", "attachments", {"kind": requirement.kind.value, "law": requirement.law}


def _declarations(values: Values, _: _Context) -> _Found:
    if values.get("request") and not _part(values, "declarations").get("accuracy"):
        yield "accuracy-not-declared", "declarations.accuracy", {}


def answers_of(values: Values) -> Answers:
    """Return what the rules about documents ask for, from an application's plain values.

    A ground on which the office acts by itself is none that an application can name.
    """
    vehicle, proxy, wishes = _part(values, "vehicle"), _part(values, "proxy"), _part(values, "plates")
    text, reduced = _text(wishes, "individual_text").strip(), bool(wishes.get("reduced"))
    wanted = _part(values, "handover")
    origin = _text(vehicle, "origin") or "used-poland"
    given = _part(values, "declarations").get("statements")
    stated = {
        _text(one, "code") for one in (given if isinstance(given, (list, tuple)) else ()) if isinstance(one, Mapping)
    }
    kind = _text(vehicle, "kind").lower()
    number = parse_vin(_text(vehicle, "vin"))
    ground = _text(_part(values, "request"), "ground")
    return Answers(
        origin=origin,
        owner_changed="OWNER_UNCHANGED" not in stated,
        was_registered=origin not in {"new", "self-built"} or bool(_text(vehicle, "plate")),
        passenger_car=not kind or "osobow" in kind,
        vehicle_class=vehicle_class_of(kind),
        import_date_known=_day(vehicle, "eu_import_date") is not None,
        by_proxy=bool(proxy),
        proxy_is_family="PROXY_IS_FAMILY" in stated,
        certificate_lost="CERTIFICATE_LOST" in stated,
        plates_lost="PLATES_LOST" in stated,
        without_plates="WITHOUT_PLATES" in stated,
        extra_plate=bool(stated & {"EXTRA_PLATE", "EXTRA_PLATE_LOST"}),
        extra_plate_lost="EXTRA_PLATE_LOST" in stated,
        extra_plate_wished="EXTRA_PLATE_WISHED" in stated and vehicle_class_of(kind) is VehicleClass.CAR,
        temporarily_withdrawn="TEMPORARILY_WITHDRAWN" in stated,
        number_given="NUMBER_GIVEN" in stated or number.kind is IdentifierKind.CHASSIS_BY_OFFICE,
        ground="" if is_ex_officio(ground) else ground,
        individual_text=text,
        reduced_plates=reduced,
        reduced_space_declared=bool(wishes.get("reduced_space_declared")),
        keep_number=bool(wishes.get("keep_number")),
        plate_kind=_plates_wished_for(origin, text, reduced=reduced),
        post_wished=_text(wanted, "way") == "post" and wanted.get("cost_accepted") is not False,
        post_address="\n".join(postal_lines(_texts(_part(wanted, "address")))),
    )


def _plates_wished_for(origin: str, text: str, *, reduced: bool) -> PlateKind:
    if text:
        return PlateKind.INDIVIDUAL
    if reduced:
        return PlateKind.REDUCED
    return PlateKind.ANTIQUE if origin == "historic" else PlateKind.ORDINARY


def _signers(values: Values, context: _Context) -> _Found:
    """Compare who signed with who applies: by PESEL where both have one, else by the words of the name."""
    people = [party for _, party in parties(values)]
    if not people:
        return
    persons = [party for party in people if party.get("kind") != "entity"]
    for number, signer in enumerate(context.signers):
        if any(_is_same(signer, party) for party in persons):
            continue
        # Who signs for an entity alone must be allowed to; that is for a clerk to look up.
        code = "signer-not-applicant" if persons else "signer-of-entity"
        yield code, f"signatures.{number}", {"signer": signer.get("name", "")}


def _is_same(signer: Mapping[str, str], party: Values) -> bool:
    digits = signer.get("identifier", "").upper().removeprefix("PNOPL-")
    pesel = compact(_text(party, "pesel"))
    if is_valid_pesel(digits) and is_valid_pesel(pesel):
        return digits == pesel
    names, signed = set(fold_words(_text(party, "name"))), set(fold_words(signer.get("name", "")))
    # Certificates and forms differ in second names: one must contain the other, and in at least two words.
    return min(len(names), len(signed)) >= 2 and (names <= signed or signed <= names)
