"""What holds up a registration beside its originals: a register that says something, a document promised for later."""

import pytest

from app.domain.errors import ConditionMissing
from app.domain.procedures import Stage
from tests.domain.test_procedure_paths import temporarily_registered, with_originals


@pytest.mark.parametrize("edition", ["sekap", "2022"])
def test_what_a_condition_promises_may_come_after_the_temporary_registration_and_not_after_the_registration(edition):
    ready = {"number_assigned": True, "permit_prepared": True, "sticker_prepared": edition == "sekap"}
    case = with_originals("registration", edition).knows(**ready, papers_to_come=1)
    with pytest.raises(ConditionMissing, match="customs-papers-here-or-later"):
        case.does("register_temporarily")
    case.knows(conditional=True).does("register_temporarily").knows(agreement_accepted=True, to_hand_out=3)
    case.does("hand_out").knows(certificate_arrived=True, certificate_invalidated=True).does("announce_certificate")

    with pytest.raises(ConditionMissing, match="customs-papers-here"):
        case.does("register")
    assert case.knows(papers_to_come=0).does("register").stage is Stage.PERMANENT_READY


def test_the_tax_authority_is_told_once_the_plates_were_asked_for_in_vain():
    case = temporarily_registered().knows(agreement_accepted=True, to_hand_out=3).does("hand_out")
    case.knows(permit_expired=True, plates_asked_in_vain=True, tax_authority_named=True)
    with pytest.raises(ConditionMissing, match="registered-conditionally"):
        case.does("notify_tax_office")

    assert case.knows(conditional=True).does("notify_tax_office").stage is Stage.HANDED_OVER


def test_while_a_register_says_something_nothing_is_registered():
    ready = {"number_assigned": True, "permit_prepared": True, "vehicle_reported": True}
    case = with_originals("registration", "2022").knows(**ready)

    with pytest.raises(ConditionMissing, match="nothing-reported"):
        case.does("register_temporarily")
    assert case.knows(vehicle_reported=False).does("register_temporarily").stage is Stage.AGREEING_HANDOVER
