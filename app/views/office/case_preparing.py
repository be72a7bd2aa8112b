"""What is got ready before a decision: fees, plates, the permit, stickers and cards, the permanent certificate."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.domain.determinations import DeterminationCode
from app.domain.fees import fees
from app.domain.folding import fold
from app.domain.plates import plate_count
from app.domain.procedures.stages import Doer, ProcedureName, Stage
from app.domain.vehicles import PlateKind, VehicleClass
from app.extensions import db
from app.models import Case, Fee, PlateNumber, PlateState
from app.usecases.case_facts import answers_of_case, determinations
from app.usecases.prepare_item import kinds_to_prepare
from app.views.office import formats
from app.views.office.case_custody import permit_chip
from app.views.wording_things import THINGS

FREE_SHOWN = 12
_BEFORE = frozenset({Stage.RECEIVED, Stage.VERIFICATION, Stage.AWAITING_REMEDY, Stage.AWAITING_ORIGINALS})
_TWO_WHEELS = frozenset({VehicleClass.MOTORCYCLE, VehicleClass.MOPED})


def preparing(case: Case, doers: frozenset[Doer]) -> dict[str, Any]:
    """Return what the panel shows; empty where nothing is to be got ready, or not yet."""
    if Stage(case.stage) in _BEFORE or case.procedure == ProcedureName.UNDESCRIBED.value:
        return {}
    registering = case.procedure == ProcedureName.REGISTRATION.value
    may = Doer.CLERK in doers
    now = may and case.stage == Stage.ORIGINALS_COMPLETE.value
    kept = DeterminationCode.NUMBER_KEPT in determinations(case)
    order = case.certificate_order
    if not (registering or case.fees):
        return {}
    return {
        "fees": [_fee(fee) for fee in case.fees],
        "sum": formats.money(sum(fee.grosze for fee in case.fees)),
        "may": may,
        "now": now,
        "registering": registering,
        "plates": case.plate_numbers[0] if case.plate_numbers else None,
        "number_kept": kept,
        "choose_plates": now and registering and not case.plate_numbers and not kept,
        "plates_of": plate_count(_class(case)),
        "free": free_numbers(case, "") if now and registering and not case.plate_numbers and not kept else [],
        "permit": case.permit,
        "permit_chip": permit_chip(case.permit) if case.permit else None,
        "choose_permit": now and registering and case.permit is None,
        "made": [(item, str(THINGS[item.kind.value])) for item in case.items if item.kind.value in _GOES_ALONG],
        "to_make": [(kind.value, str(THINGS[kind.value])) for kind in kinds_to_prepare(case)] if may else [],
        "order": order,
        "order_words": _order(case),
        "may_arrive": may and order is not None and order.arrived_on is None,
    }


_GOES_ALONG = frozenset({"CONTROL_STICKER", "LEGALISATION_STICKERS", "NEW_VEHICLE_CARD"})


def free_numbers(case: Case, typed: str) -> list[str]:
    """Return the first free numbers of the stock for the vehicle of `case` that begin as `typed`, or contain it."""
    wanted = _class(case)
    kind = PlateKind.MOTORCYCLE if wanted in _TWO_WHEELS else PlateKind.ORDINARY
    question = (
        sa.select(PlateNumber.number)
        .where(PlateNumber.state == PlateState.IN_STOCK, PlateNumber.kind == kind.value)
        .where(PlateNumber.plates == plate_count(wanted))
        .order_by(PlateNumber.id)
        .limit(FREE_SHOWN)
    )
    if folded := fold(typed)[:16]:
        question = question.where(
            sa.func.replace(PlateNumber.number, " ", "").contains(folded.upper(), autoescape=True)
        )
    return list(db.session.scalars(question))


def _class(case: Case) -> VehicleClass:
    return answers_of_case(case).vehicle_class


def _fee(fee: Fee) -> dict[str, Any]:
    label = next((one.label for one in fees() if one.code == fee.code), fee.code)
    return {
        "code": fee.code,
        "label": label[:1].upper() + label[1:],
        "law": fee.law,
        "amount": formats.money(fee.grosze),
        "proof": _("proved on %(day)s: %(proof)s", day=formats.day(fee.proved_at), proof=fee.proof or "–")
        if fee.proved_at
        else "",
    }


def _order(case: Case) -> str:
    order = case.certificate_order
    if order is None:
        return str(_("will be ordered with the decision"))
    if order.arrived_on is None:
        return str(_("ordered on %(day)s, not here yet", day=formats.day(order.ordered_on)))
    return str(_("%(number)s came on %(day)s", number=order.number or "–", day=formats.day(order.arrived_on)))
