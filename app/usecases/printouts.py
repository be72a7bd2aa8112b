"""What the front desk and the posting room print, from rows: labels, protocols, the posting book."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.domain.acts import Act
from app.domain.custody import Movement
from app.domain.deadlines import office_day
from app.domain.items import PLATES
from app.equipment import Equipment
from app.letters.labels import AddressLabel, StoredLabel, print_address_labels, print_stored_labels
from app.letters.names import subject_in_words
from app.letters.official import OfficialLetter, print_letter
from app.letters.posting_book import Posted, PostingBook, print_posting_book
from app.letters.protocol import (
    BroughtIn,
    Clerk,
    Destruction,
    Handover,
    Person,
    Thing,
    ToMaker,
    print_brought_in,
    print_destruction,
    print_handover,
    print_to_maker,
)
from app.letters.texts import compose
from app.models import Carriage, Case, Consignment, Direction, Item, Letter, LetterWay, Service
from app.models import Handover as HandoverRow
from app.usecases.letter_fields import LetterDraft, letter_fields
from app.usecases.letter_head import letter_head, signer_for
from app.usecases.prepare_letter import text_in_use
from app.usecases.staff import EVERYBODY

_CARRIER = "Poczta Polska S.A."
_REGISTERED = "polecona ZPO"
_AGREED = "zgodnie z uzgodnionym sposobem odbioru"
_SENT_BACK = "w ramach zwrotu na koszt urzędu"
IDENTITY_WORDS = {
    "identity_card": "dowód osobisty",
    "mobywatel": "aplikacja mObywatel",
    "passport": "paszport",
    "driving_licence": "prawo jazdy",
    "residence_card": "karta pobytu",
}
"""Identity documents as a protocol names them."""


def print_case_label(case: Case, items: Sequence[Item], *, equipment: Equipment, at: dt.datetime) -> bytes:
    """Return the label of an envelope in the store that holds `items` of `case`."""
    one = items[0] if len(items) == 1 else None
    code = f"{case.sign}/{one.number}" if one else case.sign
    places = dict.fromkeys(item.place for item in items if item.place)
    words = ", ".join([*places, *_counted(items)])
    label = StoredLabel(code, case.sign, tuple(str(item.number) for item in items), words)
    return print_stored_labels(letter_head(equipment), [label], at)


def print_arrival_label(arrival: Consignment, *, equipment: Equipment, at: dt.datetime) -> bytes:
    """Return the label of an envelope whose case nobody knows yet."""
    label = StoredLabel(arrival.number, arrival.number, (), f"bez sprawy; {arrival.contents or ''}")
    return print_stored_labels(letter_head(equipment), [label], at)


def print_receipt_of_things(arrival: Consignment, *, equipment: Equipment) -> bytes:
    """Return what somebody at the counter gets for the things they brought."""
    case = arrival.case
    assert case is not None  # noqa: S101 - the caller found it under its case
    brought = BroughtIn(
        office=letter_head(equipment),
        place=equipment.office.city,
        moment=arrival.at,
        sign=case.sign,
        number=arrival.number,
        vehicle=_vehicle(case),
        bringer=arrival.person or case.applicant_name,
        things=_things(arrival),
        clerk=Clerk(arrival.author_name, EVERYBODY),
    )
    return print_brought_in(brought, arrival.at)


def print_protocol(visit: Consignment, *, equipment: Equipment) -> bytes:
    """Return the protocol of what was handed out at the counter in `visit`."""
    case = visit.case
    assert case is not None  # noqa: S101 - nothing is handed out without a case
    document, _, tail = (visit.identity_document or "").rpartition(" …")
    handover = Handover(
        office=letter_head(equipment),
        place=equipment.office.city,
        moment=visit.at,
        sign=case.sign,
        number=visit.number,
        vehicle=_vehicle(case, new_plate=case.plate_numbers[-1].number if case.plate_numbers else ""),
        receiver=Person(visit.person or case.applicant_name, _capacity(case, visit.person), document, tail),
        things=_things(visit),
        clerk=Clerk(visit.author_name, EVERYBODY),
    )
    return print_handover(handover, visit.at)


def destructions(case: Case) -> list[tuple[dt.datetime, list[HandoverRow]]]:
    """Return when plates of `case` were destroyed, oldest first, with their rows of history."""
    found: dict[dt.datetime, list[HandoverRow]] = {}
    for item in case.items:
        for row in item.handovers:
            if row.movement is Movement.DESTROYED and item.kind in PLATES:
                found.setdefault(row.at, []).append(row)
    return sorted(found.items())


def print_destruction_record(case: Case, number: int, *, equipment: Equipment) -> bytes:
    """Return the record of the destruction of plates, the `number`-th of `case` (from 1).

    The remark of the movement says how it was done, and in the lines after it who else was there.

    Raises:
        IndexError: there was none.
    """
    at, rows = destructions(case)[number - 1]
    manner, *others = (rows[0].remark or "zniszczenie mechaniczne").splitlines()
    committee = [Clerk(rows[0].actor_name, EVERYBODY), *(Clerk(name.strip(), EVERYBODY) for name in others)]
    record = Destruction(
        office=letter_head(equipment),
        place=equipment.office.city,
        day=office_day(at),
        number=f"Z/{case.sign}/{number}",
        manner=manner,
        plates=tuple(Thing(_plate_said(row.item), case.sign) for row in rows),
        committee=tuple(committee),
    )
    return print_destruction(record, at)


def print_maker_protocol(visit: Consignment, *, equipment: Equipment) -> bytes:
    """Return the protocol by which the worn plates of `visit` went to their maker; those of one number together."""
    pieces = Counter((_plate_said(row.item), row.item.case.sign if row.item.case else "") for row in visit.handovers)
    handed = ToMaker(
        office=letter_head(equipment),
        place=equipment.office.city,
        day=visit.on,
        number=visit.number,
        maker=", ".join(visit.address),
        person=visit.person or "",
        pieces=len(visit.handovers),
        plates=tuple(Thing(number, f"{count} szt., {sign}") for (number, sign), count in sorted(pieces.items())),
        clerk=Clerk(visit.author_name, EVERYBODY),
    )
    return print_to_maker(handed, visit.at)


def print_shipment(session: Session, parcel: Consignment, *, equipment: Equipment, act: Act) -> bytes:
    """Return the letter that lies in `parcel`: what it holds, under which number it travels."""
    case = parcel.case
    assert case is not None  # noqa: S101 - nothing is posted without a case
    draft = LetterDraft(kind="shipment_letter")
    under = next((one for one in reversed(case.proposals) if one.at <= parcel.at), None)
    sent_back = under is not None and under.sends_back
    fields = letter_fields(case, draft, equipment=equipment, act=act) | {
        "letter_day": parcel.on,
        "items": [(thing.name, thing.remark) for thing in _things(parcel)],
        "tracking_number": parcel.tracking or "według potwierdzenia nadania",
        "occasion": _SENT_BACK if sent_back else _AGREED,
    }
    letter = OfficialLetter(
        office=letter_head(equipment),
        place=equipment.office.city,
        day=parcel.on,
        sign=case.sign,
        number=parcel.number,
        addressee=(parcel.person or case.applicant_name, *parcel.address),
        text=compose(text_in_use(session, draft.kind, case.edition), fields),
        signer=signer_for(equipment.office.authority, parcel.author_name, EVERYBODY),
        recipients=(parcel.person or case.applicant_name, "a/a"),
    )
    return print_letter(letter, parcel.at)


def print_addresses(
    addressees: Iterable[tuple[str, Sequence[str], str]], *, equipment: Equipment, at: dt.datetime, skip: int = 0
) -> bytes:
    """Return sheets of address labels for `addressees`: name, lines of the address, case sign."""
    labels = [
        AddressLabel(tuple(line for line in (name, *lines) if line.strip())[:5], sign)
        for name, lines, sign in addressees
    ]
    return print_address_labels(letter_head(equipment), labels, at, skip=skip)


def posted_on(session: Session, day: dt.date) -> list[Posted]:
    """Return what was given to the post on `day`, letters and parcels, as the posting book lists it."""
    letters = session.scalars(
        sa.select(Letter)
        .join(Service, Service.letter_id == Letter.id)
        .where(Letter.way == LetterWay.POST, Service.arrived_on == day)
        .options(joinedload(Letter.case), joinedload(Letter.service))
        .order_by(Service.id)
    )
    parcels = session.scalars(
        sa.select(Consignment)
        .where(Consignment.direction == Direction.OUT, Consignment.on == day, Consignment.carriage == Carriage.POST)
        .options(joinedload(Consignment.case))
        .order_by(Consignment.id)
    )
    everything = list(parcels)
    with_letters = {one.letter_id: one.number for one in everything if one.letter_id is not None}
    return [
        *(
            _posted(
                letter.addressee,
                letter.address,
                letter.case.sign,
                letter.service.tracking if letter.service else None,
                with_letters.get(letter.id, ""),
            )
            for letter in letters
        ),
        *(
            _posted(one.person or "", one.address, one.case.sign if one.case else "", one.tracking, one.number)
            for one in everything
            # Things that go to another authority travel with their letter, as one consignment.
            if one.letter_id is None
        ),
    ]


def print_book(parcels: Sequence[Posted], day: dt.date, *, equipment: Equipment, at: dt.datetime) -> bytes:
    """Return the posting book of `day` as PDF."""
    return print_posting_book(PostingBook(letter_head(equipment), day, _CARRIER, tuple(parcels)), at)


def book_as_csv(parcels: Sequence[Posted]) -> bytes:
    """Return the posting book as a file for a spreadsheet: semicolons, UTF-8 with its mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Lp.", "Adresat", "Adres", "Znak sprawy", "Rodzaj", "Numer nadawczy", "Uwagi"])
    for number, one in enumerate(parcels, 1):
        cells = (one.addressee, one.address, one.sign, one.kind, one.tracking, one.remarks)
        writer.writerow([number, *map(_harmless, cells)])
    return out.getvalue().encode("utf-8-sig")


def _plate_said(item: Item) -> str:
    return item.label or subject_in_words(item.kind.value)


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is text."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _posted(name: str, address: Sequence[str], sign: str, tracking: str | None, remarks: str = "") -> Posted:
    return Posted(name, ", ".join(address) or "adres na przesyłce", sign, _REGISTERED, tracking or "", remarks)


def _things(consignment: Consignment) -> tuple[Thing, ...]:
    moved = {row.item.number: row for row in consignment.handovers}
    return tuple(
        Thing(subject_in_words(row.item.kind.value), " – ".join(filter(None, (row.item.label, f"poz. {number}"))))
        for number, row in sorted(moved.items())
    )


def _counted(items: Iterable[Item]) -> list[str]:
    counts: dict[str, int] = {}
    for item in items:
        name = subject_in_words(item.kind.value)
        counts[name] = counts.get(name, 0) + 1
    return [name if count == 1 else f"{name} ({count})" for name, count in counts.items()]


def _vehicle(case: Case, *, new_plate: str = "") -> str:
    plate = case.plate
    if new_plate and new_plate != plate:
        plate = f"{new_plate} (dotychczas {plate})" if plate else new_plate
    parts = (case.vehicle_label, plate, f"VIN {case.vin}" if case.vin else "")
    return ", ".join(part for part in parts if part) or "wskazany w aktach sprawy"


def _capacity(case: Case, person: str | None) -> str:
    return "strona postępowania" if person == case.applicant_name else "osoba upoważniona do odbioru"
