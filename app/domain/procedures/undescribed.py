"""A case without a readable form: nobody knows yet what the party asks for.

A clerk takes it and describes it; with that it becomes a case of the procedure that fits, at the same stage,
VERIFICATION. What nobody can make out ends here.
"""

from __future__ import annotations

from app.domain.procedures.common import WAYS_OUT, delay_notices
from app.domain.procedures.conditions import (
    address_missing,
    other_authority_named,
    something_to_remedy,
    summons_expired,
)
from app.domain.procedures.machine import Procedure, Step, from_each
from app.domain.procedures.stages import DESK, OFFICE, Doer, ProcedureName, Stage

_s = Stage

# fmt: off
_STEPS = (
    Step("take",              _s.RECEIVED,         _s.VERIFICATION),
    Step("give_back",         _s.VERIFICATION,     _s.RECEIVED,         by=OFFICE),
    Step("describe",          _s.VERIFICATION,     _s.VERIFICATION,     law="KPA art. 63 § 2"),
    Step("summon_remedy",     _s.VERIFICATION,     _s.AWAITING_REMEDY,  (something_to_remedy,),  law="KPA art. 64 § 2"),
    *from_each((_s.VERIFICATION, _s.AWAITING_REMEDY),
               Step("transfer",  _s.VERIFICATION,  _s.TRANSFERRED,      (other_authority_named,),
                    law="KPA art. 65 § 1")),
    Step("leave_unexamined",  _s.VERIFICATION,     _s.LEFT_UNEXAMINED,  (address_missing,),      law="KPA art. 64 § 1"),
    Step("supplement",        _s.AWAITING_REMEDY,  _s.VERIFICATION,     by=(Doer.CITIZEN, *DESK),
         law="KPA art. 64 § 2"),
    Step("extend_summons",    _s.AWAITING_REMEDY,  _s.AWAITING_REMEDY,  by=OFFICE,               law="KPA art. 64 § 2"),
    Step("leave_unexamined",  _s.AWAITING_REMEDY,  _s.LEFT_UNEXAMINED,  (summons_expired,),      law="KPA art. 64 § 2"),
    *from_each((_s.RECEIVED, _s.VERIFICATION, _s.AWAITING_REMEDY),
               Step("withdraw",  _s.RECEIVED,      _s.WITHDRAWN,        by=(Doer.CITIZEN, *DESK),
                    law="KPA art. 105 § 2")),
)
# fmt: on

_LINE = (Stage.RECEIVED, Stage.VERIFICATION, Stage.CLOSED)
# What nobody has described cannot be refused.
_WAYS_OUT = tuple(step for step in WAYS_OUT if step.origin is not Stage.REFUSED)


def _edition(code: str) -> Procedure:
    steps = (*_STEPS, *delay_notices(Stage.RECEIVED, Stage.VERIFICATION, Stage.AWAITING_REMEDY), *_WAYS_OUT)
    return Procedure(ProcedureName.UNDESCRIBED, code, line=_LINE, steps=steps)


SEKAP = _edition("sekap")
LAW_OF_2022 = _edition("2022")
