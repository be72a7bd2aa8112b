"""Applications with defects, by the verbs: remedied, never remedied, sent to the wrong office, never answered."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.custody import ItemState
from app.domain.determinations import DeterminationCode
from app.domain.errors import Refused
from app.domain.items import ItemKind
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import Doer
from app.epackages.application import Answer, AnswerKind
from app.extensions import db
from app.house import equipment
from app.letters.texts import compose, default_text, parse_text
from app.letters.words import day_in_words
from app.models import Carriage, Case, Letter, LetterState, LetterWay, ParcelOutcome
from app.reports.posting import letters_to_post, parcels_out
from app.transaction import one_transaction
from app.usecases.days_off import office_calendar
from app.usecases.hand_out import things_to_hand_out
from app.usecases.letter_fields import LetterDraft, letter_fields
from app.usecases.printouts import posted_on
from app.usecases.receive_items import Envelope, Extra, receive_items
from app.usecases.send_again import send_again
from app.usecases.serve_letter import note_paper_service, post_letter
from tests.factories import a_form, a_photo, application_files, send
from tests.letters.reading import in_a_line, text_of
from tests.usecases.at_work import Work, a_citizen, by_mailbox, letters_of, sound
from tests.usecases.test_co_owners import words_of


@pytest.fixture
def citizen(office) -> int:
    return a_citizen()


@pytest.fixture
def work(citizen, signers) -> Work:
    return Work(send(signers.sign(application_files()), sender=by_mailbox(citizen)).case_id)


def on_paper(work: Work, kind: str, on: dt.date) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        note_paper_service(session, case.letters[-1], kind, on, act=work.act(work.desk))


def found_wanting(work: Work) -> Letter:
    """Of the documents one cannot be read, and the party is asked for a better one."""
    work.take()
    work.accept_all(INSPECTION=Verdict.ILLEGIBLE)
    return work.write("summon_remedy")


def test_what_was_deficient_is_remedied_by_a_signed_supplement(work, citizen, signers):
    found_wanting(work)
    work.later(1)
    work.open_letter()
    assert work.case.stage == "awaiting_remedy"
    due = work.case.letters[0].summons.due_on
    documents = {"badanie.jpg": a_photo("green")}
    supplement = {"wniosek.xml": a_form(documents=documents, answers=Answer(work.case.sign, AnswerKind.SUPPLEMENT))}

    # The certificates of the test run in the present, and so the supplement comes in it, too.
    work.days = 0
    package = send(signers.sign({**supplement, **documents}), sender=by_mailbox(citizen))

    assert package.case_id == work.case_id
    assert work.case.stage == "verification"
    assert work.case.letters[0].summons.met_at is not None
    assert due is not None
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.receive()
    work.compare_all()
    work.step("confirm_originals")
    assert work.case.stage == "originals_complete"
    assert [kind for kind, _ in letters_of(work.case_id)] == ["remedy_summons", "originals_summons"]
    sound()


def test_what_is_never_remedied_is_left_unexamined_once_the_term_has_passed(work):
    found_wanting(work)
    work.open_letter()
    with pytest.raises(Refused, match="summons-expired"):
        work.write("leave_unexamined", reasons="nie uzupełniono")
    due = work.case.letters[0].summons.due_on
    work.later((due - work.act().today).days)
    with pytest.raises(Refused, match="summons-expired"):
        work.write("leave_unexamined", reasons="nie uzupełniono")

    work.later(1)
    work.write("leave_unexamined", reasons="nie uzupełniono zaświadczenia")
    assert work.case.stage == "left_unexamined"
    work.open_letter()
    work.step("close")
    work.step("archive")

    assert work.case.stage == "archived"
    assert work.case.items == []
    sound()


def test_a_reminder_of_originals_gives_some_more_days_and_only_then_the_case_ends(work):
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.later((work.case.letters[0].summons.due_on - work.act().today).days + 1)

    reminder = work.write("remind")
    work.open_letter()

    due = work.case.letters[0].summons.due_on
    assert due > work.act().today
    said = day_in_words(due).replace("\u00a0", " ")
    assert any(f"Proszę przekazać to do {said}" in one["text"].replace("\u00a0", " ") for one in reminder.blocks)
    with pytest.raises(Refused, match="summons-expired"):
        work.write("leave_unexamined", reasons="oryginały nie nadeszły")
    work.later((due - work.act().today).days + 1)
    letter = work.write("leave_unexamined", reasons="oryginały nie nadeszły")
    assert work.case.stage == "left_unexamined"
    said = words_of(letter)
    summons = work.case.letters[0]
    for one, words in ((summons, "Wezwanie z dnia {} doręczono {}"), (reminder, "pismem z dnia {}, doręczonym {}, i")):
        sent, served = (day_in_words(day) for day in (one.sent_at.date(), one.service.served_on))
        assert words.format(sent, served).replace("\u00a0", " ") in said
    assert f"upłynął {day_in_words(due)}".replace("\u00a0", " ") in said
    assert "Zwrócimy" not in said, "nothing of the party is here"


def test_who_is_left_unexamined_without_a_reminder_reads_of_none_and_of_what_comes_back(work):
    work.take()
    work.accept_all(REG_CERT=Verdict.ILLEGIBLE)
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        receive_items(
            session, case, Envelope(carriage=Carriage.IN_PERSON), [], act=work.act(work.desk), extra=HELD, place="A-1"
        )
    work.write("summon_remedy")
    work.open_letter()
    work.later(30)

    said = words_of(work.write("leave_unexamined", reasons="braków nie usunięto"))

    assert "przypomniano" not in said
    assert "Zwrócimy to, co złożono w urzędzie: dowód własności pojazdu umowa z 2.03.2026, zaświadczenie" in said


@pytest.mark.parametrize("mailbox", [True, False])
def test_an_application_without_an_address_is_left_unexamined_though_nobody_was_summoned(citizen, signers, mailbox):
    sender = {"sender": by_mailbox(citizen)} if mailbox else {}
    work = Work(send(signers.sign(application_files()), **sender).case_id)
    work.take()
    work.determine(DeterminationCode.ADDRESS_MISSING)

    letter = work.write("leave_unexamined", reasons="Rejestr PESEL nie zawiera adresu.")

    assert (work.case.stage, letter.kind) == ("left_unexamined", "left_without_address")
    assert "art. 64 § 1" in letter.legal_basis.replace("\u00a0", " ")
    assert "Rejestr PESEL" in str(letter.blocks)
    assert letters_to_post(db.session()) == []
    work.step("close")
    work.step("archive")
    sound()


def test_an_application_for_another_authority_is_passed_on(work):
    work.take()
    with pytest.raises(Refused, match="other-authority-named"):
        work.write("transfer", reasons="właściwość według miejsca zamieszkania")
    work.determine(DeterminationCode.OTHER_AUTHORITY, "Starosta Kłobucki\nRynek 13\n42-100 Kłobuck")

    work.write("transfer", reasons="właściwość według miejsca zamieszkania")
    assert work.case.stage == "transferred"
    notice, cover = work.case.letters
    work.open_letter(notice)
    with pytest.raises(Refused, match="letters-posted"):
        work.step("close")
    post(work, cover)
    work.step("close")
    with pytest.raises(Refused, match="acknowledgements-in"):
        work.step("archive")
    on_paper(work, "delivered", work.act().today)
    work.step("archive")

    assert work.case.stage == "archived"
    sound()


HELD = (Extra(ItemKind.OWNERSHIP, "umowa z 2.03.2026"), Extra(ItemKind.INSPECTION, "BT 17/2026"))
"""What the party brought before anybody asked for it."""


def transferred_with_things(work: Work) -> Letter:
    """The application goes elsewhere, and the office holds originals. Returns the covering letter."""
    work.take()
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        receive_items(
            session, case, Envelope(carriage=Carriage.IN_PERSON), [], act=work.act(work.desk), extra=HELD, place="A-1"
        )
    work.determine(DeterminationCode.OTHER_AUTHORITY, "Starosta Kłobucki\nRynek 13\n42-100 Kłobuck")
    work.write("transfer", reasons="właściwość według miejsca zamieszkania")
    return work.case.letters[-1]


def post(work: Work, letter: Letter) -> None:
    with one_transaction() as session:
        post_letter(session, session.get_one(Letter, letter.id), "RR473124829PL", act=work.act(work.desk))


def test_the_application_goes_to_the_competent_authority_with_a_letter_that_names_what_goes_with_it(work):
    cover = transferred_with_things(work)

    assert letters_of(work.case_id) == [("transfer_notice", LetterState.SENT), ("transfer_letter", LetterState.SENT)]
    assert (cover.addressee, cover.address, cover.way) == (
        "Starosta Kłobucki", ["Rynek 13", "42-100 Kłobuck"], LetterWay.POST
    )  # fmt: skip
    assert [one.id for one in letters_to_post(db.session())] == [cover.id]
    said = in_a_line(text_of(equipment().store.read(cover.pdf_sha256)))
    package = work.case.packages[0]
    held = [
        f"{name} – oryginał, {one.label}, poz. "
        for name, one in zip(("dowód własności pojazdu", "zaświadczenie o badaniu technicznym"), HELD, strict=True)
    ]
    for words in (f"{work.case.sign}/2", package.number, package.receipt.number, "właściwość według miejsca", *held):
        assert words in said, words
    sound()


def test_the_originals_are_forwarded_with_that_letter_under_its_number_and_stand_in_the_book_once(work):
    cover = transferred_with_things(work)
    assert things_to_hand_out(work.case) == []
    with pytest.raises(Refused, match="nothing-owed"):
        work.step("close")

    post(work, cover)

    assert work.things() == {"OWNERSHIP": {"forwarded"}, "INSPECTION": {"forwarded"}}
    parcel = work.case.consignments[-1]
    assert (parcel.person, parcel.tracking, parcel.letter_id) == ("Starosta Kłobucki", "RR473124829PL", cover.id)
    assert {row.consignment_id for item in work.case.items for row in item.handovers[-1:]} == {parcel.id}
    book = posted_on(db.session(), work.act().today)
    assert [(one.addressee, one.tracking, one.remarks) for one in book] == [
        ("Starosta Kłobucki", "RR473124829PL", parcel.number)
    ]
    assert parcels_out(db.session()) == []
    on_paper(work, "delivered", work.act().today)
    assert work.case.consignments[-1].outcome is ParcelOutcome.DELIVERED
    work.open_letter(work.case.letters[0])
    work.step("close")
    work.step("archive")
    sound()


def test_what_the_post_brings_back_from_another_authority_lies_in_the_office_again_and_goes_out_anew(work):
    cover = transferred_with_things(work)
    post(work, cover)
    with one_transaction() as session:
        letter = session.get_one(Letter, cover.id)
        note_paper_service(session, letter, "unknown_addressee", work.act().today, act=work.act(work.desk), place="Z-1")
    assert {(item.state, item.place) for item in work.case.items} == {(ItemState.IN_OFFICE, "Z-1")}

    with one_transaction() as session:
        letter = session.get_one(Letter, cover.id)
        address = ["ul. Nowa 1", "42-100 Kłobuck"]
        again = send_again(session, letter, letter.case.version, address, act=work.act(), doer=Doer.CLERK)
        session.flush()
        post_letter(session, again, "RR473124829PL", act=work.act(work.desk))

    assert work.things() == {"OWNERSHIP": {"forwarded"}, "INSPECTION": {"forwarded"}}
    assert [one.outcome for one in work.case.consignments[1:]] == [ParcelOutcome.UNKNOWN_ADDRESSEE, None]
    sound()


def test_an_application_is_not_transferred_to_an_authority_without_an_address(work):
    work.take()
    work.determine(DeterminationCode.OTHER_AUTHORITY, "Starosta Kłobucki")

    with pytest.raises(Refused, match="letter-lacks"):
        work.prepare("transfer", reasons="właściwość")
    assert work.case.letters == []


@pytest.mark.parametrize(
    ("determined", "printed"),
    [
        ("Starosta Kłobucki\nRynek 13\n42-100 Kłobuck", "przekazano organowi właściwemu: Starosta Kłobucki, Rynek 13,"),
        ("Starosta Kłobucki", "przekazano organowi właściwemu: Starosta Kłobucki."),
    ],
)
def test_the_letter_names_the_other_authority_with_its_address_where_one_is_known(work, determined, printed):
    work.take()
    work.determine(DeterminationCode.OTHER_AUTHORITY, determined)
    draft = LetterDraft(kind="transfer_notice", step="transfer", reasons="właściwość")

    fields = letter_fields(work.case, draft, equipment=equipment(), act=work.act())
    blocks = compose(parse_text("transfer_notice", default_text("transfer_notice", work.case.edition)), fields).blocks

    assert any(printed in block.text.replace("\u00a0", " ") for block in blocks)


def test_an_extension_that_was_granted_before_the_service_is_not_cut_short_by_it(work):
    letter = found_wanting(work)
    until = work.act().today + dt.timedelta(days=60)
    with one_transaction() as session:
        session.get_one(Letter, letter.id).summons.due_on = until

    work.open_letter(letter)

    assert work.case.letters[0].summons.due_on == until


def a_sunday(work: Work) -> dt.date:
    """A Sunday that lies 30 days after the due day of the case, which is moved for it."""
    far = work.act().today + dt.timedelta(days=90)
    sunday = far + dt.timedelta(days=6 - far.weekday())
    with one_transaction() as session:
        session.get_one(Case, work.case_id).due_on = sunday - dt.timedelta(days=30)
    return sunday


def test_the_new_day_that_is_proposed_for_a_delay_is_a_working_day_and_the_clock_ends_on_it(work):
    work.take()
    sunday = a_sunday(work)

    letter = work.write("notify_delay", reasons="Czekamy na inny urząd.")

    named = dt.date.fromisoformat(letter.details["until"])
    assert named > sunday
    assert office_calendar(db.session()).is_working_day(named)
    assert work.case.due_on == named


def test_a_new_day_on_which_no_term_ends_is_refused_with_the_next_one_that_is_possible(work):
    work.take()
    sunday = a_sunday(work)

    with pytest.raises(Refused, match="until-day-off") as refused:
        work.write("notify_delay", reasons="Czekamy na inny urząd.", until=sunday)

    working = dt.datetime.strptime(str(refused.value.details["working"]), "%d.%m.%Y").date()  # noqa: DTZ007  a day
    assert working == office_calendar(db.session()).next_working_day(sunday)
