"""What the rules call for is asked for, comes, is waived for a reason, or is there already; and every case goes on."""

from __future__ import annotations

import pytest

from app.domain.custody import Discrepancy
from app.domain.determinations import DeterminationCode
from app.domain.errors import Refused
from app.domain.items import ItemKind
from app.domain.procedures.facts import Verdict
from app.epackages.application import RequestKind
from app.models import Carriage, Case
from app.transaction import one_transaction
from app.usecases.case_facts import requirements
from app.usecases.compare_item import accept_discrepancies, compare_item
from app.usecases.demands import demands_of_step
from app.usecases.give_verdict import give_verdict
from app.usecases.prepare_letter import new_draft
from app.usecases.receive_items import Arrived, Envelope, Extra, receive_items
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound

STOLEN = {"kind": RequestKind.DEREGISTRATION, "ground": "KRADZIEZ"}


def a_work(signers, **form) -> Work:
    return Work(send(signers.sign(application_files(**form)), sender=by_mailbox(a_citizen())).case_id)


@pytest.fixture
def work(office, signers):
    return a_work(signers)


def brought(work: Work, *numbers: int, extra: ItemKind | None = None) -> None:
    """Somebody brings these things, or one that nobody asked for; nothing is said of the others."""
    with one_transaction() as session:
        receive_items(
            session, session.get_one(Case, work.case_id), Envelope(carriage=Carriage.IN_PERSON, person="Jan Testowy"),
            [Arrived(number) for number in numbers], act=work.act(work.desk), place="A-1",
            extra=[Extra(extra, "")] if extra else [],
        )  # fmt: skip


def accepted(work: Work, number: int, reason: str) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        accept_discrepancies(session, case, case.version, number, reason, act=work.act())


def asked_of(work: Work, step: str) -> list[str]:
    return sorted(one.subject for one in demands_of_step(work.case, step))


def one_was_wrong(work: Work) -> None:
    """Only the certificate of the vehicle comes, and is another vehicle's; the right one is summoned for and comes."""
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    number = next(item.number for item in work.awaited() if item.kind is ItemKind.REG_CERT)
    brought(work, number)
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        compare_item(
            session, case, case.version, number, act=work.act(), differs=Discrepancy.DIFFERENT, remark="inny pojazd"
        )
    work.write("summon_further")
    work.open_letter()
    brought(work, *[item.number for item in work.awaited() if item.kind is ItemKind.REG_CERT])
    work.compare_all()


def test_a_summons_for_a_part_leaves_the_rest_to_a_further_one(work):
    work.take()
    work.accept_all()
    with one_transaction() as session:
        demands = new_draft(session, session.get_one(Case, work.case_id), "summon_originals", work.act()).demands
    left_out = ("OWNERSHIP", "PLATE")
    work.write("summon_originals", demands=tuple(one for one in demands if one.subject not in left_out))
    work.open_letter()
    work.receive()
    work.compare_all()

    with pytest.raises(Refused, match="originals-in-order"):
        work.step("confirm_originals")
    assert asked_of(work, "summon_further") == ["OWNERSHIP", "PLATE", "PLATE"]

    letter = work.write("summon_further")
    words = " ".join(" ".join(block["text"] for block in letter.blocks).split())
    assert "potrzebne jest jeszcze to, o co w tamtym wezwaniu urząd nie prosił. Prosimy także" in words
    assert "braki lub niezgodności" not in words
    work.open_letter()
    work.receive_all()
    assert work.case.stage == "originals_complete"
    sound()


def test_a_further_summons_says_which_of_two_plates_is_missing(work):
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    plates = [item.number for item in work.case.items if item.kind is ItemKind.PLATE]
    work.receive(missing=plates[1:])
    work.compare_all()

    (asked,) = demands_of_step(work.case, "summon_further")

    assert asked.words == "SC 12345, 2 z 2, brakuje w przesyłce"


def test_when_the_right_thing_has_come_the_rest_of_the_first_summons_still_counts(work):
    one_was_wrong(work)
    rest = sorted(item.kind.value for item in work.awaited())
    assert len(rest) > 1
    assert work.case.clock_stands
    assert asked_of(work, "extend_summons") == rest

    with pytest.raises(Refused, match="summons-expired"):
        work.write("remind")
    work.later(30)
    reminder = work.write("remind")
    work.open_letter()
    assert sorted(one["subject"] for one in reminder.details["demands"]) == rest
    work.later(30)
    work.write("leave_unexamined", reasons="Wniosku nie uzupełniono.")

    assert work.case.stage == "left_unexamined"
    sound()


def test_a_case_whose_only_original_is_waived_goes_on(office, signers):
    work = a_work(signers, **STOLEN)
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    lost = [item.number for item in work.awaited()]
    work.receive(missing=lost)
    for number in lost:
        accepted(work, number, "utracony, złożono oświadczenie")

    work.step("confirm_originals")

    assert work.case.stage == "originals_complete"
    assert not work.case.clock_stands
    sound()


def test_what_was_brought_before_anybody_asked_is_not_asked_for_again(work):
    work.take()
    brought(work, extra=ItemKind.REG_CERT)
    work.accept_all()
    assert "REG_CERT" in asked_of(work, "summon_originals")
    accepted(work, work.case.items[0].number, "należy do sprawy")

    assert "REG_CERT" not in asked_of(work, "summon_originals")
    work.write("summon_originals")
    work.open_letter()
    work.receive_all()
    assert [item.kind for item in work.case.items].count(ItemKind.REG_CERT) == 1
    sound()


def test_where_all_was_brought_before_anybody_asked_no_summons_is_sent(office, signers):
    work = a_work(signers, **STOLEN)
    work.take()
    brought(work, extra=ItemKind.REG_CERT)
    work.accept_all()
    with pytest.raises(Refused, match="no-originals-required"):
        work.step("skip_originals")
    accepted(work, work.case.items[0].number, "należy do sprawy")

    with pytest.raises(Refused, match="originals-required"):
        work.write("summon_originals")
    work.step("skip_originals")

    assert work.case.stage == "originals_complete"


def test_a_case_taken_up_again_asks_for_nothing_that_is_here(work):
    work.gather()
    there = len(work.case.items)
    work.withdraw()
    work.determine(DeterminationCode.PARTY_OBJECTS, "współwłaściciel nie zgadza się")
    work.step("resume", "sprzeciw współwłaściciela")

    assert asked_of(work, "summon_originals") == []
    work.step("skip_originals")

    assert (work.case.stage, len(work.case.items)) == ("originals_complete", there)


def test_what_the_rules_call_for_is_waived_only_with_a_reason(work):
    work.take()

    def waive(kind: str, reason: str = "") -> None:
        with one_transaction() as session:
            case = session.get_one(Case, work.case_id)
            give_verdict(session, case, case.version, kind, Verdict.NOT_APPLICABLE, act=work.act(), reason=reason)

    with pytest.raises(Refused, match="waived-without-reason"):
        waive("OWNERSHIP", " ")
    waive("OWNERSHIP", "dokument jest w aktach innej sprawy urzędu")
    waive("VEHICLE_CARD")

    assert [row.kind for row in work.case.verdicts] == ["OWNERSHIP", "VEHICLE_CARD"]


def test_a_registration_that_needs_no_original_goes_on_without_a_summons(work):
    work.take()
    originals = [one.kind.value for one in requirements(work.case) if one.original]
    work.accept_all(**dict.fromkeys(originals, Verdict.NOT_APPLICABLE))

    work.step("skip_originals")

    assert work.case.stage == "originals_complete"


def test_what_was_never_served_expires_for_nobody(work):
    work.take()
    work.accept_all()
    summons = work.write("summon_originals")
    work.write("extend_summons", reasons="na prośbę strony")
    assert summons.summons.due_on is not None
    work.later(90)

    with pytest.raises(Refused, match="summons-expired"):
        work.write("remind")


def test_a_reminder_that_nobody_got_ends_nothing_and_leaves_seven_days_after_its_service(work):
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.later(30)
    reminder = work.write("remind")
    said = " ".join(" ".join(block["text"] for block in reminder.blocks if "text" in block).split())
    assert "a jeżeli to przypomnienie zostanie doręczone później" in said
    work.later(20)
    with pytest.raises(Refused, match="summons-expired"):
        work.write("leave_unexamined", reasons="x")
    work.open_letter(reminder)
    with pytest.raises(Refused, match="summons-expired"):
        work.write("leave_unexamined", reasons="x")
    work.later(11)  # seven days, and what a day off adds

    work.write("leave_unexamined", reasons="Wniosku nie uzupełniono.")
    assert work.case.stage == "left_unexamined"
    sound()
