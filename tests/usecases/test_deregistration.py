"""A vehicle is deregistered, by the verbs alone: scrapped, stolen, taken out of the country."""

from __future__ import annotations

import pytest

from app.domain.delivery import Method
from app.domain.determinations import DeterminationCode
from app.domain.errors import BadInput, Refused
from app.domain.procedures.facts import Verdict
from app.epackages.application import RequestKind
from app.house import equipment
from app.letters.texts import compose, default_text, parse_text
from app.usecases.assess_fees import unsettled_fees
from app.usecases.letter_fields import LetterDraft, letter_fields
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, letters_of, sound
from tests.usecases.test_permit_letters import words_of


@pytest.fixture
def start(office, signers):
    """Begin a deregistration on a ground."""

    def begin(ground: str) -> Work:
        citizen = a_citizen()
        sender = by_mailbox(citizen)
        files = application_files(kind=RequestKind.DEREGISTRATION, ground=ground)
        return Work(send(signers.sign(files), sender=sender).case_id)

    return begin


def up_to_decision(work: Work, **verdicts: Verdict) -> None:
    work.take()
    work.accept_all(**verdicts)
    work.write("summon_originals")
    work.open_letter()
    work.later(3)
    work.receive()
    work.compare_all()
    work.step("confirm_originals")
    work.pay()
    work.invalidate()
    work.write("deregister")
    assert work.case.stage == "agreeing_handover"


def ended(work: Work) -> dict[str, set[str]]:
    assert work.case.stage == "closed"
    work.put_away()
    work.step("archive")
    assert work.case.stage == "archived"
    sound()
    return work.things()


def test_a_scrapped_car_loses_its_plates_and_its_certificate(start):
    work = start("DEMONTAZ")
    up_to_decision(work)
    work.agree(Method.IN_PERSON)
    work.give()

    things = ended(work)

    assert things == {
        "DISMANTLING_CERTIFICATE": {"in_file"}, "REG_CERT": {"in_file"}, "PLATE": {"destroyed"},
        "DECISION": {"with_party"},
    }  # fmt: skip
    assert all(item.invalidated for item in work.case.items if item.kind == "REG_CERT")
    assert [kind for kind, _ in letters_of(work.case_id)] == ["originals_summons", "deregistration_decision"]


def test_the_certificate_is_invalidated_before_the_decision(start):
    work = start("DEMONTAZ")
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.receive()
    work.compare_all()
    work.step("confirm_originals")
    work.pay()

    with pytest.raises(Refused, match="certificate-invalidated"):
        work.write("deregister")


def test_of_a_stolen_car_nobody_asks_for_plates(start):
    work = start("KRADZIEZ")
    up_to_decision(work)
    work.agree(Method.POST)
    work.post()
    work.parcel_ends()

    assert ended(work) == {"REG_CERT": {"in_file"}, "DECISION": {"with_party"}}


def test_for_a_car_sold_abroad_the_invalidated_certificate_goes_back(start):
    work = start("WYWOZ_ZBYCIE")
    up_to_decision(work, REG_CERT=Verdict.ACCEPTED)
    work.agree(Method.IN_PERSON)
    work.give()

    assert ended(work) == {
        "FOREIGN_SALE_PROOF": {"in_file"}, "REG_CERT": {"with_party"}, "DECISION": {"with_party"},
    }  # fmt: skip
    assert all(item.invalidated for item in work.case.items if item.kind == "REG_CERT")


def test_what_the_agreement_leaves_out_keeps_the_case_from_being_closed(start):
    from app.domain.delivery import Arrangement
    from app.domain.procedures.stages import Doer
    from app.models import Case
    from app.transaction import one_transaction
    from app.usecases.agreements import propose_handover

    work = start("WYWOZ_ZBYCIE")
    up_to_decision(work, REG_CERT=Verdict.ACCEPTED)
    decision = next(item for item in work.case.items if item.kind == "DECISION")
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        terms = Arrangement(methods={decision.number: Method.IN_PERSON})
        propose_handover(session, case, case.version, terms, equipment=equipment(), act=work.act(), doer=Doer.CLERK)
    work.accept()

    with pytest.raises(Refused, match="everything-agreed"):
        work.give()


def said_of_certificate(work: Work) -> str:
    act, tools = work.act(), equipment()
    fields = letter_fields(work.case, LetterDraft(kind="deregistration_decision"), equipment=tools, act=act)
    text = parse_text("deregistration_decision", default_text("deregistration_decision", work.case.edition))
    said = " ".join(block.text for block in compose(text, fields).blocks)
    return " ".join(
        sentence for sentence in said.replace("\u00a0", " ").split(". ") if "owód rejestracyjny" in sentence
    )


@pytest.mark.parametrize(
    ("ground", "fate"),
    [("DEMONTAZ", "pozostaje w aktach sprawy"), ("WYWOZ_ZBYCIE", "zwraca się właścicielowi")],
)
def test_the_decision_says_of_the_certificate_only_what_its_ground_makes_of_it(start, ground, fate):
    work = start(ground)

    up_to_decision(work, REG_CERT=Verdict.ACCEPTED)

    assert f"Unieważniony dowód rejestracyjny {fate}" in said_of_certificate(work)
    assert "jeżeli" not in said_of_certificate(work)


def test_a_decision_is_written_also_where_nothing_of_the_vehicle_was_handed_over(start):
    work = start("WYWOZ_ZBYCIE")
    work.take()
    draft = LetterDraft(kind="deregistration_decision", step="deregister")

    fields = letter_fields(work.case, draft, equipment=equipment(), act=work.act())

    assert work.case.items == []
    assert fields["documents"] == [
        ("dowód rejestracyjny", "nie przedłożono"),
        ("tablica rejestracyjna", work.case.plate),
    ]


def test_the_summons_for_originals_cites_the_law_of_its_own_procedure(start):
    work = start("DEMONTAZ")
    work.take()
    work.accept_all()

    letter = work.write("summon_originals")

    assert "art. 79 ust. 1 ustawy" in letter.legal_basis.replace("\xa0", " ")
    assert "art. 72" not in letter.legal_basis.replace("\xa0", " ")


def test_a_vehicle_that_was_deregistered_here_and_is_to_be_registered_again_is_pointed_out(start, signers):
    first = start("DEMONTAZ")
    up_to_decision(first)
    first.agree(Method.IN_PERSON)
    first.give()

    again = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen("ewa"))).case_id)
    other = Work(send(signers.sign(application_files(vin="WVWZZZ1JZXW000001", plate="SC 54321"))).case_id)

    found = {one.code: one.details for one in again.case.findings}
    assert found["vehicle-deregistered"] == {"sign": first.case.sign}
    assert "vehicle-deregistered" not in {one.code for one in other.case.findings}


def test_a_clerk_settles_whether_the_fee_in_doubt_is_due(start):
    work = start("DEMONTAZ")
    work.take()
    assert [due.fee.code for due in unsettled_fees(work.case)] == ["WYREJESTROWANIE"]
    with pytest.raises(BadInput, match="words-missing"):
        work.determine(DeterminationCode.FEE_DUE)

    work.determine(DeterminationCode.FEE_DUE, "ustawa o opłacie skarbowej, zał. cz. I")
    due = {fee.code: fee.grosze for fee in work.case.fees}
    work.determine(DeterminationCode.FEE_NOT_DUE, "zwolnienie")

    assert due == {"WYREJESTROWANIE": 1_000}
    assert work.case.fees == []
    assert unsettled_fees(work.case) == ()


def test_the_decision_lists_the_plates_together_and_destroys_them(start):
    work = start("DEMONTAZ")
    up_to_decision(work)
    draft = LetterDraft(kind="deregistration_decision")

    fields = letter_fields(work.case, draft, equipment=equipment(), act=work.act())

    plates = [row for row in fields["documents"] if row[0].startswith("tablic")]
    assert [name for name, _which in plates] == ["tablice rejestracyjne"]
    assert plates[0][1].endswith("2 szt.")


def test_a_summons_promises_two_plates_for_a_car(office, signers):
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)
    draft = LetterDraft(kind="originals_summons", step="summon_originals")

    fields = letter_fields(work.case, draft, equipment=equipment(), act=work.act())

    assert ("zalegalizowana tablica rejestracyjna", "2 szt.") in fields["items"]


@pytest.mark.parametrize(("ground", "said"), [("WYWOZ_ZBYCIE", True), ("DEMONTAZ", False)])
def test_a_summons_for_an_export_says_that_the_certificate_comes_back_invalidated(start, ground, said):
    work = start(ground)
    work.take()
    work.accept_all()

    summons = work.write("summon_originals")

    assert ("unieważniony dowód rejestracyjny" in words_of(summons)) is said
