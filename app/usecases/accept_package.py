"""Accepting a package: receipt, case or attachment to one, messages, all in one transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.equipment import Equipment
from app.models import Folder, Message, Package, PackageState
from app.outbox.post import post_job
from app.usecases.close_intake import close_intake
from app.usecases.examine_documents import EXAMINE
from app.usecases.file_package import file_package
from app.usecases.issue_receipt import PreparedReceipt, record_receipt
from app.usecases.print_receipt import PRINT_RECEIPT
from app.usecases.read_form import FormReading


def accept_package(
    session: Session,
    package_id: int,
    prepared: PreparedReceipt,
    reading: FormReading,
    *,
    equipment: Equipment,
    act: Act,
) -> Package:
    """Give `package_id` its receipt and its place in a case. Does nothing to a package that is already settled."""
    # What is asked on the way does not depend on what is written here: it goes out in one piece.
    with session.no_autoflush:
        return _accept(session, package_id, prepared, reading, equipment=equipment, act=act)


def _accept(
    session: Session,
    package_id: int,
    prepared: PreparedReceipt,
    reading: FormReading,
    *,
    equipment: Equipment,
    act: Act,
) -> Package:
    package = session.get_one(Package, package_id, with_for_update=True)
    if package.state is not PackageState.RECEIVED:
        return package
    package.state = PackageState.ACCEPTED
    package.decided_at = act.at
    receipt = record_receipt(session, package, prepared, act=act)
    case = file_package(session, package, reading, equipment=equipment, act=act)
    if package.citizen_id is not None:
        session.add(
            Message(
                citizen_id=package.citizen_id,
                folder=Folder.RECEIVED,
                kind="receipt",
                data={"number": receipt.number, "sign": case.sign, "purpose": package.purpose or ""},
                package_id=package.id,
                receipt_id=receipt.id,
                case_id=case.id,
                at=act.at,
            )
        )
    close_intake(session, package, act=act)
    post_job(session, PRINT_RECEIPT, receipt.id, key=f"{PRINT_RECEIPT}:{receipt.id}", act=act)
    post_job(session, EXAMINE, package.id, key=f"{EXAMINE}:{package.id}", act=act)
    return package
