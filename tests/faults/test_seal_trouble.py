"""Whether packages that come while the office has no valid seal are acknowledged, and settled once there is one."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.models import Job, JobState, PackageState, Seal
from app.transaction import one_transaction
from app.usecases.seals import row_of
from tests.authority import OFFICE, TestAuthority
from tests.faults.offices import Office, authority, package, settled_once, take, take_seal
from tests.faults.processes import serving, until

pytestmark = pytest.mark.faults


def without_seal(office: Office) -> None:
    with office.inside(), one_transaction() as session:
        session.execute(sa.update(Seal).values(in_use=False))


def with_expired_seal(office: Office) -> None:
    """The seal in use ran out: nobody can take such a one into use, but time passes."""
    expired = TestAuthority("CC dawne").seal(OFFICE, at=now() - dt.timedelta(days=1100))
    assert expired.certificate.not_valid_after_utc < now()
    without_seal(office)
    with office.inside() as app, one_transaction() as session:
        session.add(row_of(expired, equipment=app.extensions["equipment"], act=Act(SYSTEM, now())))


@pytest.mark.parametrize(
    ("trouble", "said"), [(without_seal, "no seal in use"), (with_expired_seal, "expired")], ids=["missing", "expired"]
)
def test_a_package_waits_for_the_seal_and_is_then_settled(sqlite_office: Office, trouble, said: str):
    trouble(sqlite_office)
    with serving(sqlite_office, worker=True) as server:
        ready = server.get("/readyz")
        answer = server.send(package(1))
        until(lambda: sqlite_office.count(Job, Job.tries > 0, Job.lease.is_(None)))
        waiting = server.get(f"/api/v1/packages/{answer.json['id']}").json
        repeated = server.send(package(1))
        meanwhile = sqlite_office.violations()
        with sqlite_office.inside():
            job = db.session.scalars(sa.select(Job).where(Job.kind == "settle_package")).one()

        take_seal(sqlite_office, authority().seal())
        until(sqlite_office.drained)
        well = server.get("/readyz")
        settled = server.settled(answer.json["id"])
        receipt = server.get(settled["receipt"])

    assert ready.status == 503
    assert not ready.json["checks"]["seal"]["well"]
    assert said in ready.json["checks"]["seal"]["detail"]
    assert answer.status == 201
    assert (waiting["state"], waiting["receipt"]) == (PackageState.RECEIVED, None)
    assert (repeated.status, repeated.json["id"]) == (200, answer.json["id"])
    assert meanwhile == []
    assert (job.state, job.error.partition(":")[0]) == (JobState.READY, "Refused")
    assert well.json["checks"]["seal"]["well"]
    assert settled["received_at"] == answer.json["received_at"]
    assert receipt.status == 200
    settled_once(sqlite_office, 1)


def test_however_long_the_seal_is_missing_the_job_is_not_given_up(sqlite_office: Office):
    from app.outbox.leases import MAX_TRIES

    without_seal(sqlite_office)
    take(sqlite_office, [package(1)])
    for _ in range(MAX_TRIES + 2):
        sqlite_office.make_due()
        sqlite_office.work_off()
    assert sqlite_office.count(Job, Job.state == JobState.DEAD) == 0

    take_seal(sqlite_office, authority().seal())
    sqlite_office.make_due()
    sqlite_office.work_off()
    settled_once(sqlite_office, 1)
