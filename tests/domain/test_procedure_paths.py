"""The procedures as stories: which steps lead a case from its receipt to the archive."""

import dataclasses
import datetime as dt

import pytest

from app.domain.errors import ConditionMissing, StepNotOpen
from app.domain.procedures import (
    DEFAULT_PERIODS,
    LAW_PERIODS,
    CaseFacts,
    Period,
    ProcedureName,
    Progress,
    Stage,
    Verdict,
    edition_for,
    line_of_steps,
    procedure_of,
)

EVERYBODY = frozenset({"clerk", "front_desk", "citizen", "system"})


class Walk:
    """A case without a database: what is known of it, and where it stands."""

    def __init__(self, procedure, edition):
        self.procedure = procedure_of(procedure, edition)
        self.stage = self.procedure.initial
        self.facts = CaseFacts()

    def knows(self, **facts):
        self.facts = dataclasses.replace(self.facts, **facts)
        return self

    def does(self, *steps):
        for step in steps:
            self.stage = self.procedure.next_stage(self.stage, step, self.facts, EVERYBODY)
        return self


def verified(procedure, edition="sekap"):
    return Walk(procedure, edition).does("take").knows(verdicts=(Verdict.ACCEPTED,) * 5)


def with_originals(procedure, edition="sekap"):
    case = verified(procedure, edition).does("summon_originals").knows(originals_awaited=4)
    return case.knows(originals_awaited=0).does("confirm_originals").knows(fees_paid=True)


def temporarily_registered(edition="sekap"):
    ready = {"number_assigned": True, "permit_prepared": True, "sticker_prepared": edition == "sekap"}
    return with_originals("registration", edition).knows(**ready).does("register_temporarily")


def test_registration_in_person_throughout():
    case = temporarily_registered().does("propose_handover", "answer_handover")
    case.knows(agreement_accepted=True, to_hand_out=6).does("hand_out").knows(to_hand_out=0)
    assert case.stage is Stage.HANDED_OVER

    case.knows(certificate_arrived=True, certificate_invalidated=True).does("announce_certificate", "register")
    case.knows(registration_decided=True, permit_returned=True, policy_shown=True).does("issue")

    assert case.stage is Stage.CLOSED
    assert case.does("archive").stage is Stage.ARCHIVED


def test_registration_by_post_throughout():
    case = temporarily_registered().does("propose_handover", "answer_handover")
    case.knows(agreement_accepted=True, to_post=6).does("dispatch").knows(to_post=0, acknowledgements_awaited=1)
    case.knows(certificate_arrived=True, certificate_invalidated=True).does("announce_certificate", "register")
    case.knows(registration_decided=True)
    case.knows(permit_returned=True, policy_shown=True, to_post=4, acknowledgements_awaited=2).does("dispatch")
    assert case.stage is Stage.CLOSED

    with pytest.raises(ConditionMissing, match="acknowledgements-in"):
        case.does("archive")
    assert case.knows(acknowledgements_awaited=0, to_post=0).does("archive").stage is Stage.ARCHIVED


def test_a_mixed_agreement_is_carried_out_in_either_order():
    for first, second in (("hand_out", "dispatch"), ("dispatch", "hand_out")):
        case = temporarily_registered().knows(agreement_accepted=True, to_hand_out=3, to_post=3).does(first)
        assert case.stage is Stage.AGREEING_HANDOVER

        case.knows(**{"to_hand_out" if first == "hand_out" else "to_post": 0}).does(second)
        assert case.stage is Stage.HANDED_OVER


def test_nothing_leaves_before_it_is_agreed():
    case = temporarily_registered().knows(to_hand_out=3)

    with pytest.raises(ConditionMissing, match="agreement-accepted"):
        case.does("hand_out")


@pytest.mark.parametrize("missing", ["permit_returned", "policy_shown"])
def test_the_source_gives_the_certificate_only_against_permit_and_policy(missing):
    case = temporarily_registered().knows(agreement_accepted=True, to_hand_out=3).does("hand_out")
    case.knows(certificate_arrived=True, registration_decided=True, permit_returned=True, policy_shown=True)
    case.knows(certificate_invalidated=True).does("announce_certificate").knows(**{missing: False})

    with pytest.raises(ConditionMissing, match=missing.replace("_", "-")):
        case.does("issue")


def test_since_2022_neither_sticker_nor_permit_nor_policy_is_asked_for():
    case = temporarily_registered("2022").knows(agreement_accepted=True, to_hand_out=3).does("hand_out")
    case.knows(certificate_arrived=True, registration_decided=True, certificate_invalidated=True)
    case.does("announce_certificate", "issue")

    assert case.stage is Stage.CLOSED
    with pytest.raises(ConditionMissing, match="sticker-prepared"):
        with_originals("registration").knows(number_assigned=True, permit_prepared=True).does("register_temporarily")


@pytest.mark.parametrize("edition", ["sekap", "2022"])
def test_the_old_certificate_is_invalidated_before_the_vehicle_is_registered(edition):
    case = temporarily_registered(edition).knows(agreement_accepted=True, to_hand_out=3).does("hand_out")
    case.knows(certificate_arrived=True).does("announce_certificate")

    with pytest.raises(ConditionMissing, match="certificate-invalidated"):
        case.does("register")
    assert case.knows(certificate_invalidated=True).does("register").stage is Stage.PERMANENT_READY


@pytest.mark.parametrize("way", ["issue", "dispatch"])
@pytest.mark.parametrize("edition", ["sekap", "2022"])
def test_no_permanent_certificate_goes_out_while_the_old_one_is_valid(edition, way):
    case = temporarily_registered(edition).knows(agreement_accepted=True, to_hand_out=3).does("hand_out")
    case.knows(to_hand_out=0, to_post=2 if way == "dispatch" else 0, certificate_arrived=True)
    case.does("announce_certificate").knows(registration_decided=True, permit_returned=True, policy_shown=True)

    with pytest.raises(ConditionMissing, match="certificate-invalidated"):
        case.does(way)
    assert case.knows(certificate_invalidated=True).does(way).stage is Stage.CLOSED


def test_the_short_path_needs_number_confirmation_and_room():
    conditions = {"number_kept": True, "old_certificate_confirmed": True, "room_for_annotation": True}
    for name in conditions:
        case = with_originals("registration", "2022").knows(**{**conditions, name: False})
        with pytest.raises(ConditionMissing, match=name.replace("_", "-")):
            case.does("register_directly")

    case = with_originals("registration", "2022").knows(**conditions).does("register_directly")
    assert case.stage is Stage.AGREEING_HANDOVER
    with pytest.raises(StepNotOpen):
        with_originals("registration", "sekap").knows(**conditions).does("register_directly")


def test_what_is_deficient_is_remedied_and_goes_on():
    case = Walk("registration", "sekap").does("take").knows(verdicts=(Verdict.WRONG,)).does("summon_remedy")
    case.does("supplement").knows(verdicts=(Verdict.ACCEPTED,)).does("summon_originals")

    assert case.stage is Stage.AWAITING_ORIGINALS


def test_what_is_never_remedied_is_left_unexamined_only_after_the_term():
    case = Walk("registration", "sekap").does("take").knows(verdicts=(Verdict.MISSING,)).does("summon_remedy")
    with pytest.raises(ConditionMissing, match="summons-expired"):
        case.does("leave_unexamined")

    case.does("extend_summons").knows(summons_expired=True).does("leave_unexamined", "close", "archive")

    assert case.stage is Stage.ARCHIVED


def test_one_missing_plate_leads_to_a_further_summons():
    case = verified("registration").does("summon_originals").knows(discrepancies=1)
    with pytest.raises(ConditionMissing, match="originals-in-order"):
        case.does("confirm_originals")

    case.does("summon_further").knows(discrepancies=0, originals_awaited=1)
    with pytest.raises(ConditionMissing, match="originals-in-order"):
        case.does("confirm_originals")

    assert case.knows(originals_awaited=0).does("confirm_originals").stage is (Stage.ORIGINALS_COMPLETE)


def test_originals_that_never_come_are_reminded_of_before_the_case_ends():
    case = verified("registration").does("summon_originals").knows(summons_expired=True)
    with pytest.raises(ConditionMissing, match="reminded"):
        case.does("leave_unexamined")

    assert case.does("remind").knows(reminded=True).does("leave_unexamined").stage is Stage.LEFT_UNEXAMINED


def test_a_refusal_has_reasons_and_closes_when_it_is_final_and_the_originals_are_back():
    case = with_originals("registration")
    with pytest.raises(ConditionMissing, match="refusal-reasoned"):
        case.does("refuse")

    case.knows(refusal_reasoned=True, owed=4).does("refuse")
    with pytest.raises(ConditionMissing, match="decision-final"):
        case.does("close")
    with pytest.raises(ConditionMissing, match="nothing-owed"):
        case.knows(decision_final=True).does("close")
    assert case.knows(owed=0).does("close").stage is Stage.CLOSED


def test_a_refusal_that_was_repealed_on_appeal_is_decided_anew_while_nothing_has_moved():
    case = verified("registration").knows(refusal_reasoned=True).does("refuse").knows(appeals_open=1)
    with pytest.raises(ConditionMissing, match="no-appeal-open"):
        case.does("close")
    with pytest.raises(ConditionMissing, match="decision-repealed"):
        case.does("resume")
    with pytest.raises(ConditionMissing, match="nothing-moved"):
        case.knows(appeals_open=0, decision_repealed=True, things_moved=1).does("resume")

    assert case.knows(things_moved=0).does("resume").stage is Stage.VERIFICATION
    assert case.does("refuse").stage is Stage.REFUSED


def test_a_withdrawn_case_is_discontinued_unless_another_party_objects():
    case = verified("registration").does("withdraw")
    assert case.stage is Stage.WITHDRAWN

    with pytest.raises(ConditionMissing, match="no-party-objects"):
        case.knows(party_objects=True).does("discontinue")
    assert case.does("resume").stage is Stage.VERIFICATION
    assert case.does("withdraw").knows(party_objects=False).does("discontinue").stage is Stage.DISCONTINUED


def test_after_the_decision_nobody_withdraws():
    with pytest.raises(StepNotOpen):
        temporarily_registered().does("withdraw")


def test_a_case_of_another_authority_is_transferred():
    case = verified("deregistration").knows(other_authority_named=True).does("transfer", "close", "archive")

    assert case.stage is Stage.ARCHIVED


def test_a_permit_is_extended_once():
    case = temporarily_registered().knows(agreement_accepted=True, to_hand_out=3).does("hand_out", "extend_permit")

    with pytest.raises(ConditionMissing, match="permit-not-extended"):
        case.knows(permit_extended=True).does("extend_permit")
    assert case.knows(permit_expired=True).does("summon_plates").stage is Stage.HANDED_OVER


def test_a_parcel_that_came_back_is_agreed_about_anew():
    case = temporarily_registered().knows(agreement_accepted=True, to_post=3).does("dispatch")
    case.knows(parcel_returned=True).does("take_back_parcel")

    assert case.stage is Stage.AGREEING_HANDOVER


def test_deregistration_for_scrapping():
    case = with_originals("deregistration")
    with pytest.raises(ConditionMissing, match="certificate-invalidated"):
        case.does("deregister")

    case.knows(certificate_invalidated=True).does("deregister", "propose_handover", "answer_handover")
    case.knows(agreement_accepted=True, to_hand_out=1, unsettled_items=2).does("hand_out").knows(to_hand_out=0)
    assert case.stage is Stage.CLOSED
    with pytest.raises(ConditionMissing, match="every-item-settled"):
        case.does("archive")  # the plates are not destroyed yet
    assert case.knows(unsettled_items=0).does("archive").stage is Stage.ARCHIVED


def test_a_ground_without_originals_waits_for_nothing():
    case = verified("deregistration")
    with pytest.raises(ConditionMissing, match="no-originals-required"):
        case.does("skip_originals")

    case.knows(originals_required=False, fees_paid=True, certificate_invalidated=True)
    assert case.does("skip_originals", "deregister").stage is Stage.AGREEING_HANDOVER


def test_an_unreadable_form_is_described_and_the_case_goes_on_in_its_procedure():
    nameless = Walk("undescribed", "sekap").does("take", "describe")

    case = Walk("deregistration", "sekap")
    case.stage = nameless.stage
    assert case.knows(verdicts=(Verdict.ACCEPTED,)).does("summon_originals").stage is Stage.AWAITING_ORIGINALS


def test_a_taken_case_can_be_given_back_and_taken_again():
    assert Walk("registration", "sekap").does("take", "give_back", "take").stage is Stage.VERIFICATION


D = dt.date


def test_the_edition_of_the_source_is_in_force_until_the_office_says_otherwise():
    for procedure in ProcedureName:
        assert edition_for(procedure, D(2026, 10, 1)) == "sekap"
        assert edition_for(procedure, D(2022, 9, 3), LAW_PERIODS) == "sekap"
        assert edition_for(procedure, D(2022, 9, 4), LAW_PERIODS) == "2022"


def test_an_edition_may_come_into_force_for_one_procedure_alone():
    periods = (*DEFAULT_PERIODS, Period("2022", D(2027, 1, 1), procedure=ProcedureName.REGISTRATION))

    assert edition_for(ProcedureName.REGISTRATION, D(2027, 1, 1), periods) == "2022"
    assert edition_for(ProcedureName.REGISTRATION, D(2026, 12, 31), periods) == "sekap"
    assert edition_for(ProcedureName.DEREGISTRATION, D(2027, 1, 1), periods) == "sekap"


def test_a_day_before_every_edition_is_refused():
    with pytest.raises(LookupError, match="no edition"):
        edition_for(ProcedureName.REGISTRATION, D(1999, 12, 31))


S = Stage
REGISTRATION = procedure_of("registration", "sekap")


def line(*entered):
    return [
        (point.stage, point.progress.value, point.since, point.until)
        for point in line_of_steps(REGISTRATION, [(stage, D(2026, 10, day)) for stage, day in entered])
    ]


def test_the_line_shows_what_is_done_what_goes_on_and_what_lies_ahead():
    points = line((S.RECEIVED, 1), (S.VERIFICATION, 2), (S.AWAITING_ORIGINALS, 5))

    assert points[:4] == [
        (S.RECEIVED, "done", D(2026, 10, 1), D(2026, 10, 2)),
        (S.VERIFICATION, "done", D(2026, 10, 2), D(2026, 10, 5)),
        (S.AWAITING_ORIGINALS, "current", D(2026, 10, 5), None),
        (S.ORIGINALS_COMPLETE, "ahead", None, None),
    ]
    assert [stage for stage, *_ in points] == list(REGISTRATION.line)


def test_what_came_back_from_the_post_was_not_handed_over_on_the_day_it_was_posted():
    points = line((S.RECEIVED, 1), (S.AGREEING_HANDOVER, 3), (S.HANDED_OVER, 5), (S.AGREEING_HANDOVER, 9),
                  (S.HANDED_OVER, 12), (S.HANDED_OVER, 14))  # fmt: skip

    assert (S.HANDED_OVER, "current", D(2026, 10, 12), None) in points


def test_a_remedy_is_a_part_of_the_verification():
    points = line((S.RECEIVED, 1), (S.VERIFICATION, 2), (S.AWAITING_REMEDY, 5), (S.VERIFICATION, 9))

    assert points[1] == (S.VERIFICATION, "current", D(2026, 10, 2), None)
    assert len(points) == len(REGISTRATION.line)


def test_a_case_given_back_waits_at_the_beginning_again():
    points = line((S.RECEIVED, 1), (S.VERIFICATION, 2), (S.RECEIVED, 3))

    assert points[0] == (S.RECEIVED, "current", D(2026, 10, 1), None)
    assert points[1] == (S.VERIFICATION, "ahead", None, None)


def test_a_refused_case_has_a_shorter_line():
    assert line((S.RECEIVED, 1), (S.VERIFICATION, 2), (S.REFUSED, 5)) == [
        (S.RECEIVED, "done", D(2026, 10, 1), D(2026, 10, 2)),
        (S.VERIFICATION, "done", D(2026, 10, 2), D(2026, 10, 5)),
        (S.REFUSED, "current", D(2026, 10, 5), None),
    ]
    closed = line((S.RECEIVED, 1), (S.VERIFICATION, 2), (S.REFUSED, 5), (S.CLOSED, 20))
    assert [stage for stage, *_ in closed] == [S.RECEIVED, S.VERIFICATION, S.REFUSED, S.CLOSED]


def test_a_stage_that_was_skipped_is_not_shown():
    entered = [(S.RECEIVED, D(2026, 10, 1)), (S.VERIFICATION, D(2026, 10, 2)), (S.ORIGINALS_COMPLETE, D(2026, 10, 5))]

    points = line_of_steps(procedure_of("deregistration", "sekap"), entered)

    assert [point.stage for point in points] == [
        S.RECEIVED,
        S.VERIFICATION,
        S.ORIGINALS_COMPLETE,
        S.AGREEING_HANDOVER,
        S.CLOSED,
    ]


def test_a_resumed_case_is_on_its_line_again():
    points = line((S.RECEIVED, 1), (S.VERIFICATION, 2), (S.WITHDRAWN, 5), (S.VERIFICATION, 9))

    assert [stage for stage, *_ in points] == list(REGISTRATION.line)
    assert points[1][1] == "current"


def test_a_closed_case_has_nothing_ahead():
    entered = [(stage, number + 1) for number, stage in enumerate(REGISTRATION.line)]

    assert {progress for _, progress, *_ in line(*entered)} == {"done"}
    assert {progress for _, progress, *_ in line(*entered, (S.ARCHIVED, 28))} == {"done"}


def test_a_case_without_history_has_everything_ahead():
    assert {point.progress for point in line_of_steps(REGISTRATION, [])} == {Progress.AHEAD}
