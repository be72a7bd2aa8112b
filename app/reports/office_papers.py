"""What do the papers about cases list: the acts of one case, the cases of a year, the changes of a day?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.acts import OFFICE_ZONE
from app.domain.correspondence import APPEALABLE, GRANTING
from app.domain.custody import Movement
from app.domain.items import ItemKind
from app.models import (
    Appeal,
    AppealEvent,
    AuditEvent,
    Case,
    CaseStep,
    Citizen,
    Consignment,
    DocumentVerdict,
    Handover,
    Item,
    Letter,
    LetterState,
    LetterWay,
    Package,
    Platform,
)
from app.models.custody import TO_STOCK

READING = (
    "case-read", "daily-report-downloaded", "document-certified", "document-downloaded", "form-printed",
    "letter-downloaded", "letter-read",
    "log-in-refused", "logged-in", "logged-out", "pesel-shown", "quarantine-downloaded", "register-exported",
)  # fmt: skip
"""Events of the audit trail that change nothing."""


_DONE_WITH_THINGS = (
    Movement.COMPARED, Movement.MISTAKEN, Movement.ANNOTATED, Movement.STRUCK_OUT, Movement.INVALIDATED,
    Movement.DESTROYED, Movement.TO_MAKER, Movement.FORWARDED, Movement.FILED,
)  # fmt: skip
"""What the office does with things and no step or consignment says."""

_ONLY_IN_THE_TRAIL = (
    "case-assigned", "certificate-arrived", "description-corrected", "determined", "discrepancy-accepted",
    "extra-plate-arrived", "fee-proved", "item-made", "item-withdrawn", "letter-deemed-served", "letter-opened",
    "letter-posted", "paper-service-noted", "permit-prepared", "permit-withdrawn", "plates-arrived", "plates-assigned",
    "plates-released", "proof-withdrawn",
)  # fmt: skip
"""Acts of a case (KPA art. 66a § 2) that no step, verdict, movement, letter or consignment says."""

HANDED_OUT = "handed_out"
"""How a decision was served that was given to a person in the office."""
CERTIFICATE_ORDERED = "certificate-ordered"
_ORDERING = ("register_temporarily", "register_directly")
"""With these steps the permanent certificate is ordered."""

SETTLING = (
    *("register", "register_directly", "deregister", "deregister_ex_officio"),
    *("refuse", "discontinue", "leave_unexamined", "transfer"),
)
"""Steps that settle a case."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One act: when, by whom (kind of actor and name), what (`sort` and its code), the document that it made."""

    at: dt.datetime
    actor_kind: str
    actor_name: str
    sort: str
    code: str
    document: str = ""
    actor_id: int | None = None
    about: str = ""
    annotation: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def acts_of(session: Session, case: Case) -> list[Deed]:
    """Return the acts of `case` by time: packages, steps, verdicts, comparisons, letters, appeals, consignments.

    What only the audit trail says stands among them: numbers, permits, certificates, fees, services of letters.
    A step and the letter that went out with it are one act, with the number of the letter.
    """
    steps = session.execute(
        sa.select(CaseStep.at, CaseStep.actor_kind, CaseStep.actor_name, CaseStep.step, CaseStep.actor_id)
        .where(CaseStep.case_id == case.id)
        .order_by(CaseStep.seq)
    )
    verdicts = session.execute(
        sa.select(
            DocumentVerdict.at,
            DocumentVerdict.actor_kind,
            DocumentVerdict.actor_name,
            DocumentVerdict.verdict,
            DocumentVerdict.actor_id,
            DocumentVerdict.kind,
        ).where(DocumentVerdict.case_id == case.id)
    )
    moved = session.execute(
        sa.select(
            Handover.at,
            Handover.actor_kind,
            Handover.actor_name,
            Handover.actor_id,
            Handover.movement,
            Handover.annotation,
            Item.kind,
        )
        .join(Item, Item.id == Handover.item_id)
        .where(Item.case_id == case.id, Handover.movement.in_(_DONE_WITH_THINGS))
        .where(sa.or_(Handover.movement != Movement.FORWARDED, Handover.remark.is_distinct_from(TO_STOCK)))
        .order_by(Handover.id)
    )
    packages = session.execute(
        sa.select(Package.received_at, Package.sender_name, Package.purpose, Package.number).where(
            Package.case_id == case.id
        )
    )
    letters = session.execute(
        sa.select(
            Letter.sent_at, Letter.author_name, Letter.kind, Letter.seq, Letter.author_id, Letter.step, Letter.details
        )
        .where(Letter.case_id == case.id, Letter.state == LetterState.SENT)
        .order_by(Letter.seq)
    )
    parcels = session.execute(
        sa.select(Consignment.at, Consignment.author_name, Consignment.direction, Consignment.number).where(
            Consignment.case_id == case.id
        )
    )
    appeals = session.execute(
        sa.select(
            AppealEvent.at, AppealEvent.actor_kind, AppealEvent.actor_name, AppealEvent.kind, AppealEvent.actor_id
        )
        .join(Appeal, Appeal.id == AppealEvent.appeal_id)
        .where(Appeal.case_id == case.id)
    )
    with_step: dict[str, list[str]] = {}
    alone: list[Deed] = []
    for at, author, kind, seq, author_id, step, details in letters:
        if details.get("copy_of"):
            continue  # one act, however many parties it reaches
        if step is not None:
            with_step.setdefault(step, []).append(f"{case.sign}/{seq}")
        elif at:
            alone.append(Deed(at, "staff", author, "letter", kind, f"{case.sign}/{seq}", author_id))
    found = [
        Deed(at, kind, name, "step", step, with_step[step].pop(0) if with_step.get(step) else "", actor_id)
        for at, kind, name, step, actor_id in steps
    ]
    found += [
        Deed(at, kind, name, "verdict", verdict.value, actor_id=actor_id, about=document)
        for at, kind, name, verdict, actor_id, document in verdicts
    ]
    things: dict[tuple[Any, ...], list[str]] = {}
    for *act, movement, annotation, thing in moved:
        things.setdefault((*act, movement.value, annotation), []).append(thing.value)
    found += [
        Deed(
            at,
            kind,
            name,
            "things",
            movement,
            actor_id=actor_id,
            about=",".join(dict.fromkeys(kinds)),
            annotation=annotation,
        )
        for (at, kind, name, actor_id, movement, annotation), kinds in things.items()
    ]
    found += [
        Deed(at, "citizen", name or case.applicant_name, "package", purpose.value if purpose else "", number)
        for at, name, purpose, number in packages
    ]
    found += [Deed(at, kind, name, "appeal", what, actor_id=actor_id) for at, kind, name, what, actor_id in appeals]
    found += alone
    served = _served_on_paper(case)
    found += [
        deed
        for deed in _in_the_trail(session, case)
        if (deed.code, deed.document, deed.details.get("event")) not in served
    ]
    found += served.values()
    if case.certificate_order is not None:
        found += [
            Deed(step.at, step.actor_kind, step.actor_name, "event", CERTIFICATE_ORDERED, "", step.actor_id)
            for step in found
            if step.sort == "step" and step.code in _ORDERING
        ][-1:]
    known = {deed.actor_name: deed.actor_id for deed in found if deed.actor_kind == "staff"}
    found += [
        Deed(at, "staff", author, "parcel", way.value, number, known.get(author)) for at, author, way, number in parcels
    ]
    return sorted(found, key=lambda deed: deed.at)


def _served_on_paper(case: Case) -> dict[tuple[str, str, str], Deed]:
    """Return the service of each decision on paper, by what the trail would say of the same act.

    The trail has no day on which what nobody claimed counts as served, and nothing of a paper that goes with things.
    """
    found: dict[tuple[str, str, str], Deed] = {}
    papers = {item.label: item.departure for item in case.items if item.kind is ItemKind.DECISION}
    for letter in case.letters:
        service = (
            letter.service if letter.kind in GRANTING | APPEALABLE and letter.way is not LetterWay.MAILBOX else None
        )
        if service is None or service.served_on is None or service.outcome is None:
            continue
        told = next((event for event in reversed(service.events) if event.kind == service.outcome.value), None)
        if told is None:
            continue
        left = papers.get(letter.number) if letter.way is LetterWay.WITH_ITEMS else None
        handed = left is not None and left.movement is Movement.HANDED_OUT
        found["paper-service-noted", f"{case.sign}/{letter.seq}", told.kind] = Deed(
            told.at,
            told.actor_kind,
            told.actor_name,
            "service",
            HANDED_OUT if handed else told.kind,
            letter.number,
            told.actor_id,
            details={"served_on": service.served_on.isoformat()},
        )
    return found


def _in_the_trail(session: Session, case: Case) -> list[Deed]:
    events = session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.chain == f"case:{case.id}", AuditEvent.action.in_(_ONLY_IN_THE_TRAIL))
        .order_by(AuditEvent.seq)
    )
    return [
        Deed(
            event.at,
            event.actor_kind,
            event.actor_name,
            "event",
            event.action,
            f"{case.sign}/{event.details['letter']}" if "letter" in event.details else "",
            event.actor_id,
            details={name: said for name, said in event.details.items() if name != "letter"},
        )
        for event in events
    ]


@dataclass(frozen=True, slots=True)
class YearCase:
    """A case of the list of a year."""

    number: int
    procedure: str
    applicant: str
    package: str
    received_on: dt.date
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    clerk: str
    stage: str
    vehicle: str
    settled_by: str
    """The last step that settles a case, or nothing."""


def cases_of(session: Session, year: int, case_class: str) -> list[YearCase]:
    """Return the cases of a class that were opened in `year`, by number."""
    first = sa.select(sa.func.min(Package.number)).where(Package.case_id == Case.id).correlate(Case).scalar_subquery()
    steps = session.execute(
        sa.select(CaseStep.case_id, CaseStep.step)
        .join(Case, Case.id == CaseStep.case_id)
        .where(Case.year == year, Case.case_class == case_class, CaseStep.step.in_(SETTLING))
        .order_by(CaseStep.case_id, CaseStep.seq)
    )
    settled = {row.case_id: row.step for row in steps}
    rows = session.execute(
        sa.select(
            Case.number, Case.procedure, Case.applicant_name, first, Case.received_on, Case.opened_at, Case.closed_at,
            User.first_name, User.last_name, Case.stage, Case.vehicle_label, Case.plate, Case.id,
        )
        .outerjoin(User, User.id == Case.clerk_id)
        .where(Case.year == year, Case.case_class == case_class)
        .order_by(Case.number)
    )  # fmt: skip
    return [
        YearCase(number, procedure, name, package or "", came, opened, closed, f"{given or ''} {surname or ''}".strip(),
                 stage, ", ".join(filter(None, (vehicle, plate))), settled.get(case_id, ""))
        for number, procedure, name, package, came, opened, closed, given, surname, stage, vehicle, plate, case_id
        in rows
    ]  # fmt: skip


def classes_of(session: Session) -> list[tuple[int, str, str]]:
    """Return (year, class, unit) of the lists that there are, the newest year first."""
    rows = session.execute(
        sa.select(Case.year, Case.case_class, Case.unit).distinct().order_by(Case.year.desc(), Case.case_class)
    )
    return [(year, klass, unit) for year, klass, unit in rows]


@dataclass(frozen=True, slots=True)
class DayChange:
    """A change of a day: the code of the event, whose, of which case (or of the office)."""

    at: dt.datetime
    person: str
    person_id: str
    action: str
    sign: str
    details: dict[str, Any]


def changes_of(session: Session, day: dt.date, first_day: dt.date | None = None) -> list[DayChange]:
    """Return what was entered and changed on `day`, or from `first_day` to `day` (of the office's zone), in order."""
    begin = dt.datetime.combine(first_day or day, dt.time(), OFFICE_ZONE)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), OFFICE_ZONE)
    rows = session.execute(
        sa.select(AuditEvent, sa.func.coalesce(User.username, Citizen.login, Platform.name))
        .outerjoin(User, sa.and_(AuditEvent.actor_kind == "staff", User.id == AuditEvent.actor_id))
        .outerjoin(Citizen, sa.and_(AuditEvent.actor_kind == "citizen", Citizen.id == AuditEvent.actor_id))
        .outerjoin(Platform, sa.and_(AuditEvent.actor_kind == "platform", Platform.id == AuditEvent.actor_id))
        .where(AuditEvent.at >= begin, AuditEvent.at < end, AuditEvent.action.not_in(READING))
        .order_by(AuditEvent.at, AuditEvent.id)
    ).all()
    ids = {int(event.chain[5:]) for event, _name in rows if event.chain.startswith("case:")}
    signs: dict[int, str] = {}
    for some in _in_parts(sorted(ids)):
        signs |= {row.id: row.sign for row in session.execute(sa.select(Case.id, Case.sign).where(Case.id.in_(some)))}
    return [
        DayChange(
            event.at,
            event.actor_name,
            name or (f"{event.actor_kind}-{event.actor_id}" if event.actor_id else event.actor_kind),
            event.action,
            signs.get(int(event.chain[5:]), "") if event.chain.startswith("case:") else "",
            event.details,
        )
        for event, name in rows
    ]


def _in_parts(ids: list[int], size: int = 500) -> list[list[int]]:
    return [ids[begin : begin + size] for begin in range(0, len(ids), size)]
