"""What stands around a decision: part B names what the owner receives with it, the foot which form it follows."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from app.domain.procedures.facts import Verdict
from app.epackages.application import RequestKind
from app.models import Letter
from app.usecases.prepare_letter import form_of
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox
from tests.usecases.test_co_owners import words_of
from tests.usecases.test_deregistration import up_to_decision as deregistered
from tests.usecases.test_registration import announce, up_to_decision
from tests.usecases.test_registration_otherwise import begin

pytestmark = pytest.mark.one_database


@pytest.fixture
def start(office, signers):
    def begin(**said: object) -> Work:
        files = application_files(**said)
        return Work(send(signers.sign(files), sender=by_mailbox(a_citizen())).case_id)

    return begin


def part_b(letter: Letter) -> list[str]:
    """What stands in the list of part B."""
    words = words_of(letter)
    part = words[words.index("Część B") : words.rindex("data odbioru")]
    assert f"Potwierdzam odbiór decyzji w sprawie {letter.case.sign}" in part
    return [one.strip() for one in re.split(r" \d+\. ", part)[1:]]


def test_with_the_temporary_registration_go_permit_plates_sticker_and_the_papers_that_return(start):
    work = start()
    up_to_decision(work)

    assert part_b(work.case.letters[-1]) == [
        "dowód własności pojazdu",
        "zalegalizowana tablica rejestracyjna SC 7A123, 2 szt.",
        "pozwolenie czasowe PC 1234567",
        "nalepka kontrolna NK 1",
    ]
    assert "wzór:" not in words_of(work.case.letters[-1])


def test_with_the_registration_goes_the_permanent_certificate(start):
    work = start()
    up_to_decision(work)
    work.agree()
    work.give()
    work.later(14)
    announce(work)
    work.receive()

    letter = work.register()

    assert "stały dowód rejestracyjny DR/BAA 1234567" in part_b(letter)
    assert not [words for words in part_b(letter) if "pozwolenie" in words or "tablica" in words]


def test_with_a_registration_at_once_the_old_certificate_is_lent(law, signers):
    work = begin(signers)
    work.keep_the_number()

    letter = work.write("register_directly")

    assert "dowód rejestracyjny" in part_b(letter)
    assert not [words for words in part_b(letter) if "pozwolenie" in words]


@pytest.mark.parametrize(("ground", "returned"), [("DEMONTAZ", False), ("WYWOZ_ZBYCIE", True)])
def test_with_a_deregistration_the_certificate_goes_only_where_it_returns(start, ground, returned):
    work = start(kind=RequestKind.DEREGISTRATION, ground=ground)
    deregistered(work, REG_CERT=Verdict.ACCEPTED)

    given = part_b(work.case.letters[-1])
    assert ("dowód rejestracyjny" in given) is returned
    assert not [words for words in given if "tablica" in words]


def test_the_foot_of_a_decision_names_its_national_form_where_the_edition_knows_one(law, signers):
    work = begin(signers)
    work.keep_the_number()

    assert "wzór: załącznik nr 6 (Dz.U. z 2024 r. poz. 1709)" in words_of(work.write("register_directly"))
    assert "wzór:" not in words_of(work.case.letters[0])
    assert form_of(work.case, "registration_decision", dt.date(2024, 11, 29)) == ""
    assert form_of(work.case, "refusal_decision", work.act().today) == ""


def test_a_deregistration_ex_officio_has_a_form_of_its_own(law, signers):
    files = application_files(kind=RequestKind.DEREGISTRATION, ground="DEMONTAZ")
    case = Work(send(signers.sign(files), sender=by_mailbox(a_citizen())).case_id).case
    assert "załącznik nr 6 " in form_of(case, "deregistration_decision", dt.date(2026, 1, 2))

    assert "załącznik nr 10 " in form_of(case, "deregistration_ex_officio_decision", dt.date(2026, 1, 2))
