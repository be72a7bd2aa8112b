"""An appeal against a decision: it came, it was forwarded with the file, it ended (KPA art. 127–138)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.appeals import (
    BY_THE_APPEAL_AUTHORITY,
    FORWARDING,
    FORWARDING_TERM,
    WITHOUT_FORCE,
    AppealOutcome,
    final_after,
)
from app.domain.correspondence import APPEALABLE
from app.domain.deadlines import APPEAL, Way, due_date, is_kept
from app.domain.errors import BadInput, ConditionMissing
from app.domain.procedures.stages import Doer
from app.models import Appeal, AppealEvent, Case, Deadline, DeadlineEvent, Decision, Party, authored
from app.usecases.addressees import parties_of, served_all_on, served_last_on
from app.usecases.days_off import office_calendar
from app.usecases.record import record
from app.usecases.whose_case import claim

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lodged:
    """How and when an appeal reached the office; `posted_on` counts for what Poczta Polska carried.

    `party`: the id of the party whose it is; where the case has only one, it need not be said.
    """

    way: Way
    received_on: dt.date
    posted_on: dt.date | None = None
    party: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How and on which day an appeal ended; `remark` may name the decision of the appeal authority."""

    outcome: AppealOutcome
    on: dt.date
    remark: str = ""


def open_appeals(case: Case, decision: Decision | None = None) -> list[Appeal]:
    """Return the appeals of `case` (or against `decision` alone) that have not ended yet."""
    return [one for one in case.appeals if one.outcome is None and decision in {None, one.decision}]


def is_repealed(case: Case, decision: Decision) -> bool:
    """Whether an appeal has ended so that `decision` is no more."""
    return any(one.decision is decision and one.outcome in WITHOUT_FORCE for one in case.appeals)


def may_appeal(case: Case, decision: Decision) -> list[Party | None]:
    """Return whose appeal against `decision` can be written down: of each party that has none open (KPA art. 127 § 1).

    Nobody's before a party was served with it. `None` stands for whoever applied, where the case names no party. One
    that comes late, or after a waiver, is written down too: whether it is admitted is not for the office to say.
    """
    if decision.kind not in APPEALABLE or is_repealed(case, decision) or served_last_on(decision.letter) is None:
        return []
    parties: list[Party | None] = [*parties_of(case)] or [None]
    waiting = [one.party for one in open_appeals(case, decision)]
    if None in waiting and len(parties) == 1:
        return []
    return [party for party in parties if party not in waiting]


def appeal_at(case: Case, place: int) -> Appeal | None:
    """Return the appeal of `case` at `place`, counted from one."""
    return case.appeals[place - 1] if 0 < place <= len(case.appeals) else None


def place_of(appeal: Appeal) -> int:
    """Return the place of `appeal` among those of its case, counted from one."""
    return appeal.case.appeals.index(appeal) + 1


def waits_here(appeal: Appeal) -> bool:
    """Whether `appeal` has neither ended nor been written to the appeal authority about."""
    return appeal.outcome is None and appeal.forwarded_on is None and appeal.letter_id is None


def record_appeal(
    session: Session, case: Case, version: int, number: int, came: Lodged, *, act: Act, doer: Doer
) -> Appeal:
    """Write down that an appeal against the decision in the letter `number` of `case` reached the office.

    In time, it keeps the decision from becoming final. From then on the office has seven days to forward it.

    Raises:
        What `claim` raises; ConditionMissing: `appeal-impossible`: of anybody, or of this party.
        BadInput: `appeal-party`: nobody said whose it is; `appeal-day`, `appeal-posted`.
    """
    claim(case, version, act=act, doer=doer)
    decision = next((one for one in case.decisions if one.letter.seq == number), None)
    able = may_appeal(case, decision) if decision is not None else []
    if decision is None or not able:
        raise ConditionMissing("appeal-impossible")
    party = _whose(case, able, came.party)
    if not decision.issued_on <= came.received_on <= act.today:
        raise BadInput("appeal-day")
    posted_on = came.posted_on if came.way is Way.DESIGNATED_OPERATOR else None
    if posted_on is not None and not decision.issued_on <= posted_on <= came.received_on:
        raise BadInput("appeal-posted")
    term_end = _term_end(session, case, decision)
    appeal = Appeal(
        decision=decision,
        party=party,
        way=came.way,
        posted_on=posted_on,
        received_on=came.received_on,
        term_end=term_end,
        late=not is_kept(term_end, came.way, arrived=came.received_on, posted=posted_on),
        forwarding=_start_forwarding(session, case, came.received_on, act),
    )
    _add_event(
        appeal, "received", came.received_on, act, party.name if party is not None and len(parties_of(case)) > 1 else ""
    )
    case.appeals.append(appeal)
    if not appeal.late:
        decision.final_on = None
    case.changed_at = act.at
    details = {"letter": number, "on": came.received_on.isoformat(), "late": appeal.late}
    record(session, f"case:{case.id}", "appeal-recorded", details, act=act)
    return appeal


def note_forwarded(session: Session, appeal: Appeal, *, act: Act) -> None:
    """Write down that `appeal` went to the appeal authority today: the letter that forwards it was posted."""
    if appeal.outcome is not None or appeal.forwarded_on is not None:
        return
    appeal.forwarded_on = act.today
    _add_event(appeal, "forwarded", act.today, act)
    _end_forwarding(appeal, act)
    appeal.case.changed_at = act.at
    details = {"letter": appeal.decision.letter.seq, "on": act.today.isoformat()}
    record(session, f"case:{appeal.case_id}", "appeal-forwarded", details, act=act)


def end_appeal(session: Session, case: Case, version: int, place: int, end: Ended, *, act: Act, doer: Doer) -> Appeal:
    """Write down how the appeal at `place` among those of `case` ended on `end.on`; the decision follows.

    Raises what `claim` raises, ConditionMissing (`appeal-over`, `appeal-not-forwarded`, `appeal-gone`), BadInput
    (`appeal-day`).
    """
    claim(case, version, act=act, doer=doer)
    appeal = appeal_at(case, place)
    if appeal is None or appeal.outcome is not None:
        raise ConditionMissing("appeal-over")
    outcome, on = end.outcome, end.on
    if outcome in BY_THE_APPEAL_AUTHORITY and appeal.forwarded_on is None:
        raise ConditionMissing("appeal-not-forwarded")
    if outcome is AppealOutcome.CORRECTED and not waits_here(appeal):
        raise ConditionMissing("appeal-gone")
    if outcome is AppealOutcome.STRUCK_OUT:
        raise ConditionMissing("appeal-over")
    if not (appeal.forwarded_on or appeal.received_on) <= on <= act.today:
        raise BadInput("appeal-day")
    _end(case, appeal, end, act)
    details = {"letter": appeal.decision.letter.seq, "on": on.isoformat(), "outcome": outcome.value}
    record(session, f"case:{case.id}", "appeal-ended", details, act=act)
    return appeal


def strike_out_appeal(
    session: Session, case: Case, version: int, place: int, reason: str, *, act: Act, doer: Doer
) -> Appeal:
    """Strike out the appeal at `place`, which was written down by mistake: the decision is as if there were none.

    Raises what `claim` raises, BadInput (`reason-missing`), ConditionMissing (`appeal-gone`: it was forwarded,
    `appeal-over`).
    """
    claim(case, version, act=act, doer=doer)
    appeal = appeal_at(case, place)
    if appeal is None or appeal.outcome is not None:
        raise ConditionMissing("appeal-over")
    if not waits_here(appeal):
        raise ConditionMissing("appeal-gone")
    if not reason.strip():
        raise BadInput("reason-missing")
    _end(case, appeal, Ended(AppealOutcome.STRUCK_OUT, act.today, reason), act)
    details = {"letter": appeal.decision.letter.seq, "reason": reason.strip()}
    record(session, f"case:{case.id}", "appeal-struck-out", details, act=act)
    return appeal


def _whose(case: Case, able: list[Party | None], said: int | None) -> Party | None:
    """Return the party with the id `said`, or the only one of the case."""
    if said is None and len(parties_of(case)) < 2:
        return able[0]
    if said is None or said not in {one.id for one in parties_of(case)}:
        raise BadInput("appeal-party")
    found = next((one for one in able if one is not None and one.id == said), None)
    if found is None:
        raise ConditionMissing("appeal-impossible")
    return found


def _end(case: Case, appeal: Appeal, end: Ended, act: Act) -> None:
    appeal.outcome, appeal.ended_on = end.outcome, end.on
    _add_event(appeal, end.outcome.value, end.on, act, end.remark.strip())
    _end_forwarding(appeal, act)
    appeal.decision.final_on = _final_on(case, appeal)
    case.changed_at = act.at


def _final_on(case: Case, ended: Appeal) -> dt.date | None:
    """Return from when on the decision is final that `ended` was lodged against; another appeal may keep it waiting."""
    decision = ended.decision
    if is_repealed(case, decision) or any(not one.late for one in open_appeals(case, decision)):
        return None
    if ended.outcome is AppealOutcome.STRUCK_OUT and ended.late:
        return decision.final_on
    days = [
        final_after(one.outcome, one.ended_on, one.term_end, late=one.late)
        for one in case.appeals
        if one.decision is decision and one.outcome and one.ended_on and one.outcome is not AppealOutcome.STRUCK_OUT
    ]
    if ended.outcome is AppealOutcome.STRUCK_OUT and served_all_on(decision.letter) is not None:
        days.append(ended.term_end + _ONE_DAY)
    return max(filter(None, days), default=None)


def _term_end(session: Session, case: Case, decision: Decision) -> dt.date:
    """Return the last day of an appeal against `decision` for the parties that were served with it so far."""
    in_time = [one for one in open_appeals(case, decision) if not one.late]
    if in_time:
        return in_time[0].term_end
    if decision.final_on is not None:
        return decision.final_on - _ONE_DAY
    served = served_last_on(decision.letter)
    assert served is not None  # noqa: S101 - `may_appeal` says so
    return due_date(served, APPEAL, office_calendar(session))


def _add_event(appeal: Appeal, kind: str, on: dt.date, act: Act, remark: str = "") -> None:
    appeal.events.append(AppealEvent(kind=kind, on=on, remark=remark or None, **authored(act)))


def _start_forwarding(session: Session, case: Case, received_on: dt.date, act: Act) -> Deadline:
    term = Deadline(kind=FORWARDING_TERM, law="KPA art. 133", length=FORWARDING.length, unit=FORWARDING.unit.value)
    term.events.append(DeadlineEvent(kind="started", on=received_on, law="KPA art. 133", at=act.at))
    term.due_on = due_date(received_on, FORWARDING, office_calendar(session))
    case.deadlines.append(term)
    return term


def _end_forwarding(appeal: Appeal, act: Act) -> None:
    if appeal.forwarding is not None and appeal.forwarding.ended_at is None:
        appeal.forwarding.ended_at = act.at
