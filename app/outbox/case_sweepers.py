"""What passing time does to cases: letters are served, clerks warned, standing clocks counted on, ends archived.

Each sweeper asks for few rows, changes one case in one transaction of its own, and asks again inside it: several
workers may do the same at once. To remind a party of an overdue summons is left to clerks, and so is every reminder on
paper: that is a letter, and a letter has an author who signs it (KPA art. 14 § 1a).
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.domain.acts import SYSTEM, Act
from app.domain.custody import SETTLED
from app.domain.procedures.stages import Doer, Stage
from app.equipment import Equipment
from app.extensions import db
from app.models import Carriage, Case, Consignment, Deadline, Direction, Item, Letter
from app.transaction import one_transaction
from app.usecases.agreements import proposals_to_remind_of, remind_of_proposal
from app.usecases.case_clock import reckoning, settling_term
from app.usecases.case_facts import case_facts
from app.usecases.days_off import office_calendar
from app.usecases.keep_clock import keep_clock
from app.usecases.move_case import move_case
from app.usecases.record import record
from app.usecases.serve_letter import deem_served, letters_to_remind, remind_of_letter
from app.usecases.warn_clerk import cases_perhaps_at_risk, is_risky, permits_to_warn_of, warn_of_permit, warn_of_risk

log = logging.getLogger(__name__)

BATCH = 200
ARCHIVE_AFTER = dt.timedelta(days=14)
"""What is closed rests so long before the system archives it: what comes late still finds it on the clerk's desk."""


def serve_unopened_letters(_equipment: Equipment, at: dt.datetime) -> None:
    """Remind of letters that nobody opened for a week, and count them as served after two."""
    act = Act(SYSTEM, at)

    def serve(session: Session, letter_id: int) -> None:
        # The case, too: being served may move it, and whoever moves a case holds its row.
        wanted = sa.select(Letter).join(Letter.case).where(Letter.id == letter_id)
        letter = session.scalars(wanted.with_for_update(skip_locked=True, of=(Letter, Case))).one_or_none()
        # Who was reminded only now has the seven days that follow: the two never happen at once.
        if letter is not None and not deem_served(session, letter, act=act):
            remind_of_letter(session, letter, act=act)

    _each(letters_to_remind(at).with_only_columns(Letter.id).order_by(None), Letter.id, serve)


def count_on_standing_clocks(_equipment: Equipment, at: dt.datetime) -> None:
    """Move the due days of cases that wait for somebody outside: a day on which they wait is not counted.

    A clock that stands by the rules of an earlier release, though nobody is waited for any more, goes on.
    """
    act = Act(SYSTEM, at)
    today = act.today
    waiting = sa.select(Case.id).where(Case.clock_stands)
    calendar = office_calendar(db.session())

    def count_on(session: Session, case_id: int) -> None:
        case = _locked(session, case_id)
        term = settling_term(case) if case is not None else None
        if case is None or term is None or not case.clock_stands:
            return
        keep_clock(session, case, act)
        seen = reckoning(case, today, calendar)
        if seen is None or seen.due == case.due_on:
            return
        # Not by the mapped rows: nobody's open form grows stale because a day has passed.
        session.execute(_SILENT_CASE.where(Case.id == case.id).values(due_on=seen.due))
        session.execute(_SILENT_TERM.where(Deadline.id == term.id).values(due_on=seen.due))

    def has_moved(case_id: int) -> bool:
        case = db.session.get_one(Case, case_id)
        seen = reckoning(case, today, calendar)
        return seen is not None and seen.due != case.due_on

    _each(waiting, Case.id, count_on, only=has_moved)


_SILENT_CASE = sa.update(Case).execution_options(synchronize_session=False)
_SILENT_TERM = sa.update(Deadline).execution_options(synchronize_session=False)


def remind_of_proposals(_equipment: Equipment, at: dt.datetime) -> None:
    """Remind owners, once for each version, of a proposal in their mailbox that they did not answer in time."""
    act = Act(SYSTEM, at)

    def remind(session: Session, case_id: int) -> None:
        case = _locked(session, case_id)
        if case is not None:
            remind_of_proposal(session, case, act=act)

    _each(proposals_to_remind_of(act.today), Case.id, remind)


def warn_of_permits(_equipment: Equipment, at: dt.datetime) -> None:
    """Tell the clerks, once, of permits that run out."""
    act = Act(SYSTEM, at)

    def warn(session: Session, case_id: int) -> None:
        case = _locked(session, case_id)
        if case is not None:
            warn_of_permit(case, act=act)

    _each(permits_to_warn_of(act.today), Case.id, warn)


def warn_of_cases_at_risk(_equipment: Equipment, at: dt.datetime) -> None:
    """Tell the clerks, once for each day, of cases of whose term little is left."""
    act, calendar = Act(SYSTEM, at), office_calendar(db.session())

    def warn(session: Session, case_id: int) -> None:
        case = _locked(session, case_id)
        if case is not None:
            warn_of_risk(case, calendar, act=act)

    _each(
        cases_perhaps_at_risk(act.today),
        Case.id,
        warn,
        only=lambda case_id: is_risky(db.session.get_one(Case, case_id), act.today, calendar),
    )


def archive_what_is_over(_equipment: Equipment, at: dt.datetime) -> None:
    """Archive closed cases whose things are all in their lawful places, and whose proofs of delivery are all in."""
    act = Act(SYSTEM, at)
    unsettled = sa.exists().where(Item.case_id == Case.id, Item.state.not_in(SETTLED))
    on_the_way = sa.exists().where(
        Consignment.case_id == Case.id,
        Consignment.direction == Direction.OUT,
        Consignment.carriage != Carriage.IN_PERSON,
        Consignment.outcome.is_(None),
    )
    over = sa.select(Case.id).where(
        Case.stage == Stage.CLOSED.value, Case.closed_at <= at - ARCHIVE_AFTER, ~unsettled, ~on_the_way
    )

    def archive(session: Session, case_id: int) -> None:
        case = _locked(session, case_id)
        if case is None or not _is_open(case, "archive", act):
            return
        move_case(session, case, "archive", act=act, doers={Doer.SYSTEM})
        record(session, f"case:{case.id}", "step-taken", {"step": "archive", "to": case.stage}, act=act)

    _each(over, Case.id, archive, only=lambda case_id: _is_open(db.session.get_one(Case, case_id), "archive", act))


def _is_open(case: Case, step: str, act: Act) -> bool:
    facts = case_facts(case, act.today)
    return any(one.name == step for one in case.table.open_steps(Stage(case.stage), facts, {Doer.SYSTEM}))


def _locked(session: Session, case_id: int) -> Case | None:
    """Return the case, ours until the transaction ends; `None` while somebody else changes it."""
    return session.scalars(sa.select(Case).where(Case.id == case_id).with_for_update(skip_locked=True)).one_or_none()


def _each(
    wanted: sa.Select[int],
    key: sa.ColumnExpressionArgument[int],
    do: Callable[[Session, int], None],
    *,
    only: Callable[[int], bool] = lambda _: True,
) -> None:
    """Do it to each, in a transaction of its own. One that fails does not keep the others waiting."""
    for number in _in_batches(wanted, key):
        try:
            if only(number):
                with one_transaction() as session:
                    do(session, number)
        except (StaleDataError, IntegrityError) as conflict:
            log.info("row %s was changed by somebody else: %s", number, type(conflict).__name__)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("row %s was left as it is", number)


def _in_batches(wanted: sa.Select[int], key: sa.ColumnExpressionArgument[int]) -> Iterator[int]:
    last = 0
    while numbers := db.session.scalars(wanted.where(sa.literal(last) < key).order_by(key).limit(BATCH)).all():
        yield from numbers
        last = numbers[-1]
        db.session.rollback()
