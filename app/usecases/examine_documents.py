"""Looking into the documents of an accepted package: how many pages, and whether something in them acts by itself."""

from __future__ import annotations

import time
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.epackages.errors import Reason
from app.epackages.previews import Examination, NoPreview, examine, kind_with_pages
from app.equipment import Equipment
from app.models import Package, PackageMember
from app.usecases.package_content import package_content
from app.usecases.record import record

EXAMINE = "examine_documents"
SECONDS = 90
"""After so long no further document is begun: the job would outlive its lease (app.outbox.leases.LEASE)."""


def examine_documents(package: Package, *, equipment: Equipment) -> Mapping[str, Examination | NoPreview]:
    """Examine, in limited child processes, every member that has pages. Takes seconds; writes nothing.

    Members whose turn does not come within `SECONDS` are told as `preview-time`, like those that take too long.
    """
    found: dict[str, Examination | NoPreview] = {}
    begun = time.monotonic()
    with package_content(package, equipment=equipment) as content:
        for member in content.members:
            kind = kind_with_pages(member.media)
            if kind is None:
                continue
            if time.monotonic() - begun > SECONDS:
                found[member.name] = NoPreview(Reason.PREVIEW_TIME.value, "other documents took the time")
            else:
                found[member.name] = examine(content.chunks(member.name), kind, limits=equipment.preview_limits)
    return found


def note_examination(
    session: Session, package_id: int, found: Mapping[str, Examination | NoPreview], *, act: Act
) -> None:
    """Write what was found beside the members; flags that were there stay."""
    members = session.scalars(sa.select(PackageMember).where(PackageMember.package_id == package_id))
    flagged = []
    for member in members:
        result = found.get(member.name)
        if result is None:
            continue
        flags = result.flags if isinstance(result, Examination) else (result.code,)
        member.pages = result.pages if isinstance(result, Examination) else None
        member.flags = list(dict.fromkeys([*member.flags, *flags]))
        if flags:
            flagged.append(member.position)
    record(session, f"package:{package_id}", "documents-examined", {"flagged": flagged}, act=act)
