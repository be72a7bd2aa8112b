"""The official receipt (UPO) of a package: made from rows alone, so that making it again gives the same bytes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.epackages.receipt import Digest, ReceiptParty, Upp, write_upp
from app.equipment import Equipment
from app.models import Package, PackageMember, Receipt, ReceiptKind
from app.pki.seal import seal_xml
from app.storage import Kept
from app.usecases.keep_file import keep_files
from app.usecases.record import record
from app.usecases.seals import seal_in_use


@dataclass(frozen=True, slots=True)
class PreparedReceipt:
    """A receipt whose bytes are safe in the store, before the row that makes it valid."""

    number: str
    xml: Kept
    seal_id: int


def receipt_number(package: Package) -> str:
    """Return the number of the receipt of `package`: derived, so that no retry takes a second one."""
    _, year, number = package.number.split("-")
    return f"UPO/{int(number)}/{year}"


def prepare_receipt(
    session: Session, package: Package, judged_at: dt.datetime, *, equipment: Equipment, act: Act
) -> PreparedReceipt:
    """Make the receipt of `package`, seal it, and put its XML into the store. Writes no row.

    Every moment in it comes from `package` and its first verification, of `judged_at`; nothing comes from the clock.

    Raises:
        Refused: `seal-missing` or `seal-expired`.
    """
    seal_row, seal = seal_in_use(session, equipment=equipment, act=act)
    upp = Upp(
        number=receipt_number(package),
        office=ReceiptParty(equipment.office.name, equipment.office.regon, "REGON"),
        sender=_sender(package),
        delivered_at=package.received_at,
        created_at=judged_at,
        document=package.number,
        package_sha256=package.sha256,
        members=_members(session, package),
    )
    xml = seal_xml(write_upp(upp), seal, judged_at, signature_id=f"upo-{package.id}")
    return PreparedReceipt(upp.number, equipment.store.put_bytes(xml), seal_row.id)


def record_receipt(session: Session, package: Package, prepared: PreparedReceipt, *, act: Act) -> Receipt:
    """Write the row of a prepared receipt (invariant I3: one per package). Its id is there after the next flush."""
    keep_files(session, prepared.xml, at=act.at)
    receipt = Receipt(
        number=prepared.number,
        kind=ReceiptKind.UPP,
        package_id=package.id,
        seal_id=prepared.seal_id,
        issued_at=act.at,
        sender_name=package.sender_name,
        xml_sha256=prepared.xml.sha256,
    )
    session.add(receipt)
    record(
        session,
        f"package:{package.id}",
        "receipt-issued",
        {"number": receipt.number, "sha256": receipt.xml_sha256},
        act=act,
    )
    return receipt


def _sender(package: Package) -> ReceiptParty:
    if package.citizen is None:
        return ReceiptParty(package.sender_name)
    return ReceiptParty(package.sender_name, package.citizen.login, "skrzynka kontaktowa")


def _members(session: Session, package: Package) -> tuple[Digest, ...]:
    found = sa.select(PackageMember.name, PackageMember.sha256)
    found = found.where(PackageMember.package_id == package.id).order_by(PackageMember.position)
    return tuple(Digest(name, sha256) for name, sha256 in session.execute(found))
