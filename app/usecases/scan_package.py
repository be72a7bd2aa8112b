"""Having the files of an accepted package looked at by the virus scanner, where the office has one."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.epackages.clamd import objection
from app.equipment import Equipment
from app.models import Package, PackageMember
from app.usecases.package_content import package_content
from app.usecases.record import record

SCAN = "scan_package"
NOT_SCANNED, CLEAN, INFECTED = "not-scanned", "clean", "infected"


def scan_package(package: Package, scanner: str, *, equipment: Equipment) -> Mapping[str, str]:
    """Return the objections of the `scanner` by the name of the member. Takes seconds; writes nothing.

    Raises ScannerFailed, and what the store raises.
    """
    with package_content(package, equipment=equipment) as content:
        asked = {member.name: objection(content.chunks(member.name), scanner) for member in content.members}
    return {name: code for name, code in asked.items() if code}


def note_scan(session: Session, package_id: int, objections: Mapping[str, str], *, act: Act) -> None:
    """Write what the scanner said at the package and beside its members."""
    session.get_one(Package, package_id).scanned = INFECTED if objections else CLEAN
    flagged = []
    for member in session.scalars(sa.select(PackageMember).where(PackageMember.package_id == package_id)):
        if member.name in objections:
            member.flags = list(dict.fromkeys([*member.flags, objections[member.name]]))
            flagged.append(member.position)
    record(session, f"package:{package_id}", "package-scanned", {"flagged": flagged}, act=act)
