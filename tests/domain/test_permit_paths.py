"""Until when can a temporary permit be extended, and what does one that is prepared rule out?"""

import pytest

from app.domain.errors import ConditionMissing
from app.domain.procedures import CaseFacts, Stage, procedure_of
from tests.domain.test_procedure_paths import with_originals


@pytest.mark.parametrize("edition", ["sekap", "2022"])
def test_a_permit_that_has_ended_is_not_extended_at_any_stage(edition):
    extending = [step for step in procedure_of("registration", edition).steps if step.name == "extend_permit"]
    ended = CaseFacts(permit_prepared=True, permit_expired=True)

    assert {step.origin for step in extending} == {Stage.AGREEING_HANDOVER, Stage.HANDED_OVER, Stage.PERMANENT_READY}
    for step in extending:
        assert [one.code for one in step.missing(ended)] == ["permit-runs"]


def test_nobody_is_registered_at_once_while_a_temporary_permit_is_prepared():
    ready = {"number_kept": True, "old_certificate_confirmed": True, "room_for_annotation": True}
    case = with_originals("registration", "2022").knows(**ready, permit_prepared=True)

    with pytest.raises(ConditionMissing, match="no-permit-prepared"):
        case.does("register_directly")
