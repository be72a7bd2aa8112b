"""How the office counts: the next number of a series, without a gap."""

from __future__ import annotations

from functools import cache
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import NumberSeries
from app.models.statements import dialect_of, insert_in


def next_number(session: Session, series: str) -> int:
    """Return the next number of `series`, from 1.

    The row stays locked until the transaction ends: a number that is given and rolled back is given again, and two
    transactions never get the same one.
    """
    return int(session.execute(_counting(session, 1), {"series": series, "last": 1}).scalar_one())


def give_back(session: Session, series: str) -> None:
    """Give back the number that was taken in this transaction and is not needed after all."""
    session.execute(_counting(session, -1), {"series": series, "last": 0})


def _counting(session: Session, step: int) -> sa.Insert:
    return _counting_in(dialect_of(session), step)


@cache
def _counting_in(dialect: str, step: int) -> sa.Insert:
    """Return the statement that begins a series, or takes `step` numbers of one."""
    table = cast("sa.Table", NumberSeries.__table__)
    return (
        insert_in(dialect, table)
        .on_conflict_do_update(index_elements=["series"], set_={"last": table.c.last + step})
        .returning(table.c.last)
    )
