"""Forms, documents and packages that tests send: small, invented, marked as test data."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from PIL import Image

from app.domain.acts import SYSTEM, Act
from app.epackages import application as form
from app.extensions import db
from app.house import equipment
from app.intake import acknowledge, keep, settle
from app.models import Channel, Package
from app.pki.trust_store import Anchor
from app.transaction import one_transaction
from app.usecases.import_crl import import_crl
from app.usecases.receive_package import Arrival, Sender
from app.usecases.set_up_office import set_up_office
from app.usecases.trust import add_anchor
from tests.authority import TestAuthority
from tests.signing import asice_cades, asice_xades

PESEL = "84051203872"
"""An invented number with a valid checksum."""


def now() -> dt.datetime:
    """This moment; tests of intake run at the real time, because certificates of the test authority do."""
    return dt.datetime.now(dt.UTC)


def a_photo(colour: str = "navy") -> bytes:
    """A small JPEG."""
    stream = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(stream, "JPEG")
    return stream.getvalue()


def a_form(
    kind: form.RequestKind = form.RequestKind.REGISTRATION,
    *,
    owner: str = "Jan Testowy",
    plate: str = "SC 12345",
    vin: str = "TMBJJ7NE8J0123456",
    vehicle: str = "samochód osobowy",
    origin: str = "used-poland",
    stated: Sequence[str] = (),
    documents: Mapping[str, bytes] | None = None,
    kinds: Mapping[str, str] | None = None,
    answers: form.Answer | None = None,
    ground: str = "DEMONTAZ",
    filed_on: dt.date | None = None,
    plates: form.PlateWishes | None = None,
    co_owners: tuple[form.Party, ...] = (),
    proxy: form.Party | None = None,
) -> bytes:
    """An application (or a letter that `answers` a case), as our own programs write it.

    `stated`: codes of what the applicant states, such as `EXTRA_PLATE`.
    `kinds`: name of a document -> which required document it is; a proof of ownership where nothing is said.
    """
    return form.write_application(
        form.Application(
            filed_on=filed_on or now().date(),
            place="Częstochowa",
            answers=answers,
            sender=form.Party(form.PartyKind.PERSON, owner) if answers else None,
            authority=None if answers else form.Authority("Prezydent Miasta Częstochowy", "Częstochowa"),
            owner=None
            if answers
            else form.Party(
                form.PartyKind.PERSON,
                owner,
                pesel=PESEL,
                address=form.Address("ul. Testowa", "1", "", "42-200", "Częstochowa", "Polska"),
            ),
            co_owners=co_owners,
            proxy=proxy,
            request=None
            if answers
            else form.Request(kind, ground=ground if kind == form.RequestKind.DEREGISTRATION else ""),
            vehicle=None
            if answers
            else form.FormVehicle(
                kind=vehicle,
                make="Škoda",
                model="Octavia",
                production_year=2018,
                vin=vin,
                plate=plate,
                origin=form.Origin(origin),
            ),
            plates=plates,
            declarations=None
            if answers
            else form.Declarations(accuracy=True, statements=tuple(form.Statement(code) for code in stated)),
            attachments=tuple(
                form.Attachment(name, (kinds or {}).get(name, "OWNERSHIP"), hashlib.sha256(data).hexdigest())
                for name, data in (documents or {}).items()
            ),
            remarks="Uzupełniam dokumenty." if answers else "",
        )
    )


def application_files(**changes: object) -> dict[str, bytes]:
    """The members of an application with one document."""
    documents = {"01-umowa.jpg": a_photo()}
    return {"wniosek.xml": a_form(documents=documents, **changes), **documents}


class Signers:
    """People of a test authority who sign with `xmlsec1` and `openssl`, not with our code."""

    def __init__(self, authority: TestAuthority, workdir: Path) -> None:
        self.authority = authority
        self.workdir = workdir

    def sign(
        self,
        members: Mapping[str, bytes],
        *,
        name: str = "Jan Testowy",
        pesel: str = PESEL,
        cades: bool = False,
        kind: str = "rsa",
    ) -> bytes:
        """A package signed by `name`, XAdES by xmlsec1 or CAdES by openssl."""
        signer = self.authority.citizen(name, pesel, key=kind)
        folder = self.workdir / f"signing-{abs(hash((name, pesel, kind, cades)))}"
        folder.mkdir(exist_ok=True)
        key, certificate = folder / "key.pem", folder / "cert.pem"
        key.write_bytes(signer.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        certificate.write_bytes(signer.certificate.public_bytes(Encoding.PEM))
        make = asice_cades if cades else asice_xades
        return make(dict(members), key, certificate, folder)


def an_office(authority: TestAuthority | None = None) -> None:
    """Set up the office of this door, which trusts `authority` as it trusts its own centre."""
    act = Act(SYSTEM, now())
    with one_transaction() as session:
        set_up_office(session, equipment=equipment(), act=act)
        if authority is not None:
            for issuer in (authority.root, authority.issuing):
                add_anchor(session, Anchor.of(issuer.certificate, "certification-centre"), "test", act=act)
            for crl in (authority.crl(), authority.root_crl()):
                import_crl(session, crl.public_bytes(Encoding.DER), equipment=equipment(), act=act)


def send(
    data: bytes, *, sender: Sender | None = None, filename: str = "paczka.asice", companion: bytes | None = None
) -> Package:
    """Take `data` in and settle it; returns the package as it stands then."""
    tools = equipment()
    sender = sender or Sender(Channel.IMPORT, "import:test", "Jan Testowy")
    kept = keep([data], equipment=tools)
    beside = keep([companion], equipment=tools) if companion is not None else None
    package_id, _ = acknowledge(Arrival(kept, filename, beside), sender, act=Act(SYSTEM, now()))
    settle(db.session(), package_id, equipment=tools)
    return db.session.get_one(Package, package_id, populate_existing=True)
