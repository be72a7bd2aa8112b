"""The end of a package's road: its job is done, and its sender is told to look into the mailbox."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.models import Citizen, Job, Package
from app.models.statements import leave
from app.outbox.post import post_email
from app.usecases.receive_package import SETTLE

_DONE = sa.delete(Job).where(Job.key == sa.bindparam("settled"))


def close_intake(session: Session, package: Package, *, act: Act) -> None:
    """Take the job off the list and post the e-mail notice, which says nothing but that there is news."""
    leave(session, _DONE, {"settled": f"{SETTLE}:{package.id}"})
    if package.citizen_id is None:
        return
    citizen = session.get_one(Citizen, package.citizen_id)
    post_email(session, citizen.email, "news", {}, language=citizen.language, key=f"package:{package.id}", act=act)
