"""Which steps do registration and deregistration share? The first stages, and the ways out of the line."""

from __future__ import annotations

from app.domain.procedures.conditions import (
    acknowledgements_in,
    address_missing,
    appeal_term_passed,
    decision_final,
    decision_repealed,
    delay_noted,
    discrepancy_found,
    documents_accepted,
    every_item_settled,
    letters_posted,
    may_be_complicated,
    no_appeal_open,
    no_delay_noted,
    no_originals_required,
    no_party_objects,
    not_suspended,
    nothing_moved,
    nothing_owed,
    on_application,
    originals_in_order,
    originals_required,
    other_authority_named,
    pointless,
    refusal_reasoned,
    reminded,
    signature_settled,
    signature_undecided,
    something_to_remedy,
    something_to_send_back,
    summons_expired,
    suspended,
    withdrawal_signed,
    withdrawal_unsigned,
    withdrawal_void,
)
from app.domain.procedures.conditions_of_vehicle import plates_asked_back
from app.domain.procedures.machine import Step, from_each
from app.domain.procedures.stages import DESK, OFFICE, UNDECIDED_STAGES, Doer, Stage

_WORKED_ON = tuple(stage for stage in Stage if stage in UNDECIDED_STAGES)
_BEFORE_THE_DECISION = (Stage.RECEIVED, *_WORKED_ON)


_s = Stage

# fmt: off
FIRST_STEPS = (
    # name                    from                    to                     what must be true first, by whom, law
    Step("take",              _s.RECEIVED,            _s.VERIFICATION),

    Step("accept_signature",  _s.VERIFICATION,        _s.VERIFICATION,       (signature_undecided,),
         law="KPA art. 63 § 3a"),
    Step("summon_originals",  _s.VERIFICATION,        _s.AWAITING_ORIGINALS,
         (signature_settled, documents_accepted, originals_required),  law="KPA art. 50, 54"),
    Step("summon_remedy",     _s.VERIFICATION,        _s.AWAITING_REMEDY,    (something_to_remedy,),
         law="KPA art. 64 § 2"),
    # None is needed (some grounds of deregistration; an electronic invoice), or all of them are here.
    Step("skip_originals",    _s.VERIFICATION,        _s.ORIGINALS_COMPLETE,
         (on_application, signature_settled, documents_accepted, no_originals_required, originals_in_order)),

    Step("supplement",        _s.AWAITING_REMEDY,     _s.VERIFICATION,       by=(Doer.CITIZEN, *DESK),
         law="KPA art. 64 § 2"),
    Step("extend_summons",    _s.AWAITING_REMEDY,     _s.AWAITING_REMEDY,    by=OFFICE,  law="KPA art. 64 § 2"),
    Step("leave_unexamined",  _s.AWAITING_REMEDY,     _s.LEFT_UNEXAMINED,    (summons_expired,),
         law="KPA art. 64 § 2"),

    Step("confirm_originals", _s.AWAITING_ORIGINALS,  _s.ORIGINALS_COMPLETE, (originals_in_order,)),
    Step("summon_further",    _s.AWAITING_ORIGINALS,  _s.AWAITING_ORIGINALS, (discrepancy_found,),
         law="KPA art. 50, 54"),
    Step("extend_summons",    _s.AWAITING_ORIGINALS,  _s.AWAITING_ORIGINALS, by=OFFICE,  law="KPA art. 54 § 1"),
    Step("remind",            _s.AWAITING_ORIGINALS,  _s.AWAITING_ORIGINALS, (summons_expired,),
         law="KPA art. 54 § 1"),
    Step("leave_unexamined",  _s.AWAITING_ORIGINALS,  _s.LEFT_UNEXAMINED,    (summons_expired, reminded),
         law="KPA art. 64 § 2"),
)
# fmt: on


def sending_back(*stages: Stage) -> tuple[Step, ...]:
    """Return how the office sends back by post, of itself, what it holds: nobody has to agree, as nothing is given.

    While a case is under way that is what nobody asked for; once it has ended, all that came.
    """
    return from_each(stages, Step("send_back", stages[0], stages[0], (something_to_send_back,)))


# fmt: off
WAYS_OUT = (
    Step("discontinue",  Stage.WITHDRAWN,        Stage.DISCONTINUED,  (no_party_objects, withdrawal_signed),
         law="KPA art. 105 § 2"),
    Step("summon_remedy", Stage.WITHDRAWN,       Stage.WITHDRAWN,     (withdrawal_unsigned,),
         law="KPA art. 64 § 2"),
    Step("resume",       Stage.WITHDRAWN,        Stage.VERIFICATION,  (withdrawal_void,),
         law="KPA art. 64 § 2, 105 § 2"),
    # Repealed on appeal, the matter is decided anew; not what was made for it, or was destroyed meanwhile.
    *from_each((Stage.REFUSED, Stage.DISCONTINUED),
               Step("resume", Stage.REFUSED, Stage.VERIFICATION, (decision_repealed, nothing_moved),
                    law="KPA art. 138 § 2")),

    *sending_back(Stage.VERIFICATION, Stage.AWAITING_REMEDY, Stage.WITHDRAWN, Stage.LEFT_UNEXAMINED, Stage.TRANSFERRED,
                  Stage.REFUSED, Stage.DISCONTINUED, Stage.CLOSED),
    Step("close",        Stage.LEFT_UNEXAMINED,  Stage.CLOSED,        (nothing_owed, letters_posted)),
    Step("close",        Stage.TRANSFERRED,      Stage.CLOSED,        (nothing_owed, letters_posted)),
    Step("close",        Stage.REFUSED,          Stage.CLOSED,
         (no_appeal_open, decision_final, plates_asked_back, nothing_owed)),
    Step("close",        Stage.DISCONTINUED,     Stage.CLOSED,        (no_appeal_open, decision_final, nothing_owed)),

    Step("archive",      Stage.CLOSED,           Stage.ARCHIVED,
         (acknowledgements_in, every_item_settled, no_appeal_open, appeal_term_passed),  by=(Doer.CLERK, Doer.SYSTEM)),
)
# fmt: on


# fmt: off
_CLOCK = (
    Step("suspend",          _s.VERIFICATION,  _s.VERIFICATION,  (not_suspended,),       law="KPA art. 97 § 1, 98 § 1"),
    Step("take_up",          _s.VERIFICATION,  _s.VERIFICATION,  (suspended,),           law="KPA art. 97 § 2, 98 § 2"),
    Step("await_party",      _s.VERIFICATION,  _s.VERIFICATION,  (no_delay_noted,),      law="KPA art. 35 § 5"),
    Step("await_outside",    _s.VERIFICATION,  _s.VERIFICATION,  (no_delay_noted,),      law="KPA art. 35 § 5"),
    Step("go_on",            _s.VERIFICATION,  _s.VERIFICATION,  (delay_noted,),         law="KPA art. 35 § 5"),
    Step("deem_complicated", _s.VERIFICATION,  _s.VERIFICATION,  (may_be_complicated,),  law="KPA art. 35 § 3"),
)
# fmt: on


def clock_steps() -> tuple[Step, ...]:
    """Return what a clerk may do to the clock of a case, while it is worked on and not decided."""
    return tuple(step for row in _CLOCK for step in from_each(_WORKED_ON, row))


def delay_notices(*stages: Stage) -> tuple[Step, ...]:
    """Return the notice of a delay with its new date, which may be needed at each of `stages`."""
    return from_each(stages, Step("notify_delay", stages[0], stages[0], by=OFFICE, law="KPA art. 36 § 1"))


def side_steps(*, refusal: str, delays: tuple[Stage, ...]) -> tuple[Step, ...]:
    """Return the steps beside the line: back, aside and out of it.

    `refusal` is the law by which the procedure refuses; `delays` are the stages at which a delay may have to be told.
    """
    # fmt: off
    return (
        Step("summon_further",    _s.ORIGINALS_COMPLETE,  _s.AWAITING_ORIGINALS, (discrepancy_found,),
             law="KPA art. 50, 54"),
        Step("describe",          _s.VERIFICATION,        _s.VERIFICATION,       law="KPA art. 63 § 2"),
        Step("give_back",         _s.VERIFICATION,        _s.RECEIVED,           by=OFFICE),
        *from_each(_WORKED_ON,
                   Step("transfer", _s.VERIFICATION,      _s.TRANSFERRED,        (other_authority_named,),
                        law="KPA art. 65 § 1")),
        Step("leave_unexamined",  _s.VERIFICATION,        _s.LEFT_UNEXAMINED,    (address_missing,),
             law="KPA art. 64 § 1"),
        *from_each((_s.VERIFICATION, _s.AWAITING_ORIGINALS, _s.ORIGINALS_COMPLETE),
                   Step("refuse", _s.VERIFICATION,        _s.REFUSED,            (not_suspended, refusal_reasoned),
                        law=refusal)),
        *from_each(_WORKED_ON,
                   Step("discontinue", _s.VERIFICATION,   _s.DISCONTINUED,       (not_suspended, pointless),
                        law="KPA art. 105 § 1")),
        *from_each(_BEFORE_THE_DECISION,
                   Step("withdraw", _s.RECEIVED,          _s.WITHDRAWN,          (on_application,),
                        by=(Doer.CITIZEN, *DESK),
                        law="KPA art. 105 § 2")),
        *delay_notices(*delays),
        *sending_back(_s.AWAITING_ORIGINALS, _s.ORIGINALS_COMPLETE),
        *clock_steps(),
        *WAYS_OUT,
    )
    # fmt: on
