"""A citizen's own password: changed with the old one, by the published rule, and first of all where it must be."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import AuditEvent, Citizen
from app.transaction import one_transaction
from tests.web.mailbox_people import PASSWORD, Visitor, open_mailbox, text_of

NEW = "Nowa7skrzynka"


@pytest.fixture
def anna(mailbox_app):
    """Anna at her mailbox."""
    open_mailbox(mailbox_app, "anna", "Anna Testowa")
    visitor = Visitor(mailbox_app)
    visitor.log_in("anna")
    return visitor


def must_change(app) -> None:
    with app.app_context(), one_transaction() as session:
        session.scalars(sa.select(Citizen)).one().must_change_password = True


def typed(old: str = PASSWORD, new: str = NEW, again: str | None = None) -> dict[str, object]:
    return {"old": old, "new": new, "again": new if again is None else again}


def test_a_changed_password_ends_the_other_sessions_and_alone_lets_in(mailbox_app, anna):
    elsewhere = Visitor(mailbox_app)
    elsewhere.log_in("anna")

    answer = anna.post("/haslo", typed())

    assert (answer.status_code, answer.location) == (303, "/odebrane")
    assert "Your password is changed." in text_of(anna.get("/odebrane"))
    assert elsewhere.get("/odebrane").status_code == 302
    assert Visitor(mailbox_app).log_in("anna").status_code == 422
    assert Visitor(mailbox_app).log_in("anna", NEW).status_code == 302
    with mailbox_app.app_context():
        changed = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "password-changed")).one()
        assert changed.actor_name == "Anna Testowa"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("form", "said"),
    [
        (typed(old=""), "Enter your present password."),
        (typed(old="Inne7haslo"), "This is not your present password."),
        (typed(new="Krot1"), "citizens at least 8"),
        (typed(new="bezwielkich1"), "The password needs an upper-case letter."),
        (typed(new="BezCyfryWcale"), "The password needs a digit."),
        (typed(again="Nowa8skrzynka"), "The two new passwords differ."),
        (typed(new=PASSWORD), "The new password must be another one."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_changes_nothing(mailbox_app, anna, form, said):
    answer = anna.post("/haslo", form)

    assert answer.status_code == 422
    assert said in text_of(answer)
    for value in form.values():
        assert not value or str(value) not in answer.text
    assert Visitor(mailbox_app).log_in("anna").status_code == 302


@pytest.mark.one_database
def test_guessing_the_old_password_is_slowed_down(anna):
    codes = {anna.post("/haslo", typed(old=f"Zle{n}haslo")).status_code for n in range(12)}

    assert codes == {422, 429}


@pytest.mark.one_database
def test_whoever_was_given_a_password_opens_nothing_before_it_is_changed(mailbox_app, anna):
    must_change(mailbox_app)

    for path in ("/odebrane", "/robocze", "/wyslane", "/sprawy", "/sesje", "/wyslij", "/robocze/AAAAAAAAAAAAAAAA"):
        assert anna.get(path).location == "/haslo", path
    assert anna.post("/wyslij").location == "/haslo"
    page = anna.get("/haslo")
    assert "Somebody else gave you this password." in text_of(page)
    assert "/wyslij" not in page.text
    assert anna.get("/pomoc").status_code == 200

    anna.post("/haslo", typed())

    assert anna.get("/odebrane").status_code == 200
    assert "/haslo" in anna.get("/odebrane").text


@pytest.mark.one_database
def test_whoever_must_change_the_password_may_leave(mailbox_app, anna):
    must_change(mailbox_app)

    assert anna.post("/wyloguj", form="/haslo").location.startswith("/logowanie")
