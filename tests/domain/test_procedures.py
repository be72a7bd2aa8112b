"""The tables of the procedures: proved by walking them, with no list to keep up."""

import dataclasses
import datetime as dt
import inspect
import itertools
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import ConditionMissing, NotAllowed, StepNotOpen
from app.domain.procedures import (
    PROCEDURES,
    SETTLED_STAGES,
    CaseFacts,
    Doer,
    ProcedureName,
    Stage,
    Verdict,
    Waiting,
    as_dot,
    as_mermaid,
    clock_reason,
    conditions,
    conditions_of_vehicle,
    line_of_steps,
    procedure_of,
    waits_for,
)
from app.domain.procedures.condition import Condition

ALL = list(PROCEDURES.values())
EACH = pytest.mark.parametrize("procedure", ALL, ids=lambda procedure: f"{procedure.name}-{procedure.edition}")
CONDITIONS = {
    value.code: value
    for module in (conditions, conditions_of_vehicle)
    for value in vars(module).values()
    if isinstance(value, Condition)
}

facts_of_any_case = st.builds(
    CaseFacts,
    **{
        field.name: st.lists(st.sampled_from(list(Verdict)), max_size=4).map(tuple)
        if field.name == "verdicts"
        else st.booleans()
        if isinstance(field.default, bool)
        else st.integers(0, 2)
        for field in dataclasses.fields(CaseFacts)
    },
)


def reachable(procedure, start):
    """Every stage to which some steps lead from `start`, itself included."""
    found, waiting = {start}, [start]
    while waiting:
        stage = waiting.pop()
        for step in procedure.steps:
            if step.origin is stage and step.to not in found:
                found.add(step.to)
                waiting.append(step.to)
    return found


@EACH
def test_every_stage_can_be_reached(procedure):
    assert reachable(procedure, procedure.initial) == set(procedure.stages)


@EACH
def test_every_stage_leads_to_the_archive(procedure):
    assert procedure.ends == {Stage.ARCHIVED}
    for stage in procedure.stages:
        assert Stage.ARCHIVED in reachable(procedure, stage)


@EACH
def test_no_two_rows_say_the_same(procedure):
    rows = [(step.name, step.origin, step.needs) for step in procedure.steps]

    assert len(rows) == len(set(rows))


@EACH
def test_no_row_hides_another(procedure):
    for first, second in itertools.combinations(procedure.steps, 2):
        if (first.name, first.origin) == (second.name, second.origin):
            assert not set(first.needs) <= set(second.needs)


@EACH
def test_rows_of_one_step_never_hold_together_with_different_ends(procedure):
    """What a step does follows from the facts, not from the order in which the table happens to be written."""
    for first, second in itertools.combinations(procedure.steps, 2):
        if (first.name, first.origin) == (second.name, second.origin) and first.to is not second.to:
            needed = {condition.code for condition in (*first.needs, *second.needs)}
            assert any(
                code.replace("nothing-", "something-") in needed for code in needed if code.startswith("nothing-")
            )


@EACH
def test_every_step_has_somebody_to_take_it(procedure):
    for step in procedure.steps:
        assert step.by
        assert len(step.by) == len(set(step.by))


@EACH
def test_front_desk_and_citizen_decide_nothing(procedure):
    deciding = {"register", "register_temporarily", "register_directly", "deregister", "refuse", "discontinue"}
    deciding |= {"leave_unexamined", "transfer", "accept_signature", "extend_permit", "deregister_ex_officio"}

    for step in procedure.steps:
        if step.name in deciding:
            assert step.by == (Doer.CLERK,), step.name


@EACH
def test_every_stage_but_the_last_has_a_way_on_for_the_office(procedure):
    for stage in procedure.stages:
        if stage is not Stage.ARCHIVED:
            assert any(not step.stays and {Doer.CLERK, Doer.SYSTEM} & set(step.by) for step in _from(procedure, stage))


def _from(procedure, stage):
    return [step for step in procedure.steps if step.origin is stage]


@EACH
@settings(max_examples=5)
@given(facts_of_any_case)
def test_each_pair_of_stage_and_step_answers_each_doer_as_the_table_says(procedure, facts):
    names = {step.name for step in procedure.steps}
    for stage, doer in itertools.product(Stage, Doer):
        open_names = {step.name for step in procedure.open_steps(stage, facts, {doer})}
        for name in names:
            rows = [step for step in procedure.steps if step.origin is stage and step.name == name]
            mine = [step for step in rows if doer in step.by]
            holding = [step for step in mine if all(condition.holds(facts) for condition in step.needs)]

            assert (name in open_names) == bool(holding)
            if holding:
                assert procedure.take(stage, name, facts, {doer}) == holding[0]
                assert procedure.next_stage(stage, name, facts, {doer}) is holding[0].to
            else:
                refusal = ConditionMissing if mine else NotAllowed if rows else StepNotOpen
                with pytest.raises(refusal):
                    procedure.take(stage, name, facts, {doer})


def read_by(*conditions_):
    """The fields of the facts that these conditions look at, by their source."""
    return sorted({name for one in conditions_ for name in re.findall(r"facts\.(\w+)", inspect.getsource(one.holds))})


def values_of(field):
    """Values of a field that can make a difference, the default first."""
    if field.name == "verdicts":
        return [(), (Verdict.ACCEPTED,), (Verdict.ILLEGIBLE,)]
    return [field.default, not field.default] if isinstance(field.default, bool) else [field.default, 1 - field.default]


FIELDS = {field.name: field for field in dataclasses.fields(CaseFacts)}


def facts_where(wanted, refused=()):
    """Facts, otherwise those of a new case, in which all of `wanted` and none of `refused` hold; none if impossible."""
    names = read_by(*wanted, *refused)
    for values in itertools.product(*(values_of(FIELDS[name]) for name in names)):
        facts = CaseFacts(**dict(zip(names, values, strict=True)))
        if all(one.holds(facts) for one in wanted) and not any(one.holds(facts) for one in refused):
            return facts
    return None


@EACH
def test_each_row_is_taken_by_each_of_its_doers_once_all_that_it_needs_is_so(procedure):
    for row in procedure.steps:
        facts = facts_where(row.needs)
        assert facts is not None, row
        for doer in Doer:
            if doer in row.by:
                assert procedure.take(row.origin, row.name, facts, {doer}) == row
            elif not any(doer in other.by for other in procedure.rows(row.origin, row.name)):
                with pytest.raises(NotAllowed):
                    procedure.take(row.origin, row.name, facts, {doer})


@EACH
def test_no_row_is_taken_while_one_of_its_needs_is_not_so_though_all_others_are(procedure):
    for row, need in [(step, need) for step in procedure.steps for need in step.needs]:
        facts = facts_where([other for other in row.needs if other is not need], refused=[need])
        assert facts is not None, (row, need.code)
        rows = procedure.rows(row.origin, row.name)
        instead = [other for other in rows if not other.missing(facts)]
        for doer in row.by:
            if instead:
                assert procedure.take(row.origin, row.name, facts, {doer}) in instead
                continue
            with pytest.raises(ConditionMissing) as refusal:
                procedure.take(row.origin, row.name, facts, {doer})
            lacking = [other.missing(facts) for other in rows if doer in other.by]
            assert refusal.value.code in {missing[0].code for missing in lacking if len(missing) == 1}
            assert len(rows) > 1 or refusal.value.code == need.code


def some_facts(chance):
    """Facts of any case, as likely as not, by `chance` alone: thousands are needed."""
    return CaseFacts(
        **{
            field.name: tuple(chance.choices(list(Verdict), k=chance.randrange(3)))
            if field.name == "verdicts"
            else chance.random() < 0.5
            if isinstance(field.default, bool)
            else chance.randrange(2)
            for field in dataclasses.fields(CaseFacts)
        }
    )


@EACH
@settings(max_examples=200)
@given(st.integers(0, 2**32), st.dates())
def test_a_case_that_wanders_anywhere_stays_lawful(procedure, seed, day):
    chance = random.Random(seed)
    stage, history = procedure.initial, [procedure.initial]
    for _ in range(40):
        facts = some_facts(chance)
        doers = set(chance.sample(list(Doer), chance.randint(1, 5)))
        steps = procedure.open_steps(stage, facts, doers)
        if not steps:
            continue
        step = chance.choice(steps)

        assert step.origin is stage
        assert not step.missing(facts)
        assert doers & set(step.by)
        if stage in SETTLED_STAGES and step.to not in SETTLED_STAGES:
            assert step.name in {"take_back_parcel", "resume"}
        if step.to is Stage.ARCHIVED:
            assert (facts.owed, facts.unsettled_items, facts.acknowledgements_awaited) == (0, 0, 0)
        if step.name in {"hand_out", "dispatch"} and stage is Stage.AGREEING_HANDOVER:
            assert facts.agreement_accepted
            assert step.stays == (facts.to_hand_out > 0 and facts.to_post > 0)
        stage = step.to
        history.append(stage)

    points = line_of_steps(procedure, [(visited, day) for visited in history])
    assert sum(point.progress == "current" for point in points) <= 1
    assert all((point.since is None) == (point.progress == "ahead") for point in points)
    assert Stage.ARCHIVED in reachable(procedure, stage)


def test_a_stage_is_finished_where_the_case_went_on_along_its_line_from_there():
    def finished(*names: str) -> list[str]:
        entered = [(Stage(name), dt.date(2026, 10, day)) for day, name in enumerate(names, 1)]
        points = line_of_steps(procedure_of("registration", "sekap"), entered)
        return [point.stage.value for point in points if point.finished]

    begun = ("received", "verification", "awaiting_originals", "originals_complete")
    assert finished(*begun, "transferred", "closed") == ["received", "verification", "awaiting_originals"]
    assert finished(*begun, "awaiting_originals", "transferred") == ["received", "verification"]


def test_each_condition_is_asked_for_and_can_hold_and_fail():
    used = {condition.code for procedure in ALL for step in procedure.steps for condition in step.needs}
    assert used == set(CONDITIONS)

    for code, condition in CONDITIONS.items():
        assert facts_where([condition]) is not None, code
        assert facts_where([], refused=[condition]) is not None, code


def test_a_refusal_names_step_stage_and_the_first_missing_condition():
    registration = procedure_of("registration", "sekap")

    with pytest.raises(StepNotOpen) as not_open:
        registration.take(Stage.RECEIVED, "deregister", CaseFacts(), {"clerk"})
    with pytest.raises(NotAllowed) as not_yours:
        registration.take(Stage.RECEIVED, "take", CaseFacts(), {"citizen", "front_desk"})
    with pytest.raises(ConditionMissing) as missing:
        registration.take(Stage.ORIGINALS_COMPLETE, "register_temporarily", CaseFacts(fees_paid=True), {"clerk"})

    assert not_open.value.code == "step-not-open"
    assert dict(not_open.value.details) == {"step": "deregister", "stage": "received", "procedure": "registration"}
    assert not_yours.value.code == "step-not-yours"
    assert missing.value.code == "number-assigned"
    assert missing.value.details["step"] == "register_temporarily"


def test_offers_show_what_a_step_still_lacks():
    registration = procedure_of("registration", "sekap")

    offers = {offer.step.name: offer for offer in registration.offers(Stage.VERIFICATION, CaseFacts(), {"clerk"})}

    assert [condition.code for condition in offers["summon_originals"].missing] == ["documents-accepted"]
    assert offers["give_back"].is_open
    assert list(offers)[:3] == ["accept_signature", "summon_originals", "summon_remedy"]


def test_one_bad_document_is_a_matter_for_a_summons_and_none_for_the_originals():
    registration = procedure_of("registration", "sekap")
    facts = CaseFacts(verdicts=(Verdict.ACCEPTED, Verdict.ILLEGIBLE, Verdict.NOT_APPLICABLE))

    names = {step.name for step in registration.open_steps(Stage.VERIFICATION, facts, {"clerk"})}

    assert "summon_remedy" in names
    assert "summon_originals" not in names


def test_a_doubtful_signature_must_be_settled_before_the_originals_are_called():
    registration = procedure_of("registration", "sekap")
    facts = CaseFacts(verdicts=(Verdict.ACCEPTED,), signature_undecided=True)

    names = {step.name for step in registration.open_steps(Stage.VERIFICATION, facts, {"clerk"})}

    assert {"accept_signature", "summon_remedy"} <= names
    assert "summon_originals" not in names


def test_the_clock_stands_exactly_where_the_case_waits_for_somebody_outside():
    for stage in Stage:
        outside = waits_for(stage) in {Waiting.CITIZEN, Waiting.OUTSIDE}
        assert (clock_reason(stage) is not None) == outside
        assert not (outside and stage in SETTLED_STAGES)


@EACH
def test_a_picture_shows_every_stage_and_every_way(procedure):
    mermaid, dot = as_mermaid(procedure), as_dot(procedure)

    assert mermaid.startswith("stateDiagram-v2\n")
    assert dot.count("{") == dot.count("}") == 1
    for stage in procedure.stages:
        assert f"    {stage.value} : " in mermaid
        assert f"    {stage.value} [label=" in dot
    for step in procedure.steps:
        assert (f"{step.origin.value} --> {step.to.value} : {step.name.replace('_', ' ')}" in mermaid) != step.stays
        assert f"{step.origin.value} -> {step.to.value} [" in as_dot(procedure, staying=True)
    assert as_mermaid(procedure) == mermaid


def test_a_picture_speaks_the_language_it_is_told_to():
    picture = as_mermaid(procedure_of("registration", "sekap"), {"received": "wpłynęła"}.get("received").__add__)

    assert "received : wpłynęłareceived" in picture


def test_names_of_unknown_procedures_find_nothing():
    for name, edition in (("registration", "1999"), ("marriage", "sekap")):
        with pytest.raises(LookupError):
            procedure_of(name, edition)


def test_each_procedure_has_each_edition():
    assert {key[0] for key in PROCEDURES} == set(ProcedureName)
    assert len(PROCEDURES) == 2 * len(ProcedureName)
