"""Which rows does one invented case have? Tuples as both databases take them: text, numbers, nothing.

Moments are written in UTC without a zone, as SQLite keeps them; a loader says to PostgreSQL that they are in UTC.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from app.demo.histories import Taken, choose_edition, taken_by
from app.demo.invented import InventedParty, InventedVehicle, vehicle
from app.demo.samples import Sample
from app.domain import evidence
from app.domain.acts import SYSTEM, ActorKind
from app.domain.case_signs import CaseSign
from app.domain.deadlines import ORDINARY_CASE, raw_end
from app.domain.folding import VIN_TAIL_LENGTH, KeyKind, fold, fold_sign, fold_words
from app.domain.holidays import STATUTORY
from app.domain.procedures.stages import SETTLED_STAGES, Doer, ProcedureName, Stage, clock_reason
from app.models import Channel, Outcome, PackageState, PartyRole, Purpose, ReceiptKind
from app.usecases.case_clock import SETTLING_TERM
from app.usecases.open_case import PESEL_CONTEXT
from app.vault import KeyRing

Row = tuple[str | int | None, ...]

COLUMNS: dict[str, tuple[str, ...]] = {
    "case_file": (
        "id", "public_id", "sign", "unit", "case_class", "year", "number", "procedure", "edition", "stage", "opened_at",
        "received_on", "due_on", "closed_at", "clerk_id", "team_id", "citizen_id", "applicant_name", "plate", "vin",
        "vehicle_label", "signature_settled", "version",
    ),
    "case_step": (
        "case_id", "seq", "step", "from_stage", "to_stage", "at", "actor_kind", "actor_id", "actor_name", "law",
        "reason",
    ),
    "party": ("case_id", "role", "name", "pesel_sealed", "pesel_digest", "regon", "address", "email", "phone"),
    "vehicle": ("case_id", "vin", "plate", "kind", "purpose", "make", "type", "model", "production_year"),
    "deadline": ("id", "case_id", "kind", "law", "length", "unit", "due_on", "ended_at"),
    "deadline_event": ("deadline_id", "kind", "on_day", "law", "reason", "at"),
    "finding": ("case_id", "code", "details", "at"),
    "search_key": ("kind", "key", "case_id"),
    "package": (
        "id", "public_id", "number", "sha256", "companion_sha256", "size", "filename", "received_at", "channel",
        "sender_key", "sender_name", "citizen_id", "platform_id", "idempotency_key", "state", "outcome", "reasons",
        "container", "purpose", "procedure", "form_problem", "case_id", "decided_at", "scanned",
    ),
    "package_member": ("id", "package_id", "position", "name", "size", "sha256", "media", "signed", "flags"),
    "verification": (
        "package_id", "at", "judged_for", "rules", "outcome", "reasons", "anchors", "revocation", "report",
    ),
    "receipt": (
        "public_id", "number", "kind", "package_id", "seal_id", "issued_at", "sender_name", "xml_sha256", "pdf_sha256",
    ),
    "document": ("public_id", "case_id", "member_id", "position", "kind", "title"),
    "audit_event": (
        "chain", "seq", "at", "actor_kind", "actor_id", "actor_name", "address", "request_id", "action", "details",
        "previous", "hash",
    ),
}  # fmt: skip
"""The tables in the order in which they can be filled, each with the columns that a row gives."""

_SYSTEM, _STAFF, _CITIZEN = ActorKind.SYSTEM.value, ActorKind.STAFF.value, ActorKind.CITIZEN.value
_SIGN, _PLATE, _VIN, _TAIL = (kind.value for kind in (KeyKind.CASE_SIGN, KeyKind.PLATE, KeyKind.VIN, KeyKind.VIN_TAIL))

NUMBERED = ("case_file", "package", "package_member", "deadline")
"""Tables whose keys are given here, because other rows name them."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """An invented party with what is slow to make: the sealed PESEL and the keys of its name."""

    party: InventedParty
    pesel_sealed: str | None
    pesel_digest: str | None
    address: str
    keys: tuple[tuple[str, str], ...]


def applicant(party: InventedParty, ring: KeyRing) -> Applicant:
    """Return `party` with its PESEL sealed, as `open_case` seals it."""
    digest = ring.digest(party.pesel) if party.pesel else None
    keys = [(KeyKind.NAME.value, word) for word in fold_words(party.name)]
    keys += [(KeyKind.PESEL.value, digest)] if digest else []
    keys += [(KeyKind.REGON.value, fold(party.regon))] if party.regon else []
    address = {
        "street": party.street,
        "building": party.building,
        "flat": "",
        "postal_code": "42-200",
        "locality": "Częstochowa",
        "country": "Polska",
    }
    sealed = ring.seal(party.pesel, context=PESEL_CONTEXT) if party.pesel else None
    return Applicant(party, sealed, digest, json.dumps(address), tuple(keys))


@dataclass(frozen=True, slots=True)
class World:
    """What all invented cases of a run share."""

    samples: tuple[Sample, ...]
    applicants: tuple[Applicant, ...]
    clerks: tuple[tuple[int, str], ...]
    unit: str
    case_class: str
    team_id: int | None
    until: dt.datetime


@dataclass(slots=True)
class Batch:
    """Rows by table, and the next key of each numbered table."""

    next_ids: dict[str, int]
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def take_id(self, table: str) -> int:
        """Return the next key of `table`."""
        number = self.next_ids[table]
        self.next_ids[table] = number + 1
        return number


@dataclass(frozen=True, slots=True)
class Arrived:
    """A package that comes: when, and its number and that of its case in their series."""

    at: dt.datetime
    package_number: int
    case_number: int


def write_case(batch: Batch, arrived: Arrived, world: World, rng: random.Random) -> None:
    """Put all rows of one invented case into `batch`."""
    case_id, package_id = batch.take_id("case_file"), batch.take_id("package")
    sample = _sample(world.samples, rng)
    someone = world.applicants[rng.randrange(len(world.applicants))]
    procedure, undecided = sample.plan.procedure, sample.outcome is Outcome.UNDECIDED
    described = procedure is not ProcedureName.UNDESCRIBED
    edition = choose_edition(rng)
    steps = taken_by(procedure, edition, (world.until - arrived.at).days, rng, undecided=undecided)
    car = vehicle(case_id, rng) if described else None
    clerk = world.clerks[rng.randrange(len(world.clerks))] if steps and world.clerks else None
    sign = CaseSign(world.unit, world.case_class, arrived.case_number, arrived.at.year)
    received, opened = text(arrived.at), text(arrived.at + dt.timedelta(seconds=3))
    stage = steps[-1].row.to if steps else Stage.RECEIVED
    rows = batch.rows
    due_on = _write_clock(batch, case_id, arrived.at, steps, world)
    rows["case_file"].append((
        case_id, _public_id(case_id, rng), str(sign), sign.unit, sign.klass, sign.year, sign.number, procedure.value,
        edition, stage.value, opened, day(arrived.at), due_on, _closed_at(arrived.at, steps),
        clerk[0] if clerk else None, world.team_id, None, someone.party.name, car.plate if car else None,
        car.vin if car else None, f"{car.make} {car.model}, {car.year}" if car else None,
        int(not undecided or any(step.row.name == "accept_signature" for step in steps)), len(steps) + 1,
    ))  # fmt: skip
    _write_history(rows["case_step"], case_id, arrived.at, steps, clerk, someone)
    rows["party"].append((
        case_id, PartyRole.OWNER.value, someone.party.name, someone.pesel_sealed, someone.pesel_digest,
        someone.party.regon or None, someone.address, someone.party.email, someone.party.phone,
    ))  # fmt: skip
    if car is not None:
        rows["vehicle"].append((case_id, car.vin, car.plate, car.kind, None, car.make, None, car.model, car.year))
    for code, details in _doubts(sample):
        rows["finding"].append((case_id, code, json.dumps(details), opened))
    rows["search_key"].extend((kind, key, case_id) for kind, key in search_keys(sign, car, someone))
    number = f"P-{sign.year}-{arrived.package_number:05d}"
    _write_package(batch, package_id, case_id, sample, someone, (number, received, opened), rng)
    _write_event(rows["audit_event"], case_id, arrived.at + dt.timedelta(seconds=3), {
        "sign": str(sign), "procedure": procedure.value, "edition": edition, "package": number,
    })  # fmt: skip


def text(moment: dt.datetime) -> str:
    """Return `moment` (in UTC) as it is stored."""
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=4096)
def _iso(moment: dt.date) -> str:
    return moment.isoformat()


def day(moment: dt.datetime) -> str:
    """Return the day of `moment`; invented packages come while UTC and the office have the same day."""
    return _iso(moment.date())


def _public_id(number: int, rng: random.Random) -> str:
    # The number in front keeps the index growing at its end, which makes a million rows cheap.
    return f"{number:07x}{rng.getrandbits(56):014x}"


def _sample(samples: Sequence[Sample], rng: random.Random) -> Sample:
    """Most cases register something; a few are in doubt or say nothing that a program could read."""
    weights = (0.6, 0.85, 0.95, 0.98, 1.0)
    pick = rng.random()
    place = next(place for place, weight in enumerate(weights) if pick < weight)
    return samples[place % len(samples)]


def _closed_at(arrived: dt.datetime, steps: Iterable[Taken]) -> str | None:
    closing = [step for step in steps if step.row.to is Stage.CLOSED]
    return text(_moment(arrived, closing[-1].day)) if closing else None


def _moment(arrived: dt.datetime, days: int) -> dt.datetime:
    return arrived + dt.timedelta(days=days, minutes=30 * (days % 5) + 5)


def _write_history(  # noqa: PLR0917  a row is made of all of them
    rows: list[Row],
    case_id: int,
    arrived: dt.datetime,
    steps: Sequence[Taken],
    clerk: tuple[int, str] | None,
    someone: Applicant,
) -> None:
    opened = text(arrived + dt.timedelta(seconds=3))
    rows.append((
        case_id, 1, "open", None, Stage.RECEIVED.value, opened, _SYSTEM, None, SYSTEM.name,
        "KPA art. 61 § 3", None,
    ))  # fmt: skip
    for seq, step in enumerate(steps, 2):
        kind: str
        number: int | None
        if step.doer is Doer.CITIZEN:
            kind, number, name = _CITIZEN, None, someone.party.name
        elif clerk is None:
            kind, number, name = _SYSTEM, None, SYSTEM.name
        else:
            kind, number, name = _STAFF, *clerk
        row = step.row
        reason = "Podpis sprawdzono w oryginale dokumentu." if row.name == "accept_signature" else None
        rows.append((
            case_id, seq, row.name, row.origin.value, row.to.value, text(_moment(arrived, step.day)), kind, number,
            name, row.law or None, reason,
        ))  # fmt: skip


@lru_cache(maxsize=4096)
def _month_later(received: dt.date) -> dt.date:
    return raw_end(received, ORDINARY_CASE)


@lru_cache(maxsize=4096)
def _due(end: dt.date) -> str:
    return STATUTORY.next_working_day(end).isoformat()


def _write_clock(batch: Batch, case_id: int, arrived: dt.datetime, steps: Sequence[Taken], world: World) -> str:
    """Write the term of KPA art. 35 with what stopped it; return the day on which the case is due."""
    number, events = batch.take_id("deadline"), batch.rows["deadline_event"]
    received = arrived.date()
    events.append((
        number, "started", _iso(received), "KPA art. 61 § 3a", None, text(arrived + dt.timedelta(seconds=3)),
    ))  # fmt: skip
    standing, since, stopped_days, ended = None, received, 0, None
    for step in steps:
        today = received + dt.timedelta(days=step.day)
        reason = clock_reason(step.row.to)
        if ended is None and reason is not standing:
            at = text(_moment(arrived, step.day))
            if standing is not None:
                stopped_days += max(0, (today - since).days - 1)
                events.append((number, "restarted", _iso(today), "KPA art. 35 § 5", standing.value, at))
            if reason is not None:
                events.append((number, "stopped", _iso(today), "KPA art. 35 § 5", reason.value, at))
            standing, since = reason, today
        if ended is None and step.row.to in SETTLED_STAGES:
            ended = text(_moment(arrived, step.day))
    if standing is not None:
        stopped_days += max(0, (world.until.date() - since).days - 1)
    due_on = _due(_month_later(received) + dt.timedelta(days=stopped_days))
    batch.rows["deadline"].append((
        number, case_id, SETTLING_TERM, "KPA art. 35 § 3", ORDINARY_CASE.length, ORDINARY_CASE.unit.value, due_on,
        ended,
    ))  # fmt: skip
    return due_on


def _doubts(sample: Sample) -> Iterable[tuple[str, dict[str, str]]]:
    if sample.outcome is Outcome.UNDECIDED:
        yield "signature-undecided", {"reasons": ", ".join(json.loads(sample.reasons))}
    if sample.form_problem:
        yield "form-unreadable", {"problem": sample.form_problem}


def search_keys(sign: CaseSign, car: InventedVehicle | None, someone: Applicant) -> Iterable[tuple[str, str]]:
    """Return the keys that `keys_for_case` would give, those of the person made once."""
    keys = [(_SIGN, key) for key in fold_sign(sign)]
    if car is not None:
        vin = fold(car.vin)
        keys += [
            (_PLATE, fold(car.plate)),
            (_VIN, vin),
            (_TAIL, vin[-VIN_TAIL_LENGTH:]),
        ]
    return (*keys, *someone.keys)


def _write_package(  # noqa: PLR0917  a row is made of all of them
    batch: Batch,
    package_id: int,
    case_id: int,
    sample: Sample,
    someone: Applicant,
    when: tuple[str, str, str],
    rng: random.Random,
) -> None:
    number, received, opened = when
    rows, outcome = batch.rows, sample.outcome.value
    name = someone.party.name
    procedure = sample.plan.procedure.value if sample.form_problem is None else None
    rows["package"].append((
        package_id, _public_id(package_id, rng), number, sample.sha256, None, sample.size, sample.filename, received,
        Channel.IMPORT.value, f"demo:{number}", name, None, None, None, PackageState.ACCEPTED.value, outcome,
        sample.reasons, sample.container, Purpose.APPLICATION.value, procedure, sample.form_problem, case_id, opened,
        "not-scanned",
    ))  # fmt: skip
    place = 0
    for position, member in enumerate(sample.members):
        member_id = batch.take_id("package_member")
        rows["package_member"].append((
            member_id, package_id, position, member.name, member.size, member.sha256, member.media,
            int(member.signed), member.flags,
        ))  # fmt: skip
        if member.kind:
            place += 1
            rows["document"].append((
                _public_id(member_id, rng), case_id, member_id, place, member.kind, member.name,
            ))  # fmt: skip
    rows["verification"].append((
        package_id, opened, received, sample.rules, outcome, sample.reasons, sample.anchors, sample.revocation,
        sample.report,
    ))  # fmt: skip
    _, year, count = number.split("-")
    rows["receipt"].append((
        _public_id(package_id, rng), f"UPO/{int(count)}/{year}", ReceiptKind.UPP.value, package_id, sample.seal_id,
        opened, name, sample.receipt_xml, sample.receipt_pdf,
    ))  # fmt: skip


def _write_event(rows: list[Row], case_id: int, at: dt.datetime, details: dict[str, str]) -> None:
    event = evidence.Event(
        chain=f"case:{case_id}",
        seq=1,
        at=at,
        actor_kind=_SYSTEM,
        actor_id=None,
        actor_name=SYSTEM.name,
        address=None,
        request_id=None,
        action="case-opened",
        details=details,
        previous=evidence.FIRST,
    )
    rows.append((
        event.chain, event.seq, text(at), event.actor_kind, None, event.actor_name, None, None, event.action,
        json.dumps(details), event.previous, event.digest(),
    ))  # fmt: skip
