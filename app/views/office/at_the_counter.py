"""What the pages of the counter share: the case of a sign, the office's day, a paper to print."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Response, abort
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from app.domain.custody import ItemState
from app.domain.errors import Refused
from app.domain.items import NEW_PLATES
from app.domain.procedures.stages import SETTLED_STAGES, Stage
from app.extensions import db
from app.models import Case, Handover, Item
from app.usecases.counted_things import plates_out
from app.views.wording import refusal
from app.views.wording_cases import STAGES


def case_of(sign: str) -> Case:
    """Return the case of this sign with its things, or answer 404."""
    case: Case | None = db.session.scalars(
        sa.select(Case)
        .where(Case.sign == sign)
        .options(
            joinedload(Case.clerk),
            selectinload(Case.items).selectinload(Item.handovers).joinedload(Handover.consignment),
            selectinload(Case.items).selectinload(Item.discrepancies),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    return case if case is not None else abort(404)


def pdf_answer(pdf: bytes, name: str) -> Response:
    """Return a paper of ours, to be looked at and printed."""
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def has_ended(stage: str) -> bool:
    """Whether a case at this stage is withdrawn, refused or over in another way, and needs no things any more."""
    return Stage(stage) in _ENDED


def ended(case: Case) -> dict[str, str]:
    """Return what the counter says of a case that needs nothing any more: its stage, and what to do with what comes."""
    if not has_ended(case.stage):
        return {"ended": "", "ended_what": ""}
    if case.stage == Stage.WITHDRAWN.value:
        what = _("The party takes the application back. What comes is registered, stays as it is and goes back to the "
                 "party when the case is discontinued; tell the clerk of the case.")  # fmt: skip
    elif case.stage == Stage.REFUSED.value and plates_out(case) > 0:
        what = _("The plates of the temporary registration are awaited: receive them. Anything else that comes goes "
                 "back to the party unless the clerk of the case says otherwise.")  # fmt: skip
    elif case.stage == Stage.REFUSED.value and any(
        one.kind in NEW_PLATES and one.state is ItemState.IN_OFFICE for one in case.items
    ):
        what = _("The plates that were asked back are here and stay. Anything else that comes goes back to the party "
                 "unless the clerk of the case says otherwise.")  # fmt: skip
    else:
        what = _("The office needs nothing for this case any more. Register what came, tell the clerk of the case, and "
                 "give it back to the party unless the clerk says otherwise.")  # fmt: skip
    return {"ended": str(STAGES[case.stage]), "ended_what": what}


def wrong(refused: Refused | None) -> dict[str, str]:
    """Return what a form of the counter shows of a refusal: the sentence, and the field at which it stands, if one."""
    if refused is None:
        return {"wrong": "", "wrong_at": ""}
    return {"wrong": refusal(refused), "wrong_at": _FIELDS.get(refused.code, "")}


_ENDED = SETTLED_STAGES | {Stage.WITHDRAWN}
_FIELDS = {
    "identity-missing": "identity_tail",
    "identity-tail": "identity_tail",
    "posted-in-future": "posted_on",
    "day-unreadable": "posted_on",
    "tracking-check-digit": "tracking",
    "tracking-characters": "tracking",
    "tracking-length": "tracking",
}
"""The field of each refusal that has one."""
