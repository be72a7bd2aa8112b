"""Acknowledging a package: after this commit the office answers for it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import Refused
from app.models import REFUSED, Channel, Folder, Message, Package, PackageState
from app.models.statements import add_row
from app.outbox.post import post_jobs
from app.storage import Kept
from app.usecases.keep_file import keep_files
from app.usecases.number import give_back, next_number
from app.usecases.record import record

SETTLE = "settle_package"
_SAME = (
    sa.select(Package.id, Package.state, Package.companion_sha256, Package.outcome)
    .where(Package.sha256 == sa.bindparam("sha256"), Package.sender_key == sa.bindparam("sender"))
    .order_by(Package.id.desc())
)


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


def receive_package(session: Session, arrival: Arrival, sender: Sender, *, act: Act) -> tuple[int, bool]:
    """Write the package, its copy in the sender's mailbox, the job that settles it and the audit event.

    Returns the package's id and whether it is new: the same bytes from the same sender are the package that is
    already there (invariant I2).

    Raises:
        Refused: `idempotency-conflict`: the platform used the key of this arrival for other bytes; `id` names them.
    """
    series = f"package:{act.today.year}"
    # Whoever comes second waits here and then finds the first one's row.
    count = next_number(session, series)
    known = _known(session, arrival, sender)
    if known is not None:
        give_back(session, series)
        return known, False
    _refuse_used_key(session, arrival, sender)
    keep_files(session, *filter(None, (arrival.kept, arrival.companion)), at=act.at)
    number = f"P-{act.today.year}-{count:05d}"
    package_id = add_row(
        session,
        Package,
        {
            "number": number,
            "sha256": arrival.kept.sha256,
            "companion_sha256": arrival.companion.sha256 if arrival.companion else None,
            "size": arrival.kept.size,
            "filename": arrival.filename[:255],
            "received_at": act.at,
            "channel": sender.channel,
            "sender_key": sender.key,
            "sender_name": sender.name[:200],
            "citizen_id": sender.citizen_id,
            "platform_id": sender.platform_id,
            "idempotency_key": arrival.idempotency_key,
        },
    )
    if sender.citizen_id is not None:
        copy = {"citizen_id": sender.citizen_id, "folder": Folder.SENT, "package_id": package_id}
        add_row(session, Message, {**copy, "kind": "package", "at": act.at, "read_at": act.at})
    post_jobs(session, {SETTLE: package_id}, act=act)
    record(
        session,
        f"package:{package_id}",
        "package-received",
        {"number": number, "sha256": arrival.kept.sha256, "size": arrival.kept.size, "channel": sender.channel.value},
        act=act,
        begins=True,
    )
    return package_id, True


def _known(session: Session, arrival: Arrival, sender: Sender) -> int | None:
    """Return the package that these bytes of this sender already are.

    A refused one is the answer only while the refusal would be the same: not where another signature comes with the
    file, and not where judging it again found that it is good after all.
    """
    before = session.execute(_SAME, {"sha256": arrival.kept.sha256, "sender": sender.key}).all()
    companion = arrival.companion.sha256 if arrival.companion else None
    standing = (one.id for one in before if one.state is not PackageState.REFUSED)
    again = (one.id for one in before if one.companion_sha256 == companion and one.outcome in REFUSED)
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
