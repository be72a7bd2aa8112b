"""A member of staff keeps a list as they like it, under a name of their own."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.errors import BadInput
from app.models import SavedView

MOST = 30
_PLACES = frozenset({"after", "before"})


def save_view(session: Session, *, user_id: int, register: str, name: str, query: str) -> SavedView:
    """Keep `query` of `register` under `name` for the user; the same name again replaces the old one.

    Raises:
        BadInput: `view-name` without a usable name, `view-query` without anything to keep, `views-full` at MOST views.
    """
    name = " ".join(name.split())
    kept = urlencode([(key, value) for key, value in parse_qsl(query) if key not in _PLACES and value])
    if not name or len(name) > 60 or not name.isprintable():
        raise BadInput("view-name")
    if not kept or len(kept) > 1000 or not register.isidentifier() or len(register) > 48:
        raise BadInput("view-query")
    mine = session.scalars(
        sa.select(SavedView).where(SavedView.user_id == user_id, SavedView.register == register)
    ).all()
    view = next((one for one in mine if one.name == name), None)
    if view is None:
        if len(mine) >= MOST:
            raise BadInput("views-full", most=MOST)
        view = SavedView(user_id=user_id, register=register, name=name)
        session.add(view)
    view.query = kept
    return view
