"""The road of a package: kept, acknowledged, judged, settled. Used by every way in and by the worker.

1. `keep`: the bytes are streamed into the store and survive power loss (file and folder synced).
2. `acknowledge`: one transaction writes package, inbox entry, job and audit event; only then is the sender answered.
3. `settle`: judges, makes the receipt, opens the case or refuses; may be broken off anywhere and begun again.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.equipment import Equipment
from app.models import Case, Outcome, Package, PackageState
from app.outbox.post import post_job
from app.storage import Kept, StoreError
from app.transaction import one_transaction
from app.usecases.accept_package import accept_package
from app.usecases.import_crl import RECHECK_REST
from app.usecases.issue_receipt import prepare_receipt
from app.usecases.judge_received import judge_received, record_verdict
from app.usecases.published_lists import note_distribution_points
from app.usecases.receive_package import Arrival, Sender, receive_package
from app.usecases.refuse_package import refuse_package
from app.usecases.rejudge import rejudge
from app.usecases.trust import trust_store

CHUNK = 64 * 1024
_STATE = sa.select(Package.state).with_for_update()


def keep(chunks: Iterable[bytes], *, equipment: Equipment) -> Kept:
    """Stream `chunks` into the store and return what was kept.

    Raises:
        TooLarge: more bytes came than a package may have. StoreFull, StoreFailed: nothing was kept.
    """
    with equipment.store.incoming(equipment.limits.file_size) as incoming:
        for chunk in chunks:
            incoming.write(chunk)
        return incoming.keep()


def read_chunks(read: Callable[[int], bytes]) -> Iterable[bytes]:
    """Yield what `read(size)` gives until it gives nothing."""
    return iter(lambda: read(CHUNK), b"")


def acknowledge(arrival: Arrival, sender: Sender, *, act: Act) -> tuple[int, bool]:
    """Write down that the package came. Returns its id and whether it is new. After this the office answers for it."""
    with one_transaction() as session:
        return receive_package(session, arrival, sender, act=act)


def settle(session: Session, package_id: int, *, equipment: Equipment, clock: Callable[[], dt.datetime] = now) -> None:
    """Judge the package and make of it what it is: a receipt and a case, or a refusal. Safe to repeat at any time.

    `session` is the door's own, the one that `one_transaction` writes through; `clock` tells when it is judged.

    Raises:
        Refused: `seal-missing` or `seal-expired`: the package stays received, and the job tries again.
    """
    package = session.get_one(Package, package_id)
    if package.state is not PackageState.RECEIVED:
        return
    # What it is judged by is read once, whatever transactions end on the way; its state is read again.
    session.expunge(package)
    _bring_back_bytes(package, equipment)
    trust = trust_store(session, equipment=equipment)
    verdict, reading = judge_received(package, trust, equipment=equipment)
    act = Act(SYSTEM, clock())
    prepared = prepare_receipt(session, package, verdict, equipment=equipment, act=act) if reading else None
    # What is asked on the way does not depend on what is written here: the package goes out in one piece.
    with one_transaction(), session.no_autoflush:
        if session.scalar(_STATE.where(Package.id == package_id)) is not PackageState.RECEIVED:
            return
        session.add(package)
        judged = record_verdict(session, package, verdict, trust, equipment=equipment, act=act)
        note_distribution_points(session, verdict, act=act)
        if reading is None or prepared is None:
            refuse_package(session, package, act=act)
        else:
            accept_package(session, package, judged, prepared, reading, equipment=equipment, act=act)


def _bring_back_bytes(package: Package, equipment: Equipment) -> None:
    """Undo what a sweeper did whose clock ran ahead: it may have taken fresh bytes for old ones without a row."""
    for sha256 in filter(None, (package.sha256, package.companion_sha256)):
        if not equipment.store.exists(sha256):
            equipment.store.restore(sha256)


def recheck(session: Session, package_id: int, *, equipment: Equipment, act: Act) -> Outcome:
    """Judge a package again that was left undecided or refused: an anchor or a list may have arrived since."""
    package = session.get_one(Package, package_id)
    trust = trust_store(session, equipment=equipment)
    verdict, _form = judge_received(package, trust, equipment=equipment)
    with one_transaction():
        package = session.get_one(Package, package_id, with_for_update=True)
        rejudge(session, package, verdict, trust, equipment=equipment, act=act)
        return Outcome(verdict.outcome)


RECHECK_SECONDS = 90
"""After so long no further package is judged again: the job would outlive its lease (app.outbox.leases.LEASE)."""


def recheck_undecided(session: Session, *, equipment: Equipment, after: int = 0) -> int:
    """Judge again whatever is undecided in a case that is still open; returns how many packages that were.

    Begins with the first package behind the one of the id `after`. What does not come to its turn within
    `RECHECK_SECONDS` is left to a job of its own, RECHECK_REST; at least one package is judged each time.

    Raises:
        StoreError: the bytes of a package could not be read. All others were judged nevertheless.
    """
    waiting = sa.select(Package.id).join(Case, Case.id == Package.case_id)
    waiting = waiting.where(Package.outcome == Outcome.UNDECIDED, Case.closed_at.is_(None), Package.id > after)
    ids = session.scalars(waiting.order_by(Package.id)).all()
    trouble: StoreError | None = None
    begun, judged = time.monotonic(), 0
    for package_id in ids:
        if judged and time.monotonic() - begun > RECHECK_SECONDS:
            last = ids[judged - 1]
            with one_transaction():
                post_job(session, RECHECK_REST, last, key=f"{RECHECK_REST}:{last}", act=Act(SYSTEM, now()))
            break
        judged += 1
        try:
            recheck(session, package_id, equipment=equipment, act=Act(SYSTEM, now()))
        except StoreError as error:
            trouble = error
    if trouble is not None:
        raise trouble
    return judged
