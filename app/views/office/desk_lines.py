"""How does one case of "Moja praca" read: how urgent it is, what about it, and what to do next?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.procedures.stages import SETTLED_STAGES, ProcedureName, Stage, clock_reason
from app.reports.queue import Row
from app.reports.waiting import Came, Terms
from app.views.office import case_doers as places
from app.views.office.desk_acts import Following
from app.views.office.formats import day, long_day
from app.views.wording_cases import SHORT_PROCEDURES, STAGES

SOON = 6
"""Days before the end of a term from which on its chip warns."""


@dataclass(frozen=True, slots=True)
class Line:
    """One case in words: how urgent, what about it, the next act, what kind of case."""

    row: Row
    urgency: str
    kind: str
    icon: str
    about: str
    act: str
    url: str
    procedure: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What the list knows beside its rows: the day, what came in which case, its terms, who looks."""

    today: dt.date
    came: Mapping[int, Came]
    terms: Mapping[int, Terms]
    may_take: bool
    acts: Mapping[int, Following]
    """What comes first in the cases of whoever looks."""


def grouped(rows: list[Row], beside: Beside) -> list[tuple[str, list[Line]]]:
    """Return the rows under their headings."""
    friday = beside.today + dt.timedelta(days=(4 - beside.today.weekday()) % 7)
    names = (
        _("First of all"),
        _("Overdue and today"),
        _("By Friday"),
        _("Later"),
        _("Decided, to be closed"),
        _("The clock stands"),
        _("Archived"),
    )
    said = _sayings()
    groups: dict[int, list[Line]] = {}
    for row in sorted(rows, key=lambda one: _pressing(one, beside)):
        groups.setdefault(_group(row, beside, friday), []).append(_line(row, beside, said))
    return [(names[place], groups[place]) for place in sorted(groups)]


def _group(row: Row, beside: Beside, friday: dt.date) -> int:
    if row.stage == "archived":
        return 6
    if row.id in beside.came:
        return 0
    if row.ended:
        return 4
    if row.stands:
        return 5
    return 3 if row.due_on is None or row.due_on > friday else 1 if row.due_on <= beside.today else 2


def _pressing(row: Row, beside: Beside) -> dt.date:
    """Return the day by which something has to be done in a case in which something came; else as the rows stand."""
    if row.id not in beside.came:
        return dt.date.max
    terms = beside.terms.get(row.id, Terms())
    days = (terms.appeal_until, terms.notice_until, terms.permit_until, None if row.stands or row.ended else row.due_on)
    return min((day for day in days if day is not None), default=dt.date.max)


def _sayings() -> dict[str, str]:
    return {
        "received": _("Arrived %(day)s."),
        "signature": _("The signature waits to be settled."),
        "describe": _("The form could not be read: say what the party asks for."),
        "send_back": _("The office still holds things of the party."),
        "destroy": _("Plates wait to be destroyed."),
        "file": _("Papers wait to be put into the file."),
        "transfer": _("Another authority is competent."),
        "refuse": _("The reasons for the refusal are determined."),
        "things": _("Originals have come and wait to be compared with their scans."),
        "stray": _("Things have come that nobody asked for."),
        "differs": _("Everything has come, but not all of it is as it should be."),
        "complete": _("All originals are here and agree with their scans."),
        "to_invalidate": _("What was lent is back; the old certificate is to be invalidated before the decision."),
        "brought_back": _("What was lent is back; the registration can be decided."),
        "proposal": _("The party has proposed another way of handing over."),
        "visit": _("Nobody came on the day of the visit, or the office is closed on it: propose another."),
        "package": _("The party has sent a supplement or an answer."),
        "question": _("The party has asked something."),
        "appeal": _("An appeal has come and goes to the SKO with the file."),
        "notice": _("The documents are complete: the office that registered the vehicle last is to be told."),
        "repealed": _("The decision was repealed on appeal."),
        "letter": _(
            "The last letter reached nobody: its addressee is unknown there, or the post lost it. Nothing runs until"
            " another one is served."
        ),
        "lost": _("The post lost a parcel: say what comes instead of the things in it."),
        "originals_complete": _("The originals that were needed are here, and agree with their scans."),
        "withdrawn": _("The application was withdrawn."),
        "leaving": _("A letter is leaving."),
        "signature-asked": _("The party is summoned to sign it; the summons is not served yet."),
        "signature-until": _("The party is to sign it by %(day)s."),
        "signature-over": _("The term for signing it passed on %(day)s."),
        "permit": _("The temporary permit ends on %(day)s."),
        "permit-over": _("The temporary permit ended on %(day)s."),
        "parcel-back": _("The parcel came back on %(day)s."),
        "summons-over": _("The term of the summons passed on %(day)s."),
        "answer-over": _("Nobody answered the proposal by %(day)s."),
    }


def _line(row: Row, beside: Beside, said: dict[str, str]) -> Line:
    urgency, kind, icon = _urgency(row, beside)
    act, url = _next_act(row, beside)
    about = _about(row, beside, said)
    procedure = str(SHORT_PROCEDURES[row.procedure])
    return Line(row, urgency, kind, icon, about, act, url, procedure)


def _urgency(row: Row, beside: Beside) -> tuple[str, str, str]:
    """Return words, kind and icon of the chip: the one thing that makes the case urgent, or lets it wait."""
    terms = beside.terms.get(row.id, Terms())
    if row.ended and row.id not in beside.came:
        return str(STAGES[row.stage]), "", "check"
    if (chip := _owed_to_another_authority(terms, beside.came.get(row.id), beside.today)) is not None:
        return chip
    if terms.permit_until is not None:
        left = (terms.permit_until - beside.today).days
        if left < 0:
            return _("Permit has ended"), "late", "alert-triangle"
        return ngettext("Permit: %(num)s day", "Permit: %(num)s days", left), "warn", "clock-exclamation"
    if (came := beside.came.get(row.id)) is not None:
        return _came(came)
    if terms.returned_on is not None:
        return _("Parcel came back"), "warn", "package"
    if row.stands:
        until = terms.party_until
        if until is None:
            return _("Waits for others"), "", "hourglass"
        if until < beside.today:
            return _("Term passed %(day)s", day=day(until)), "warn", "clock-exclamation"
        return _("Waits for the party until %(day)s", day=f"{until.day}.{until.month:02}"), "", "hourglass"
    left = (row.due_on - beside.today).days if row.due_on else 0
    if left < 0:
        return ngettext("%(num)s day overdue", "%(num)s days overdue", -left), "late", "alert-triangle"
    words = _("Today") if left == 0 else ngettext("%(num)s day left", "%(num)s days left", left)
    return words, "warn" if left <= SOON else "", "clock"


def _owed_to_another_authority(terms: Terms, came: Came | None, today: dt.date) -> tuple[str, str, str] | None:
    if terms.appeal_until is not None and came is Came.APPEAL:
        left = (terms.appeal_until - today).days
        words, late = ngettext("Appeal: %(num)s day", "Appeal: %(num)s days", left), _("Appeal is overdue")
    elif terms.notice_until is not None and came is Came.NOTICE:
        left = (terms.notice_until - today).days
        words, late = ngettext("Notice: %(num)s day", "Notice: %(num)s days", left), _("Notice is overdue")
    else:
        return None
    return (late, "late", "alert-triangle") if left < 0 else (words, "warn", "clock-exclamation")


def _came(came: Came) -> tuple[str, str, str]:
    words = {
        Came.THINGS: (_("On the desk"), "info", "package"),
        Came.STRAY: (_("On the desk"), "info", "package"),
        Came.DIFFERS: (_("Your move"), "info", "user-check"),
        Came.COMPLETE: (_("Your move"), "info", "user-check"),
        Came.TO_INVALIDATE: (_("Your move"), "info", "user-check"),
        Came.BROUGHT_BACK: (_("Your move"), "info", "user-check"),
        Came.PROPOSAL: (_("Answer has come"), "info", "message-reply"),
        Came.VISIT: (_("Visit fell through"), "warn", "calendar-event"),
        Came.PACKAGE: (_("Answer has come"), "info", "inbox"),
        Came.QUESTION: (_("Question"), "info", "message"),
        Came.LETTER: (_("Letter reached nobody"), "warn", "mail-off"),
        Came.LOST: (_("Parcel was lost"), "warn", "package-off"),
        Came.APPEAL: (_("Appeal has come"), "warn", "scale"),
        Came.NOTICE: (_("Your move"), "info", "user-check"),
        Came.WITHDRAWN: (_("Withdrawal has come"), "info", "message-reply"),
        Came.REPEALED: (_("Decision repealed"), "warn", "scale"),
        Came.PERMIT: (_("Permit has ended"), "late", "alert-triangle"),
    }
    return words[came]


def _about(row: Row, beside: Beside, said: dict[str, str]) -> str:
    terms = beside.terms.get(row.id, Terms())
    parts = [row.vehicle_label or ""]
    if not _is_of_others(row) and row.stage != "originals_complete":
        parts.append(said["received"] % {"day": day(row.received_on)})
    if not row.signature_settled:
        parts.append(said["signature"])
    if row.procedure == "undescribed":
        parts.append(said["describe"])
    parts += _why(row, beside, said)
    if terms.leaving:
        parts.append(said["leaving"])
    if terms.returned_on:
        parts.append(said["parcel-back"] % {"day": long_day(terms.returned_on)})
    if terms.permit_until and row.stage not in SETTLED_STAGES:
        over = terms.permit_until < beside.today
        parts.append(said["permit-over" if over else "permit"] % {"day": long_day(terms.permit_until)})
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)


def _is_of_others(row: Row) -> bool:
    return row.stands or clock_reason(Stage(row.stage)) is not None


def _why(row: Row, beside: Beside, said: dict[str, str]) -> list[str]:
    """Return why the next act is the next one, or for what the case waits."""
    terms, came = beside.terms.get(row.id, Terms()), beside.came.get(row.id)
    first = beside.acts.get(row.id, Following())
    if first.name in {"transfer", "refuse"}:
        return [said[first.name]]
    if first.name == "summon_further" and came is not Came.DIFFERS:
        return []  # what came agrees, but it is not all
    if came is not None and came is not Came.PERMIT:
        return [said[came.value]]
    if first.name in {"send_back", "destroy", "file"}:
        return [said[first.name]]
    if first.waits:
        return [first.waits]
    if row.stage in {"originals_complete", "withdrawn"}:
        signing = row.stage == "withdrawn" and terms.signature_asked
        return [said[row.stage], _signature(terms, beside.today, said) if signing else ""]
    if row.stands and terms.party_until and terms.party_until < beside.today:
        return [said["answer-over" if terms.proposed else "summons-over"] % {"day": long_day(terms.party_until)}]
    return [str(STAGES[row.stage])] if _is_of_others(row) else []


def _signature(terms: Terms, today: dt.date, said: dict[str, str]) -> str:
    until = terms.signature_until
    if until is None:
        return said["signature-asked"]
    return said["signature-over" if until < today else "signature-until"] % {"day": long_day(until)}


def _next_act(row: Row, beside: Beside) -> tuple[str, str]:
    """Return what comes next, and where; whoever does not hold the case just opens it."""
    file = places.case_file(row.sign)
    first = beside.acts.get(row.id, Following())
    if row.stage == Stage.RECEIVED.value and beside.may_take and (row.free or row.mine):
        return _("Open and take"), file
    if first.name:
        return first.label, first.url
    if row.procedure == ProcedureName.UNDESCRIBED.value and row.stage == Stage.VERIFICATION.value:
        return _("Describe"), file
    return _("Open"), file
