"""What the page of a case shows, worked out from its rows into words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import ngettext, npgettext

from app import clock
from app.domain.acts import OFFICE_ZONE, ActorKind
from app.domain.deadlines import Line
from app.domain.procedures.line import Progress, line_of_steps
from app.domain.procedures.machine import Offer
from app.domain.procedures.stages import SETTLED_STAGES, Doer, Stage
from app.epackages.previews import kind_with_pages
from app.models import Case, CaseStep, Finding, Outcome, Package, Party, Verification
from app.usecases.case_clock import reckoning
from app.usecases.case_facts import case_facts
from app.usecases.describe_case import is_described_by_clerks
from app.usecases.doubt_description import is_about_description
from app.views.office import formats
from app.views.office.describing import knows_pesel, said_of
from app.views.wording_cases import EVENTS, LEDGER, PROCEDURES, STAGES
from app.views.wording_findings import DOCUMENTS, FLAGS, finding
from app.views.wording_reasons import reason_words

PAGES_SHOWN = 40
Allowed = Callable[[str, str], bool]

_STEPS = {"take": "take", "give_back": "give_back", "describe": "describe", "accept_signature": "settle"}
"""Steps of the procedures that this page can take, and the permission each needs."""


@dataclass(frozen=True, slots=True)
class StageShown:
    """A point of the line of stages."""

    name: str
    state: str
    dates: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history."""

    at: dt.datetime
    said_at: str
    who: str
    text: str
    outside: bool


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of "why this date?"."""

    event: str
    law: str
    date: str


def case_page(case: Case, allowed: Allowed, shown: Mapping[int, str] | None = None) -> dict[str, Any]:
    """Return all that `office/case.html` needs. `shown` are PESELs that this person has just asked for, by party."""
    today = clock.now().astimezone(OFFICE_ZONE).date()
    mine = case.clerk_id == g.user.id
    ledger = list(_ledger(case, today))
    return {
        "title": case.sign,
        "case": case,
        "procedure": str(PROCEDURES[case.procedure]),
        "stage": str(STAGES[case.stage]),
        "due": _due(case, today),
        "stages": list(_stages(case)),
        "parties": [(party, _pesel(party, shown or {})) for party in case.parties],
        "may_see_pesel": allowed("can_show_pesel", "CaseFile"),
        "vehicle": case.vehicle,
        "packages": [(package, _verdict(case, package)) for package in case.packages],
        "documents": list(_documents(case)),
        "findings": [finding(row.code, row.details) for row in case.findings if not _past(case, row)],
        "history": list(_history(case)),
        "ledger": ledger,
        "said": said_of(case),
        "known_pesel": knows_pesel(case),
        "steps": {offer.step.name: offer for offer in _offers(case, today, allowed, mine=mine)},
        "mine": mine,
        "may_open_files": allowed("can_document", "CaseFile"),
        "may_read_packages": allowed("can_report", "CaseFile"),
        "may_take_receipts": allowed("can_receipt", "CaseFile"),
        "kinds": [(code, str(PROCEDURES[code])) for code in ("registration", "deregistration")],
    }


def _due(case: Case, today: dt.date) -> str:
    """Return how long there is until the due day; nothing where nobody waits for it any more."""
    if case.due_on is None or case.closed_at is not None or case.stage in SETTLED_STAGES:
        return ""
    left = (case.due_on - today).days
    if left < 0:
        return str(ngettext("%(num)s day overdue", "%(num)s days overdue", -left))
    return str(_("today") if left == 0 else npgettext("after a date", "%(num)s day left", "%(num)s days left", left))


def _stages(case: Case) -> Iterator[StageShown]:
    entered = [(Stage(step.to_stage), step.at.astimezone(OFFICE_ZONE).date()) for step in case.steps]
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


def _offers(case: Case, today: dt.date, allowed: Allowed, *, mine: bool) -> Iterator[Offer]:
    """Yield the steps that this page can take and this person may, open or not."""
    for offer in case.table.offers(Stage(case.stage), case_facts(case, today), {Doer.CLERK}):
        permission = _STEPS.get(offer.step.name)
        if permission is None or not allowed(f"can_{permission}", "CaseFile"):
            continue
        if offer.step.name == "accept_signature" and case.signature_settled:
            continue
        if offer.step.name == "describe" and not is_described_by_clerks(case):
            continue
        # Whoever takes no cases but may settle (a supervisor) settles in any.
        in_any = offer.step.name == "accept_signature" and not allowed("can_take", "CaseFile")
        if mine or in_any or offer.step.name == "take":
            yield offer


def _documents(case: Case) -> Iterator[dict[str, Any]]:
    for document in case.documents:
        member = document.member
        yield {
            "id": document.public_id,
            "kind": str(DOCUMENTS.get(document.kind, DOCUMENTS["OTHER"])),
            "title": document.title,
            "size": formats.size(member.size),
            "drawn": kind_with_pages(member.media) is not None,
            "pages": min(member.pages or 1, PAGES_SHOWN),
            "pages_in_all": member.pages or 1,
            "doubts": [str(FLAGS.get(flag, flag)) for flag in member.flags],
        }


def _past(case: Case, found: Finding) -> bool:
    """Tell whether a finding asks for something that was done since."""
    described = [step.at for step in case.steps if step.step == "describe"]
    if described and is_about_description(found.code, found.details):
        return found.at < described[-1]
    return (found.code == "signature-undecided" and case.signature_settled) or (
        found.code == "form-unreadable" and bool(described)
    )


def _verdict(case: Case, package: Package) -> dict[str, Any]:
    """Return the signature of a package in words that a clerk understands."""
    verification: Verification | None = package.verifications[-1] if package.verifications else None
    signatures = verification.report["signatures"] if verification else []
    signers = ", ".join(signature["signer"] for signature in signatures)
    if package.outcome is Outcome.VALID:
        kind, head = "ok", _("The signature is valid.")
        text = _("Signed by %(signers)s. Nobody has changed the package since.", signers=signers)
    elif accepted := _accepted(case):
        kind, head = "ok", _("The office accepted the signature.")
        text = _("The machine could not confirm it: %(reasons)s. Accepted by %(name)s on %(day)s: %(why)s",
                 reasons=reason_words(package.reasons), name=accepted.actor_name,
                 day=formats.day(accepted.at), why=accepted.reason)  # fmt: skip
    else:
        kind, head = "warn", _("The signature could not be confirmed.")
        text = _("Signed, as it says, by %(signers)s. What could not be checked: %(reasons)s.",
                 signers=signers or "–", reasons=reason_words(package.reasons))  # fmt: skip
    return {"kind": kind, "head": head, "text": text, "verification": verification, "signatures": signatures}


def _accepted(case: Case) -> CaseStep | None:
    """Return the step by which somebody accepted the signature, if it stands accepted."""
    steps = [step for step in case.steps if step.step == "accept_signature"]
    return steps[-1] if steps and case.signature_settled else None


def _history(case: Case) -> Iterator[Entry]:
    """Yield the history, the newest first: moves of the case and packages that came."""
    entries = [
        Entry(
            step.at,
            formats.moment(step.at),
            step.actor_name,
            str(EVENTS.get(step.step, STAGES[step.to_stage])) + (f": {step.reason}" if step.reason else ""),
            outside=step.actor_kind == ActorKind.CITIZEN.value,
        )
        for step in case.steps
    ]
    entries += [
        Entry(
            package.received_at,
            formats.moment(package.received_at),
            package.sender_name,
            _("sent the package %(number)s, receipt %(receipt)s",
              number=package.number, receipt=package.receipt.number if package.receipt else "–"),
            outside=True,
        )
        for package in case.packages
    ]  # fmt: skip
    return iter(sorted(entries, key=lambda entry: entry.at, reverse=True))


def _ledger(case: Case, today: dt.date) -> Iterator[LedgerLine]:
    reckoned = reckoning(case, today)
    for line in reckoned.lines if reckoned else ():
        yield _ledger_line(line)


def _ledger_line(line: Line) -> LedgerLine:
    return LedgerLine(str(LEDGER[line.code]), line.law, formats.day(line.date))
