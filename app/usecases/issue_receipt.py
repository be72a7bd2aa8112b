"""The official receipt (UPO) of a package: made from rows alone, so that making it again gives the same bytes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.epackages.package import PackageVerdict
from app.epackages.receipt import Digest, ReceiptParty, Upp, write_upp
from app.equipment import Equipment
from app.models import Citizen, Package, Receipt, ReceiptKind
from app.models.statements import add_row
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


def prepare_receipt(
    session: Session, package: Package, verdict: PackageVerdict, *, equipment: Equipment, act: Act
) -> PreparedReceipt:
    """Make the receipt of `package`, judged just now, seal it, and put its XML into the store. Writes no row.

    Nothing in it comes from the clock, and its number comes from the package's own: each try makes the same bytes. It
    is dated by the moment of receipt that it confirms, or by the beginning of a seal that came only after.

    Raises:
        Refused: `seal-missing` or `seal-expired`.
    """
    seal_row, seal = seal_in_use(session, equipment=equipment, act=act)
    _, year, number = package.number.split("-")
    citizen = session.get_one(Citizen, package.citizen_id) if package.citizen_id else None
    sender = (citizen.login, "skrzynka kontaktowa") if citizen else ()
    made_at = max(package.received_at, seal_row.not_before)
    upp = Upp(
        number=f"UPO/{int(number)}/{year}",
        office=ReceiptParty(equipment.office.name, equipment.office.regon, "REGON"),
        sender=ReceiptParty(package.sender_name, *sender),
        delivered_at=package.received_at,
        created_at=made_at,
        document=package.number,
        package_sha256=package.sha256,
        members=tuple(Digest(member.name, member.sha256) for member in verdict.members),
    )
    xml = seal_xml(write_upp(upp), seal, made_at, signature_id=f"upo-{package.id}")
    return PreparedReceipt(upp.number, equipment.store.put_bytes(xml), seal_row.id)


def record_receipt(session: Session, package: Package, prepared: PreparedReceipt, *, act: Act) -> int:
    """Write the row of a prepared receipt (invariant I3: one per package). Returns its id."""
    keep_files(session, prepared.xml, at=act.at)
    receipt = {
        "number": prepared.number,
        "kind": ReceiptKind.UPP,
        "package_id": package.id,
        "seal_id": prepared.seal_id,
        "issued_at": act.at,
        "sender_name": package.sender_name,
        "xml_sha256": prepared.xml.sha256,
    }
    receipt_id = add_row(session, Receipt, receipt)
    details = {"number": prepared.number, "sha256": prepared.xml.sha256}
    record(session, f"package:{package.id}", "receipt-issued", details, act=act)
    return receipt_id
