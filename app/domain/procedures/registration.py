"""Registration of a vehicle. The tables below are the procedure, in two editions; nothing else decides it.

`sekap` is what the city told its citizens: control sticker, vehicle card, return of the temporary permit, the policy
shown. `2022` is the law since 2022-09-04: none of these, and a short path without temporary registration for an owner
who keeps the number.
"""

from __future__ import annotations

from app.domain.procedures.common import FIRST_STEPS, sending_back, side_steps
from app.domain.procedures.condition import Condition
from app.domain.procedures.conditions import (
    agreement_accepted,
    answer_overdue,
    certificate_arrived,
    certificate_invalidated,
    discrepancy_found,
    everything_agreed,
    extra_plate_here,
    fees_paid,
    last_office_named,
    last_office_not_told,
    not_registered_yet,
    not_suspended,
    nothing_to_hand_out,
    nothing_to_post,
    number_assigned,
    number_kept,
    old_certificate_confirmed,
    parcel_returned,
    permit_expired,
    permit_not_extended,
    permit_prepared,
    permit_returned,
    permit_runs,
    plates_here,
    policy_shown,
    refusal_reasoned,
    registration_decided,
    room_for_annotation,
    something_to_hand_out,
    something_to_post,
    sticker_prepared,
    summons_expired,
)
from app.domain.procedures.conditions_of_vehicle import (
    customs_papers_here,
    customs_papers_here_or_later,
    no_permit_prepared,
    nothing_reported,
    nothing_reported_before_registration,
    plates_asked_in_vain,
    plates_out,
    registered_conditionally,
    tax_authority_named,
)
from app.domain.procedures.machine import Procedure, Step, from_each
from app.domain.procedures.stages import DESK, Doer, ProcedureName, Stage

_REMINDING = (Doer.CLERK, Doer.SYSTEM)

_LINE = (
    Stage.RECEIVED,
    Stage.VERIFICATION,
    Stage.AWAITING_ORIGINALS,
    Stage.ORIGINALS_COMPLETE,
    Stage.AGREEING_HANDOVER,
    Stage.HANDED_OVER,
    Stage.PERMANENT_READY,
    Stage.CLOSED,
)
_OPEN = (*_LINE[:-1], Stage.AWAITING_REMEDY)
_AFTER_HANDING_OVER = (Stage.HANDED_OVER, Stage.PERMANENT_READY)
_WITH_A_PERMIT = (Stage.AGREEING_HANDOVER, Stage.HANDED_OVER, Stage.PERMANENT_READY)

_s = Stage
_DECIDABLE = (not_suspended, nothing_reported)
_READY = (fees_paid, number_assigned, plates_here, permit_prepared)
_BACK = (permit_returned, policy_shown)
"""What the owner brings before the permanent certificate is given out, in the edition `sekap`."""


def _giving_out(*needs: Condition) -> tuple[Step, ...]:
    """Return how the permanent certificate goes out; where something goes another way, the case waits for that.

    The old one is invalidated first, also one that was lent until then (CZYNN zał. 1 § 2 ust. 3 pkt 3; the order is
    that of § 6 ust. 1 pkt 10, 11 and § 11 pkt 5).
    """
    needs = (*needs, certificate_invalidated)
    # fmt: off
    return (
        Step("issue",     _s.PERMANENT_READY,  _s.CLOSED,           (*needs, nothing_to_post),
             by=DESK,  law="KPA art. 109 § 1"),
        Step("issue",     _s.PERMANENT_READY,  _s.PERMANENT_READY,  (*needs, something_to_post),
             by=DESK,  law="KPA art. 109 § 1"),
        Step("dispatch",  _s.PERMANENT_READY,  _s.CLOSED,
             (*needs, agreement_accepted, something_to_post, nothing_to_hand_out, everything_agreed),
             by=DESK,  law="KPA art. 109 § 1"),
        Step("dispatch",  _s.PERMANENT_READY,  _s.PERMANENT_READY,
             (*needs, agreement_accepted, something_to_post, something_to_hand_out),
             by=DESK,  law="KPA art. 109 § 1"),
    )
    # fmt: on


# fmt: off
_REGISTERING_SEKAP = (
    # name                       from                   to                     what must be true first, by whom, law
    Step("register_temporarily", _s.ORIGINALS_COMPLETE, _s.AGREEING_HANDOVER,
         (*_DECIDABLE, customs_papers_here_or_later, *_READY, sticker_prepared),
         law="PRD art. 74 ust. 2 pkt 1"),
    Step("announce_certificate", _s.HANDED_OVER,        _s.PERMANENT_READY,    (certificate_arrived,),
         law="KPA art. 50, 54"),
)
_ISSUING_SEKAP = (
    *_giving_out(extra_plate_here, registration_decided, *_BACK),
)

_REGISTERING_2022 = (
    Step("register_temporarily", _s.ORIGINALS_COMPLETE, _s.AGREEING_HANDOVER,
         (*_DECIDABLE, customs_papers_here_or_later, *_READY),  law="PRD art. 74 ust. 2 pkt 1"),
    # The short path: the old certificate, annotated, stands in for the permit.
    Step("register_directly",    _s.ORIGINALS_COMPLETE, _s.AGREEING_HANDOVER,
         (*_DECIDABLE, customs_papers_here, no_permit_prepared, fees_paid, number_kept, old_certificate_confirmed,
          room_for_annotation),
         law="PRD art. 74 ust. 2d"),
    Step("announce_certificate", _s.HANDED_OVER,        _s.PERMANENT_READY,    (certificate_arrived,),
         law="PRD art. 74 ust. 2f"),
)
_ISSUING_2022 = (
    *_giving_out(extra_plate_here, registration_decided),
)

_HANDING_OVER = (
    # The permit, the plates, the decision, and the originals that go back; a mixed agreement takes both steps.
    Step("propose_handover",     _s.AGREEING_HANDOVER,  _s.AGREEING_HANDOVER),
    Step("answer_handover",      _s.AGREEING_HANDOVER,  _s.AGREEING_HANDOVER,  by=(Doer.CITIZEN, *DESK)),
    Step("remind",               _s.AGREEING_HANDOVER,  _s.AGREEING_HANDOVER,  (answer_overdue,),  by=_REMINDING),
    Step("hand_out",             _s.AGREEING_HANDOVER,  _s.HANDED_OVER,
         (agreement_accepted, something_to_hand_out, nothing_to_post, nothing_reported_before_registration),
         by=DESK,  law="KPA art. 109 § 1"),
    Step("hand_out",             _s.AGREEING_HANDOVER,  _s.AGREEING_HANDOVER,
         (agreement_accepted, something_to_hand_out, something_to_post, nothing_reported_before_registration),
         by=DESK,  law="KPA art. 109 § 1"),
    Step("dispatch",             _s.AGREEING_HANDOVER,  _s.HANDED_OVER,
         (agreement_accepted, something_to_post, nothing_to_hand_out, nothing_reported_before_registration),
         by=DESK,  law="KPA art. 109 § 1"),
    Step("dispatch",             _s.AGREEING_HANDOVER,  _s.AGREEING_HANDOVER,
         (agreement_accepted, something_to_post, something_to_hand_out, nothing_reported_before_registration),
         by=DESK,  law="KPA art. 109 § 1"),
    Step("take_back_parcel",     _s.HANDED_OVER,        _s.AGREEING_HANDOVER,  (parcel_returned,),  by=DESK),
    *sending_back(_s.HANDED_OVER),

    # The decision on registration, its permanent certificate, and the way it goes.
    # Since the temporary registration the old certificate lies here whole: its data are compared until now, and a copy
    # may go to the office that issued it (CZYNN zał. 1 § 2 ust. 4 pkt 2, zał. 10 § 3, 4).
    Step("register",             _s.PERMANENT_READY,    _s.PERMANENT_READY,
         (not_registered_yet, nothing_reported, customs_papers_here, certificate_invalidated),
         law="PRD art. 73 ust. 1"),
    Step("propose_handover",     _s.PERMANENT_READY,    _s.PERMANENT_READY),
    Step("answer_handover",      _s.PERMANENT_READY,    _s.PERMANENT_READY,    by=(Doer.CITIZEN, *DESK)),
    Step("remind",               _s.PERMANENT_READY,    _s.PERMANENT_READY,    (answer_overdue,),  by=_REMINDING),
    Step("take_back_parcel",     _s.CLOSED,             _s.PERMANENT_READY,
         (parcel_returned, registration_decided),  by=DESK),
)

_PERMIT = (
    *from_each(_WITH_A_PERMIT,
               Step("extend_permit",  _s.HANDED_OVER,  _s.HANDED_OVER,
                    (permit_prepared, permit_runs, permit_not_extended, not_registered_yet),
                    law="PRD art. 74 ust. 3")),
    *from_each(_AFTER_HANDING_OVER,
               Step("summon_plates",  _s.HANDED_OVER,  _s.HANDED_OVER,  (permit_expired, not_registered_yet),
                    law="PRD art. 74 ust. 5")),
    Step("summon_plates",  _s.REFUSED,  _s.REFUSED,  (permit_expired, plates_out),  law="PRD art. 74 ust. 5"),

    # What was to come back with it may be long in coming.
    *from_each((*_AFTER_HANDING_OVER, Stage.REFUSED),
               Step("remind",         _s.HANDED_OVER,  _s.HANDED_OVER,  (summons_expired,),  law="KPA art. 54 § 1")),

    # Registered conditionally: a customs or excise document may be the wrong one, or may not come at all.
    *from_each(_AFTER_HANDING_OVER,
               Step("summon_further", _s.HANDED_OVER,  _s.HANDED_OVER,  (registered_conditionally, discrepancy_found),
                    law="KPA art. 50, 54")),
    *from_each(_AFTER_HANDING_OVER,
               Step("notify_tax_office", _s.HANDED_OVER, _s.HANDED_OVER,
                    (registered_conditionally, plates_asked_in_vain, not_registered_yet, tax_authority_named),
                    law="CZYNN zał. 1 § 1 ust. 8")),
)
_TELLING = from_each(
    (Stage.ORIGINALS_COMPLETE, *_WITH_A_PERMIT, Stage.CLOSED),
    Step("notify_office",  _s.ORIGINALS_COMPLETE,  _s.ORIGINALS_COMPLETE,  (last_office_named, last_office_not_told),
         law="CZYNN zał. 10"),
)
# fmt: on

_REFUSAL_SEKAP, _REFUSAL_2022 = "KPA art. 104 § 1", "PRD art. 73 ust. 1e"


def _refusing_at_last(law: str) -> tuple[Step, ...]:
    """Return how the second decision is refused: a register reports the vehicle, or its papers never came."""
    return from_each(
        _WITH_A_PERMIT,
        Step("refuse", _s.PERMANENT_READY, _s.REFUSED, (not_registered_yet, refusal_reasoned), law=law),
    )


SEKAP = Procedure(
    ProcedureName.REGISTRATION,
    "sekap",
    line=_LINE,
    steps=(
        *FIRST_STEPS,
        *_REGISTERING_SEKAP,
        *_HANDING_OVER,
        *_ISSUING_SEKAP,
        *_PERMIT,
        *_TELLING,
        *_refusing_at_last(_REFUSAL_SEKAP),
        *side_steps(refusal=_REFUSAL_SEKAP, delays=_OPEN),
    ),
)

LAW_OF_2022 = Procedure(
    ProcedureName.REGISTRATION,
    "2022",
    line=_LINE,
    steps=(
        *FIRST_STEPS,
        *_REGISTERING_2022,
        *_HANDING_OVER,
        *_ISSUING_2022,
        *_PERMIT,
        *_TELLING,
        *_refusing_at_last(_REFUSAL_2022),
        *side_steps(refusal=_REFUSAL_2022, delays=_OPEN),
    ),
)
