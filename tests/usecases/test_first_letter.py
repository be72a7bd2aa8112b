"""Whatever letter is the first to a party tells it what the office does with its data (KPA art. 61 § 5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.domain.determinations import DeterminationCode
from app.domain.errors import BadInput
from app.extensions import db
from app.house import equipment
from app.letters.texts import Composed
from app.models import Letter
from app.transaction import one_transaction
from app.usecases.edit_text import edit_text
from app.usecases.letter_fields import LetterDraft
from app.usecases.prepare_letter import compose_letter, composed_of, covering_letter, new_draft
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox
from tests.usecases.test_co_owners import ANNA

pytestmark = pytest.mark.one_database

HEADING, OFFICER = "Informacja o przetwarzaniu danych osobowych", "{data_protection_officer}"
EDITED = "Tytuł: Zmiana terminu\n\n{reasons}\n\nNowy termin: {new_day}."

Opens = Callable[..., Work]


@pytest.fixture
def opened(office, signers) -> Opens:
    """Opens a case of Jan, and whoever else owns the vehicle, and takes it."""

    def open_(**more: object) -> Work:
        work = Work(send(signers.sign(application_files(**more)), sender=by_mailbox(a_citizen())).case_id)
        work.take()
        return work

    return open_


def told(words: Composed | Letter) -> int:
    """How often the letter tells it."""
    composed = composed_of(words) if isinstance(words, Letter) else words
    return sum(" ".join(block.text.split()) == HEADING for block in composed.blocks)


def delay(work: Work) -> Composed:
    """The words of a notice of delay, as it would leave now."""
    draft = replace(new_draft(db.session(), work.case, "notify_delay", work.act()), reasons="Czekamy na inny urząd.")
    return compose_letter(db.session(), work.case, draft, equipment=equipment(), act=work.act())


def test_a_refusal_that_is_the_first_letter_tells_it_and_the_next_letter_does_not(opened):
    work = opened()
    work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd jest poszukiwany.")

    first = work.write("refuse", reasons="Tak stanowi przepis.")

    assert told(first) == 1
    assert equipment().office.data_protection_officer in composed_of(first).blocks[-1].text
    answer = LetterDraft(kind="answer", reasons="Tak.", subject="Odpowiedź")
    assert told(compose_letter(db.session(), work.case, answer, equipment=equipment(), act=work.act())) == 0


def test_a_notice_of_delay_tells_it_until_a_summons_has_told_it(opened):
    work = opened()
    assert told(delay(work)) == 1
    work.accept_all()

    summons = work.write("summon_originals")

    assert (told(summons), told(delay(work))) == (1, 0)


def test_a_letter_that_was_taken_back_has_told_nobody(opened):
    work = opened()
    work.accept_all()

    work.prepare("summon_originals")

    assert told(delay(work)) == 1


def test_a_text_of_the_office_gets_the_passage_unless_it_tells_it_in_its_own_words(opened):
    def edit(source: str, version: int) -> None:
        with one_transaction() as session:
            edit_text(session, "delay_notice", "", source, version, act=work.act())

    work = opened()
    edit(EDITED, 0)
    assert told(delay(work)) == 1

    edit(f"{EDITED}\n\nO danych osobowych informuje inspektor: {OFFICER}.", 1)

    assert told(delay(work)) == 0


def test_a_letter_whose_legal_basis_is_too_long_is_refused_and_not_cut(opened):
    work = opened()
    with one_transaction() as session:
        source = EDITED.replace("\n\n", f"\nPodstawa: {'art. 36 ' * 40}\n\n", 1)
        edit_text(session, "delay_notice", "", source, 0, act=work.act())

    with pytest.raises(BadInput, match="head-too-long"):
        work.write("notify_delay", reasons="Czekamy na inny urząd.")


def test_a_further_party_that_has_had_no_letter_yet_is_told_too(opened):
    work = opened(co_owners=(ANNA,))
    first = work.write("notify_delay", reasons="Czekamy na inny urząd.")
    with one_transaction():
        hers = next(one for one in work.case.letters if one.copy_of == first.seq)
        assert told(hers) == 1
        assert told(delay(work)) == 0
        next(one for one in work.case.parties if one.name == hers.addressee).name = "Ewa Spadkobierczyni"

    assert told(delay(work)) == 1


def test_another_authority_is_not_told_it(opened):
    work = opened()
    work.determine(DeterminationCode.OTHER_AUTHORITY, "Starosta Kłobucki\nRynek 13\n42-100 Kłobuck")

    notice = work.write("transfer", reasons="Strona mieszka w powiecie kłobuckim.")

    assert told(notice) == 1
    assert told(covering_letter(db.session(), notice, equipment=equipment())) == 0
