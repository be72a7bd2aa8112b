"""What is got ready before a decision: fees, plates, the permit, stickers and cards, the permanent certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import request
from flask_babel import gettext as _

from app.domain.custody import ItemState
from app.domain.deadlines import PERMIT_DAYS
from app.domain.determinations import SHORT_PATH, DeterminationCode
from app.domain.errors import ConditionMissing
from app.domain.fees import fees
from app.domain.folding import fold
from app.domain.identified import compact
from app.domain.items import ItemKind
from app.domain.plates import plate_count, stock_kind
from app.domain.procedures.stages import Doer, ProcedureName, Stage
from app.domain.vehicles import PlateKind
from app.extensions import db
from app.house import equipment
from app.models import Case, Fee, PlateNumber, PlateState
from app.usecases.annotate_items import annotations_to_come
from app.usecases.assess_fees import unsettled_fees
from app.usecases.case_facts import (
    answers_of_case,
    determinations,
    extra_plate_awaited,
    is_conditional,
    number_of,
    plates_awaited,
)
from app.usecases.comes_back import papers_to_bring
from app.usecases.extra_plate import may_be_wished, may_come
from app.usecases.individual_plates import CHOICES, numbers_to_order
from app.usecases.prepare_decision import Preparation
from app.usecases.prepare_item import GIVEN_OUT, given_out, kinds_to_prepare
from app.usecases.withdraw_prepared import refuse_decided
from app.views.numbers import whole_number
from app.views.office import formats
from app.views.office.case_custody import permit_chip
from app.views.wording_registers import PLATE_KINDS
from app.views.wording_things import ANNOTATIONS, THINGS

FREE_SHOWN = 12
_BEFORE = frozenset({Stage.RECEIVED, Stage.VERIFICATION, Stage.AWAITING_REMEDY, Stage.AWAITING_ORIGINALS})
_DECIDING = frozenset({Stage.ORIGINALS_COMPLETE, Stage.AGREEING_HANDOVER, Stage.HANDED_OVER, Stage.PERMANENT_READY})
"""Where a decision is got ready or carried out; elsewhere the panel shows what there is, if anything."""


@dataclass(frozen=True, slots=True)
class FeeShown:
    """A fee: what it is, its proof in words, and what its field holds."""

    code: str
    label: str
    law: str
    amount: str
    proved: str
    value: str


@dataclass(frozen=True, slots=True)
class LabelShown:
    """A sticker or card; `value`: what its field holds, `fixed`: its number, where that is changed no more."""

    code: str
    words: str
    value: str
    fixed: str


def preparing(case: Case, doers: frozenset[Doer], typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what the panel shows; empty where nothing is to be got ready, or not yet. `typed`: what was refused."""
    if Stage(case.stage) in _BEFORE or case.procedure == ProcedureName.UNDESCRIBED.value:
        return {}
    if Stage(case.stage) not in _DECIDING and not _anything(case):
        return {}
    registering = case.procedure == ProcedureName.REGISTRATION.value
    may = Doer.CLERK in doers
    now = may and _is_open(case)
    determined = determinations(case).keys()
    kept = DeterminationCode.NUMBER_KEPT in determined
    order = case.certificate_order
    doubtful = unsettled_fees(case) if now else ()
    if not (registering or case.fees or doubtful):
        return {}
    said = typed or {}
    plate = case.plate_numbers[0] if case.plate_numbers else None
    kind = said.get("plate_kind", answers_of_case(case).plate_kind.value)
    permit = case.permit
    labels = [_label(case, kind, said, now=now, may=may) for kind in given_out(case)] if registering else []
    fees = [_fee(fee, said) for fee in case.fees]
    choose_plate = now and registering and (plate is not None or not kept)
    return {
        "fees": fees,
        "doubtful": [f"{due.fee.label}, {due.fee.law}: {formats.money(due.grosze)}" for due in doubtful],
        "sum": formats.money(sum(fee.grosze for fee in case.fees)),
        "one_proof": now and sum(not fee.proved for fee in fees) > 1,
        "paid": _paid(said, fees),
        "proof": said.get("proof", ""),
        "now": now,
        "may_save": (now and (registering or bool(fees))) or (may and any(not label.fixed for label in labels)),
        "registering": registering,
        "plate": plate,
        "plate_value": said.get("new_plate", plate.number if plate else ""),
        "plate_kind": kind,
        "plate_kinds": [(one.value, PLATE_KINDS[one.value]) for one in CHOICES],
        "plate_letter": equipment().office.plate_letter,
        "plate_wishes": _wishes(case),
        "plates_awaited": plates_awaited(case),
        "plates_may_arrive": may and plates_awaited(case),
        "extra_plate": said.get("extra_plate", str(int(answers_of_case(case).extra_plate_wished))) == "1",
        "extra_plate_offered": now and may_be_wished(case),
        "extra_plate_awaited": extra_plate_awaited(case),
        "extra_plate_may_arrive": may and may_come(case),
        "number": number_of(case),
        "number_kept": kept,
        "choose_plate": choose_plate,
        "plates_of": plate_count(answers_of_case(case).vehicle_class),
        "free": free_numbers(case, "", kind) if choose_plate else [],
        "short_path": determined >= SHORT_PATH,
        "permit": permit,
        "permit_value": said.get("permit", permit.number if permit else ""),
        "permit_days": said.get("days", str(permit.days if permit else PERMIT_DAYS)),
        "permit_chip": permit_chip(permit) if permit else None,
        "labels": [label for label in labels if label.fixed or may],
        "order": order,
        "order_words": _order(case),
        "annotations": _annotations(case),
        "conditional": is_conditional(case),
        "to_bring": [str(THINGS[kind]) for kind in papers_to_bring(case)],
        "may_arrive": may and order is not None and order.arrived_on is None,
    }


def _anything(case: Case) -> bool:
    """Return whether anything was got ready for `case`."""
    labelled = any(item.kind in GIVEN_OUT[case.edition] for item in case.items)
    return bool(case.permit or case.plate_numbers or case.certificate_order or labelled) or any(
        fee.proved_at for fee in case.fees
    )


def wanted(case: Case) -> Preparation:
    """Return what the form of the panel says of `case`; a field that it does not have changes nothing."""
    form = request.form
    proof = form.get("proof", "").strip()[:200]
    proofs = {}
    for fee in case.fees:
        name = f"proof-{fee.code}"
        if name in form:
            proofs[fee.code] = form[name].strip()[:200] or (proof if f"paid-{fee.code}" in form else "")
    days = whole_number(form.get("days", ""), 2)
    return Preparation(
        proofs=proofs,
        plate_kind=form.get("plate_kind"),
        plate=form["new_plate"][:16] if "new_plate" in form else None,
        extra_plate=form["extra_plate"] == "1" if "extra_plate" in form else None,
        permit=form["permit"][:40] if "permit" in form else None,
        days=0 if days is None else days,
        labels={
            kind: form[f"label-{kind.value}"][:120] for kind in GIVEN_OUT[case.edition] if f"label-{kind.value}" in form
        },
    )


def name_of_field(case: Case, field: str) -> str:
    """Return what a field of the panel asks for, to tell apart two that are refused for one reason."""
    part, _dash, code = field.partition("-")
    match part:
        case "label":
            return str(THINGS[code])
        case "proof":
            return next(_fee(fee, {}).label for fee in case.fees if fee.code == code)
        case "permit":
            return str(_("Temporary permit"))
        case "extra_plate":
            return str(_("Additional plate for a bicycle rack"))
        case _:
            return str(_("Registration number"))


def _annotations(case: Case) -> list[str]:
    """Return what will have to be written on papers once the decision has left."""
    if case.stage != Stage.ORIGINALS_COMPLETE.value:
        return []
    return [f"{THINGS[item.kind.value]} – {ANNOTATIONS[rule.kind]}" for item, rule in annotations_to_come(case)]


def _is_open(case: Case) -> bool:
    try:
        refuse_decided(case)
    except ConditionMissing:
        return False
    return True


def _paid(said: Mapping[str, str], fees: list[FeeShown]) -> set[str]:
    """Return the fees that the one proof is ticked for: at first all that are not proved."""
    if not said:
        return {fee.code for fee in fees if not fee.proved}
    return {fee.code for fee in fees if f"paid-{fee.code}" in said}


def _label(case: Case, kind: ItemKind, said: Mapping[str, str], *, now: bool, may: bool) -> LabelShown:
    numbers = [item.label for item in case.items if item.kind is kind and item.state is not ItemState.FORWARDED]
    there = numbers[0] if numbers else ""
    fixed = not now and (there or not may or kind not in kinds_to_prepare(case))
    value = said.get(f"label-{kind.value}", there)
    return LabelShown(kind.value, str(THINGS[kind.value]), value, (there or "–") if fixed else "")


def free_numbers(case: Case, typed: str, kind: str) -> list[str]:
    """Return the first free numbers for the vehicle of `case` on plates of `kind` that contain what was `typed`.

    Individual ones are those with the text wished for; all others are in the stock.
    """
    wanted = answers_of_case(case).vehicle_class
    if kind not in CHOICES:
        return []
    if kind == PlateKind.INDIVIDUAL.value:
        numbers = numbers_to_order(db.session(), case, equipment().office.plate_letter)
        return [one for one in numbers if compact(typed) in compact(one)]
    question = (
        sa.select(PlateNumber.number)
        .where(PlateNumber.state == PlateState.IN_STOCK, PlateNumber.kind == stock_kind(PlateKind(kind), wanted).value)
        .where(PlateNumber.plates == plate_count(wanted))
        .order_by(PlateNumber.id)
        .limit(FREE_SHOWN)
    )
    if folded := fold(typed)[:16]:
        question = question.where(
            sa.func.replace(PlateNumber.number, " ", "").contains(folded.upper(), autoescape=True)
        )
    return list(db.session.scalars(question))


def _wishes(case: Case) -> list[str]:
    """Return in words what the application asks for beside ordinary plates with a new number."""
    said = answers_of_case(case)
    found = []
    if said.keep_number:
        found.append(str(_("keeping the present number")))
    if said.individual_text:
        found.append(str(_("individual plates with the text %(text)s", text=said.individual_text)))
    if said.reduced_plates and said.reduced_space_declared:
        found.append(str(_("reduced plates; the applicant declares that there is no room for others")))
    elif said.reduced_plates:
        found.append(str(_("reduced plates, without the declaration about their place")))
    return found


def _fee(fee: Fee, said: Mapping[str, str]) -> FeeShown:
    label = next((one.label for one in fees() if one.code == fee.code), fee.code)
    proved = fee.proved_at and _("proved on %(day)s: %(proof)s", day=formats.day(fee.proved_at), proof=fee.proof or "–")
    return FeeShown(
        code=fee.code,
        label=label[:1].upper() + label[1:],
        law=fee.law,
        amount=formats.money(fee.grosze),
        proved=str(proved or ""),
        value=said.get(f"proof-{fee.code}", fee.proof or ""),
    )


def _order(case: Case) -> str:
    order = case.certificate_order
    if order is None:
        return str(_("will be ordered with the decision"))
    if order.arrived_on is None:
        return str(_("ordered on %(day)s, not here yet", day=formats.day(order.ordered_on)))
    return str(_("%(number)s came on %(day)s", number=order.number or "–", day=formats.day(order.arrived_on)))
