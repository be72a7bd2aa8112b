"""What is mine stays mine: addresses of the mailbox, and what a GET may do."""

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.extensions import db
from app.models import Case, Message, Receipt, WebSession
from tests.authority import TestAuthority
from tests.web.mailbox_people import Visitor, changed, open_mailbox, open_office, signed

pytestmark = pytest.mark.one_database


@pytest.fixture
def town(mailbox_app):
    """Jan has sent, been refused, and keeps a draft; Anna has an account and nothing else."""
    authority = TestAuthority()
    open_office(mailbox_app, authority)
    for login, name in (("jan", "Jan Testowy"), ("anna", "Anna Testowa")):
        open_mailbox(mailbox_app, login, name)
    jan, anna = Visitor(mailbox_app), Visitor(mailbox_app)
    jan.log_in("jan")
    anna.log_in("anna")
    jan.send(signed(authority))
    jan.send(changed(signed(authority)))
    jan.bring(signed(authority))
    return mailbox_app, jan, anna


def addresses_of_everything(app):
    """Every address that names an object of Jan."""
    with app.app_context():
        messages = db.session.scalars(sa.select(Message)).all()
        pages = {"received": ["/odebrane/{}"], "sent": ["/wyslane/{}", "/wyslane/{}/paczka"], "drafts": ["/robocze/{}"]}
        found = [page.format(m.public_id) for m in messages for page in pages[m.folder.value]]
        found += [f"/sprawy/{case.public_id}" for case in db.session.scalars(sa.select(Case))]
        for receipt in db.session.scalars(sa.select(Receipt)):
            found += [f"/poswiadczenia/{receipt.public_id}/upo.{kind}" for kind in ("xml", "pdf")]
    return found


def acts_on_everything(app):
    with app.app_context():
        acts = {
            "received": ["/odebrane/{}/przeczytane"],
            "drafts": ["/robocze/{}/wyslij", "/robocze/{}/usun"],
            "sent": [],
        }
        return [act.format(m.public_id) for m in db.session.scalars(sa.select(Message)) for act in acts[m.folder.value]]


def test_the_owner_opens_everything_that_is_his(town):
    app, jan, _ = town
    found = addresses_of_everything(app)

    assert len(found) == 10
    assert {address: jan.get(address).status_code for address in found} == dict.fromkeys(found, 200)


def test_to_somebody_else_nothing_of_it_is_there(town):
    app, _, anna = town

    answers = {address: anna.get(address).status_code for address in addresses_of_everything(app)}

    assert set(answers.values()) == {404}


def test_nobody_acts_on_what_belongs_to_somebody_else(town):
    app, _, anna = town
    acts = acts_on_everything(app)

    assert len(acts) == 4
    assert {anna.post(address).status_code for address in acts} == {404}


def test_without_a_log_in_every_such_address_leads_to_the_log_in(town):
    app, _, _ = town
    stranger = Visitor(app)

    for address in addresses_of_everything(app):
        answer = stranger.get(address)
        assert answer.status_code == 302
        assert answer.location.startswith("/logowanie")


def test_numbers_of_rows_are_no_addresses(town):
    _, jan, _ = town

    for address in ("/odebrane/1", "/wyslane/1", "/robocze/1", "/sprawy/1", "/poswiadczenia/1/upo.xml"):
        assert jan.get(address).status_code == 404


def test_a_get_writes_nothing(town):
    app, jan, _ = town
    written = []
    with app.app_context():
        engine = db.engine
    listen = lambda conn, cursor, statement, *_: written.append(statement) if _writes(statement) else None  # noqa: E731
    event.listen(engine, "before_cursor_execute", listen)

    for address in [*addresses_of_everything(app), "/odebrane", "/robocze", "/wyslane", "/sprawy", "/sesje", "/wyslij"]:
        assert jan.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", listen)

    # "Last seen" of the session, once a minute, is the only thing that a visit leaves.
    assert [statement for statement in written if WebSession.__tablename__ not in statement] == []


def test_everything_behind_the_log_in_is_kept_by_nobody(town):
    app, jan, _ = town

    for address in [*addresses_of_everything(app), "/odebrane", "/sprawy", "/sesje", "/wyslij"]:
        assert jan.get(address).headers["Cache-Control"] == "no-store", address


def _writes(statement):
    return statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
