"""Looking into the documents of an accepted package: how many pages, and whether something in them acts by itself."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.epackages.previews import Examination, NoPreview, examine, kind_with_pages
from app.equipment import Equipment
from app.models import Package, PackageMember
from app.usecases.package_content import package_content
from app.usecases.record import record

EXAMINE = "examine_documents"


def examine_documents(package: Package, *, equipment: Equipment) -> Mapping[str, Examination | NoPreview]:
    """Examine, in limited child processes, every member that has pages. Takes seconds; writes nothing."""
    found = {}
    with package_content(package, equipment=equipment) as content:
        for member in content.members:
            kind = kind_with_pages(member.media)
            if kind is not None:
                found[member.name] = examine(content.chunks(member.name), kind)
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
