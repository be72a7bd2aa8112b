"""Is the house well? `/healthz` (the process lives), `/readyz` (what it needs is there), `/metrics` for Prometheus."""

from __future__ import annotations

import datetime as dt
import enum
import ipaddress
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Blueprint, Flask, Response, abort, current_app, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from app import clock
from app.extensions import db
from app.fitness import SEAL_ENDS_SOON, seal_ends
from app.house import equipment
from app.models import DeliveryState, Email, Job, JobState, Package, PackageState, WebSession

blueprint = Blueprint("health", __name__)
log = structlog.get_logger("okienko.health")

OLDEST_JOB = dt.timedelta(minutes=15)
"""A job that is due for longer says that no worker runs, or that it cannot keep up."""
STARTED = "health-started"
"""Since when this process serves, among the extensions of its door."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `detail` is for operators: no personal data, no addresses."""

    name: str
    well: bool
    detail: str


def _database() -> str:
    db.session.execute(sa.select(sa.literal(1))).scalar_one()
    return "answers"


def _store() -> str:
    equipment().store.probe()
    return "takes bytes"


def _seal() -> str:
    until = seal_ends(db.session())
    if until is None:
        raise LookupError("there is no seal in use")
    left = until - clock.now()
    if left <= dt.timedelta(0):
        raise LookupError("the seal has expired")
    return f"valid for {left.days} days" + (": replace it now" if left < SEAL_ENDS_SOON else "")


def _disk() -> str:
    settings = equipment().settings
    free = shutil.disk_usage(settings.data_dir).free
    left = equipment().store.free_bytes()
    if left is not None and left <= 0:
        raise OSError("the store has reached its reserve")
    if free < settings.disk_reserve:
        raise OSError(f"{free // 2**20} MiB free, {settings.disk_reserve // 2**20} MiB wanted")
    return f"{free // 2**20} MiB free"


def _jobs() -> str:
    age, serving = oldest_job(), clock.now() - current_app.extensions[STARTED]
    # What fell due while the house stood still is work, not trouble: a worker gets its time from the start on.
    if min(age, serving) > OLDEST_JOB:
        raise TimeoutError(f"a job waits since {int(age.total_seconds())} s")
    return f"the oldest waits {int(age.total_seconds())} s"


def oldest_job() -> dt.timedelta:
    """Return for how long the oldest job has been due; zero if none is."""
    at = clock.now()
    due = db.session.scalar(sa.select(sa.func.min(Job.due_at)).where(Job.state == JobState.READY, Job.due_at <= at))
    return at - due if due is not None else dt.timedelta(0)


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "store": _store,
    "seal": _seal,
    "disk": _disk,
    "jobs": _jobs,
}


def findings() -> list[Finding]:
    """Look at everything that `CHECKS` names; a check that raises is a finding, and the others still run."""
    found = []
    for name, check in CHECKS.items():
        try:
            found.append(Finding(name, True, check()))
        except Exception as error:  # noqa: BLE001  whatever it is, it is the answer
            db.session.rollback()
            log.warning("not-well", check=name, error=type(error).__name__)
            said = str(error) if isinstance(error, LookupError | OSError | TimeoutError) else ""
            found.append(Finding(name, False, said or type(error).__name__))
    return found


@blueprint.get("/healthz")
def alive() -> Response:
    """Say that the process lives; touches nothing."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/readyz")
def ready() -> tuple[dict[str, object], int]:
    """Say whether packages can be taken: 200, or 503 with what is missing. Details only for named networks."""
    found = findings()
    well = all(finding.well for finding in found)
    body: dict[str, object] = {"ready": well}
    if _near():
        body["checks"] = {f.name: {"well": f.well, "detail": f.detail} for f in found}
    return body, 200 if well else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the numbers of the house for Prometheus, only to the networks that the settings name."""
    if not _near():
        abort(404)
    registry = CollectorRegistry()
    at = clock.now()

    def gauge(name: str, text: str, values: dict[str, float], label: str = "") -> None:
        made = Gauge(f"okienko_{name}", text, [label] if label else [], registry=registry)
        for key, value in values.items():
            (made.labels(key) if label else made).set(value)

    def grouped(column: sa.orm.InstrumentedAttribute[Any], kinds: type[enum.StrEnum]) -> dict[str, float]:
        rows = dict[Any, int](map(tuple, db.session.execute(sa.select(column, sa.func.count()).group_by(column))))
        return {kind.value: rows.get(kind, 0) for kind in kinds}

    gauge("packages", "Packages by state", grouped(Package.state, PackageState), "state")
    gauge("jobs", "Jobs by state", grouped(Job.state, JobState), "state")
    gauge("emails", "E-mails by state", grouped(Email.state, DeliveryState), "state")
    gauge("oldest_job_seconds", "For how long the oldest job has been due", {"": oldest_job().total_seconds()})
    living = sa.select(WebSession.door, sa.func.count()).where(WebSession.ended_at.is_(None), WebSession.ends_at > at)
    sessions = db.session.execute(living.group_by(WebSession.door))
    gauge("sessions", "Log-ins that have not ended, by door", {door.value: count for door, count in sessions}, "door")
    usage = shutil.disk_usage(equipment().settings.data_dir)
    gauge("disk_free_bytes", "Free bytes where the data stand", {"": usage.free})
    until = seal_ends(db.session())
    gauge("seal_valid_seconds", "For how long the seal is valid", {"": (until - at).total_seconds() if until else 0})
    gauge("well", "Whether each check of /readyz is well", {f.name: float(f.well) for f in findings()}, "check")
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _near() -> bool:
    """Return whether who asks is in a network that the settings let see inside."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    networks = current_app.config["SETTINGS"].metrics_networks
    return any(address in ipaddress.ip_network(network, strict=False) for network in networks)


def register(app: Flask) -> None:
    """Add these pages to `app`."""
    app.extensions[STARTED] = clock.now()
    app.register_blueprint(blueprint)
