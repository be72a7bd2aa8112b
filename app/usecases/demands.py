"""What the summons of a step asks for, and in how many days, as the case stands now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from app.domain.correspondence import STEP_LETTERS
from app.domain.custody import Discrepancy, ItemState
from app.domain.deadlines import Way
from app.domain.determinations import DeterminationCode
from app.domain.documents import DocumentKind
from app.domain.items import NEW_PLATES, OLD_PLATES, PLATES, ItemKind
from app.domain.procedures.editions import SEKAP
from app.domain.procedures.facts import ACCEPTING
from app.domain.procedures.stages import Stage
from app.domain.summonses import WAYS_OF_SUPPLEMENTS, Demand, DemandKind, compose_originals, compose_remedy, days_before
from app.letters.names import DISCREPANCIES
from app.models import Case
from app.usecases.case_facts import (
    determinations,
    is_lost,
    latest_verdicts,
    may_come_later,
    originals_unasked,
    requirements,
)
from app.usecases.comes_back import papers_to_bring
from app.usecases.counted_things import newest_permit, was_asked_for
from app.usecases.summons_in_force import demands_not_met

_SHOWN = "do okazania i zwrotu właścicielowi"
"""Of the plates with a number that is kept: a clerk looks whether they are fit for use, and gives them back."""


def demands_of_step(case: Case, step: str) -> tuple[Demand, ...]:
    """Return the demands with which a summons by `step` begins; a clerk may leave some out or add words."""
    match step:
        case "summon_originals":
            return _plates_named(case, _originals(case))
        case "summon_remedy" if case.stage == Stage.WITHDRAWN.value:
            words = "podpis pod oświadczeniem o cofnięciu wniosku"
            return (Demand(DemandKind.DEFECT, DocumentKind.APPLICATION.value, words, WAYS_OF_SUPPLEMENTS),)
        case "summon_remedy":
            return _remedy(case)
        case "summon_further":
            return _further(case)
        case "announce_certificate" if case.edition == SEKAP:
            permit = newest_permit(case)
            lost = permit is not None and is_lost(case, permit)
            asked = (ItemKind.OC_POLICY,) if lost else (ItemKind.TEMPORARY_PERMIT, ItemKind.OC_POLICY)
            return tuple(Demand(DemandKind.THING, kind.value) for kind in asked)
        case "summon_plates":
            given = {plate.number for plate in case.plate_numbers}
            plates = [
                item
                for item in case.items
                if item.kind in NEW_PLATES and item.label in given and not is_lost(case, item)
            ]
            return (
                *_plates_named(case, [Demand(DemandKind.THING, item.kind.value, item.label) for item in plates]),
                *(Demand(DemandKind.THING, kind) for kind in papers_to_bring(case)),
            )
        case "remind" | "leave_unexamined" | "extend_summons":
            return _unmet(case)
        case _:
            return ()


def days_of_step(case: Case, step: str, today: dt.date) -> int | None:
    """Return the term with which a summons by `step` begins, in days from its service; nothing where it has none.

    The permanent certificate is collected, if that is still possible, while the temporary permit is valid.
    """
    days, permit = STEP_LETTERS[step].days, case.permit
    if days is None or step != "announce_certificate" or permit is None or permit.valid_until is None:
        return days
    return days_before(permit.valid_until, today, days)


def _originals(case: Case) -> tuple[Demand, ...]:
    """Ask for what the rules call for and the office does not hold; what was asked for before is asked for again."""
    awaited = [item.kind for item in case.items if item.state is ItemState.EXPECTED]
    return compose_originals([*originals_unasked(case), *awaited])


def _further(case: Case) -> tuple[Demand, ...]:
    """Ask for what is wrong, with its doubt, and for what nobody has asked for; of two plates for the right one."""
    wrong = {
        item: doubts[0].remark or _words(doubts[0].kind)
        for item in case.items
        if (doubts := [one for one in item.open_discrepancies if one.kind is not Discrepancy.NOT_ASKED_FOR])
    }
    there, unasked = [item for item in case.items if item in wrong or was_asked_for(item)], originals_unasked(case)
    whole = _plates_named(case, compose_originals([*(item.kind for item in there), *unasked]))
    asked = [
        replace(one, words=", ".join(filter(None, (one.words, wrong[item])))[:300])
        for item, one in zip(there, whole, strict=False)
        if item in wrong
    ]
    return (*asked, *whole[len(there) :])


def _remedy(case: Case) -> tuple[Demand, ...]:
    latest = latest_verdicts(case)
    verdicts = [
        (one.kind, latest[one.kind].verdict, latest[one.kind].reason or "")
        for one in requirements(case)
        if one.kind in latest and latest[one.kind].verdict not in ACCEPTING and not may_come_later(case, one.kind)
    ]
    demands = list(compose_remedy(verdicts))
    found = determinations(case)
    if DeterminationCode.FORMAL_DEFECT in found:
        words = (found[DeterminationCode.FORMAL_DEFECT].text or "")[:300]
        demands.append(Demand(DemandKind.DEFECT, DocumentKind.APPLICATION.value, words, WAYS_OF_SUPPLEMENTS))
    if not case.signature_settled:
        words = "ponowne podpisanie wniosku podpisem, który urząd może zweryfikować"
        demands.append(Demand(DemandKind.DEFECT, DocumentKind.APPLICATION.value, words, WAYS_OF_SUPPLEMENTS))
    return tuple(demands)


def _unmet(case: Case) -> tuple[Demand, ...]:
    return tuple(
        Demand(
            DemandKind(row.kind),
            row.subject,
            row.words,
            frozenset(map(Way, row.ways)),
        )
        for row in demands_not_met(case)
    )


def _plates_named(case: Case, demands: Sequence[Demand]) -> tuple[Demand, ...]:
    """Say which plate each demand for one means: its number, which of several, and that it comes back where it does."""
    kept = DeterminationCode.NUMBER_KEPT in determinations(case)
    named = []
    for number, one in enumerate(demands):
        alike = [place for place, other in enumerate(demands) if other.subject == one.subject]
        plate = case.plate if one.subject in OLD_PLATES else ""
        which = f"{alike.index(number) + 1} z {len(alike)}" if one.subject in PLATES and len(alike) > 1 else ""
        shown = _SHOWN if plate and kept else ""
        words = ", ".join(part for part in (plate, one.words, which, shown) if part)
        named.append(replace(one, words=words[:300]))
    return tuple(named)


def _words(kind: Discrepancy) -> str:
    return DISCREPANCIES[kind.value]
