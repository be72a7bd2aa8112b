"""A member of staff drops a saved view of their own."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import SavedView


def remove_view(session: Session, *, user_id: int, view_id: int) -> str | None:
    """Remove the view if it is the user's; return the name of its register, or None where there was nothing."""
    view = session.scalar(sa.select(SavedView).where(SavedView.id == view_id, SavedView.user_id == user_id))
    if view is None:
        return None
    register = view.register
    session.delete(view)
    return register
