"""Reads a whole case for its page, or what "Moja praca" asks of many, in as many statements however much is in them."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import (
    Appeal,
    Case,
    Deadline,
    Document,
    Item,
    Letter,
    Package,
    Service,
    Summons,
)
from app.models.gather import Gatherer

_ALONE = (Case.clerk, Case.vehicle, Case.permit, Case.certificate_order, Case.citizen)
_LETTERS_AND_THINGS = (
    (Case.letters,),
    (Case.letters, Letter.service),
    (Case.letters, Letter.summons),
    (Case.letters, Letter.summons, Summons.demands),
    (Case.items,),
    (Case.items, Item.handovers),
    (Case.items, Item.discrepancies),
    (Case.consignments,),
    (Case.decisions,),
    (Case.appeals,),
)
_ALL_OF_IT = Gatherer(
    (Case.steps,),
    (Case.parties,),
    (Case.findings,),
    (Case.deadlines,),
    (Case.deadlines, Deadline.events),
    (Case.packages,),
    (Case.packages, Package.receipt),
    (Case.packages, Package.verifications),
    (Case.documents,),
    (Case.documents, Document.member),
    (Case.verdicts,),
    (Case.determinations,),
    (Case.fees,),
    (Case.notes,),
    *_LETTERS_AND_THINGS,
    (Case.letters, Letter.service, Service.events),
    (Case.letters, Letter.service, Service.receipt),
    (Case.proposals,),
    (Case.appeals, Appeal.events),
    (Case.plate_numbers,),
    (Case.questions,),
    (Case.announcements,),
)

_WHAT_IT_NEEDS = (
    Gatherer(
        (Case.steps,),
        (Case.deadlines,),
        (Case.deadlines, Deadline.events),
        (Case.packages,),
        (Case.documents,),
        (Case.documents, Document.member),
        (Case.verdicts,),
        (Case.determinations,),
        (Case.fees,),
        (Case.proposals,),
        (Case.plate_numbers,),
    ),
    Gatherer(*_LETTERS_AND_THINGS),
)
"""What says which act comes first. Each row of a union is looked through for each of its tables: so there are two."""


def cases_to_work_on(ids: Collection[int]) -> list[Case]:
    """Return the cases `ids` with all that says what comes first in them, in three statements."""
    if not ids:
        return []
    wanted = (
        sa.select(Case).where(Case.id.in_(ids)).options(joinedload(Case.permit), joinedload(Case.certificate_order))
    )
    cases = db.session.scalars(wanted.execution_options(populate_existing=True)).all()
    for gatherer in _WHAT_IT_NEEDS:
        gatherer.load(db.session(), *cases)
    return list(cases)


def whole_case(sign: str) -> Case:
    """Return the case `sign` with all that its page shows; answers 404 where there is none."""
    case: Case | None = db.session.scalars(
        sa.select(Case)
        .where(Case.sign == sign)
        .options(*(joinedload(one) for one in _ALONE))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if case is None:
        abort(404)
    _ALL_OF_IT.load(db.session(), case)
    return case
