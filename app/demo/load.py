"""The story of the demonstration office: who works there, and what came in during the last five weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.clock import now
from app.demo import people
from app.demo.office_life import carry_on, lives
from app.demo.parcels import Parcel, one_more, parcels, trusted_issuer
from app.domain.acts import SYSTEM, Act, Actor, ActorKind
from app.equipment import Equipment
from app.intake import acknowledge, keep, settle
from app.models import Case, CentreAuthority, Citizen, HolderKind, Package, Seal, StaffProfile, Team
from app.pki.keyfiles import write_pkcs12
from app.pki.signing import Signer
from app.transaction import one_transaction
from app.usecases.centre import ISSUING, ROOT, authority_certificate, certify_citizen
from app.usecases.open_case import PESEL_CONTEXT
from app.usecases.passwords import hash_password
from app.usecases.platforms import add_platform
from app.usecases.receive_package import Arrival
from app.usecases.set_up_office import set_up_office
from app.usecases.settle_signature import accept_signature
from app.usecases.staff import add_staff
from app.usecases.take_case import take_case

FOUNDED = dt.timedelta(days=400)
EXAMPLE = "przyklad.asice"
"""A signed package in `DATA_DIR/demo` that was not sent: for whoever wants to see what happens to one."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account that was made, to be told once."""

    login: str
    password: str
    what: str


def load_office(session: Session, *, equipment: Equipment, say: Callable[[str], None]) -> list[Account]:
    """Fill an empty office: staff, citizens with certificates, and about 120 packages taken in by the verbs.

    Half of their cases are carried on through both procedures. Returns the accounts with their
    passwords, which are kept nowhere else.
    """
    accounts = []
    founded = Act(SYSTEM, now() - FOUNDED)
    with one_transaction():
        # An office that was set up a minute ago could not have sealed last month's receipts: begin it anew.
        session.execute(sa.update(CentreAuthority).values(in_use=False))
        session.execute(sa.update(Seal).values(in_use=False))
        set_up_office(session, equipment=equipment, act=founded)
        accounts += list(_staff(session, founded))
    signers: dict[str, Signer] = {}
    for holder in people.HOLDERS:
        account, signer = _mailbox(session, holder, equipment)
        accounts.append(account)
        signers[holder.login] = signer
    with one_transaction():
        accounts.append(Account("SEKAP", add_platform(session, "SEKAP", act=founded), "platform, token for the API"))
        outside = trusted_issuer(session, equipment=equipment, act=founded)
    others = list(parcels(session, signers, outside))
    followed = {id(life.parcel): life for life in lives(session, signers)}
    everything = sorted([*others, *(life.parcel for life in followed.values())], key=lambda parcel: parcel.at)
    arrived, plain = [], []
    for number, parcel in enumerate(everything, 1):
        package_id = _take_in(session, parcel, equipment)
        life = followed.get(id(parcel))
        if life is not None:
            arrived.append((life, package_id))
        else:
            plain.append(package_id)
        if number % 20 == 0:
            say(f"  {number} packages taken in")
    _work(session, plain)
    say(f"  {carry_on(session, arrived, equipment=equipment)} deeds of clerks, the front desk and owners")
    example = equipment.settings.data_dir / "demo" / EXAMPLE
    example.write_bytes(one_more(signers[people.HOLDERS[0].login], now()))
    say(f"  a signed package that was not sent yet: {example}")
    return accounts


def _staff(session: Session, act: Act) -> Iterator[Account]:
    team = session.scalars(sa.select(Team).limit(1)).one()
    for colleague in people.COLLEAGUES:
        password = people.new_password()
        user = add_staff(
            session,
            colleague.login,
            (colleague.first_name, colleague.last_name),
            f"{colleague.login}@example.com",
            [colleague.role],
            act=act,
            position=colleague.position,
        )
        user.password = hash_password(password)
        session.flush()
        profile = session.get(StaffProfile, user.id)
        if profile is None:
            profile = StaffProfile(user_id=user.id)
            session.add(profile)
        profile.team_id, profile.password_changed_at, profile.must_change_password = team.id, act.at, False
        yield Account(colleague.login, password, colleague.role.value)


def _mailbox(session: Session, holder: people.Holder, equipment: Equipment) -> tuple[Account, Signer]:
    """Open an activated mailbox with a certificate, and leave its PKCS#12 file for the demonstration."""
    password = people.new_password()
    at = now() - dt.timedelta(days=200)
    act = Act(SYSTEM, at)
    company = bool(holder.entity)
    with one_transaction():
        citizen = Citizen(
            login=holder.login,
            password_hash=hash_password(password),
            kind=HolderKind.ENTITY if company else HolderKind.PERSON,
            name=holder.name,
            given_name=holder.given_name,
            surname=holder.surname,
            email=holder.email,
            pesel_sealed=equipment.ring.seal(holder.pesel, context=PESEL_CONTEXT),
            pesel_digest=equipment.ring.digest(holder.pesel),
            regon=holder.regon or None,
            address={"street": holder.street, "building": holder.building, "postal_code": "42-200",
                     "locality": "Częstochowa"},
            activated_at=at,
            password_changed_at=at,
            created_at=at,
        )  # fmt: skip
        session.add(citizen)
        session.flush()
        key = rsa.generate_private_key(65537, 3072) if company else ec.generate_private_key(ec.SECP256R1())
        certificate = certify_citizen(session, citizen, key.public_key(), equipment=equipment, act=act)
        chain = (authority_certificate(session, ISSUING), authority_certificate(session, ROOT))
    folder = equipment.settings.data_dir / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{holder.login}.p12"
    file.write_bytes(write_pkcs12(key, certificate, chain, password, friendly_name=holder.login))
    file.chmod(0o600)
    return Account(holder.login, password, f"mailbox; key file {file.name}"), Signer(key, certificate, chain[:1])


def _take_in(session: Session, parcel: Parcel, equipment: Equipment) -> int:
    """Let one package come in as it did then, by the same verbs as any other."""
    kept = keep([parcel.data], equipment=equipment)
    if parcel.sender.citizen_id is not None:
        actor = Actor(ActorKind.CITIZEN, parcel.sender.citizen_id, parcel.sender.name)
    else:
        actor = Actor(ActorKind.PLATFORM, parcel.sender.platform_id, "SEKAP")
    package_id, _new = acknowledge(Arrival(kept, parcel.filename), parcel.sender, act=Act(actor, parcel.at))
    later = parcel.at + dt.timedelta(seconds=4)
    settle(session, package_id, equipment=equipment, clock=lambda: later)
    return package_id


def _work(session: Session, packages: Sequence[int]) -> None:
    """Let two clerks take half of what came in, a few hours after it did, and settle a signature."""
    clerks = session.scalars(
        sa.select(User).where(User.username.in_(["referent", "referent2"])).order_by(User.id)
    ).all()
    brought = sa.select(Package.case_id).where(Package.id.in_(packages))
    cases = session.scalars(sa.select(Case).where(Case.id.in_(brought)).order_by(Case.id)).all()
    for number, case_id in enumerate([case.id for case in cases]):
        if number % 2:
            continue
        clerk = clerks[number // 2 % len(clerks)]
        actor = Actor(ActorKind.STAFF, clerk.id, f"{clerk.first_name} {clerk.last_name}")
        with one_transaction():
            case = session.get_one(Case, case_id)
            act = Act(actor, case.opened_at + dt.timedelta(hours=3))
            take_case(session, case, act=act)
            if not case.signature_settled and number % 4 == 0:
                reason = "Tożsamość potwierdzona telefonicznie, certyfikat okazany na stanowisku."
                accept_signature(session, case, case.version, reason, act=act)
