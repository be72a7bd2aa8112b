"""Refusing a package: the sender hears why in plain words, the bytes stay in quarantine."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.models import Folder, Message, Package, PackageState
from app.usecases.close_intake import close_intake
from app.usecases.record import record


def refuse_package(session: Session, package: Package, *, act: Act) -> None:
    """Refuse a received `package` that was judged invalid or unreadable."""
    package.state = PackageState.REFUSED
    package.decided_at = act.at
    if package.citizen_id is not None:
        session.add(
            Message(
                citizen_id=package.citizen_id,
                folder=Folder.RECEIVED,
                kind="refusal",
                data={"reasons": list(package.reasons), "number": package.number},
                package_id=package.id,
                at=act.at,
            )
        )
    close_intake(session, package, act=act)
    record(
        session,
        f"package:{package.id}",
        "package-refused",
        {"outcome": package.outcome.value if package.outcome else "", "reasons": list(package.reasons)},
        act=act,
    )
