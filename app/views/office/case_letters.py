"""The letters of a case in words: how far each is, how it was served, until when it can be taken back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext as _

from app import clock
from app.domain.custody import Movement
from app.domain.errors import ConditionMissing
from app.domain.holidays import Calendar
from app.domain.items import ItemKind
from app.models import Case, Letter, LetterState, LetterWay, ProposalState, Service, ServiceOutcome, Summons
from app.usecases.addressees import is_sent_again
from app.usecases.case_facts import newest_agreement
from app.usecases.met_in_time import met_in_time
from app.usecases.post_notices import notices_left
from app.usecases.send_again import is_not_collected
from app.usecases.serve_letter import deemed_day
from app.views.office import formats
from app.views.office.case_doers import letter_page
from app.views.wording import refusal
from app.views.wording_letters import SERVICE_EVENTS


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter: what, when, how far. `seconds`: how long it can still be taken back; `undo`: where."""

    seq: int
    title: str
    url: str
    at: str
    by: str
    words: str
    kind: str
    icon: str
    stopped: bool = False
    undo: str = ""
    seconds: int = 0
    due: str = ""


def letters(case: Case, now: dt.datetime, calendar: Calendar) -> list[LetterShown]:
    """Return the letters of `case`, the newest first."""
    return [_letter(case, letter, now, calendar) for letter in reversed(case.letters)]


def _letter(case: Case, letter: Letter, now: dt.datetime, calendar: Calendar) -> LetterShown:
    url = letter_page(case.sign, letter.seq)
    left = max(0, int((letter.leaves_at - now).total_seconds()))
    leaving = letter.state is LetterState.LEAVING
    words, kind, icon = _state(case, letter, left, calendar)
    return LetterShown(
        seq=letter.seq,
        title=letter.title,
        url=url,
        at=formats.moment(letter.sent_at or letter.made_at),
        by=_("copy for %(name)s", name=letter.addressee) if letter.copy_of else letter.author_name,
        words=words,
        kind=kind,
        icon=icon,
        stopped=letter.state is LetterState.STOPPED,
        undo=f"{url}/cofnij" if leaving and left else "",
        seconds=left if leaving else 0,
        due=_due(case, letter.summons) if letter.summons is not None else "",
    )


def _due(case: Case, summons: Summons) -> str:
    """Return in words until when a summons asks, or when all of it had come and whether that was in time."""
    if summons.met_at is None:
        return str(_("due by %(day)s", day=formats.day(summons.due_on))) if summons.due_on is not None else ""
    day = formats.day(summons.met_at)
    if summons.due_on is None:
        return str(_("everything came by %(day)s", day=day))
    if met_in_time(case, summons):
        return str(_("everything came by %(day)s, in time", day=day))
    return str(_("everything came by %(day)s, after the term (%(due)s)", day=day, due=formats.day(summons.due_on)))


def _state(case: Case, letter: Letter, left: int, calendar: Calendar) -> tuple[str, str, str]:
    """Return words, kind and icon of how far a letter is."""
    match letter.state:
        case LetterState.LEAVING if left:
            return _("leaves in %(seconds)s s", seconds=left), "info", "clock"
        case LetterState.LEAVING:
            return _("is leaving now"), "info", "send"
        case LetterState.TAKEN_BACK:
            words = _("taken back, it did not leave; the number %(number)s stays unused", number=letter.number)
            return words, "", "arrow-back-up"
        case LetterState.STOPPED:
            why = refusal(ConditionMissing(letter.stopped_because or "", sign=case.sign))
            return _("did not leave: %(why)s", why=why), "late", "hand-stop"
    return _service(case, letter, calendar)


def _service(case: Case, letter: Letter, calendar: Calendar) -> tuple[str, str, str]:
    service = letter.service
    if letter.way is LetterWay.WITH_ITEMS:
        if service is None and is_not_collected(letter) and _nobody_answered(case):
            return _("waits to be collected; it can be served by post"), "warn", "package"
        if service is None and is_sent_again(letter):
            return _("nobody collected it; served by post"), "", "mail"
        if service is None:
            return _("goes out with the things"), "", "package"
        if service.outcome in {ServiceOutcome.REFUSED, ServiceOutcome.UNCLAIMED}:
            return _served(service)
        if _came_by_post(case, letter):
            return _("served with the parcel on %(day)s", day=formats.day(service.served_on)), "ok", "circle-check"
        return _("handed over with the things on %(day)s", day=formats.day(service.served_on)), "ok", "circle-check"
    if service is None and letter.way is LetterWay.POST:
        return _("waits to be posted"), "warn", "mail"
    if service is None:
        return _("sent, no receipt is asked for"), "ok", "send"
    return _served(service) if service.outcome is not None else _waiting(case, letter, service, calendar)


def _nobody_answered(case: Case) -> bool:
    """Whether the office has set by itself that the things are collected, as their owner said nothing."""
    newest = newest_agreement(case)
    return newest is not None and newest.state is ProposalState.SET_BY_OFFICE


def _came_by_post(case: Case, letter: Letter) -> bool:
    """Whether the paper that bears `letter`, a decision, was delivered by the post."""
    papers = [item for item in case.items if item.kind is ItemKind.DECISION and item.label == letter.number]
    return any(row.movement is Movement.DELIVERED for paper in papers for row in paper.handovers)


def _waiting(case: Case, letter: Letter, service: Service, calendar: Calendar) -> tuple[str, str, str]:
    since = formats.day(service.arrived_on)
    if letter.way is LetterWay.POST:
        words = _("posted on %(day)s, number %(number)s", day=since, number=service.tracking or "–")
        for kind, on in notices_left(service).items():
            words += f"; {SERVICE_EVENTS[kind]} {formats.day(on)}"
        return words, "", "truck-delivery"
    deemed = formats.day(deemed_day(case, service, calendar, clock.today()))
    words = _("in the mailbox since %(day)s, not opened; counts as served on %(deemed)s", day=since, deemed=deemed)
    if service.reminded_at is not None:
        words += "; " + _("announced again on %(day)s", day=formats.day(service.reminded_at))
    return words, "", "mail"


def _served(service: Service) -> tuple[str, str, str]:
    on = formats.day(service.served_on)
    receipt = service.receipt.number if service.receipt else ""
    match service.outcome:
        case ServiceOutcome.COLLECTED if receipt:
            return _("opened on %(day)s, %(receipt)s", day=on, receipt=receipt), "ok", "mail-opened"
        case ServiceOutcome.COLLECTED:
            return _("opened on %(day)s", day=on), "ok", "mail-opened"
        case ServiceOutcome.DEEMED if receipt:
            return (
                _("counts as served on %(day)s, opened later: %(receipt)s", day=on, receipt=receipt),
                "ok",
                "mail-opened",
            )
        case ServiceOutcome.DEEMED:
            return _("not opened, counts as served on %(day)s", day=on), "", "mail-off"
        case ServiceOutcome.DELIVERED:
            return _("delivered on %(day)s", day=on), "ok", "circle-check"
        case ServiceOutcome.UNKNOWN_ADDRESSEE | ServiceOutcome.LOST as outcome:
            return str(SERVICE_EVENTS[outcome.value]), "late", "mail-off"
        case _:
            words = SERVICE_EVENTS[service.outcome.value] if service.outcome else ""
            return _("%(what)s, counts as served on %(day)s", what=words, day=on), "", "mail-off"
