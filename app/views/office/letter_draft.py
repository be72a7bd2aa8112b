"""How does the form of the composer become the draft of a letter?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from app.domain.acts import Act
from app.domain.correspondence import STEP_LETTERS, StepLetter
from app.domain.deadlines import Way, office_day
from app.domain.documents import DocumentKind
from app.domain.errors import BadInput
from app.domain.items import ItemKind
from app.domain.procedures.facts import Verdict
from app.domain.summonses import Demand, DemandKind, usual_ways
from app.extensions import db
from app.models import Case, Letter, Question
from app.usecases.case_facts import latest_verdicts
from app.usecases.letter_fields import LetterDraft
from app.usecases.prepare_letter import kind_of_letter, new_draft
from app.views.office.ready_reasons import reason_of_delay
from app.views.office.register_filters import read_day

ANSWER = "odpowiedz"
"""The last part of the address of a letter that takes no step: an answer in the clerk's own words."""
MOST_DEMANDS = 40

_THINGS = (DemandKind.THING,)
_DOCUMENTS = (DemandKind.DOCUMENT, DemandKind.DEFECT)
ADDABLE = {
    "summon_originals": _THINGS,
    "summon_further": _THINGS,
    "summon_remedy": _DOCUMENTS,
}
"""What sort of demands a clerk may add to the summons of a step."""


@dataclass(frozen=True, slots=True)
class Row:
    """A demand as the form shows it, ticked or left out; `no_way`: every way of handing it over was unticked."""

    demand: Demand
    kept: bool
    no_way: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: all its rows, and the draft that the ticked ones make. `wrong`: field -> code."""

    draft: LetterDraft
    rows: tuple[Row, ...]
    days: str
    until: str
    wrong: dict[str, str]


def rule_of(step: str) -> StepLetter | None:
    """Return what the letter of `step` says; `None` for an answer.

    Raises:
        BadInput: `no-letter`: no letter goes out with this step.
    """
    if step == ANSWER:
        return None
    if step not in STEP_LETTERS:
        raise BadInput("no-letter", step=step)
    return STEP_LETTERS[step]


def open_questions(case: Case) -> list[Question]:
    """Return what the party asked and nobody has answered yet, the oldest first."""
    return [one for one in case.questions if one.answered_letter_id is None]


def fresh(case: Case, step: str, act: Act) -> Typed:
    """Return the form as a clerk begins with it."""
    if step == ANSWER:
        asked = open_questions(case)
        subject = f"Odpowiedź na pytanie z {office_day(asked[0].asked_at):%d.%m.%Y}" if asked else ""
        draft = LetterDraft(kind="answer", subject=subject)
    else:
        draft = new_draft(db.session(), case, step, act)
        if step == "notify_delay":
            draft = replace(draft, reasons=reason_of_delay(case))
    rows = tuple(Row(demand, kept=True) for demand in draft.demands)
    until = f"{draft.until:%d.%m.%Y}" if draft.until else ""
    return Typed(draft, rows, str(draft.days or ""), until, {})


def again(case: Case, letter: Letter) -> Typed:
    """Return the form as it was when `letter`, which did not leave, was written."""
    step = letter.step or ANSWER
    said = letter.details
    demands = [_demand(f"{one['kind']}:{one['subject']}", one["words"], one["ways"]) for one in said["demands"]]
    rows = tuple(Row(_with_fault(case, step, demand), kept=True) for demand in demands if demand is not None)
    until = dt.date.fromisoformat(said["until"]) if said["until"] else None
    draft = LetterDraft(
        kind=letter.kind,
        step=letter.step,
        days=said["days"],
        demands=tuple(row.demand for row in rows),
        reasons=said["reasons"] or "",
        until=until,
        subject=letter.title if step == ANSWER else "",
    )
    return Typed(draft, rows, str(draft.days or ""), f"{until:%d.%m.%Y}" if until else "", {})


def read_typed(case: Case, step: str, form: MultiDict[str, str]) -> Typed:
    """Return what was typed into the form; a row that was just added comes last."""
    rule = rule_of(step)
    rows = tuple(_rows(case, step, form))
    if form.get("do") == "add":
        rows += tuple(_added(case, step, form))
    wrong = {f"ways-{place}": "demand-without-way" for place, row in enumerate(rows) if row.kept and row.no_way}
    days, until = form.get("days", "").strip()[:4], form.get("until", "").strip()[:10]
    day = _day(until)
    if rule and rule.days is not None and not (days.isascii() and days.isdigit()):
        wrong["days"] = "not-a-number"
    if rule and rule.until and day is None:
        wrong["until"] = "not-a-day"
    draft = LetterDraft(
        kind=kind_of_letter(case, step) if rule else "answer",
        step=step if rule else None,
        days=int(days) if rule and rule.days is not None and "days" not in wrong else None,
        demands=tuple(row.demand for row in rows if row.kept),
        reasons=form.get("reasons", "")[:10_000].replace("\r\n", "\n"),
        until=day if rule and rule.until else None,
        subject=form.get("subject", "").strip()[:200] if rule is None else "",
    )
    return Typed(draft, rows, days, until, wrong)


def _day(text: str) -> dt.date | None:
    return read_day(text) if text else None


def _rows(case: Case, step: str, form: MultiDict[str, str]) -> Iterator[Row]:
    for place in range(MOST_DEMANDS):
        code = form.get(f"demand-{place}")
        if code is None:
            return
        ways = form.getlist(f"way-{place}") if f"ways-{place}" in form else None
        demand = _demand(code, form.get(f"words-{place}", ""), ways)
        if demand is not None:
            yield Row(_with_fault(case, step, demand), kept=f"keep-{place}" in form, no_way=ways == [])


def _added(case: Case, step: str, form: MultiDict[str, str]) -> Iterator[Row]:
    demand = _demand(form.get("new-demand", ""), form.get("new-words", ""))
    if demand is not None and demand.kind in ADDABLE.get(step, ()):
        yield Row(_with_fault(case, step, demand), kept=True)


def _with_fault(case: Case, step: str, demand: Demand) -> Demand:
    """Return `demand` with what the clerk found of its document, which a summons to remedy says."""
    if demand.kind is not DemandKind.DOCUMENT or step != "summon_remedy":
        return demand
    found = latest_verdicts(case).get(demand.subject)
    return replace(demand, verdict=found.verdict if found else Verdict.MISSING)


def _demand(code: str, words: str, ways: Iterable[str] | None = None) -> Demand | None:
    """Return the demand that `code` names (`thing:PLATE`), or `None` where there is no such thing.

    `ways` are those that are left of the usual ones; all of them where nothing is said.
    """
    kind, _, subject = code.partition(":")
    words = words.strip()[:300]
    if kind == DemandKind.THING and subject in set(ItemKind):
        return Demand(DemandKind.THING, subject, words, _ways(DemandKind.THING, ways))
    if kind == DemandKind.DOCUMENT and subject in set(DocumentKind):
        return Demand(DemandKind.DOCUMENT, subject, words, _ways(DemandKind.DOCUMENT, ways))
    if kind == DemandKind.DEFECT and words:
        return Demand(DemandKind.DEFECT, DocumentKind.APPLICATION.value, words, _ways(DemandKind.DEFECT, ways))
    return None


def _ways(kind: DemandKind, said: Iterable[str] | None) -> frozenset[Way]:
    usual = usual_ways(kind)
    return usual & {way for way in Way if way.value in set(said or ())} or usual
