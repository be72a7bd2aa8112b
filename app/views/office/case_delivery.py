"""How the things of a case go out: the versions of the agreement beside each other, and what can be answered now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from app import clock
from app.domain.acts import OFFICE_ZONE
from app.domain.custody import LOST_BY_THE_POST, ItemState
from app.domain.deadlines import office_day
from app.domain.delivery import Method
from app.domain.determinations import DeterminationCode
from app.domain.documents import Answers
from app.domain.holidays import Calendar
from app.domain.items import Fate, ItemKind
from app.domain.office_hours import Slot
from app.domain.procedures.editions import SEKAP
from app.domain.procedures.facts import CaseFacts
from app.domain.procedures.stages import Doer, ProcedureName, Stage
from app.extensions import db
from app.house import equipment
from app.models import BINDING, Case, Item, LetterWay, Proposal, ProposalState
from app.usecases.addressees import address_lines, addressee_of, way_to_first
from app.usecases.case_facts import answers_of_case, determinations, is_lost, newest_proposal, old_certificates
from app.usecases.counted_things import newest_permit
from app.usecases.free_slots import closed_visit, free_slots, is_visit_missed
from app.usecases.may_leave import may_leave
from app.views.acting import current_act
from app.views.office import formats
from app.views.office.agreed_visit import agreed_visit, permit_ends
from app.views.office.case_custody import grouped
from app.views.wording_things import METHODS, PROPOSALS, THINGS

VERSIONS = 3
"""So many versions stand beside each other; older ones are listed below."""
_NOON = 12
AGREEING = frozenset({Stage.AGREEING_HANDOVER, Stage.PERMANENT_READY})


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version: whose, when, what became of it, the particulars."""

    title: str
    said_at: str
    state: str
    remark: str
    particulars: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """A line of one of the two lists at the end: what, and whether it is done."""

    what: str
    done: bool
    words: str


def delivery(case: Case, facts: CaseFacts, doers: frozenset[Doer], calendar: Calendar) -> dict[str, Any]:
    """Return what the panel of the agreement shows; empty where there is nothing to agree."""
    may_send_back = Doer.CLERK in doers and facts.may_go_back > 0 and _may_send_back(case)
    if not case.proposals and Stage(case.stage) not in AGREEING and not may_send_back:
        return {}
    newest = newest_proposal(case)
    waits = newest if newest is not None and newest.state is ProposalState.PROPOSED else None
    agreeing = Stage(case.stage) in AGREEING
    visit = agreed_visit(newest) if newest is not None and agreeing else ""
    may_propose = agreeing and Doer.CLERK in doers and (waits is None or waits.by_office)
    may_answer = agreeing and waits is not None and bool(doers & {Doer.CLERK, Doer.FRONT_DESK})
    party, said = addressee_of(case), answers_of_case(case)
    closed = agreeing and (waits is None or waits.by_office) and closed_visit(case, calendar) is not None
    missed = not closed and agreeing and is_visit_missed(case, clock.today())
    owed = [item for item in case.items if may_leave(case, item)]
    now = {**_ways_before(case, said, owed), **(newest.methods if newest is not None else {})}
    covered = [item for item in case.items if newest is not None and str(item.number) in newest.methods]
    return {
        "versions": [_version(row) for row in case.proposals[-VERSIONS:]],
        "older": [_version(row) for row in case.proposals[:-VERSIONS]],
        "table": list(_table(case)),
        "chip": (_("the office is closed on the day of the visit"), "warn", "alert-triangle")
        if closed
        else (_("nobody came for the agreed visit"), "warn", "alert-triangle")
        if missed
        else _chip(case.stage, waits, newest, covered, came_back=facts.parcel_returned),
        "waits": waits,
        "by_letter": way_to_first(case) is LetterWay.POST,
        "may_propose": may_propose and bool(owed),
        "to_agree": facts.not_agreed > 0,
        "closed": closed,
        "visit": visit,
        "missed": missed,
        "permit_ends": permit_ends(case, newest),
        "may_answer": may_answer,
        "may_send_back": may_send_back,
        "waits_for_post": newest is not None and newest.sends_back and bool(newest.left(Method.POST)),
        "may_default": waits is not None and waits.by_office and facts.answer_overdue and Doer.CLERK in doers,
        "owed": list(grouped(owed)),
        "covered": list(grouped(covered)),
        "now": now,
        "wished_by_post": newest is None and Method.POST in now.values(),
        "address": "\n".join(newest.address)
        if newest is not None and newest.address
        else said.post_address or "\n".join(address_lines(party)),
        "collector": (newest.collector or "") if newest is not None else "",
        "slots": _visits(case, calendar) if may_propose or may_answer else [],
        "gives": _gives(case),
        "gets": _gets(case, facts),
    }


def _ways_before(case: Case, said: Answers, owed: list[Item]) -> dict[str, str]:
    """Return the way of the things that no version covers yet: the one agreed last for all, else what was wished for.

    Nothing where there is neither.
    """
    agreed = [set(one.methods.values()) for one in case.proposals if one.state in BINDING and not one.sends_back]
    ways = agreed[-1] if agreed and len(agreed[-1]) == 1 else {Method.POST.value} if said.post_wished else set()
    return {str(item.number): way for item in owed for way in ways}


def _may_send_back(case: Case) -> bool:
    return bool(case.table.rows(Stage(case.stage), "send_back"))


def _visits(case: Case, calendar: Calendar) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return for each half of a day its visits that can still be offered, as (value, words)."""
    found = free_slots(db.session(), case, equipment=equipment(), act=current_act(), calendar=calendar)
    return [
        (
            _("%(day)s, after noon", day=formats.weekday(day))
            if late
            else _("%(day)s, before noon", day=formats.weekday(day)),
            [(slot.begins.isoformat(), formats.moment(slot.begins)) for slot in of_half],
        )
        for (day, late), of_half in groupby(found, key=_half)
    ]


def _half(slot: Slot) -> tuple[dt.date, bool]:
    return office_day(slot.begins), slot.begins.astimezone(OFFICE_ZONE).hour >= _NOON


def _version(row: Proposal) -> VersionShown:
    who = _("the office") if row.by_office else _("the party")
    particulars = []
    if "post" in row.methods.values():
        particulars.append(_("to: %(address)s", address=", ".join(row.address)))
    if row.slot is not None:
        particulars.append(_("visit: %(moment)s", moment=formats.moment(row.slot)))
    if row.collector:
        particulars.append(_("collected by: %(name)s", name=row.collector))
    return VersionShown(
        _("Version %(number)s, %(who)s", number=row.version, who=who),
        formats.moment(row.at),
        _state(row),
        row.remark or "",
        tuple(particulars),
    )


def _state(row: Proposal) -> str:
    if row.sends_back:
        return str(_("sent back by the office, at its own cost"))
    if row.is_spent:
        return str(_("no longer in force"))
    if row.is_outdated:
        return str(_("agreed before; the newest version counts"))
    return str(PROPOSALS[row.state][0])


def _table(case: Case) -> list[dict[str, Any]]:
    """Return a line for alike things: in each of the shown versions how they go."""
    shown = case.proposals[-VERSIONS:]
    numbers = {number for row in shown for number in row.methods}
    lines = []
    for kind, label, plate, alike in grouped(item for item in case.items if str(item.number) in numbers):
        ways = [
            ", ".join(
                dict.fromkeys(
                    str(METHODS[row.methods[str(item.number)]]) for item in alike if str(item.number) in row.methods
                )
            )
            for row in shown
        ]
        changed = [index > 0 and way != ways[index - 1] for index, way in enumerate(ways)]
        cells = list(zip(ways, changed, strict=True))
        lines.append({"kind": kind, "label": label, "plate": plate, "count": len(alike), "cells": cells})
    return lines


def _chip(
    stage: str, waits: Proposal | None, newest: Proposal | None, covered: list[Item], *, came_back: bool
) -> tuple[str, str, str]:
    if waits is not None and waits.by_office:
        day = formats.day(waits.due_on)
        return _("version %(number)s waits for the party until %(day)s", number=waits.version, day=day), "", "hourglass"
    if waits is not None:
        return _("version %(number)s of the party waits for you", number=waits.version), "info", "message"
    if newest is not None and newest.sends_back and newest.left(Method.POST):
        return _("waits in the posting room"), "", "truck-delivery"
    if newest is None and Stage(stage) not in AGREEING:
        return _("the office holds things of the party"), "warn", "alert-triangle"
    if came_back:
        return _("a parcel did not arrive: agree it anew"), "warn", "truck-return"
    if newest is not None and not any(item.state is ItemState.IN_OFFICE for item in covered):
        return _("version %(number)s is carried out", number=newest.version), "ok", "checks"
    if newest is not None:
        return _("version %(number)s is agreed", number=newest.version), "ok", "circle-check"
    return _("nothing is proposed yet"), "warn", "alert-triangle"


def _gives(case: Case) -> list[Promise]:
    """Return what the office gives at the end."""
    if Stage(case.stage) is not Stage.PERMANENT_READY:
        return []
    return [
        Promise(f"{THINGS[item.kind.value]} {item.label}".strip(), done=False, words=item.place or _("in the office"))
        for item in case.items
        if item.is_owed
    ]


def _gets(case: Case, facts: CaseFacts) -> list[Promise]:
    """Return what the office gets back before it gives the permanent certificate.

    In the edition `sekap` the permit and a look at the policy; by the law of 2022 the old certificate, if it was lent.
    """
    if case.procedure != ProcedureName.REGISTRATION.value or Stage(case.stage) is not Stage.PERMANENT_READY:
        return []
    if case.edition != SEKAP:
        return [_lent(case, item) for item in old_certificates(case) if item.fate is Fate.LENT]
    permit = newest_permit(case)
    words = _("is back") if facts.permit_returned else _("the party has it")
    if permit is not None and is_lost(case, permit):
        words = _lost(permit)
    shown = determinations(case).get(DeterminationCode.POLICY_SHOWN)
    policy = next((item for item in case.items if item.kind is ItemKind.OC_POLICY), None)
    here = policy is not None and policy.state not in {ItemState.EXPECTED, ItemState.CALLED_OFF}
    return [
        Promise(
            f"{THINGS['TEMPORARY_PERMIT']} {permit.label if permit else ''}".strip(),
            facts.permit_returned,
            words,
        ),
        Promise(
            str(THINGS["OC_POLICY"]),
            facts.policy_shown,
            (shown.text or _("was shown")) if shown else _("came") if here else _("not shown yet"),
        ),
    ]


def _lent(case: Case, item: Item) -> Promise:
    here = item.state is ItemState.IN_OFFICE
    words = _("invalidated") if item.invalidated else _("is back") if here else _("the party has it")
    lost = is_lost(case, item)
    name = f"{THINGS[item.kind.value]} {item.label}".strip()
    return Promise(name, item.invalidated or lost, _lost(item) if lost else words)


def _lost(item: Item) -> str:
    return str(_("lost by the post") if item.state in LOST_BY_THE_POST else _("lost, as its owner states"))
