"""Everything that happened to a case, the newest first: one line for each row of its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from app.domain.acts import ActorKind
from app.domain.annotations import AnnotationKind
from app.domain.custody import Movement
from app.domain.determinations import DeterminationCode
from app.models import Case, Direction, Item, LetterState, ProposalState
from app.models.base import Authored
from app.usecases.case_facts import is_unsigned, withdrawal_of
from app.views.office import formats
from app.views.office.annotating import annotation_words
from app.views.wording_appeals import EVENTS as APPEAL_EVENTS
from app.views.wording_cases import EVENTS, STAGES
from app.views.wording_letters import SERVICE_EVENTS
from app.views.wording_registers import PARCEL_OUTCOMES
from app.views.wording_things import PROPOSALS, THINGS, handover_in_words
from app.views.wording_verdicts import DETERMINATIONS, VERDICTS

_WITH_OTHERS = frozenset({Movement.EXPECTED, Movement.STORED})
"""Told by the letter that asked, or of no interest."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history. `outside`: it came from the citizen."""

    at: dt.datetime
    said_at: str
    who: str
    text: str
    outside: bool


def timeline(case: Case) -> list[Entry]:
    """Return the history of `case`, the newest first."""
    found = [
        *_steps(case),
        *_packages(case),
        *_papers(case),
        *_findings(case),
        *_custody(case),
        *_agreement(case),
        *_party(case),
        *_appeals(case),
    ]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _by(row: Authored, text: str) -> Entry:
    return Entry(row.at, formats.moment(row.at), row.actor_name, text, row.actor_kind == ActorKind.CITIZEN.value)


def _steps(case: Case) -> Iterator[Entry]:
    unsigned = withdrawal_of(case) if is_unsigned(case) else None
    for step in case.steps:
        if step.step == "propose_handover":
            continue  # the proposal itself says more
        text = str(EVENTS.get(step.step, STAGES[step.to_stage]))
        if step is unsigned:
            text = _("withdrew the application; no signature is confirmed")
        yield _by(step, f"{text}: {step.reason}" if step.reason else text)


def _packages(case: Case) -> Iterator[Entry]:
    for package in case.packages:
        receipt = package.receipt.number if package.receipt else "–"
        text = _("sent the package %(number)s, receipt %(receipt)s", number=package.number, receipt=receipt)
        yield Entry(package.received_at, formats.moment(package.received_at), package.sender_name, text, outside=True)


def _papers(case: Case) -> Iterator[Entry]:
    for letter in case.letters:
        if letter.sent_at is not None and letter.step is None and letter.copy_of is None:
            text = _("letter sent: %(title)s", title=letter.title)
            yield Entry(letter.sent_at, formats.moment(letter.sent_at), letter.author_name, text, outside=False)
        elif letter.state is LetterState.TAKEN_BACK:
            text = _("letter taken back: %(title)s", title=letter.title)
            yield Entry(letter.made_at, formats.moment(letter.made_at), letter.author_name, text, outside=False)
        elif letter.state is LetterState.STOPPED:
            text = _("letter stopped: %(title)s", title=letter.title)
            yield Entry(letter.leaves_at, formats.moment(letter.leaves_at), letter.author_name, text, outside=False)
        for event in letter.service.events if letter.service is not None else ():
            if event.kind != "arrived":
                what = f"„{letter.title}”" + (f", {letter.addressee}" if letter.copy_of else "")
                remark = f" ({event.remark})" if event.remark else ""
                yield _by(event, f"{what}: {SERVICE_EVENTS[event.kind]}{remark}")


def _findings(case: Case) -> Iterator[Entry]:
    for verdict in case.verdicts:
        text = f"{THINGS[verdict.kind]}: {VERDICTS[verdict.verdict].words}"
        yield _by(verdict, f"{text} ({verdict.reason})" if verdict.reason else text)
    for found in case.determinations:
        text = _("an annotation on a document")  # these were determinations once
        if found.code in set(DeterminationCode):
            text = str(DETERMINATIONS[DeterminationCode(found.code)].words)
        text = text if found.holds else _("taken back: %(what)s", what=text)
        yield _by(found, f"{text}: {found.text}" if found.text else text)
    for note in case.notes:
        yield _by(note, _("note: %(text)s", text=note.text))


def _custody(case: Case) -> Iterator[Entry]:
    """Yield the movements of things, those of one moment and kind in one line."""
    moved: dict[tuple[dt.datetime, Movement, AnnotationKind | None, bool, str], list[Item]] = {}
    rows = {}
    for item in case.items:
        for row in item.handovers:
            if row.movement not in _WITH_OTHERS:
                key = (row.at, row.movement, row.annotation, row.to_stock, row.actor_name)
                moved.setdefault(key, []).append(item)
                rows[key] = row
    for key, items in moved.items():
        row = rows[key]
        names = ", ".join(dict.fromkeys(f"{THINGS[item.kind.value]} {item.label}".strip() for item in items))
        carried = f" ({row.consignment.number})" if row.consignment is not None else ""
        yield _by(row, f"{handover_in_words(row)}{carried}: {names}{annotation_words(row)}")
    for parcel in case.consignments:
        if parcel.direction is Direction.OUT and parcel.outcome is not None and parcel.outcome_on is not None:
            at = dt.datetime.combine(parcel.outcome_on, dt.time(12), dt.UTC)
            text = _("parcel %(number)s: %(what)s", number=parcel.number, what=PARCEL_OUTCOMES[parcel.outcome.value])
            yield Entry(at, formats.day(parcel.outcome_on), "", text, outside=False)


def _party(case: Case) -> Iterator[Entry]:
    for question in case.questions:
        text = _("asked: %(text)s", text=question.text)
        yield Entry(question.asked_at, formats.moment(question.asked_at), question.asked_by, text, outside=True)
    for said in case.announcements:
        yield _by(said, _("said how the originals will come"))


def _appeals(case: Case) -> Iterator[Entry]:
    for appeal in case.appeals:
        for event in appeal.events:
            text = f"{APPEAL_EVENTS[event.kind]} ({formats.day(event.on)})"
            yield _by(event, f"{text}: {event.remark}" if event.remark else text)


def _agreement(case: Case) -> Iterator[Entry]:
    for row in case.proposals:
        if row.sends_back:
            continue  # its step says so
        yield _by(row, _("proposed version %(number)s of the handing over", number=row.version))
        if row.state is ProposalState.SET_BY_OFFICE and row.answered_at is not None:
            text = _("version %(number)s: %(what)s", number=row.version, what=PROPOSALS[row.state][0])
            yield Entry(row.answered_at, formats.moment(row.answered_at), "", text, outside=False)
