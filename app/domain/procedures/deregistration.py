"""Deregistration of a vehicle. The tables below are the procedure, in two editions; nothing else decides it.

The editions differ in what has to be surrendered (the vehicle card is gone since 2022-09-04), which `documents.py`
knows, and in the law that they cite; their steps are the same.
"""

from __future__ import annotations

from app.domain.procedures.common import FIRST_STEPS, side_steps
from app.domain.procedures.conditions import (
    acts_ex_officio,
    agreement_accepted,
    answer_overdue,
    certificate_invalidated,
    deregistration_decided,
    documents_accepted,
    everything_agreed,
    fees_paid,
    letters_posted,
    not_suspended,
    nothing_owed,
    nothing_to_hand_out,
    nothing_to_post,
    parcel_returned,
    something_to_hand_out,
    something_to_post,
)
from app.domain.procedures.machine import Procedure, Step
from app.domain.procedures.stages import DESK, Doer, ProcedureName, Stage

_LINE = (
    Stage.RECEIVED,
    Stage.VERIFICATION,
    Stage.AWAITING_ORIGINALS,
    Stage.ORIGINALS_COMPLETE,
    Stage.AGREEING_HANDOVER,
    Stage.CLOSED,
)

_s = Stage
# fmt: off
_DEREGISTERING = (
    # On what the office was told, with nothing of the owner; who gets a decision not asked for may appeal.
    Step("notify_initiation", _s.VERIFICATION,        _s.VERIFICATION,       (acts_ex_officio,),
         law="KPA art. 61 § 4"),
    Step("deregister_ex_officio", _s.VERIFICATION,    _s.CLOSED,
         (not_suspended, acts_ex_officio, documents_accepted),
         law="PRD art. 79 ust. 3, 3a, 3b"),

    Step("deregister",        _s.ORIGINALS_COMPLETE,  _s.AGREEING_HANDOVER,
         (not_suspended, fees_paid, certificate_invalidated),
         law="PRD art. 79 ust. 1"),

    # The decision; for export out of Poland also the invalidated certificate.
    Step("propose_handover",  _s.AGREEING_HANDOVER,   _s.AGREEING_HANDOVER),
    Step("answer_handover",   _s.AGREEING_HANDOVER,   _s.AGREEING_HANDOVER,  by=(Doer.CITIZEN, *DESK)),
    Step("remind",            _s.AGREEING_HANDOVER,   _s.AGREEING_HANDOVER,  (answer_overdue,),
         by=(Doer.CLERK, Doer.SYSTEM)),
    Step("hand_out",          _s.AGREEING_HANDOVER,   _s.CLOSED,
         (agreement_accepted, something_to_hand_out, nothing_to_post, everything_agreed),
         by=DESK,  law="KPA art. 109 § 1"),
    Step("hand_out",          _s.AGREEING_HANDOVER,   _s.AGREEING_HANDOVER,
         (agreement_accepted, something_to_hand_out, something_to_post),  by=DESK,  law="KPA art. 109 § 1"),
    Step("dispatch",          _s.AGREEING_HANDOVER,   _s.CLOSED,
         (agreement_accepted, something_to_post, nothing_to_hand_out, everything_agreed),
         by=DESK,  law="KPA art. 109 § 1"),
    Step("dispatch",          _s.AGREEING_HANDOVER,   _s.AGREEING_HANDOVER,
         (agreement_accepted, something_to_post, something_to_hand_out),  by=DESK,  law="KPA art. 109 § 1"),
    # Nobody came, and the decision went by post: nothing is left to be agreed about.
    Step("close",             _s.AGREEING_HANDOVER,   _s.CLOSED,
         (deregistration_decided, nothing_owed, letters_posted),
         by=(Doer.CLERK, Doer.SYSTEM)),

    Step("take_back_parcel",  _s.CLOSED,              _s.AGREEING_HANDOVER,
         (parcel_returned, deregistration_decided),  by=DESK),
)
# fmt: on


def _edition(code: str) -> Procedure:
    return Procedure(
        ProcedureName.DEREGISTRATION,
        code,
        line=_LINE,
        steps=(
            *FIRST_STEPS,
            *_DEREGISTERING,
            *side_steps(refusal="KPA art. 104 § 1", delays=(*_LINE[:-1], Stage.AWAITING_REMEDY)),
        ),
    )


SEKAP = _edition("sekap")
LAW_OF_2022 = _edition("2022")
