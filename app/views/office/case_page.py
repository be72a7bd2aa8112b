"""What the page of a case shows, worked out from its rows into words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext, npgettext

from app import clock
from app.domain.deadlines import Reckoning, office_day
from app.domain.determinations import NEEDS_TEXT, SHORT_PATH, DeterminationCode
from app.domain.holidays import Calendar
from app.domain.other_offices import ANSWER_TERM, NOTICE_TERM
from app.domain.procedures.line import Progress, line_of_steps
from app.domain.procedures.stages import SETTLED_STAGES, Doer, Stage
from app.extensions import db
from app.models import Case, Determination, Finding, LetterState, Party
from app.reports.around_case import COUNTED, Around, Linked, around_case
from app.reports.queue import Tab
from app.usecases.case_clock import reckoning
from app.usecases.case_facts import answers_of_case, case_facts, determinations
from app.usecases.days_off import office_calendar
from app.usecases.doubt_description import is_about_description
from app.usecases.give_verdict import is_decided, says_something
from app.usecases.information_card import has_information_card
from app.usecases.office_told import notice_sent
from app.usecases.other_office import running_term
from app.usecases.presence import STAYS
from app.usecases.warn_clerk import PERMIT_ENDS, PERMIT_RUNS_OUT
from app.views.office import case_decisions, case_letters, formats
from app.views.office.annotating import due_shown, to_strike_out
from app.views.office.calling import called_for, came_in
from app.views.office.case_custody import permit_chip, summed_up, things
from app.views.office.case_delivery import delivery
from app.views.office.case_documents import documents, missing, signature
from app.views.office.case_doers import (
    Allowed,
    doers_of,
    handing_out_page,
    letter_of_step,
    things_page,
    verification_page,
)
from app.views.office.case_ledger import (
    CLOCK_STEPS,
    clock_choices,
    ledger,
    letters_to_name,
    stop_in_words,
)
from app.views.office.case_lost import lost
from app.views.office.case_preparing import preparing
from app.views.office.case_steps import choices
from app.views.office.case_timeline import timeline
from app.views.office.describing import ground_in_words, grounds_to_choose, knows_pesel, said_of
from app.views.office.vehicle_check import vehicle_check
from app.views.wording_cases import PROCEDURES, STAGES
from app.views.wording_findings import SCANS, finding
from app.views.wording_verdicts import DETERMINATIONS

_ORDER = ("lost", "party", "preparing", "agreement", "documents", "things", "letters", "decisions", "determinations",
          "parties", "history", "notes")  # fmt: skip
_WAITING = {
    Stage.RECEIVED: "documents", Stage.VERIFICATION: "documents", Stage.AWAITING_REMEDY: "letters",
    Stage.AWAITING_ORIGINALS: "things", Stage.ORIGINALS_COMPLETE: "preparing", Stage.AGREEING_HANDOVER: "agreement",
    Stage.HANDED_OVER: "preparing", Stage.PERMANENT_READY: "agreement", Stage.CLOSED: "things",
    Stage.ARCHIVED: "decisions",
}  # fmt: skip
"""The section that waits for somebody, by stage; it comes first."""


@dataclass(frozen=True, slots=True)
class StageShown:
    """A point of the line of stages."""

    name: str
    state: str
    dates: str


def case_page(
    case: Case, allowed: Allowed, shown: Mapping[int, str] | None = None, typed: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return all that `office/case.html` needs.

    `shown` are PESELs that this person has just asked for, by party; `typed` what was prepared and refused.
    """
    now = clock.now()
    today = office_day(now)
    calendar = office_calendar(db.session())
    facts = case_facts(case, today)
    doers = doers_of(case, allowed)
    mine = case.clerk_id == g.user.id
    reckoned = reckoning(case, today, calendar)
    found = choices(case, facts, doers, _called(case, today, calendar))
    tab = _tab(mine=mine)
    around = around_case(db.session(), case, user_id=g.user.id, today=today, since=now - STAYS, tab=tab)
    page = {
        "title": case.sign,
        "case": case,
        "procedure": str(PROCEDURES[case.procedure]),
        "ground": ground_in_words(case),
        "stage": str(STAGES[case.stage]),
        "due": _due(case, today),
        "stopped": _stopped(case, reckoned),
        "may_print_card": allowed("can_read", "Papers"),
        "information_card_url": url_for("Papers.vehicle", sign=case.sign)
        if allowed("can_read", "Papers") and has_information_card(case)
        else "",
        "stages": list(_stages(case)),
        "parties": [(party, _pesel(party, shown or {})) for party in case.parties],
        "may_see_pesel": allowed("can_show_pesel", "CaseFile"),
        "vehicle": case.vehicle,
        "packages": [(package, signature(case, package)) for package in case.packages],
        "scans": SCANS,
        "documents": list(documents(case)),
        "missing": missing(case),
        "findings": [finding(row.code, row.details) for row in case.findings if not _past(case, row)],
        "findings_open": case.stage in {Stage.RECEIVED, Stage.VERIFICATION, Stage.AWAITING_REMEDY},
        "history": timeline(case),
        "ledger": ledger(case, reckoned),
        "choices": [one for one in found if one.name not in CLOCK_STEPS],
        "clock_choices": clock_choices(found),
        "letters_to_name": letters_to_name(case),
        "mine": mine,
        "may_act": doers != frozenset(),
        "step_url": url_for("CaseFile.step" if Doer.CLERK in doers else "CaseFile.desk_step", sign=case.sign),
        "back_url": url_for("CaseFile.give_back" if Doer.CLERK in doers else "CaseFile.take_away", sign=case.sign),
        "may_open_files": allowed("can_document", "CaseFile"),
        "may_read_letters": allowed("can_read", "LetterPages"),
        "may_read_packages": allowed("can_report", "CaseFile"),
        "may_take_receipts": allowed("can_receipt", "CaseFile"),
        "answer_url": letter_of_step(case.sign, "odpowiedz") if mine else "",
        "may_note": allowed("can_note", "CaseFile"),
        "may_determine": Doer.CLERK in doers and mine,
        "said": said_of(case),
        "known_pesel": knows_pesel(case),
        "kinds": [(code, str(PROCEDURES[code])) for code in ("registration", "deregistration")],
        "grounds": grounds_to_choose(),
        "lost": lost(case),
        "may_settle_lost": mine and allowed("can_replace", "CaseLost"),
        "things": things(case),
        "things_said": summed_up(case),
        "things_url": things_page(case.sign) if allowed("can_step", "CaseFile") or Doer.FRONT_DESK in doers else "",
        "annotations_due": due_shown(case),
        "to_strike_out": to_strike_out(case),
        "to_be_shown": to_strike_out(case, shown=True),
        "may_annotate": mine and allowed("can_annotate", "Custody"),
        "verification_url": verification_page(case.sign) if mine else "",
        "further_url": letter_of_step(case.sign, "summon_further") if _may_ask_again(case, doers) else "",
        "letters": case_letters.letters(case, now, calendar),
        "decisions": case_decisions.decisions(case, today, may_act=Doer.CLERK in doers),
        "appeal_ways": case_decisions.ways(),
        "today": formats.day(today),
        **_determining(case),
        "vehicle_check": vehicle_check(case),
        "agreement": delivery(case, facts, doers, calendar),
        "hand_out_url": handing_out_page(case.sign) if allowed("can_read", "FrontDesk") else "",
        "preparing": preparing(case, doers, typed),
        "permit_chip": permit_chip(case.permit) if case.permit and not facts.permit_returned else None,
        "around": around,
        "readers": [_("%(name)s, %(minutes)s min ago", name=_short(one.name), minutes=_minutes(now - one.seen_at))
                    for one in around.readers],
        "neighbours": _neighbours(around, tab),
        "counted": COUNTED,
        "linked": [
            (_("Same vehicle"), _linked(around.of_vehicle), around.further_of_vehicle, case.vin or case.plate),
            (_("Same person"), _linked(around.of_person), around.further_of_person, case.applicant_name),
        ],
    }  # fmt: skip
    return {**page, "sections": _sections(case, page)}


def _determining(case: Case) -> dict[str, Any]:
    """Return what is determined, and what else may be: by one click where it needs no words."""
    found = determinations(case)
    others = [
        code for code in DeterminationCode
        if code not in found and says_something(case, code) and not is_decided(case, code)
    ]  # fmt: skip
    keeps = answers_of_case(case).keep_number or DeterminationCode.NUMBER_KEPT in found
    decides = keeps and case.stage == Stage.ORIGINALS_COMPLETE.value
    at_once = [code for code in others if decides and code in SHORT_PATH]
    return {
        "determined": [
            (row, str(DETERMINATIONS[code].words), not is_decided(case, code), _followed_by(case, row))
            for code, row in found.items()
        ],
        "determinable": [(code.value, str(DETERMINATIONS[code].words), code in NEEDS_TEXT) for code in others],
        "at_once": [(code.value, str(DETERMINATIONS[code].words)) for code in at_once],
    }


def _followed_by(case: Case, row: Determination) -> str:
    """Return what follows from the determination `row`, and how far that is."""
    if row.code != DeterminationCode.LAST_OFFICE:
        return ""
    told = notice_sent(case, row)
    if (term := running_term(case, NOTICE_TERM)) is not None and term.due_on is not None:
        return str(_("To be told by %(day)s.", day=formats.day(term.due_on)))
    if (term := running_term(case, ANSWER_TERM)) is not None and term.due_on is not None:
        return str(_("Told; its answer is due by %(day)s.", day=formats.day(term.due_on)))
    return str(_("Told on %(day)s.", day=formats.day(told.sent_at))) if told is not None else ""


def _called(case: Case, today: dt.date, calendar: Calendar) -> str:
    """Return what calls for the clerk who reads their own case."""
    return called_for(case, came_in(case, today, calendar), today) if case.clerk_id == g.user.id else ""


def _sections(case: Case, page: Mapping[str, Any]) -> list[tuple[str, str, int | None]]:
    """Return (name, words, count) of the sections of the page, the one that waits first."""
    said = {
        "lost": (_("Lost by the post"), len(page["lost"])),
        "party": (_("From the party"), len(case.questions) + len(case.announcements)),
        "preparing": (_("Before the decision"), None),
        "agreement": (_("Handing over"), len(case.proposals) or None),
        "documents": (_("Documents"), len(case.documents)),
        "things": (_("Originals and plates"), len(case.items)),
        "letters": (_("Letters"), len(case.letters)),
        "decisions": (_("Decisions"), len(case.decisions)),
        "determinations": (_("Determinations"), len(page["determined"])),
        "parties": (_("Parties and vehicle"), None),
        "history": (_("History"), len(page["history"])),
        "notes": (_("Notes"), len(case.notes)),
    }
    there = [name for name in _ORDER if _is_there(name, case, page)]
    first = _WAITING.get(Stage(case.stage), "documents")
    unanswered = any(question.answered_letter_id is None for question in case.questions)
    there.sort(key=lambda name: (name != "lost", not (unanswered and name == "party"), name != first))
    return [(name, *said[name]) for name in there]


def _is_there(name: str, case: Case, page: Mapping[str, Any]) -> bool:
    match name:
        case "preparing" | "agreement" | "lost":
            return bool(page[name])
        case "party":
            return bool(case.questions or case.announcements)
        case "things":
            return bool(case.items)
        case "letters":
            return bool(case.letters)
        case "decisions":
            return bool(case.decisions)
        case "determinations":
            return bool(page["determined"] or page["may_determine"])
        case _:
            return True


def _due(case: Case, today: dt.date) -> str:
    """Return how long there is until the due day; nothing where nobody waits for it any more."""
    if case.due_on is None or case.closed_at is not None or case.stage in SETTLED_STAGES:
        return ""
    left = (case.due_on - today).days
    if left < 0:
        return str(ngettext("%(num)s day overdue", "%(num)s days overdue", -left))
    return str(_("today") if left == 0 else npgettext("after a date", "%(num)s day left", "%(num)s days left", left))


def _stopped(case: Case, reckoned: Reckoning | None) -> str:
    """Return that the term does not run, since when and why; nothing while it runs."""
    if reckoned is None or reckoned.running or case.stage in SETTLED_STAGES:
        return ""
    line = next(line for line in reversed(reckoned.lines) if line.code == "still-stopped")
    why = stop_in_words(case, line.reason, now=True) if line.reason is not None else ""
    return str(_("The term does not run since %(day)s: %(why)s.", day=formats.day(line.since), why=why))


def _stages(case: Case) -> Iterator[StageShown]:
    entered = [(Stage(step.to_stage), office_day(step.at)) for step in case.steps]
    states = {Progress.DONE: "done", Progress.CURRENT: "now", Progress.AHEAD: ""}
    for point in line_of_steps(case.table, entered):
        yield StageShown(str(STAGES[point.stage.value]), states[point.progress], _dates(point.since, point.until))


def _dates(since: dt.date | None, until: dt.date | None) -> str:
    if since is None:
        return ""
    first = f"{since.day}.{since.month:02}"
    return first if until is None or until == since else f"{first}–{until.day}.{until.month:02}"


def _pesel(party: Party, shown: Mapping[int, str]) -> str:
    """Return the PESEL that was asked for, dots where there is one, nothing where there is none."""
    if party.id in shown:
        return shown[party.id]
    return "•••••••••••" if party.pesel_sealed else ""


def _past(case: Case, found: Finding) -> bool:
    """Tell whether a finding asks for something that was done since."""
    if found.code == PERMIT_RUNS_OUT:
        return any(one.code == PERMIT_ENDS and one.details == found.details for one in case.findings)
    described = [step.at for step in case.steps if step.step == "describe"]
    if described and is_about_description(found.code, found.details):
        return found.at < described[-1]
    return (found.code == "signature-undecided" and case.signature_settled) or (
        found.code == "form-unreadable" and bool(described)
    )


def _may_ask_again(case: Case, doers: frozenset[Doer]) -> bool:
    leaving = any(letter.state is LetterState.LEAVING for letter in case.letters)
    return Doer.CLERK in doers and not leaving and bool(case.table.rows(Stage(case.stage), "summon_further"))


def _tab(*, mine: bool) -> Tab | None:
    """Return the list from which the reader came; without one, their own cases."""
    try:
        return Tab(request.args.get("z", ""))
    except ValueError:
        return Tab.MINE if mine else None


def _neighbours(around: Around, tab: Tab | None) -> list[tuple[str, str, str]]:
    """Return (icon, words, address) of the case before and the one after; no address where the list ends."""
    if tab is None:
        return []
    said = (("chevron-left", _("Previous case of the list"), around.before),
            ("chevron-right", _("Next case of the list"), around.after))  # fmt: skip
    return [
        (icon, words, url_for("CaseFile.open", sign=sign, z=tab.value) if sign else "") for icon, words, sign in said
    ]


def _linked(found: list[Linked]) -> list[tuple[str, str]]:
    """Return (sign, words) of linked cases."""
    return [(one.sign, f"{PROCEDURES[one.procedure]}, {STAGES[one.stage]}") for one in found]


def _short(name: str) -> str:
    first, _space, rest = name.partition(" ")
    return f"{first[:1]}. {rest}" if rest else name


def _minutes(gone: dt.timedelta) -> int:
    return max(1, int(gone.total_seconds() // 60))
