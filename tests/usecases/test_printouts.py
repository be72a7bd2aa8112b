"""Papers of the counter say what the rows say, and a reader at the counter reads their codes."""

from __future__ import annotations

import pypdfium2
import pytest
import zxingcpp
from flask_appbuilder.security.sqla.models import User

from app.domain.custody import ItemState, Movement
from app.domain.delivery import Method
from app.domain.items import ItemKind
from app.extensions import db
from app.house import equipment
from app.models import Carriage
from app.transaction import one_transaction
from app.usecases.move_items import move_items
from app.usecases.printouts import (
    book_as_csv,
    destructions,
    posted_on,
    print_book,
    print_case_label,
    print_destruction_record,
    print_protocol,
    print_receipt_of_things,
)
from app.usecases.staff import set_staff_position
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox

pytestmark = pytest.mark.one_database
TRACKING = "00759007731512000621"


@pytest.fixture
def work(office, signers) -> Work:
    citizen = a_citizen()
    sender = by_mailbox(citizen)
    work = Work(send(signers.sign(application_files()), sender=sender).case_id)
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.receive(Carriage.POST, tracking=TRACKING)
    return work


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def codes_of(pdf: bytes) -> set[str]:
    document = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=300 / 72).to_pil()
    document.close()
    return {found.text for found in zxingcpp.read_barcodes(picture)}


def test_the_label_of_an_envelope_opens_its_case_and_that_of_a_thing_names_it(work):
    here = [item for item in work.case.items if item.state is ItemState.IN_OFFICE]

    envelope = print_case_label(work.case, here, equipment=equipment(), at=work.act().at)
    one = print_case_label(work.case, here[:1], equipment=equipment(), at=work.act().at)

    assert codes_of(envelope) == {work.case.sign}
    assert codes_of(one) == {f"{work.case.sign}/{here[0].number}"}
    assert "A-1" in words_of(envelope)


def test_the_receipt_names_every_thing_that_was_brought(work):
    arrival = work.case.consignments[0]

    words = words_of(print_receipt_of_things(arrival, equipment=equipment()))

    assert arrival.number in words
    assert words.count("tablica rejestracyjna") == 2
    assert "dowód rejestracyjny" in words


def decided(work: Work) -> None:
    work.compare_all()
    work.step("confirm_originals")
    work.pay()
    work.make_ready()
    work.write("register_temporarily")


def test_the_record_of_destruction_says_how_and_before_whom(work):
    decided(work)
    plates = [item.number for item in work.case.items if item.kind is ItemKind.PLATE]
    with one_transaction() as session:
        move_items(session, work.case, plates, Movement.DESTROYED, act=work.act(), remark="przecięcie\nEwa Druga")

    words = words_of(print_destruction_record(work.case, 1, equipment=equipment()))

    assert len(destructions(work.case)) == 1
    assert f"Z/{work.case.sign}/1" in words
    assert "przecięcie" in words
    assert "Ewa Druga" in words


def test_what_goes_out_stands_in_a_protocol_or_in_the_posting_book(work):
    decided(work)
    work.agree(Method.POST, NEW_PLATE=Method.IN_PERSON)
    work.give()
    work.post(TRACKING)
    visit, parcel = work.case.consignments[-2:]

    protocol = words_of(print_protocol(visit, equipment=equipment()))
    parcels = posted_on(db.session(), parcel.on)
    book = words_of(print_book(parcels, parcel.on, equipment=equipment(), at=work.act().at))

    assert "dowód osobisty, trzy ostatnie znaki numeru: 123" in protocol
    assert protocol.count("zalegalizowana tablica rejestracyjna") == 2
    assert [one.tracking for one in parcels] == [TRACKING]
    assert "Jan Testowy" in book
    assert "Razem przesyłek 1" in book
    assert TRACKING in book_as_csv(parcels).decode("utf-8-sig")


def test_a_letter_names_the_position_that_its_author_had_when_it_was_written(work):
    before = work.case.letters[-1]
    with one_transaction() as session:
        set_staff_position(session, session.get_one(User, work.clerk.id), "starszy inspektor", act=work.act())
    later = work.write("notify_delay", reasons="Brak badań technicznych.")

    texts = [words_of(equipment().store.read(letter.pdf_sha256)) for letter in (before, later)]

    assert ["starszy inspektor" in text for text in texts] == [False, True]
    assert "pracownik urzędu" in texts[0]
