"""How every verb moves a case: the step, its clock, and what an end means for the things of the case."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import ItemState, Movement
from app.domain.items import Fate, ItemKind
from app.domain.procedures.stages import SIDE_STAGES, Stage
from app.domain.summonses import DemandKind
from app.models import Case, CaseStep, PlateState, authored
from app.usecases.case_facts import case_facts
from app.usecases.counted_things import is_printout
from app.usecases.keep_clock import Cause, keep_clock
from app.usecases.other_office import keep_office_terms
from app.usecases.spent_agreement import expect_nobody
from app.usecases.summons_in_force import newest_summons
from app.usecases.take_up_again import take_up_again

_MADE_FOR_NOTHING = frozenset(
    {
        ItemKind.TEMPORARY_PERMIT,
        ItemKind.NEW_PLATE,
        ItemKind.NEW_EXTRA_PLATE,
        ItemKind.CONTROL_STICKER,
        ItemKind.LEGALISATION_STICKERS,
        ItemKind.REGISTRATION_CERTIFICATE,
        ItemKind.NEW_VEHICLE_CARD,
    }
)
_ENDED_ASIDE = SIDE_STAGES - {Stage.WITHDRAWN}
_OVER = frozenset({Stage.CLOSED, Stage.ARCHIVED})


def move_case(
    session: Session,
    case: Case,
    step: str,
    *,
    act: Act,
    doers: AbstractSet[str],
    reason: str | None = None,
    cause: Cause = None,
) -> CaseStep:
    """Move `case` by `step`, done by somebody who is all of `doers`; its clock follows, and names the `cause`.

    Raises what `Procedure.take` raises; then nothing has changed.
    """
    before = Stage(case.stage)
    row = case.take_step(step, act, facts=case_facts(case, act.today), doers=doers, reason=reason)
    after = Stage(case.stage)
    keep_clock(session, case, act, step=row, cause=cause)
    keep_office_terms(session, case, act)
    case.changed_at = act.at
    if step == "supplement":
        _note_answer(case, act)
    if after in _ENDED_ASIDE and before is not after:
        _give_everything_back(case, act)
        expect_nobody(case)
    if step == "resume" and before in _ENDED_ASIDE:
        take_up_again(case, act)
    case.closed_at = (case.closed_at or act.at) if after in _OVER else None
    return row


def _note_answer(case: Case, act: Act) -> None:
    """The party answered the summons to remedy; whether what came is any good is a matter of new verdicts."""
    summons = newest_summons(case)
    if summons is None or summons.met_at is not None:
        return
    for demand in summons.demands:
        if demand.kind is not DemandKind.THING and demand.met_at is None:
            demand.met_at = act.at
    if all(demand.met_at for demand in summons.demands):
        summons.met_at = act.at


def _give_everything_back(case: Case, act: Act) -> None:
    """The case ends without what was asked for: nothing is awaited any more, what came goes back (KPA art. 104–105).

    What the office made for it is destroyed, and its number is never used again; what it printed for its own file stays
    there.
    """
    for plate in case.plate_numbers:
        plate.state = PlateState.RETIRED
    for item in case.items:
        if item.state is ItemState.EXPECTED:
            item.move(Movement.CALLED_OFF, authored(act))
        if not is_printout(item):
            item.fate = Fate.DESTROYED if item.kind in _MADE_FOR_NOTHING else Fate.TO_PARTY
