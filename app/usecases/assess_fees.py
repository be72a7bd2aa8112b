"""Which fees are due in a case, by the dictionary of the day on which it came."""

from __future__ import annotations

from app.domain.determinations import DeterminationCode
from app.domain.fees import FeeAnswers, fees_due
from app.domain.procedures.stages import ProcedureName
from app.models import Case, Fee
from app.usecases.case_facts import answers_of_case, determinations


def assess_fees(case: Case) -> None:
    """Write down the fees that are due in `case`; what was proved stays, what is no longer due goes."""
    if case.procedure == ProcedureName.UNDESCRIBED.value:
        return
    said = answers_of_case(case)
    found = determinations(case)
    due = fees_due(
        ProcedureName(case.procedure),
        case.edition,
        FeeAnswers(
            vehicle_class=said.vehicle_class,
            plate_kind=said.plate_kind,
            number_kept=DeterminationCode.NUMBER_KEPT in found,
            short_path=DeterminationCode.ROOM_FOR_ANNOTATION in found,
            extra_plate=said.extra_plate_wished,
            by_proxy=said.by_proxy,
            proxy_is_family=said.proxy_is_family,
        ),
        case.received_on,
    )
    wanted = {one.fee.code: one for one in due}
    for fee in list(case.fees):
        if fee.code not in wanted and fee.proved_at is None:
            case.fees.remove(fee)
    there = {fee.code: fee for fee in case.fees}
    for code, one in wanted.items():
        if code not in there:
            case.fees.append(Fee(code=code, grosze=one.grosze, law=one.fee.law))
        elif there[code].proved_at is None:
            there[code].grosze = one.grosze
