"""A clerk records what the law has the office write on papers: annotations, in words that the program composes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.annotations import AnnotationKind, CaseSays, Rule, compose, rules_for
from app.domain.correspondence import GRANTING
from app.domain.custody import ItemState
from app.domain.documents import ground_of
from app.domain.errors import BadInput, ConditionMissing
from app.domain.items import Fate
from app.domain.procedures.stages import Doer, ProcedureName, Stage
from app.equipment import Equipment
from app.letters.names import GROUNDS
from app.models import Case, Item, authored
from app.usecases.after_refusal import may_be_struck_out
from app.usecases.case_facts import answers_of_case, is_conditional
from app.usecases.items import items_of
from app.usecases.record import record
from app.usecases.whose_case import claim

Pick = tuple[int, AnnotationKind]
"""The number of a thing, and what is written on it."""


@dataclass(frozen=True, slots=True)
class DueAnnotation:
    """What is still to be written on a thing that is here, by which law, in which words."""

    item: Item
    kind: AnnotationKind
    wording: str
    law: str

    @property
    def pick(self) -> Pick:
        """What the clerk chooses it by."""
        return self.item.number, self.kind


def due_annotations(case: Case, today: dt.date, *, equipment: Equipment) -> list[DueAnnotation]:
    """Return what is still to be written on the things of `case`, thing by thing."""
    says = _says(case, today, equipment)
    found = [(item, rule, compose(rule.kind, says)) for item, rule in annotations_to_come(case)]
    return [DueAnnotation(item, rule.kind, wording, rule.law) for item, rule, wording in found if wording]


def annotations_to_come(case: Case) -> list[tuple[Item, Rule]]:
    """Return what is still to be written on the things that are here, now or once the request is granted."""
    if case.stage == Stage.REFUSED.value:
        return []
    procedure = ProcedureName(case.procedure)
    return [
        (item, rule)
        for item in case.items
        for rule in rules_for(item.kind, item.fate, procedure, case.edition)
        if _is_the_cases_own(item, shown=rule.shown) and rule.kind not in item.annotations
        if rule.kind not in _ONLY_WHERE or _ONLY_WHERE[rule.kind](case)
    ]


def annotate_items(
    session: Session,
    case: Case,
    version: int,
    picks: Collection[Pick],
    *,
    equipment: Equipment,
    act: Act,
    note: str = "",
) -> list[DueAnnotation]:
    """Write down that what was picked of the due annotations stands on its things; `note` is the clerk's own.

    Raises:
        Stale, NotAllowed: what `claim` raises.
        BadInput: `annotation-missing`, `item-unknown`.
        ConditionMissing: `annotation-not-due`: one of them is not, or not any more.
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    if not picks:
        raise BadInput("annotation-missing")
    items_of(session, case, {number for number, _kind in picks})
    due = [one for one in due_annotations(case, act.today, equipment=equipment) if one.pick in picks]
    if len(due) != len(set(picks)):
        raise ConditionMissing("annotation-not-due")
    for one in due:
        one.item.annotate(one.kind, one.wording, authored(act), note=note.strip()[:500])
        details = {"item": one.item.number, "annotation": one.kind.value, "wording": one.wording}
        record(session, f"case:{case.id}", "item-annotated", details, act=act)
    case.changed_at = act.at
    return due


def strike_annotation(session: Session, case: Case, version: int, pick: Pick, reason: str, *, act: Act) -> Item:
    """Write down that an annotation which stands on a thing was an error, and was struck out, for the `reason` given.

    What the law asks is due again then.

    Raises:
        Stale, NotAllowed: what `claim` raises.
        BadInput: `item-unknown`, `reason-missing`.
        ConditionMissing: `annotation-not-there`; `movement-not-open`: the thing is not here any more.
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    if not reason.strip():
        raise BadInput("reason-missing")
    number, kind = pick
    (item,) = items_of(session, case, [number])
    if kind not in item.annotations:
        raise ConditionMissing("annotation-not-there", item=number)
    if not may_be_struck_out(item):
        raise ConditionMissing("movement-not-open", item=number)
    item.strike_out(kind, reason.strip()[:500], authored(act))
    details = {"item": number, "annotation": kind.value, "reason": reason.strip()[:500]}
    record(session, f"case:{case.id}", "annotation-struck-out", details, act=act)
    case.changed_at = act.at
    return item


def _extended_until(case: Case) -> dt.date | None:
    permit = case.permit
    return permit.valid_until if permit is not None and permit.extended_at is not None else None


_ONLY_WHERE: Mapping[AnnotationKind, Callable[[Case], object]] = {
    AnnotationKind.PERMIT_EXTENDED: _extended_until,
    AnnotationKind.CONDITIONAL: is_conditional,
}
"""These are due only in a case of which this is true."""


def _is_the_cases_own(item: Item, *, shown: bool) -> bool:
    """Whether it is here, and the case rests on it: not the wrong thing, and not one that has done its service."""
    done = item.fate is Fate.LENT and item.is_back
    at_hand = {ItemState.IN_OFFICE, ItemState.WITH_PARTY} if shown else {ItemState.IN_OFFICE}
    return item.state in at_hand and not (item.is_stray or done or item.is_replaced)


def _says(case: Case, today: dt.date, equipment: Equipment) -> CaseSays:
    granted = [decision.issued_on for decision in case.decisions if decision.kind in GRANTING]
    ground = ground_of(answers_of_case(case).ground)
    return CaseSays(
        today=today,
        applied_on=case.received_on,
        office=equipment.office.name,
        decided_on=min(granted, default=None),
        number=case.plate_numbers[-1].number if case.plate_numbers else case.plate or "",
        reason=GROUNDS[ground.code] if ground is not None else "",
        permit_until=_extended_until(case),
    )
