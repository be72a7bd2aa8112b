"""Accepting a package: receipt, case or attachment to one, messages, all in one transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.equipment import Equipment
from app.models import Folder, Message, Package, PackageState
from app.models.statements import leave_rows
from app.outbox.post import post_jobs
from app.usecases.close_intake import close_intake
from app.usecases.examine_documents import EXAMINE
from app.usecases.file_package import file_package
from app.usecases.issue_receipt import PreparedReceipt, record_receipt
from app.usecases.judge_received import Judged
from app.usecases.print_receipt import PRINT_RECEIPT
from app.usecases.read_form import FormReading


def accept_package(
    session: Session,
    package: Package,
    judged: Judged,
    prepared: PreparedReceipt,
    reading: FormReading,
    *,
    equipment: Equipment,
    act: Act,
) -> None:
    """Give a received `package`, as it was `judged`, its receipt and its place in a case."""
    package.state = PackageState.ACCEPTED
    package.decided_at = act.at
    receipt_id = record_receipt(session, package, prepared, act=act)
    filed = file_package(session, package, judged, reading, equipment=equipment, act=act)
    if package.citizen_id is not None:
        leave_rows(
            session,
            Message,
            {
                "citizen_id": package.citizen_id,
                "folder": Folder.RECEIVED,
                "kind": "receipt",
                "data": {"number": prepared.number, "sign": filed.sign, "purpose": package.purpose or ""},
                "package_id": package.id,
                "receipt_id": receipt_id,
                "case_id": filed.case_id,
                "at": act.at,
            },
        )
    close_intake(session, package, act=act)
    post_jobs(session, {PRINT_RECEIPT: receipt_id, EXAMINE: package.id}, act=act)
