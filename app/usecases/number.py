"""How the office counts: the next number of a series, without a gap."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.models import NumberSeries
from app.models.statements import insert_into


def next_number(session: Session, series: str) -> int:
    """Return the next number of `series`, from 1.

    The row stays locked until the transaction ends: a number that is given and rolled back is given again, and two
    transactions never get the same one.
    """
    statement = (
        insert_into(session, NumberSeries)
        .values(series=series, last=1)
        .on_conflict_do_update(index_elements=[NumberSeries.series], set_={"last": NumberSeries.last + 1})
        .returning(NumberSeries.last)
    )
    return int(session.execute(statement).scalar_one())


def lock_series(session: Session, series: str) -> None:
    """Let nobody else count in `series` until this transaction ends, without taking a number."""
    statement = insert_into(session, NumberSeries).values(series=series, last=0)
    statement = statement.on_conflict_do_update(index_elements=[NumberSeries.series], set_={"last": NumberSeries.last})
    session.execute(statement, execution_options={"synchronize_session": False})
