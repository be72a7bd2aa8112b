"""Two cases with something in every register of the procedure, written as rows, for tests of lists and pages."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.domain.acts import OFFICE_ZONE
from app.domain.custody import ItemState, Movement
from app.domain.folding import fold, fold_words
from app.domain.items import Fate, ItemKind
from app.models import (
    Carriage,
    Case,
    Consignment,
    Decision,
    Direction,
    Handover,
    Item,
    Letter,
    LetterState,
    LetterWay,
    ParcelOutcome,
    Permit,
    PlateNumber,
    PlateState,
    Proposal,
    ProposalState,
    SearchKey,
    Service,
    ServiceOutcome,
    Summons,
)

NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.astimezone(OFFICE_ZONE).date()
PEOPLE = (("Łucja Ślusarczyk", "SC 7A123"), ("Jan Kowalczyk", "SC 7A124"))
_AUTHOR = {"at": NOW, "actor_kind": "staff", "actor_id": 1, "actor_name": "Anna Referent"}


def day(offset: int) -> dt.date:
    return TODAY + dt.timedelta(days=offset)


def sign(number: int) -> str:
    return f"KM.5410.{number}.2026"


def a_case(number: int, **changes: object) -> Case:
    """A case with the search keys of its sign, plate and applicant."""
    name, plate = PEOPLE[(number - 1) % 2]
    values: dict[str, object] = {
        "sign": sign(number),
        "unit": "KM",
        "case_class": "5410",
        "year": 2026,
        "number": number,
        "procedure": "registration",
        "edition": "sekap",
        "stage": "verification",
        "opened_at": NOW,
        "received_on": day(-9),
        "due_on": day(20),
        "applicant_name": name,
        "plate": plate,
        "vehicle_label": "Škoda Octavia",
    }
    return Case(**(values | changes))


def keys_of(case: Case) -> list[SearchKey]:
    words = [("case_sign", case.sign), ("plate", fold(case.plate or ""))]
    words += [("name", word) for word in fold_words(case.applicant_name)]
    return [SearchKey(case_id=case.id, kind=kind, key=key) for kind, key in words]


def write_rows(session, first: int = 1) -> None:
    """Of the case `first`: a summons that nobody met in time, plates and a permit. Of the next one: all is well."""
    one, two = a_case(first), a_case(first + 1)
    session.add_all([one, two])
    session.flush()
    session.add_all([*keys_of(one), *keys_of(two)])
    for case, due, met in ((one, day(-3), None), (two, day(5), NOW)):
        letter = _letter(case, 1, "originals_summons", LetterWay.POST, LetterState.SENT)
        letter.service = Service(
            arrived_on=day(-20), served_on=day(-17), outcome=ServiceOutcome.DELIVERED, tracking="00659007734200000017"
        )
        session.add(letter)
        session.flush()
        session.add(
            Summons(letter_id=letter.id, case_id=case.id, kind="originals_summons", days=14, due_on=due, met_at=met)
        )
    waiting = _letter(one, 2, "temporary_registration_decision", LetterWay.MAILBOX, LetterState.SENT)
    waiting.service = Service(arrived_on=day(-1))
    final = _letter(two, 2, "refusal_decision", LetterWay.WITH_ITEMS, LetterState.SENT)
    leaving = _letter(two, 3, "answer", LetterWay.MAILBOX, LetterState.LEAVING)
    session.add_all([waiting, final, leaving])
    session.flush()
    session.add_all(
        [
            Decision(case=one, letter=waiting, kind=waiting.kind, issued_on=day(-1), signed_by="Anna Referent",
                     final_on=day(-1)),
            Decision(case=two, letter=final, kind=final.kind, issued_on=day(-2), signed_by="Anna Referent",
                     final_on=day(-1)),
            Proposal(case=one, version=1, by_office=True, state=ProposalState.PROPOSED, due_on=day(-2), **_AUTHOR),
            Proposal(case=two, version=1, by_office=True, state=ProposalState.COUNTERED, due_on=day(3),
                     answered_at=NOW, **_AUTHOR),
            Proposal(case=two, version=2, by_office=False, state=ProposalState.PROPOSED, due_on=day(9),
                     slot=NOW + dt.timedelta(days=8), **_AUTHOR),
            _item(101, one, ItemKind.REG_CERT, ItemState.IN_OFFICE, "A-1", "DR/BAA 1234567"),
            _item(102, one, ItemKind.PLATE, ItemState.EXPECTED, None, "SC 7A123"),
            _item(103, two, ItemKind.PLATE, ItemState.IN_OFFICE, "B-2", "SC 7A124"),
            _item(104, None, ItemKind.OTHER, ItemState.IN_OFFICE, "A-1", ""),
            *_with_lives(one, two),
            _consignment("RPW/1/2026", Direction.IN, Carriage.POST, one, "Łucja Ślusarczyk", "00659007734200000024"),
            _consignment("RPW/2/2026", Direction.IN, Carriage.COURIER, None, "Nieznany Nadawca", None),
            _consignment("RPO/1/2026", Direction.OUT, Carriage.POST, two, "Jan Kowalczyk", "00659007734200000031"),
            _consignment("RPO/2/2026", Direction.OUT, Carriage.POST, one, "Łucja Ślusarczyk", None,
                         ParcelOutcome.UNCLAIMED),
            PlateNumber(number="SC 7A123", kind="ordinary", plates=2, state=PlateState.ASSIGNED, case=one,
                        assigned_at=NOW, added_at=NOW),
            PlateNumber(number="SC 7A125", kind="ordinary", plates=2, state=PlateState.IN_STOCK, added_at=NOW),
            PlateNumber(number="SC 7A126", kind="ordinary", plates=2, state=PlateState.RETIRED, added_at=NOW,
                        retired_because="zgnieciona w transporcie"),
            Permit(case=one, number="PC 1234567", days=30, valid_until=day(4)),
            Permit(case=two, number="PC 1234568", days=30, valid_until=day(-4), extended_at=NOW),
        ]
    )  # fmt: skip


def _with_lives(one: Case, two: Case) -> list[Item]:
    """A plate that went to its maker by a protocol, one that was destroyed, a permit that came back, a certificate."""
    handed = _consignment("RPO/903/2026", Direction.OUT, Carriage.IN_PERSON, None, "Zenon Kurierski", None)
    handed.address = ["Tablice Żółw sp. z o.o."]
    brought = _consignment("RPW/903/2026", Direction.IN, Carriage.IN_PERSON, one, "Łucja Ślusarczyk", None)
    worn = _item(105, one, ItemKind.PLATE, ItemState.WITH_MAKER, None, "SC 7A123")
    gone = _item(106, two, ItemKind.EXTRA_PLATE, ItemState.DESTROYED, None, "SC 7A124")
    permit = _item(107, one, ItemKind.TEMPORARY_PERMIT, ItemState.IN_OFFICE, "A-1", "PC 1234567")
    certificate = _item(108, two, ItemKind.REGISTRATION_CERTIFICATE, ItemState.WITH_PARTY, None, "DR/BAA 7654321")
    permit.returned = True
    _live(worn, (-9, "received", ItemState.IN_OFFICE, brought), (-1, "to_maker", ItemState.WITH_MAKER, handed))
    _live(gone, (-8, "received", ItemState.IN_OFFICE, None), (-2, "destroyed", ItemState.DESTROYED, None))
    _live(permit, (-7, "made", ItemState.IN_OFFICE, None), (-6, "handed_out", ItemState.WITH_PARTY, None),
          (-3, "came_back", ItemState.IN_OFFICE, brought))  # fmt: skip
    _live(certificate, (-5, "made", ItemState.IN_OFFICE, None), (-4, "handed_out", ItemState.WITH_PARTY, None))
    return [worn, gone, permit, certificate]


def _live(item: Item, *chain: tuple[int, str, ItemState, Consignment | None]) -> None:
    item.came_at = NOW + dt.timedelta(days=chain[0][0])
    for seq, (days, movement, state, consignment) in enumerate(chain, 1):
        author = {**_AUTHOR, "at": NOW + dt.timedelta(days=days)}
        item.handovers.append(
            Handover(seq=seq, movement=Movement(movement), state=state, consignment=consignment, **author)
        )


def _letter(case: Case, seq: int, kind: str, way: LetterWay, state: LetterState) -> Letter:
    return Letter(
        case=case, seq=seq, kind=kind, way=way, state=state, needs_receipt=True, addressee=case.applicant_name,
        title=kind, legal_basis="", author_id=1, author_name="Anna Referent", made_at=NOW, leaves_at=NOW,
        sent_at=NOW if state is LetterState.SENT else None,
    )  # fmt: skip


def _item(  # noqa: PLR0917  a row is made of all of them
    number: int, case: Case | None, kind: ItemKind, state: ItemState, place: str | None, label: str
) -> Item:
    return Item(number=number, case=case, kind=kind, fate=Fate.TO_PARTY, state=state, place=place, label=label)


def _consignment(  # noqa: PLR0917  a row is made of all of them
    number: str,
    direction: Direction,
    carriage: Carriage,
    case: Case | None,
    person: str,
    tracking: str | None,
    outcome: ParcelOutcome | None = None,
) -> Consignment:
    return Consignment(
        number=number, direction=direction, carriage=carriage, case=case, on=TODAY, at=NOW, person=person,
        tracking=tracking, outcome=outcome, author_name="Karol Kancelaria",
    )  # fmt: skip


def clerk_id(session, name: str = "clerk") -> int:
    """The id of the member of staff with this user name."""
    found: int = session.scalar(sa.text("SELECT id FROM ab_user WHERE username = :name"), {"name": name})
    return found
