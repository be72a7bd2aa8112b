"""How the demonstration office works: some sixty cases on every way through both procedures, carried on by the verbs.

A way is a line of deeds, each with the days that pass before it. It is followed as far as today: young cases stand in
the middle of it, and some ways end on purpose at a stage where cases wait.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.clock import now
from app.demo import people
from app.demo.deeds import DEEDS
from app.demo.documents import scan
from app.demo.hands import Desk, Hands
from app.demo.invented import InventedVehicle, dice, vehicle
from app.demo.parcels import Parcel, application_files
from app.domain.acts import OFFICE_ZONE, Act, Actor, ActorKind
from app.domain.deadlines import office_day
from app.domain.holidays import STATUTORY
from app.domain.plates import series
from app.domain.vehicles import plate_as_printed
from app.epackages import application as form
from app.epackages.writer import pack
from app.equipment import Equipment
from app.models import Channel, Citizen, Folder, Letter, Message, Package, PlateNumber, Service
from app.pki.signing import Signer
from app.transaction import one_transaction
from app.usecases.read_message import read_message
from app.usecases.receive_package import Sender

STOCK = 200
"""How many registration numbers lie in stock."""

_UNREAD_DAYS = 4

_SUMMONED = "take+1 accept originals+1 open+1"
_COMPLETE = f"{_SUMMONED} bring+4 compare confirm last_office"
_DECIDED = f"{_COMPLETE} clear tell+1 pay plates permit sticker register_temporarily"
_REGISTERED = f"{_DECIDED} annotate"
_CONDITIONAL = ("take+1 condition accept_without_customs originals+1 open+1 bring+4 compare confirm clear pay+1 plates"
                " permit sticker register_temporarily annotate propose agree+1 give+2")  # fmt: skip
_OUT = f"{_REGISTERED} propose agree+1 give+2"
_READY = f"{_OUT} answered+2 certificate+7 announce open+1"
_DEREGISTERED = f"{_COMPLETE} pay+1 cut deregister annotate"

_ABROAD = form.Origin.THIRD_COUNTRY.value
"""Instead of a ground: the registration of a vehicle from outside the European Union."""
_AGAIN = "|DEMONTAZ"
"""The second time a case goes this way it is a deregistration: both procedures have cases at every stage."""
WAYS: tuple[tuple[str, int, str], ...] = (
    # ground (none: registration; "|": of the first and of the second time), days ago at least, deeds
    ("",             52, f"{_READY} bring+4 cut register issue+1 put_away archive+14"),
    ("",             58, (f"{_REGISTERED} propose_post agree+2 post+1 delivered+3 answered certificate+9 announce"
                         " open+2 bring+5 cut register propose_post agree+1 post+1 delivered+4 put_away archive+3")),
    ("DEMONTAZ",     30, f"{_DEREGISTERED} propose agree+1 give+3 put_away archive+9"),
    ("",             60, ("take+1 deficient remedy+1 open+2 supplement+5 accept+1 originals open+1 bring+5 compare"
                         " confirm pay+1 plates permit sticker register_temporarily annotate propose agree+1 give+3"
                         " certificate+10 announce open+1 bring+3 cut register issue+1 put_away")),
    ("",             34, "take+2 deficient remedy open+1 left_unexamined+11 open+1 close+1 archive+1"),
    ("KRADZIEZ",     33, f"{_DEREGISTERED} propose_post agree+1 post+1 delivered+4 put_away archive+4"),
    (_AGAIN,         40, f"{_COMPLETE} reasons+1 refuse open+1"),
    ("",             55, f"{_COMPLETE} reported+1 refuse open+1 final+16 give close put_away archive+2"),
    (_AGAIN,         22, f"{_SUMMONED} withdraw+2 discontinue+3"),
    (_AGAIN,         12, f"{_SUMMONED} withdraw+2"),
    ("",             16, "take+2 elsewhere transfer send_cover open+3 close+2"),
    (_AGAIN,          6, "take+1 elsewhere transfer"),
    (_AGAIN,         22, "take+1 deficient remedy open+1 left_unexamined+10"),
    ("WYWOZ_ZBYCIE", 30, ("take+1 accept_certificate originals+1 open+1 bring+4 compare confirm pay+1 cut deregister"
                         " propose agree+2 give+2")),
    ("",             24, f"{_DECIDED} propose"),
    ("",             20, f"{_DECIDED} propose counter_post+1"),
    ("",             28, f"{_REGISTERED} propose_post agree+1 post+1"),
    ("",             36, f"{_REGISTERED} propose_post agree+1 post+1 returned+16"),
    ("",             42, f"{_OUT}"),
    ("",             46, f"{_OUT} extend+24 open+1"),
    ("",             34, f"{_READY}"),
    ("",             36, f"{_READY} bring+4 cut register"),
    ("",             18, f"{_SUMMONED} bring_less+4 compare further+1 open+2"),
    ("",              9, f"{_SUMMONED} bring_less+3 compare"),
    ("",              7, f"{_COMPLETE}"),
    ("",             10, f"{_COMPLETE} reported+1"),
    ("DEMONTAZ",     11, f"{_COMPLETE}"),
    (_AGAIN,         12, "take+1 deficient remedy open+1"),
    (_AGAIN,         13, "take+1 accept originals+1"),
    ("DEMONTAZ",     14, f"{_COMPLETE} pay+1 cut deregister propose"),
    ("",              8, "take+1 deficient"),
    ("",              4, "take+1 accept"),
    (_ABROAD,        23, _CONDITIONAL),
    (_ABROAD,        72, f"{_CONDITIONAL} plates_back+31 open+1 tax_authority+18 tax_notice"),
    ("",             38, f"{_REGISTERED} propose_post agree+1 post+1 lost+20"),
    ("",              2, ""),
)  # fmt: skip


_CERTIFICATE = ("REG_CERT", "dowod-rejestracyjny", "Dowód rejestracyjny")
_PLATES = ("PLATES", "fotografia-tablic", "Fotografia tablic rejestracyjnych")
_SCANS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "": (
        ("OWNERSHIP", "umowa-sprzedazy", "Umowa sprzedaży"),
        _CERTIFICATE,
        _PLATES,
        ("FEE_PROOF", "potwierdzenie-przelewu", "Potwierdzenie przelewu"),
        ("INSPECTION", "badanie-techniczne", "Badanie techniczne"),
    ),
    "DEMONTAZ": (
        ("DISMANTLING_CERTIFICATE", "zaswiadczenie-o-demontazu", "Zaświadczenie o demontażu"),
        _CERTIFICATE,
        _PLATES,
    ),
    "KRADZIEZ": (("THEFT_STATEMENT", "oswiadczenie-o-kradziezy", "Oświadczenie o kradzieży"), _CERTIFICATE),
    "WYWOZ_ZBYCIE": (
        ("FOREIGN_SALE_PROOF", "umowa-zbycia-za-granice", "Umowa zbycia za granicę"),
        ("FOREIGN_SALE_STATEMENT", "oswiadczenie-o-zbyciu-za-granice", "Oświadczenie o zbyciu za granicę"),
        _CERTIFICATE,
        _PLATES,
    ),
}
"""By ground: kind, name of the file and title of what comes with the application."""


@dataclass(frozen=True, slots=True)
class Life:
    """A package that will come, and what is done with its case."""

    parcel: Parcel
    deeds: tuple[tuple[str, int], ...]
    turn: int


def lives(session: Session, signers: Mapping[str, Signer]) -> Iterator[Life]:
    """Yield the cases of the demonstration in the order of their arrival, each way twice."""
    citizens = {citizen.login: (citizen.id, citizen.name) for citizen in session.scalars(sa.select(Citizen))}
    random, today = dice("lives"), office_day(now())
    planned = sorted(
        (_morning(today - dt.timedelta(days=least + 9 * again + random.randrange(3)), random), way, ground)
        for again in range(2)
        for grounds, least, way in WAYS
        for ground in [grounds.split("|")[-again]]
    )
    for turn, (at, way, ground) in enumerate(planned):
        holder = people.HOLDERS[turn % len(people.HOLDERS)]
        citizen_id, name = citizens[holder.login]
        sender = Sender(Channel.MAILBOX, f"mailbox:{holder.login}", name, citizen_id=citizen_id)
        car = _car(random)
        pesel = "" if holder.entity else holder.pesel
        abroad = ground == _ABROAD
        files = application_files(
            holder.name, pesel, car, at, _documents("" if abroad else ground, car), turn=turn,
            ground="" if abroad else ground, origin=form.Origin.THIRD_COUNTRY if abroad else form.Origin.USED_POLAND,
        )  # fmt: skip
        data = pack(files, signers[holder.login], at)
        yield Life(Parcel(data, f"sprawa-{turn + 1:02}.asice", sender, at), tuple(_deeds(way)), turn)


def carry_on(session: Session, arrived: Sequence[tuple[Life, int]], *, equipment: Equipment) -> int:
    """Do with the cases of the packages that `arrived` what their ways say, day by day up to now.

    Returns how many deeds were done.
    """
    _fill_stock(session, now() - dt.timedelta(days=90))
    clerks = [_actor(session, login) for login in ("referent", "referent2")]
    desk, until = _actor(session, "kancelaria"), now()
    hands = [
        Hands(
            case_id=session.get_one(Package, package_id).case_id or 0,
            turn=life.turn,
            desk=Desk(clerks[life.turn % 2], desk),
            equipment=equipment,
        )
        for life, package_id in arrived
    ]
    diary = sorted(
        (at, place, number, deed)
        for place, (life, _) in enumerate(arrived)
        for number, (at, deed) in enumerate(_moments(life))
        if at < until
    )
    for at, place, _, deed in diary:
        DEEDS[deed](session, hands[place], at)
    _read_mail(session, until)
    return len(diary)


def _read_mail(session: Session, until: dt.datetime) -> None:
    """Let the owners have read, by the evening, what came before the last days and is not closed by a receipt."""
    closed = sa.exists().where(
        Letter.message_id == Message.id,
        Letter.needs_receipt,
        Letter.id == Service.letter_id,
        Service.receipt_id.is_(None),
    )
    old = sa.select(Message).where(
        Message.folder == Folder.RECEIVED, Message.at < until - dt.timedelta(days=_UNREAD_DAYS), ~closed
    )
    with one_transaction():
        for message in session.scalars(old):
            reader = Actor(ActorKind.CITIZEN, message.citizen_id, message.citizen.name)
            read_message(message, act=Act(reader, message.at + dt.timedelta(hours=6)))


def _deeds(way: str) -> Iterator[tuple[str, int]]:
    for word in way.split():
        name, _, days = word.partition("+")
        yield name, int(days or 0)


def _moments(life: Life) -> Iterator[tuple[dt.datetime, str]]:
    """Yield when each deed is done: on working days, between eight and three."""
    at = life.parcel.at.astimezone(OFFICE_ZONE)
    for deed, days in life.deeds:
        if days:
            day = STATUTORY.next_working_day(at.date() + dt.timedelta(days=days))
            at = dt.datetime.combine(day, dt.time(8), OFFICE_ZONE) + dt.timedelta(minutes=life.turn * 11 % 240)
        else:
            at += dt.timedelta(minutes=7)
        yield at.astimezone(dt.UTC), deed


def _morning(day: dt.date, random: Random) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(7 + random.randrange(12), random.randrange(60)), OFFICE_ZONE).astimezone(
        dt.UTC
    )


def _car(random: Random) -> InventedVehicle:
    """Return a car: of other vehicles the stock has no plates."""
    while True:
        found = vehicle(random.randrange(1_000_000), random)
        if found.kind == "samochód osobowy":
            return found


def _documents(ground: str, car: InventedVehicle) -> dict[str, tuple[str, bytes]]:
    """Return name → (kind, bytes) of all that the application needs: a clerk accepts nothing without a file."""
    named = f"{car.make} {car.model}, {car.plate}, VIN {car.vin}"
    return {
        f"{number:02}-{name}.jpg": (kind, scan(title, [named]))
        for number, (kind, name, title) in enumerate(_SCANS[ground], 1)
    }


def _fill_stock(session: Session, at: dt.datetime) -> None:
    with one_transaction():
        session.add_all(
            PlateNumber(number=plate_as_printed(number), kind="ordinary", plates=2, added_at=at)
            for number in series("SC1A001", STOCK)
        )


def _actor(session: Session, login: str) -> Actor:
    user = session.scalars(sa.select(User).where(User.username == login)).one()
    return Actor(ActorKind.STAFF, user.id, f"{user.first_name} {user.last_name}")
