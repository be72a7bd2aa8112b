"""The official receipt (UPO) on paper: printed from the sealed XML, so that it says what the XML says, each time."""

from __future__ import annotations

from cryptography import x509
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.epackages.receipt import Upp, read_receipt
from app.equipment import Equipment
from app.letters.receipt import Office, PrintedMember, PrintedSeal, ReceiptPrintout, print_receipt
from app.models import Receipt
from app.pki.subject import name_of
from app.storage import Kept
from app.usecases.keep_file import keep_file

PRINT_RECEIPT = "print_receipt"
"""The job that prints: the sealed XML is the receipt, and nobody who sends waits for its picture."""


def receipt_pdf(receipt: Receipt, *, equipment: Equipment) -> bytes:
    """Return the receipt of a package as PDF: the kept one, or, until the worker has kept it, the same one made now.

    Raises:
        Missing, Damaged, StoreFailed: the kept one, or the XML, is not there, is another by now, or cannot be read.
    """
    if receipt.pdf_sha256 is not None:
        return equipment.store.read(receipt.pdf_sha256)
    said, package = read_receipt(equipment.store.read(receipt.xml_sha256)), receipt.package
    # A receipt of delivery is printed when it is made, and of one that we make both moments are known.
    assert isinstance(said, Upp) and said.delivered_at and package is not None  # noqa: S101, PT018 - see above
    office, certificate = equipment.office, x509.load_der_x509_certificate(receipt.seal.certificate)
    size_of = {member.sha256: member.size for member in package.members}
    return print_receipt(
        ReceiptPrintout(
            office=Office(
                said.office.name,
                office.department,
                (office.street, f"{office.postal_code} {office.city}", office.phone),
            ),
            number=said.number,
            sender=said.sender.name,
            delivered_at=said.delivered_at,
            created_at=said.created_at,
            document=said.document,
            package_name=package.filename,
            package_sha256=said.package_sha256,
            members=tuple(PrintedMember(member.name, size_of[member.sha256], member.sha256) for member in said.members),
            # `issue_receipt` seals a receipt at the moment that it is dated by.
            seal=PrintedSeal(
                name_of(certificate.subject),
                name_of(certificate.issuer),
                str(certificate.serial_number),
                said.created_at,
            ),
            check_address=f"{equipment.settings.public_url}/sprawdz",
        )
    )


def keep_receipt_pdf(session: Session, receipt_id: int, pdf: Kept, *, act: Act) -> None:
    """Write that `pdf` is the printed receipt `receipt_id`. Does nothing to one that is printed already."""
    receipt = session.get_one(Receipt, receipt_id, with_for_update=True)
    if receipt.pdf_sha256 is None:
        keep_file(session, pdf.sha256, pdf.size, act.at)
        receipt.pdf_sha256 = pdf.sha256
