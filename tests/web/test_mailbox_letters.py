"""A letter of the office in the mailbox: closed until confirmed, then open with its proofs; and the answers to it."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.serialization import Encoding

from app.domain.acts import OFFICE_ZONE, Act
from app.domain.deadlines import Way
from app.domain.determinations import DeterminationCode
from app.domain.procedures.facts import Verdict
from app.epackages.application import Answer, AnswerKind
from app.epackages.writer import pack
from app.extensions import db
from app.house import equipment
from app.models import Case, Email, Letter, SearchKey
from app.outbox.deliver import letter as email_of
from app.transaction import one_transaction
from app.usecases.centre import ROOT, authority_certificate
from app.usecases.demands import demands_of_step
from app.usecases.serve_letter import deem_served, remind_of_letter
from tests.factories import PESEL, a_form
from tests.stories.test_from_package_to_desk import receipt_verifies
from tests.web.letters_at_work import (
    Outside,
    answer,
    case_page,
    newest_letter,
    said,
    up_to_proposal,
    up_to_summons,
)
from tests.web.mailbox_people import Visitor, signed, text_of


def test_a_summons_opens_by_confirming_and_its_term_starts(work, jan, tmp_path):
    address = up_to_summons(work)
    folder, closed = text_of(jan.get("/odebrane")), text_of(jan.get(address))
    assert "This letter opens after you confirm its receipt" in folder
    assert "14 days are left" in closed
    assert "Wezwanie do przekazania oryginałów" in closed.replace("\u00a0", " ")
    assert "dowód rejestracyjny" not in closed
    assert jan.get(f"{address}/pismo.pdf").status_code == 404
    assert jan.post(f"{address}/przeczytane").status_code == 404

    answer = jan.post(f"{address}/potwierdz")

    assert answer.status_code == 303
    opened = jan.get(address)
    due = work.case.letters[-1].summons.due_on
    assert said(due) in text_of(opened)
    assert "unexamined" in text_of(opened)
    assert "dowód rejestracyjny" in text_of(opened)
    upd = jan.get(f"{address}/upd.xml")
    root = authority_certificate(db.session(), ROOT).public_bytes(Encoding.PEM)
    assert receipt_verifies(upd.data, root, tmp_path)
    assert jan.get(f"{address}/upd.pdf").data.startswith(b"%PDF")
    assert jan.get(f"{address}/pismo.pdf").data.startswith(b"%PDF")
    assert work.case.letters[-1].service.served_on == dt.datetime.now(OFFICE_ZONE).date()
    assert work.case.letters[-1].message.read_at is not None


def test_confirming_twice_makes_one_proof(work, jan):
    address = up_to_summons(work)

    jan.post(f"{address}/potwierdz")
    first = jan.get(f"{address}/upd.xml").data
    jan.post(f"{address}/potwierdz")

    assert jan.get(f"{address}/upd.xml").data == first


def test_looking_confirms_nothing(work, jan):
    address = up_to_summons(work)

    jan.get(address)

    assert work.case.letters[-1].service.receipt_id is None
    assert work.case.letters[-1].message.read_at is None


def test_a_letter_deemed_served_still_opens_and_says_so(work, jan):
    address = up_to_summons(work, days=20)
    with one_transaction() as session:
        letter = session.get_one(Letter, work.case.letters[-1].id)
        letter.service.reminded_at = dt.datetime.now(dt.UTC) - dt.timedelta(days=13)
        assert deem_served(session, letter, act=Act(work.clerk, dt.datetime.now(dt.UTC)))
    served = work.case.letters[-1].service.served_on
    closed = text_of(jan.get(address))
    assert f"counts as served since {said(served)}" in closed
    assert "not opened yet" in text_of(jan.get("/odebrane"))

    jan.post(f"{address}/potwierdz")

    assert f"counts as served on {said(served)}" in text_of(jan.get(address))
    assert work.case.letters[-1].service.served_on == served


def test_who_opens_after_the_last_day_was_served_on_that_day_though_nobody_had_written_it_down(work, jan):
    address = up_to_summons(work, days=30)
    with one_transaction() as session:
        service = session.get_one(Letter, work.case.letters[-1].id).service
        service.reminded_at = dt.datetime.now(dt.UTC) - dt.timedelta(days=23)

    jan.post(f"{address}/potwierdz")

    service = work.case.letters[-1].service
    assert service.outcome == "deemed"
    assert service.served_on < dt.datetime.now(OFFICE_ZONE).date()
    assert [event.kind for event in service.events][-2:] == ["deemed", "opened"]


def test_a_letter_without_a_receipt_is_open_at_once(work, jan):
    answer(work, "Opłata wynosi 66,50 zł.")

    page = text_of(jan.get(newest_letter()))

    assert "Opłata wynosi 66,50 zł." in page
    assert "UPD" not in page.partition("Proofs")[2]


def test_letters_are_found_by_title_and_number(work, jan):
    up_to_summons(work)
    sign = work.case.sign

    for words in ("oryginałów dokumentów", f"{sign}/1", sign):
        assert "Wezwanie do" in jan.get("/odebrane", query_string={"words": words}).text.replace("\u00a0", " "), words
    assert "Nothing here matches" in text_of(jan.get("/odebrane?words=odmowa"))


def test_the_reminder_says_that_a_letter_waits_and_nothing_else(work, jan):
    up_to_summons(work, days=9)
    with one_transaction() as session:
        letter = session.get_one(Letter, work.case.letters[-1].id)
        assert remind_of_letter(session, letter, act=Act(work.clerk, dt.datetime.now(dt.UTC)))

    email = db.session.scalars(sa.select(Email).where(Email.template == "waiting")).one()
    message = email_of(email, equipment())

    assert message.subject == "A letter waits in your mailbox"
    assert work.case.sign not in message.body
    assert "Jan" not in message.body


def test_what_is_announced_is_found_by_the_front_desk(work, jan):
    address = up_to_summons(work)
    jan.post(f"{address}/potwierdz")
    assert "Say how they will come" in text_of(jan.get(case_page(work)))

    form = f"{case_page(work)}/oryginaly"
    empty = jan.post(form, {})
    wrong = jan.post(form, {"way": "post", "tracking-post": "RR473124828PL", "planned": "jutro"})
    jan.post(form, {"way": "post", "tracking-post": "RR473124829PL", "planned": "1.12.2030"})

    assert "Choose how the originals will come" in text_of(empty)
    assert wrong.status_code == 422
    assert "RR473124828PL" in wrong.text
    row = work.case.announcements[-1]
    assert (row.way, row.tracking, row.planned_on, row.actor_name) == (
        "post", "RR473124829PL", dt.date(2030, 12, 1), "Jan Testowy",
    )  # fmt: skip
    keys = set(db.session.scalars(sa.select(SearchKey.key).where(SearchKey.kind == "tracking")))
    assert any("473124829" in key for key in keys)
    assert "RR473124829PL" in text_of(jan.get(case_page(work)))
    assert "You can change what you said" in text_of(jan.get(case_page(work)))


@pytest.mark.one_database
def test_who_comes_in_person_is_told_of_no_envelope(work, jan):
    jan.post(f"{up_to_summons(work)}/potwierdz")

    said = {}
    for way in ("post", "in_person"):
        jan.post(f"{case_page(work)}/oryginaly", {"way": way})
        said[way] = text_of(jan.get(case_page(work)))

    assert "Put the case sign on the envelope" in said["post"]
    assert "you will bring the originals" in said["in_person"]
    assert "envelope" not in said["in_person"]


@pytest.mark.one_database
def test_a_closed_case_demands_nothing_though_a_letter_was_not_opened_and_that_can_still_be_read(work, jan):
    address = up_to_summons(work)
    assert "Open the letter that waits for you" in text_of(jan.get(case_page(work)))
    with one_transaction() as session:
        over = {"stage": "closed", "closed_at": work.act().at}
        session.execute(sa.update(Case).where(Case.id == work.case_id).values(over))

    page = jan.get(case_page(work))

    assert "Nothing. The case is closed." in text_of(page)
    assert "time limits begin" not in text_of(page)
    assert f'href="{address}"' in page.text
    assert jan.post(f"{address}/potwierdz").status_code == 303


@pytest.mark.one_database
def test_before_a_supplement_is_sent_the_case_that_it_goes_to_is_named(work, jan, authority):
    answers = Answer(work.case.sign, AnswerKind.SUPPLEMENT)
    page = jan.bring(signed(authority, {"pismo.xml": a_form(answers=answers)}))

    assert f"letter in the case {work.case.sign}" in text_of(jan.get(page.headers["Location"])).replace("\u00a0", " ")


@pytest.mark.one_database
def test_the_office_certificate_signs_a_withdrawal_too(work, jan):
    assert "or with the certificate that the office issued to you" in text_of(jan.get(f"{case_page(work)}/wycofanie"))


def test_a_wrong_number_of_a_parcel_is_said_at_its_field(work, jan):
    jan.post(f"{up_to_summons(work)}/potwierdz")

    page = jan.post(f"{case_page(work)}/oryginaly", {"way": "courier", "tracking-courier": "RR473124828PL"})

    assert page.status_code == 422
    assert 'id="tracking-courier-error"' in page.text


def test_a_summons_to_remedy_leads_to_the_upload_with_the_case_sign(work, jan):
    work.accept_all(OWNERSHIP=Verdict.ILLEGIBLE)
    work.write("summon_remedy")
    jan.post(f"{newest_letter()}/potwierdz")

    page = text_of(jan.get(case_page(work)))
    upload = text_of(jan.get(f"/wyslij?sprawa={work.case.public_id}"))

    assert "Send what is missing by" in page
    assert work.case.sign in upload


def test_a_question_waits_until_a_letter_answers_it(work, jan):
    form = f"{case_page(work)}/pytanie"
    assert "Write what you want to ask" in text_of(jan.post(form, {"text": "  "}))
    assert jan.post(form, {"text": "x" * 2001}).status_code == 422
    jan.post(form, {"text": "Ile wynosi opłata?"})
    assert "Waits for an answer" in text_of(jan.get(case_page(work)))
    work.start = dt.datetime.now(dt.UTC)

    answer(work, "66,50 zł.")

    page = text_of(jan.get(case_page(work)))
    assert "Read the answer" in page
    assert work.case.questions[0].answer.kind == "answer"


def test_only_so_many_questions_wait_at_a_time(work, jan):
    form = f"{case_page(work)}/pytanie"
    for number in range(5):
        assert jan.post(form, {"text": f"Pytanie {number}"}).status_code == 303

    assert jan.post(form, {"text": "Jeszcze jedno"}).status_code == 422


def test_the_application_is_withdrawn_after_a_confirmation(work, jan):
    form = f"{case_page(work)}/wycofanie"
    assert "KPA art. 63" in text_of(jan.get(form))
    assert jan.post(form, {}).status_code == 422
    assert work.case.stage == "verification"

    jan.post(form, {"sure": "yes", "reason": "Sprzedaję samochód."})

    assert work.case.stage == "withdrawn"
    assert work.case.steps[-1].reason == "Sprzedaję samochód."
    assert "Sign the withdrawal" in text_of(jan.get(case_page(work)))
    assert "Without your signature that does not count" in text_of(jan.get(form))
    work.later(1)
    work.determine(DeterminationCode.WITHDRAWAL_SIGNED, "pismo z podpisem")
    assert "You have withdrawn the application" in text_of(jan.get(case_page(work)))
    assert "withdrawn already" in text_of(jan.get(form))
    assert jan.get(f"{form}.xml").status_code == 404


def test_the_withdrawal_is_a_document_to_be_signed_outside_and_sent_back(work, jan, authority):
    form = f"{case_page(work)}/wycofanie"
    assert f'href="{form}.xml"' in jan.get(form).text
    document = jan.get(f"{form}.xml")
    assert document.mimetype == "application/xml"

    sent = pack({"wniosek.xml": document.data}, authority.citizen("Jan Testowy", PESEL), dt.datetime.now(dt.UTC))
    told = text_of(jan.get(jan.send(sent)))

    assert "The letter has reached the office" in told
    assert "originals and plates" not in told
    assert work.case.stage == "withdrawn"
    assert not work.facts().withdrawal_unsigned
    assert "You have withdrawn the application" in text_of(jan.get(case_page(work)))


def test_what_would_be_sent_is_named_as_a_withdrawal_before_it_is_sent(work, jan, authority):
    document = jan.get(f"{case_page(work)}/wycofanie.xml").data

    page = jan.bring(signed(authority, {"wniosek.xml": document}))

    assert f"withdrawal of the application in the case {work.case.sign}" in text_of(jan.get(page.headers["Location"]))


def test_a_summons_to_sign_the_withdrawal_leads_to_its_page(work, jan):
    jan.post(f"{case_page(work)}/wycofanie", {"sure": "yes"})
    work.open_letter(work.write("summon_remedy"))

    page = jan.get(newest_letter())

    assert f'href="{case_page(work)}/wycofanie"' in page.text
    assert "the office goes on with the case" in text_of(page)


def test_what_has_gone_too_far_is_not_withdrawn(work, jan):
    up_to_proposal(work)

    answer = jan.post(f"{case_page(work)}/wycofanie", {"sure": "yes"})

    assert answer.status_code == 303
    assert work.case.stage == "agreeing_handover"


def test_anybody_learns_whether_a_letter_and_its_proof_are_ours(mailbox_app, work, jan):
    address, anybody = up_to_summons(work), Visitor(mailbox_app)
    anybody.client = Outside(anybody.client)
    jan.post(f"{address}/potwierdz")
    letter, printed, xml = (jan.get(f"{address}/{name}").data for name in ("pismo.pdf", "upd.pdf", "upd.xml"))

    def check(content: bytes, name: str) -> str:
        data = {"receipt": (io.BytesIO(content), name)}
        return text_of(anybody.post("/sprawdz", data, form="/sprawdz", content_type="multipart/form-data"))

    result = check(letter, "pismo.pdf")
    assert f"This is our letter {work.case.sign}/1" in result
    assert not [word for word in ("Jan Testowy", "Wezwanie") if word in result]
    assert all("Ours and unchanged" in check(*one) for one in ((printed, "upd.pdf"), (xml, "upd.xml")))
    assert "We do not confirm" in check(letter + b" ", "pismo.pdf")
    assert "We do not confirm" in check(xml.replace(b"KM.5410.1", b"KM.5410.2"), "upd.xml")


def test_a_thing_that_is_to_come_only_in_person_says_so_and_other_ways_are_not_offered(work, jan):
    work.accept_all()
    demands = [replace(one, ways=frozenset({Way.IN_PERSON})) for one in demands_of_step(work.case, "summon_originals")]
    work.write("summon_originals", demands=tuple(demands))
    work.open_letter()

    letter = text_of(jan.get(newest_letter()))
    form = jan.get(f"{case_page(work)}/oryginaly")
    refused = jan.post(f"{case_page(work)}/oryginaly", {"way": "post"})

    assert "Registration certificate (only in person)" in letter.replace("\u00a0", " ")
    assert "Registration certificate (only in person)" in text_of(form).replace("\u00a0", " ")
    assert re.findall(r'name="way" type="radio" value="(\w+)"', form.text) == ["in_person"]
    assert refused.status_code == 422


def test_the_page_of_the_withdrawal_leads_to_an_upload_that_asks_for_no_form(work, jan, authority):
    page = jan.get(f"{case_page(work)}/wycofanie").text
    address = re.search(r'href="(/wyslij\?[^"]+)"', page)[1].replace("&amp;", "&")
    document = jan.get(f"{case_page(work)}/wycofanie.xml").data

    upload = text_of(jan.get(address))
    plain = text_of(jan.get(f"/wyslij?sprawa={work.case.public_id}"))
    check = text_of(jan.get(jan.bring(signed(authority, {"wniosek.xml": document})).headers["Location"]))

    assert "You withdraw the application in the case" in upload
    assert "supplement" not in upload
    assert "choose “supplement”" in plain
    assert "After sending it cannot be taken back" in check
    assert "You can still send missing documents" not in check


def test_a_summons_needs_no_answer_any_more_once_the_application_was_left_unexamined(work, jan):
    work.accept_all(REG_CERT=Verdict.ILLEGIBLE)
    work.write("summon_remedy")
    work.open_letter()
    summons = newest_letter()
    before = text_of(jan.get(summons))
    with one_transaction() as session:
        letter = session.get_one(Letter, work.case.letters[-1].id)
        letter.summons.due_on = work.act().today - dt.timedelta(days=1)
        letter.sent_at -= dt.timedelta(days=20)
    work.write("leave_unexamined", reasons="braków nie usunięto")

    after = text_of(jan.get(summons))

    assert "Send what is missing" in before
    assert "This letter need not be answered any more." not in before
    assert "Send what is missing" not in after
    assert "This letter need not be answered any more." in after
    assert "z up. Prezydenta Miasta Częstochowy" in after
