"""Which fees are due in a case, by the dictionary of the day on which it came."""

from __future__ import annotations

import datetime as dt

from app.domain.determinations import DOUBTFUL_FEES, DeterminationCode
from app.domain.fees import Due, FeeAnswers, fees_due, fees_in_doubt
from app.domain.procedures.stages import ProcedureName
from app.models import Case, Fee
from app.usecases.case_facts import acts_ex_officio, answers_of_case, determinations


def assess_fees(case: Case) -> None:
    """Write down the fees that are due in `case`; what was proved stays, what is no longer due goes."""
    if case.procedure == ProcedureName.UNDESCRIBED.value:
        return
    due = () if acts_ex_officio(case) else fees_due(*_question(case))
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


def unsettled_fees(case: Case) -> tuple[Due, ...]:
    """Return the fees of `case` of which the dictionary is not sure, and no clerk has settled whether they are due."""
    if case.procedure == ProcedureName.UNDESCRIBED.value or acts_ex_officio(case) or _newest_of_doubtful(case):
        return ()
    return fees_in_doubt(*_question(case))


def _question(case: Case) -> tuple[ProcedureName, str, FeeAnswers, dt.date]:
    said, found = answers_of_case(case), determinations(case)
    answers = FeeAnswers(
        vehicle_class=said.vehicle_class,
        plate_kind=said.plate_kind,
        number_kept=DeterminationCode.NUMBER_KEPT in found,
        short_path=DeterminationCode.ROOM_FOR_ANNOTATION in found,
        extra_plate=said.extra_plate_wished,
        by_proxy=said.by_proxy,
        proxy_is_family=said.proxy_is_family,
        doubtful_due=_newest_of_doubtful(case) is DeterminationCode.FEE_DUE,
    )
    return ProcedureName(case.procedure), case.edition, answers, case.received_on


def _newest_of_doubtful(case: Case) -> DeterminationCode | None:
    return next((code for code in determinations(case) if code in DOUBTFUL_FEES), None)
