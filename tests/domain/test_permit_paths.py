"""Until when can a temporary permit be extended?"""

import pytest

from app.domain.procedures import CaseFacts, Stage, procedure_of


@pytest.mark.parametrize("edition", ["sekap", "2022"])
def test_a_permit_that_has_ended_is_not_extended_at_any_stage(edition):
    extending = [step for step in procedure_of("registration", edition).steps if step.name == "extend_permit"]
    ended = CaseFacts(permit_prepared=True, permit_expired=True)

    assert {step.origin for step in extending} == {Stage.AGREEING_HANDOVER, Stage.HANDED_OVER, Stage.PERMANENT_READY}
    for step in extending:
        assert [one.code for one in step.missing(ended)] == ["permit-runs"]
