"""Acknowledging a package: after this commit the office answers for it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import Refused
from app.models import REFUSED, Channel, Folder, Message, Package, PackageState
from app.outbox.post import post_job
from app.storage import Kept
from app.usecases.keep_file import keep_files
from app.usecases.number import lock_series, next_number
from app.usecases.record import record

SETTLE = "settle_package"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends. `key` tells senders apart for "the same package twice"; `name` is shown to clerks."""

    channel: Channel
    key: str
    name: str
    citizen_id: int | None = None
    platform_id: int | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came: the bytes, already safe in the store, under the name their sender gave them."""

    kept: Kept
    filename: str
    companion: Kept | None = None
    idempotency_key: str | None = None


def receive_package(session: Session, arrival: Arrival, sender: Sender, *, act: Act) -> tuple[Package, bool]:
    """Write the package, its copy in the sender's mailbox, the job that settles it and the audit event.

    Returns the package and whether it is new: the same bytes from the same sender are the package that is already
    there (invariant I2).

    Raises:
        Refused: `idempotency-conflict`: the platform used the key of this arrival for other bytes; `id` names them.
    """
    series = f"package:{act.today.year}"
    # Whoever comes second waits here and then finds the first one's row.
    lock_series(session, series)
    known = _known(session, arrival, sender)
    if known is not None:
        return known, False
    _refuse_used_key(session, arrival, sender)
    keep_files(session, *filter(None, (arrival.kept, arrival.companion)), at=act.at)
    package = Package(
        number=f"P-{act.today.year}-{next_number(session, series):05d}",
        sha256=arrival.kept.sha256,
        companion_sha256=arrival.companion.sha256 if arrival.companion else None,
        size=arrival.kept.size,
        filename=arrival.filename[:255],
        received_at=act.at,
        channel=sender.channel,
        sender_key=sender.key,
        sender_name=sender.name[:200],
        citizen_id=sender.citizen_id,
        platform_id=sender.platform_id,
        idempotency_key=arrival.idempotency_key,
    )
    session.add(package)
    session.flush()
    if sender.citizen_id is not None:
        session.add(
            Message(
                citizen_id=sender.citizen_id,
                folder=Folder.SENT,
                kind="package",
                package_id=package.id,
                at=act.at,
                read_at=act.at,
            )
        )
    post_job(session, SETTLE, package.id, key=f"{SETTLE}:{package.id}", act=act)
    record(
        session,
        f"package:{package.id}",
        "package-received",
        {"number": package.number, "sha256": package.sha256, "size": package.size, "channel": sender.channel.value},
        act=act,
        begins=True,
    )
    return package, True


def _known(session: Session, arrival: Arrival, sender: Sender) -> Package | None:
    """Return the package that these bytes of this sender already are.

    A refused one is the answer only while the refusal would be the same: not where another signature comes with the
    file, and not where judging it again found that it is good after all.
    """
    same = sa.select(Package).where(Package.sha256 == arrival.kept.sha256, Package.sender_key == sender.key)
    before = session.scalars(same.order_by(Package.id.desc())).all()
    companion = arrival.companion.sha256 if arrival.companion else None
    standing = (one for one in before if one.state is not PackageState.REFUSED)
    again = (one for one in before if one.companion_sha256 == companion and one.outcome in REFUSED)
    return next(standing, None) or next(again, None)


def _refuse_used_key(session: Session, arrival: Arrival, sender: Sender) -> None:
    """Refuse a key that names another package. Asked under the lock: of two at once the second finds the first."""
    if arrival.idempotency_key is None:
        return
    other = session.scalar(
        sa.select(Package.public_id)
        .where(Package.platform_id == sender.platform_id, Package.idempotency_key == arrival.idempotency_key)
        .where(Package.sha256 != arrival.kept.sha256)
        .limit(1)
    )
    if other is not None:
        raise Refused("idempotency-conflict", id=other)
