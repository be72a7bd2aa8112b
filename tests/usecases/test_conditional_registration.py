"""A vehicle is registered conditionally: its customs document comes after the permit, or never (PRD art. 74)."""

from __future__ import annotations

import pytest

from app.domain.annotations import AnnotationKind
from app.domain.custody import Discrepancy, Movement
from app.domain.delivery import Method
from app.domain.determinations import DeterminationCode
from app.domain.errors import Refused
from app.domain.items import ItemKind
from app.domain.procedures.facts import Verdict
from app.extensions import db
from app.house import equipment
from app.models import Carriage, Case, Consignment, Letter, LetterWay
from app.transaction import one_transaction
from app.usecases.compare_item import compare_item
from app.usecases.demands import demands_of_step
from app.usecases.items import new_item
from app.usecases.printouts import print_shipment
from app.usecases.verify_custody import verify_custody
from tests.factories import application_files, send
from tests.letters.reading import in_a_line, text_of
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound

CONDITION, AUTHORITY = DeterminationCode.REGISTERED_CONDITIONALLY, DeterminationCode.TAX_AUTHORITY
DECLARED = "oświadczenie z 26.11.2026 o braku zmiany własności; dowód odprawy celnej później"
CHAMBER = "Naczelnik Śląskiego Urzędu Celno-Skarbowego\nul. Słoneczna 34\n40-136 Katowice"
LATER = "dowód odprawy celnej przywozowej"


def imported(signers, login: str = "jan.testowy") -> Work:
    sender = by_mailbox(a_citizen(login))
    return Work(send(signers.sign(application_files(origin="third-country")), sender=sender).case_id)


@pytest.fixture
def work(office, signers) -> Work:
    return imported(signers)


def gathered(work: Work) -> None:
    """All is here but the customs document, which the owner does not have yet."""
    work.take()
    work.accept_all(CUSTOMS=Verdict.MISSING)
    work.determine(CONDITION, DECLARED)
    work.write("summon_originals")
    work.open_letter()
    work.receive_all()


def handed_over(work: Work) -> None:
    gathered(work)
    work.register_temporarily()
    work.annotate()
    work.agree()
    work.give()


def customs(work: Work):
    return [item for item in work.case.items if item.kind is ItemKind.CUSTOMS]


def words(letter) -> str:
    return in_a_line(text_of(equipment().store.read(letter.pdf_sha256)))


def ready(work: Work) -> None:
    """The permanent certificate is here and its owner told; permit and policy are back where they are asked for."""
    work.later(10)
    work.certificate_comes()
    work.write("announce_certificate")
    work.receive()
    work.invalidate()


def test_without_the_customs_document_a_vehicle_is_summoned_for_and_registered_temporarily_and_the_papers_say_so(work):
    work.take()
    work.accept_all(CUSTOMS=Verdict.MISSING)
    with pytest.raises(Refused, match="documents-accepted"):
        work.write("summon_originals")
    assert "CUSTOMS" in {one.subject for one in demands_of_step(work.case, "summon_remedy")}

    work.determine(CONDITION, DECLARED)
    assert demands_of_step(work.case, "summon_remedy") == ()
    work.write("summon_originals")
    work.open_letter()
    work.receive_all()
    work.pay()
    work.make_ready()
    decision = work.write("register_temporarily")

    assert (
        f"Zarejestrowano warunkowo. Do złożenia w urzędzie, zanim pozwolenie czasowe straci ważność: {LATER}"
        in words(decision)
    )
    work.annotate()
    (permit,) = [item for item in work.case.items if item.kind is ItemKind.TEMPORARY_PERMIT]
    assert permit.annotations[AnnotationKind.CONDITIONAL].wording == "Zarejestrowano warunkowo"
    assert [item.state for item in customs(work)] == ["expected"]
    sound()


@pytest.mark.parametrize("carriage", [Carriage.IN_PERSON, Carriage.POST])
def test_the_document_comes_later_is_compared_annotated_and_goes_back_before_the_case_is_closed(work, carriage):
    handed_over(work)
    work.later(10)
    work.certificate_comes()
    work.write("announce_certificate")
    work.open_letter()
    work.invalidate()
    with pytest.raises(Refused, match="customs-papers-here"):
        work.write("register")

    work.receive(carriage, tracking="RR473124829PL" if carriage is Carriage.POST else "")
    with pytest.raises(Refused, match="customs-papers-here"):
        work.write("register")
    work.compare_all()
    work.write("register")
    work.annotate()
    work.give()

    assert set(customs(work)[0].annotations) == {AnnotationKind.REGISTERED, AnnotationKind.COPY_CERTIFIED}
    assert work.case.stage == "closed"
    assert work.things()["CUSTOMS"] == {"with_party"}
    work.put_away()
    work.step("archive")
    sound()


def test_it_may_be_brought_before_the_permit_is_handed_over(work):
    gathered(work)
    work.register_temporarily()
    work.receive()
    work.compare_all()
    work.annotate()
    work.agree()
    work.give()

    assert work.case.stage == "handed_over"
    assert work.things()["CUSTOMS"] == {"with_party"}
    ready(work)
    work.write("register")
    sound()


def test_given_back_before_it_was_compared_it_is_awaited_once_more(work):
    handed_over(work)
    work.receive()
    work.give()

    assert [item.kind for item in work.awaited()] == [ItemKind.CUSTOMS]
    work.receive()
    work.compare_all()
    assert work.facts().papers_to_come == 0


def test_the_wrong_document_is_summoned_for_again(work):
    handed_over(work)
    work.receive()
    (paper,) = customs(work)
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        compare_item(session, case, case.version, paper.number, act=work.act(), differs=Discrepancy.DIFFERENT,
                     remark="dotyczy innego pojazdu")  # fmt: skip
    work.write("summon_further")
    work.open_letter()

    assert [item.state for item in customs(work)] == ["in_office", "expected"]
    work.receive()
    work.compare_all()
    assert work.facts().papers_to_come == 0
    sound()


def test_while_the_party_owes_the_document_the_days_are_not_the_offices(law, signers):
    work = imported(signers)
    handed_over(work)
    work.later(10)
    work.certificate_comes()
    work.write("announce_certificate")
    assert work.case.clock_stands

    work.receive()

    assert not work.case.clock_stands
    sound()


def test_taken_back_the_determination_gives_the_ordinary_rules_back(work):
    gathered(work)
    work.pay()
    work.make_ready()
    work.determine(CONDITION, holds=False)

    with pytest.raises(Refused, match="customs-papers-here-or-later"):
        work.write("register_temporarily")


def test_with_the_decision_the_determination_is_settled(work):
    handed_over(work)

    with pytest.raises(Refused, match="decided-already"):
        work.determine(CONDITION, holds=False)


def test_nothing_is_registered_conditionally_that_needs_no_customs_document(office, signers):
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)
    work.take()

    with pytest.raises(Refused, match="no-customs-papers"):
        work.determine(CONDITION, DECLARED)


def test_at_once_it_is_not_registered_without_the_document(law, signers):
    work = imported(signers)
    gathered(work)
    for code in ("number_kept", "room_for_annotation", "old_certificate_confirmed"):
        work.determine(DeterminationCode(code))
    work.pay()

    with pytest.raises(Refused, match="customs-papers-here"):
        work.write("register_directly")


def expired(work: Work) -> None:
    """The permit has run out; plates and document are summoned for, and the owner has read that."""
    handed_over(work)
    work.later(31)
    work.write("summon_plates")
    work.open_letter()


def test_once_the_permit_has_expired_the_summons_asks_for_plates_and_document(work):
    expired(work)

    letter = work.case.letters[-1]
    assert [one.subject for one in letter.summons.demands] == ["NEW_PLATE", "NEW_PLATE", "CUSTOMS"]
    said = words(letter)
    assert f"wzywa także do złożenia, w tym samym terminie, brakujących dokumentów: {LATER}" in said
    assert "Tablic nie trzeba zwracać, jeżeli w tym terminie właściciel uzupełni brakujące dokumenty" in said
    assert "zawiadomi właściwy organ podatkowy lub celny" in said


def test_where_the_document_comes_after_all_the_plates_stay_with_the_owner(work):
    expired(work)
    plates = [item.number for item in work.awaited() if item.kind is ItemKind.NEW_PLATE]
    work.receive(missing=plates)
    work.compare_all()
    work.certificate_comes()
    work.write("announce_certificate")
    work.receive(missing=plates)
    work.invalidate()
    work.write("register")

    summons = next(one.summons for one in work.case.letters if one.kind == "plates_return_summons")
    assert summons.met_at is not None
    assert {item.kind for item in work.awaited()} & {ItemKind.NEW_PLATE, ItemKind.CUSTOMS} == set()
    sound()


def test_when_nobody_answered_for_fourteen_days_the_authority_is_told(work):
    expired(work)
    work.determine(AUTHORITY, CHAMBER)
    work.later(13)
    with pytest.raises(Refused, match="plates-asked-in-vain"):
        work.write("notify_tax_office")
    work.later(5)

    letter = work.write("notify_tax_office")

    assert (letter.addressee, letter.way) == ("Naczelnik Śląskiego Urzędu Celno-Skarbowego", LetterWay.POST)
    said = words(letter)
    for part in ("ul. Słoneczna 34", "Jan Testowy", LATER, "SC 7A123", "Tablic nie zwrócono"):
        assert part in said
    assert work.case.stage == "handed_over"
    sound()


def refused_and_posted(work: Work) -> Letter:
    """The document never came; the plates did, and all that is the owner's is on its way back. Returns the refusal."""
    expired(work)
    work.certificate_comes()
    work.write("announce_certificate")
    work.open_letter()
    work.determine(DeterminationCode.REFUSAL_REASONS, "Dokumentu odprawy celnej nie złożono.")
    refusal = work.write("refuse", reasons="Bez tego dokumentu pojazdu nie rejestruje się (art. 72 ust. 1).")
    work.open_letter()
    assert ItemKind.NEW_PLATE in {item.kind for item in work.awaited()}
    work.receive()
    work.put_away()
    work.send_back()
    work.post()
    work.later(25)  # the appeal
    return refusal


def test_where_the_document_never_comes_the_registration_is_refused_and_the_case_ends(work):
    refusal = refused_and_posted(work)
    assert (refusal.kind, work.case.stage) == ("refusal_decision", "refused")

    work.parcel_ends()
    work.step("close")
    work.step("archive")

    assert work.things()["NEW_PLATE"] == {"destroyed"}
    assert work.things()["REGISTRATION_CERTIFICATE"] == {"destroyed"}
    assert not any(item.is_owed for item in work.case.items)
    sound()


def test_after_the_refusal_the_plates_are_asked_for_once_the_permit_has_expired(work):
    handed_over(work)
    work.certificate_comes()
    work.write("announce_certificate")
    work.open_letter()
    work.determine(DeterminationCode.REFUSAL_REASONS, "Dokumentu odprawy celnej nie złożono.")
    work.write("refuse", reasons="Bez tego dokumentu pojazdu nie rejestruje się (art. 72 ust. 1).")
    work.open_letter()
    with pytest.raises(Refused, match="permit-expired"):
        work.write("summon_plates")
    work.send_back()
    work.post()
    work.later(31)
    with pytest.raises(Refused, match="plates-asked-back"):
        work.step("close")

    summons = work.write("summon_plates")
    work.open_letter()

    assert [one.subject for one in summons.summons.demands] == ["NEW_PLATE", "NEW_PLATE"]
    assert "uzupełni brakujące dokumenty" not in words(summons)
    plates = [item.number for item in work.awaited() if item.kind is ItemKind.NEW_PLATE]
    assert len(plates) == 2
    work.receive(missing=[item.number for item in work.awaited() if item.number not in plates])
    with pytest.raises(Refused, match="plates-out"):
        work.write("summon_plates")
    work.put_away()
    assert work.things()["NEW_PLATE"] == {"destroyed"}
    sound()


def test_the_authority_is_named_with_its_address_first(work):
    expired(work)
    work.later(18)
    with pytest.raises(Refused, match="tax-authority-named"):
        work.write("notify_tax_office")
    work.determine(AUTHORITY, "Naczelnik Śląskiego Urzędu Celno-Skarbowego")

    with pytest.raises(Refused, match="letter-lacks"):
        work.write("notify_tax_office")


def test_who_brought_the_plates_back_is_not_told_of(work):
    expired(work)
    work.determine(AUTHORITY, CHAMBER)
    work.receive(missing=[item.number for item in customs(work)])
    work.later(18)

    with pytest.raises(Refused, match="plates-asked-in-vain"):
        work.write("notify_tax_office")


def test_posted_with_the_permit_goes_word_of_what_is_still_to_come(work):
    gathered(work)
    work.register_temporarily()
    work.annotate()
    work.agree(Method.POST)

    parcel = work.post()
    with one_transaction() as session:
        pdf = print_shipment(session, session.get_one(Consignment, parcel), equipment=equipment(), act=work.act())

    assert f"zanim pozwolenie czasowe straci ważność: {LATER}" in in_a_line(text_of(pdf))


def test_what_was_registered_while_its_document_was_to_come_is_named(work):
    handed_over(work)
    ready(work)
    work.compare_all()
    work.write("register")
    with one_transaction() as session:
        new_item(session, session.get_one(Case, work.case_id), ItemKind.CUSTOMS, Movement.EXPECTED, act=work.act())

    assert [code for code, _about, _words in verify_custody(db.session(), work.act().at)] == ["C9"]
