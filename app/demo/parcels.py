"""What came in during the last five weeks of the demonstration office: about sixty packages, not all of them good."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy.orm import Session

from app.clock import now
from app.demo import people
from app.demo.documents import deregistration_documents, registration_documents, scan
from app.demo.invented import InventedVehicle, dice, vehicle
from app.domain.acts import OFFICE_ZONE, Act
from app.domain.deadlines import office_day
from app.epackages import application as form
from app.epackages.writer import pack, write_zip
from app.equipment import Equipment
from app.models import Channel, Citizen, Platform
from app.pki.authority import CITIZEN, Issuer, Person, issue_certificate, make_crl, make_issuing, make_root
from app.pki.signing import Signer
from app.pki.trust_store import Anchor
from app.usecases.import_crl import import_crl
from app.usecases.receive_package import Sender
from app.usecases.trust import add_anchor

DAYS = 35
PACKAGES = 60


@dataclass(frozen=True, slots=True)
class Parcel:
    """A package on its way, with the moment at which it comes in."""

    data: bytes
    filename: str
    sender: Sender
    at: dt.datetime


def trusted_issuer(session: Session, *, equipment: Equipment, act: Act) -> Issuer:
    """Make an issuer of trusted signatures outside the office, and trust it as an administrator would."""
    root, issuing = _issuer("Demonstracyjny wystawca podpisów zaufanych", act.at)
    for part in (root, issuing):
        add_anchor(session, Anchor.of(part.certificate, "trusted"), "demonstration", act=act)
    until = act.at + dt.timedelta(days=4 * 365)
    for part in (root, issuing):
        crl = make_crl(part, (), 1, act.at, next_update=until).public_bytes(Encoding.DER)
        import_crl(session, crl, equipment=equipment, act=act)
    return issuing


def parcels(session: Session, signers: Mapping[str, Signer], outside: Issuer) -> Iterator[Parcel]:
    """Yield the packages in the order of their arrival.

    Every third comes by another platform; of these some are signed under an issuer that nobody knows. Every twentieth
    was changed after signing, one is no package at all, a few have no form.
    """
    random = dice("parcels")
    _root, unknown = _issuer("Nieznany wystawca", now() - dt.timedelta(days=300))
    platform = session.scalars(sa.select(Platform).where(Platform.name == "SEKAP")).one()
    citizens = {citizen.login: (citizen.id, citizen.name) for citizen in session.scalars(sa.select(Citizen))}
    platform_id = platform.id
    for number, at in enumerate(_moments(random)):
        car, holder = _car(random), random.choice(people.HOLDERS)
        if number % 3 != 2:
            owner, signer = holder.name, signers[holder.login]
            citizen_id, name = citizens[holder.login]
            sender = Sender(Channel.MAILBOX, f"mailbox:{holder.login}", name, citizen_id=citizen_id)
            pesel = "" if holder.entity else holder.pesel
        else:
            owner = people.OWNERS[number // 3 % len(people.OWNERS)]
            born = dt.date(1950 + number % 50, 1 + number % 12, 1 + number % 28)
            is_man = not owner.split()[0].endswith("a")
            pesel = people.pesel_of(born, 1000 + 2 * number + is_man)
            signer = _person(unknown if number % 9 == 8 else outside, owner, pesel, at)
            sender = Sender(Channel.API, f"platform:{platform_id}", owner, platform_id=platform_id)
        data = pack(_members(number, owner, pesel, car, at), signer, at)
        if number % 20 == 13:
            data = _changed_after_signing(data)
        if number == 31:
            data = b"To nie jest paczka, tylko list bez podpisu.\n" * 20
        yield Parcel(data, f"wniosek-{number + 1:02}.asice", sender, at)


def one_more(signer: Signer, at: dt.datetime) -> bytes:
    """Return a package that nobody has sent: an application of Jan Kowalski, whose `signer` signs it at `at`."""
    number, holder = PACKAGES + 1, people.HOLDERS[0]
    return pack(_members(number, holder.name, holder.pesel, _car(dice(f"parcel {number}")), at), signer, at)


def _car(random: Random) -> InventedVehicle:
    return vehicle(random.randrange(1_000_000), random)


def _issuer(name: str, at: dt.datetime) -> tuple[Issuer, Issuer]:
    # Shorter keys than a real centre's: a demonstration should start quickly.
    keys = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
    root = make_root(f"{name} – root", name, at, private_key=keys[0])
    return root, make_issuing(root, name, name, at, private_key=keys[1])


def _person(issuer: Issuer, name: str, pesel: str, at: dt.datetime) -> Signer:
    given_name, _, surname = name.partition(" ")
    key = ec.generate_private_key(ec.SECP256R1())
    person = Person(given_name, surname, f"PNOPL-{pesel}")
    certificate = issue_certificate(issuer, person, key.public_key(), at - dt.timedelta(days=90), profile=CITIZEN)
    return Signer(key, certificate, (issuer.certificate,))


def _moments(random: Random) -> list[dt.datetime]:
    """Return when the packages came: on the days before today, mostly in daytime, none in the future."""
    today = office_day(now())
    moments = []
    for _ in range(PACKAGES):
        day = today - dt.timedelta(days=1 + int(DAYS * random.random() ** 1.4))
        local = dt.datetime.combine(day, dt.time(random.randrange(7, 22), random.randrange(60)), OFFICE_ZONE)
        moments.append(local.astimezone(dt.UTC))
    return sorted(moments)


def _members(number: int, owner: str, pesel: str, car: InventedVehicle, at: dt.datetime) -> dict[str, bytes]:
    """Return the files of one package; every seventeenth has no form."""
    deregistration = number % 4 == 3
    documents = (deregistration_documents if deregistration else registration_documents)(owner, car)
    if number % 17 == 9:
        return {"pismo.jpg": scan("Podanie", [f"Proszę o rejestrację pojazdu {car.plate}.", owner])}
    if number % 11 == 5:
        documents.popitem()
    if number % 13 == 7:
        car = replace(car, vin=car.vin[:-1] + "O")
    return application_files(owner, pesel, car, at, documents, ground="DEMONTAZ" if deregistration else "", turn=number)


def application_files(
    owner: str,
    pesel: str,
    car: InventedVehicle,
    at: dt.datetime,
    documents: Mapping[str, tuple[str, bytes]],
    *,
    ground: str = "",
    origin: form.Origin = form.Origin.USED_POLAND,
    turn: int = 0,
) -> dict[str, bytes]:
    """Return the members of a package with an application: for deregistration on a `ground`, else for registration.

    `turn` varies what people wish.
    """
    files = {name: data for name, (_kind, data) in documents.items()}
    attachments = tuple(
        form.Attachment(name, kind, hashlib.sha256(data).hexdigest()) for name, (kind, data) in documents.items()
    )
    kind = form.RequestKind.DEREGISTRATION if ground else form.RequestKind.REGISTRATION
    application = form.Application(
        filed_on=office_day(at),
        place="Częstochowa",
        authority=form.Authority("Prezydent Miasta Częstochowy", "Częstochowa"),
        owner=form.Party(
            form.PartyKind.PERSON if pesel else form.PartyKind.ENTITY,
            owner,
            pesel=pesel,
            regon="" if pesel else people.HOLDERS[-1].regon,
            address=form.Address("ul. Testowa", str(1 + turn), "", "42-200", "Częstochowa", "Polska"),
        ),
        contact=form.Contact(email="wnioskodawca@example.com", phone="600 000 000"),
        request=form.Request(kind, ground=ground),
        vehicle=form.FormVehicle(
            kind=car.kind,
            make=car.make,
            model=car.model,
            production_year=car.year,
            vin=car.vin,
            plate=car.plate,
            origin=origin,
            acquired_on=office_day(at) - dt.timedelta(days=3 + turn % 40),
            acquisition=form.Acquisition.SALE,
        ),
        plates=form.PlateWishes(keep_number=turn % 5 == 0),
        handover=form.HandoverWish(form.Way.IN_PERSON if turn % 2 else form.Way.POST, cost_accepted=True),
        declarations=form.Declarations(accuracy=True),
        attachments=attachments,
    )
    return {form.FORM_NAME: form.write_application(application), **files}


def _changed_after_signing(data: bytes) -> bytes:
    """Return the package with another picture under the name of its first document."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:  # our own package, not an upload
        files = {name: archive.read(name) for name in archive.namelist()}
    victim = next(name for name in files if name.endswith(".jpg"))
    files[victim] = scan("Inny dokument", ["podmieniony po podpisaniu"])
    return write_zip(files.items())
