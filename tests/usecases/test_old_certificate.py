"""The certificate by which a vehicle was registered until now is invalidated before it is registered anew, by verbs."""

from __future__ import annotations

import pytest

from app.domain.custody import Movement
from app.domain.delivery import Method
from app.domain.determinations import DeterminationCode
from app.domain.errors import Refused
from app.domain.items import ItemKind
from app.house import equipment
from app.models import Carriage, Case, Item
from app.transaction import one_transaction
from app.usecases.comes_back import fields_of_what_comes_back
from app.usecases.compare_item import accept_discrepancies
from tests.letters.reading import in_a_line, text_of
from tests.usecases.at_work import Work, sound
from tests.usecases.test_registration import announce, up_to_decision
from tests.usecases.test_registration_otherwise import begin, keeping_the_number


@pytest.fixture
def work(office, signers) -> Work:
    return begin(signers)


def test_an_old_certificate_that_came_back_by_post_is_invalidated_before_the_new_one_is_posted(law, signers):
    work = lent_until_now(signers)
    work.receive(Carriage.POST, tracking="RR473124829PL")
    work.agree(Method.POST, REG_CERT=Method.IN_PERSON)
    with pytest.raises(Refused, match="certificate-invalidated"):
        work.post()

    work.invalidate()
    work.post()

    assert work.case.stage == "closed"
    assert work.things()["REG_CERT"] == {"in_office"}
    sound()


def test_who_has_lost_the_certificate_that_was_lent_gets_the_new_one_on_a_statement(law, signers):
    work = lent_until_now(signers)
    assert [item.kind for item in work.awaited()] == [ItemKind.REG_CERT]
    with pytest.raises(Refused, match="words-missing"):
        work.determine(DeterminationCode.OLD_CERTIFICATE_LOST)

    work.determine(DeterminationCode.OLD_CERTIFICATE_LOST, "oświadczenie właściciela, karta 12")
    assert work.awaited() == []
    work.give()
    work.put_away()
    work.step("archive")

    assert work.things()["REG_CERT"] == {"with_party"}
    sound()


def test_the_owner_reads_that_the_old_certificate_is_brought_for_the_new_one_unless_it_is_lost(law, signers):
    lent = announced(lent_until_now(signers))
    lost = announced(lent_until_now(signers, "ewa.testowa", lost=True))

    assert "trzeba oddać dotychczasowy dowód rejestracyjny, zwrócony do czasu wydania nowego" in lent
    assert "dotychczasowy dowód" not in lost
    assert "na adres: ul. " in lost


def test_the_agreement_names_what_the_counter_asks_for_before_it_gives_the_permanent_certificate(law, signers):
    lent, lost = lent_until_now(signers), lent_until_now(signers, "ewa.testowa", lost=True)

    named = [fields_of_what_comes_back(work.case)["brought_first"] for work in (lent, lost)]

    assert named == ["dotychczasowy dowód rejestracyjny", ""]


def announced(work: Work) -> str:
    """The words of the letter that tells of the permanent certificate, as it was printed."""
    (letter,) = [one for one in work.case.letters if one.step == "announce_certificate"]
    return in_a_line(text_of(equipment().store.read(letter.pdf_sha256)))


def lent_until_now(signers, login: str = "jan.testowy", *, lost: bool = False) -> Work:
    """A registration at once; the owner drives with the old certificate, and the permanent one is here."""
    work = keeping_the_number(signers, login)
    work.write("register_directly")
    work.agree()
    work.give()
    work.later(10)
    if lost:
        work.determine(DeterminationCode.OLD_CERTIFICATE_LOST, "oświadczenie właściciela, karta 12")
    work.certificate_comes(f"DR/BAA {work.case_id:07d}")
    work.write("announce_certificate")
    return work


def certificates(work: Work) -> list[Item]:
    return [item for item in work.case.items if item.kind is ItemKind.REG_CERT]


def at_the_decision(work: Work) -> None:
    """The permit and the policy are back, and the permanent certificate is here."""
    up_to_decision(work)
    work.agree()
    work.give()
    announce(work)
    work.receive()


def test_the_old_certificate_is_invalidated_before_the_registration_is_decided(work):
    at_the_decision(work)
    with pytest.raises(Refused, match="certificate-invalidated"):
        work.write("register")

    work.invalidate()
    work.write("register")
    work.give()

    assert work.case.stage == "closed"


def test_where_no_certificate_is_there_to_be_invalidated_none_is_demanded(work):
    """Of a vehicle that had none, that nobody waits for any more, that another authority holds."""
    assert work.facts().certificate_invalidated  # none was asked for yet
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    (lost,) = certificates(work)
    work.receive(missing=[lost.number])
    assert not work.facts().certificate_invalidated

    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        accept_discrepancies(session, case, case.version, lost.number, "właściciel go utracił", act=work.act())
    work.compare_all()
    work.step("confirm_originals")
    assert work.facts().certificate_invalidated
    work.register_temporarily()
    work.agree()
    work.give()
    announce(work)
    work.receive()
    work.write("register")
    work.give()

    assert work.case.stage == "closed"
    sound()


def test_a_certificate_that_another_authority_holds_does_not_stop_the_registration(work):
    at_the_decision(work)

    work.move(certificates(work), Movement.FORWARDED)

    work.write("register")
    work.give()
    assert work.case.stage == "closed"
    sound()
