"""Coming into the mailbox and leaving it."""

import pytest

from app.extensions import db
from app.models import WebSession
from app.transaction import one_transaction
from tests.web.mailbox_people import PASSWORD, Visitor, open_mailbox, text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def anna(mailbox_app):
    open_mailbox(mailbox_app, "anna", "Anna Testowa")
    return Visitor(mailbox_app)


def test_a_citizen_logs_in_and_lands_in_received(anna):
    answer = anna.log_in("anna")

    assert (answer.status_code, answer.location) == (302, "/odebrane")
    page = anna.get("/odebrane")
    assert page.status_code == 200
    assert "Anna Testowa" in text_of(page)
    assert page.headers["Cache-Control"] == "no-store"


def test_the_user_name_is_known_in_any_case(anna):
    assert anna.log_in(" ANNA ").status_code == 302


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(anna):
    wrong, unknown = anna.log_in("anna", "nie to hasło"), anna.log_in("nikt", "nie to hasło")

    assert wrong.status_code == unknown.status_code == 422
    assert text_of(wrong).replace("anna", "") == text_of(unknown).replace("nikt", "")


def test_what_was_typed_is_kept_but_never_the_password(anna):
    page = anna.log_in("anna", "nie to hasło").get_data(as_text=True)

    assert 'value="anna"' in page
    assert "nie to hasło" not in page


def test_an_empty_form_says_at_each_field_what_to_enter(anna):
    page = anna.post("/logowanie", {"user_name": "", "password": ""})

    html = page.get_data(as_text=True)
    assert page.status_code == 422
    assert 'href="#user_name"' in html
    assert 'href="#password"' in html
    assert 'aria-describedby="user_name-error"' in html


def test_an_account_that_is_not_activated_stays_closed(mailbox_app):
    open_mailbox(mailbox_app, "nowa", "Nowa Osoba", activated=False)

    assert Visitor(mailbox_app).log_in("nowa").status_code == 422


def test_guessing_is_slowed_down_and_the_page_says_for_how_long(anna):
    answers = [anna.log_in("anna", f"próba {count}").status_code for count in range(7)]

    last = anna.log_in("anna")
    assert answers[-1] == 429
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) > 0


def test_logging_out_is_a_post_and_ends_the_session_row(mailbox_app, anna):
    anna.log_in("anna")

    assert anna.get("/wyloguj").status_code == 405
    assert anna.post("/wyloguj").status_code == 302
    assert anna.get("/odebrane").status_code == 302
    with mailbox_app.app_context():
        assert db.session.query(WebSession).filter(WebSession.ended_at.is_(None)).count() == 0


def test_a_copied_cookie_is_worth_nothing_after_the_log_out(mailbox_app, anna):
    anna.log_in("anna")
    cookie = anna.client.get_cookie("okienko-mailbox").value
    anna.post("/wyloguj")
    thief = Visitor(mailbox_app)
    thief.client.set_cookie("okienko-mailbox", cookie)

    assert thief.get("/odebrane").status_code == 302


@pytest.mark.parametrize("target", ["https://zla.test/", "//zla.test", "/\\zla.test", "javascript:alert(1)"])
def test_the_log_in_sends_nobody_to_another_site(anna, target):
    answer = anna.post("/logowanie", {"user_name": "anna", "password": PASSWORD, "next": target})

    assert answer.location == "/odebrane"


def test_whoever_wanted_a_page_gets_it_after_the_log_in(anna):
    wanted = anna.get("/sprawy")
    assert wanted.location == "/logowanie?next=/sprawy"

    answer = anna.post("/logowanie", {"user_name": "anna", "password": PASSWORD, "next": "/sprawy"})

    assert answer.location == "/sprawy"


def test_a_form_without_its_token_is_refused_with_a_number_to_quote(anna):
    answer = anna.client.post("/logowanie", data={"user_name": "anna", "password": PASSWORD})

    assert answer.status_code == 400
    assert answer.headers["X-Request-Id"] in text_of(answer)


def test_i_see_my_sessions_and_end_one_of_them(mailbox_app, anna):
    phone = Visitor(mailbox_app)
    phone.log_in("anna")
    anna.log_in("anna")
    with mailbox_app.app_context():
        first = db.session.query(WebSession).order_by(WebSession.id).first().id

    answer = anna.post(f"/sesje/{first}/zakoncz", form="/sesje")

    assert answer.status_code == 302
    assert phone.get("/odebrane").status_code == 302
    assert anna.get("/odebrane").status_code == 200


def test_nobody_ends_a_session_of_somebody_else(mailbox_app, anna):
    open_mailbox(mailbox_app, "jan", "Jan Testowy")
    jan = Visitor(mailbox_app)
    jan.log_in("jan")
    anna.log_in("anna")
    with mailbox_app.app_context():
        of_jan = db.session.query(WebSession).order_by(WebSession.id).first().id

    assert anna.post(f"/sesje/{of_jan}/zakoncz", form="/sesje").status_code == 404
    assert jan.get("/odebrane").status_code == 200


def test_staying_logged_in_is_a_post_that_answers_programs_briefly(anna):
    anna.log_in("anna")

    answer = anna.post("/sesja", headers={"Accept": "application/json"})

    assert answer.status_code == 204


def test_a_disabled_account_is_out_at_once(mailbox_app, anna):
    import datetime as dt

    from app.models import Citizen

    anna.log_in("anna")
    with mailbox_app.app_context(), one_transaction() as session:
        session.query(Citizen).update({"disabled_at": dt.datetime.now(dt.UTC)})

    assert anna.get("/odebrane").status_code == 302


def test_the_language_is_a_choice_that_stays(anna):
    anna.post("/language", {"language": "en", "next": "/pomoc"})
    english = anna.get("/pomoc")
    anna.post("/language", {"language": "pl", "next": "/pomoc"})

    assert '<html lang="en"' in english.get_data(as_text=True)
    assert "How to get a mailbox" in text_of(english)
    assert '<html lang="pl"' in anna.get("/pomoc").get_data(as_text=True)
