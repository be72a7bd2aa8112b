"""Which really signed packages stand behind invented cases? A few, taken in by the verbs; many rows share their bytes.

Each sample is one package with its verification and its receipt, as the intake made them. Samples are made once per
installation and found again by their sender.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from app.demo.invented import InventedParty, InventedVehicle
from app.domain.acts import Act
from app.domain.documents import DocumentKind
from app.domain.procedures.stages import ProcedureName
from app.epackages import application as form
from app.epackages.writer import pack
from app.equipment import Equipment
from app.models import Channel, Citizen, HolderKind, Outcome, Package
from app.pki.authority import CITIZEN, Person, issue_certificate, make_issuing, make_root
from app.pki.signing import Signer
from app.usecases.centre import certify_citizen
from app.usecases.receive_package import Sender

LOGIN = "test-sender"
_KEY = "demo-sample:"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sample asks for, and with what."""

    name: str
    procedure: ProcedureName
    documents: tuple[tuple[str, DocumentKind], ...]
    known_signer: bool = True
    ground: str = ""


_K = DocumentKind
_PAPERS = (("01-umowa.jpg", _K.OWNERSHIP), ("02-dowod-rejestracyjny.jpg", _K.REG_CERT))
PLANS = (
    Plan("registration", ProcedureName.REGISTRATION, _PAPERS),
    Plan("deregistration", ProcedureName.DEREGISTRATION, (("01-zaswiadczenie.jpg", _K.DISMANTLING_CERTIFICATE),),
         ground="DEMONTAZ"),
    Plan("registration-imported", ProcedureName.REGISTRATION, (*_PAPERS, ("03-badanie.jpg", _K.INSPECTION))),
    Plan("registration-undecided", ProcedureName.REGISTRATION, _PAPERS, known_signer=False),
    Plan("undescribed", ProcedureName.UNDESCRIBED, (("pismo.jpg", _K.OTHER),)),
)  # fmt: skip


_REQUESTS = {
    ProcedureName.REGISTRATION: form.RequestKind.REGISTRATION,
    ProcedureName.DEREGISTRATION: form.RequestKind.DEREGISTRATION,
}


@dataclass(frozen=True, slots=True)
class SampleMember:
    """A file of a sample: the columns of its row but for the package, and which document it is."""

    name: str
    size: int
    sha256: str
    media: str
    signed: bool
    flags: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sample:
    """What rows repeat of a package that was taken in; JSON columns as text."""

    plan: Plan
    sha256: str
    size: int
    filename: str
    container: str
    outcome: Outcome
    reasons: str
    form_problem: str | None
    members: tuple[SampleMember, ...]
    rules: str
    anchors: str
    revocation: str
    report: str
    seal_id: int
    receipt_xml: str
    receipt_pdf: str | None


def sender_of(plan: Plan) -> Sender:
    """Return as whom `plan` is sent in."""
    return Sender(Channel.IMPORT, f"{_KEY}{plan.name}", "Jan Testowy")


def missing_plans(session: Session) -> tuple[Plan, ...]:
    """Return the plans that nobody has sent in yet."""
    known = set(session.scalars(sa.select(Package.sender_key).where(Package.sender_key.startswith(_KEY))))
    return tuple(plan for plan in PLANS if sender_of(plan).key not in known)


def read_samples(session: Session) -> Iterator[Sample]:
    """Yield the samples whose packages are settled."""
    for plan in PLANS:
        package = session.scalars(sa.select(Package).where(Package.sender_key == sender_of(plan).key)).one_or_none()
        if package is not None and package.receipt is not None and package.outcome is not None:
            yield _sample(plan, package)


def _sample(plan: Plan, package: Package) -> Sample:
    verification, receipt = package.verifications[0], package.receipt
    if receipt is None or package.outcome is None:
        raise LookupError(f"the sample {plan.name} is not settled")
    kinds = {name: kind.value for name, kind in plan.documents}
    return Sample(
        plan=plan,
        sha256=package.sha256,
        size=package.size,
        filename=package.filename,
        container=package.container or "",
        outcome=package.outcome,
        reasons=_json(package.reasons),
        form_problem=package.form_problem,
        members=tuple(
            SampleMember(
                member.name,
                member.size,
                member.sha256,
                member.media,
                member.signed,
                _json(member.flags),
                kinds.get(member.name, ""),
            )
            for member in package.members
        ),
        rules=verification.rules,
        anchors=_json(verification.anchors),
        revocation=_json(verification.revocation),
        report=_json(verification.report),
        seal_id=receipt.seal_id,
        receipt_xml=receipt.xml_sha256,
        receipt_pdf=receipt.pdf_sha256,
    )


def _json(value: object) -> str:
    return json.dumps(value)


def make_signer(session: Session, party: InventedParty, *, equipment: Equipment, act: Act) -> Signer:
    """Return a signer whom the office's own centre certifies: an invented citizen who cannot log in."""
    given_name, _, surname = party.name.partition(" ")
    citizen = session.scalars(sa.select(Citizen).where(Citizen.login == LOGIN)).one_or_none()
    if citizen is None:
        citizen = Citizen(
            login=LOGIN,
            password_hash="!",  # noqa: S106  no hash of anything: nobody logs in
            kind=HolderKind.PERSON,
            name=party.name,
            given_name=given_name,
            surname=surname,
            email=party.email,
            address={},
            created_at=act.at,
            disabled_at=act.at,
        )
        session.add(citizen)
        session.flush()
    key = ec.generate_private_key(ec.SECP256R1())
    return Signer(key, certify_citizen(session, citizen, key.public_key(), equipment=equipment, act=act))


def make_stranger(party: InventedParty, *, act: Act) -> Signer:
    """Return a signer of whose centre the office knows nothing."""
    keys = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
    root = make_root("Nieznane centrum – test", "Test", act.at, private_key=keys[0])
    issuing = make_issuing(root, "Nieznane centrum", "Test", act.at, private_key=keys[1])
    given_name, _, surname = party.name.partition(" ")
    key = ec.generate_private_key(ec.SECP256R1())
    person = Person(given_name, surname, f"PNOPL-{party.pesel}")
    certificate = issue_certificate(issuing, person, key.public_key(), act.at, profile=CITIZEN)
    return Signer(key, certificate, (issuing.certificate,))


def a_scan(name: str) -> bytes:
    """Return a small picture that says that it is none."""
    picture = Image.new("L", (620, 877), 245)
    pen = ImageDraw.Draw(picture)
    pen.text((60, 60), f"TEST - {name}", fill=40)
    for line in range(140, 800, 28):
        pen.line((60, line, 560 - (line * 7) % 180, line), fill=150, width=3)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=60)
    return stream.getvalue()


def signed_package(
    plan: Plan,
    party: InventedParty,
    vehicle: InventedVehicle,
    signer: Signer,
    *,
    act: Act,
    scan: Callable[[str], bytes] = a_scan,
) -> bytes:
    """Return the package that `plan` describes, signed by `signer`; `scan` gives the document of a name."""
    documents = {name: scan(name) for name, _ in plan.documents}
    members: dict[str, bytes] = {}
    if plan.procedure is not ProcedureName.UNDESCRIBED:
        members[form.FORM_NAME] = form.write_application(_application(plan, party, vehicle, documents, act))
    return pack({**members, **documents}, signer, act.at)


def _application(
    plan: Plan, party: InventedParty, vehicle: InventedVehicle, documents: Mapping[str, bytes], act: Act
) -> form.Application:
    kinds: dict[str, DocumentKind] = dict(plan.documents)
    return form.Application(
        filed_on=act.today,
        place="Częstochowa",
        authority=form.Authority("Prezydent Miasta Częstochowy", "Częstochowa"),
        owner=form.Party(
            form.PartyKind.PERSON,
            party.name,
            pesel=party.pesel,
            address=form.Address(party.street, party.building, "", "42-200", "Częstochowa", "Polska"),
        ),
        contact=form.Contact(party.email),
        request=form.Request(_REQUESTS[plan.procedure], ground=plan.ground),
        vehicle=form.FormVehicle(
            kind=vehicle.kind,
            make=vehicle.make,
            model=vehicle.model,
            production_year=vehicle.year,
            vin=vehicle.vin,
            plate=vehicle.plate,
            origin=form.Origin.USED_POLAND,
        ),
        declarations=form.Declarations(accuracy=True),
        attachments=tuple(
            form.Attachment(name, kinds[name].value, hashlib.sha256(data).hexdigest())
            for name, data in documents.items()
        ),
    )
