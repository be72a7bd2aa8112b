"""The only place that commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.database import WRITING
from app.extensions import db


@contextmanager
def one_transaction() -> Iterator[Session]:
    """Run the block in one writing transaction: committed if it ends, rolled back if it raises.

    What was read before is read again inside, so that a decision rests on what is true now. Nothing may have been
    changed before, and the block must not be nested: there is one commit.

    Raises:
        RuntimeError: something was changed outside, or a transaction of this kind is already open.
    """
    session = db.session()
    if session.info.get(WRITING):
        raise RuntimeError("a verb must not open a second transaction")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed outside the transaction")
    session.rollback()
    session.info[WRITING] = True
    try:
        session.connection(execution_options={WRITING: True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(WRITING, None)
