"""No page says an English word, or `None`, to somebody who reads Polish: both doors, every role."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.house import equipment
from app.models import Case, Citizen, Email, Message, Package
from app.outbox.deliver import letter
from app.roles import Role
from app.transaction import one_transaction
from tests.factories import a_photo, an_office, send
from tests.usecases.at_work import Work
from tests.web.conftest import log_in_staff, staff_at
from tests.web.letters_at_work import Outside, case_page, up_to_proposal, up_to_summons
from tests.web.mailbox_people import Visitor, changed, open_mailbox, open_office, signed
from tests.web.polish import english_on, english_words
from tests.web.walking import call, routes

pytestmark = pytest.mark.one_database

# People of these tests; and "z up." above a signature is Polish.
NAMES = frozenset({"up", "test", "clerk", "front_desk", "front", "desk", "inspector", "supervisor", "auditor"})
_NEW_THINGS = ("/uzytkownicy/add", "/kotwice/add", "/kotwice/lista", "/kotwice/crl", "/platformy/add")
_LEAVES = {"AuthView.logout", "login.leave"}


@pytest.fixture
def busy_office(office, authority):
    """The office with a case whose form reads, one that nobody could read, and a refused package."""
    with office.app_context():
        an_office(authority)
        send(signed(authority))
        send(signed(authority, {"umowa.jpg": a_photo()}))
        send(changed(signed(authority)))
        send(b"not a package")
    return office


@pytest.fixture
def anna(mailbox_app, authority):
    """A citizen who reads Polish."""
    open_office(mailbox_app, authority)
    open_mailbox(mailbox_app, "anna", "Anna Testowa")
    with mailbox_app.app_context(), one_transaction() as session:
        session.execute(sa.update(Citizen).values(language="pl"))
    return a_reader_of_polish(mailbox_app)


def a_reader_of_polish(app):
    visitor = Visitor(app)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "pl"
    return visitor


def pages_of(app, visitor):
    """Yield (address, page) of everything that `visitor` can look at, also of what is refused."""
    for route in routes(app):
        if route.method == "GET" and route.endpoint not in _LEAVES:
            answer = call(visitor.client, route)
            if answer.mimetype == "text/html":
                yield route.path, answer.text


def told(pages):
    """Return one line for each English word of `pages`, for whoever has to translate it."""
    return sorted({f"{word}: {text}" for page in pages.values() for word, text in english_on(page, allowed=NAMES)})


def test_the_words_looked_for_are_english_and_many():
    assert len(english_words()) > 500
    assert {"the", "package", "case", "none", "save"} <= english_words()
    assert not {"paczka", "podpis", "start", "plik"} & english_words()
    assert english_on('<p>Sprawa <b>The case</b></p><a lang="en">English case</a>') == [
        ("case", "The case"),
        ("the", "The case"),
    ]


@pytest.mark.parametrize("role", list(Role))
def test_the_office_speaks_polish_to_every_role(busy_office, role):
    person = log_in_staff(busy_office, role.name.lower())
    with busy_office.app_context():
        cases = list(db.session.scalars(sa.select(Case.sign)))
        packages = list(db.session.execute(sa.select(Case.sign, Package.public_id).join(Package.case)))
    assert len(cases) == 2

    seen = dict(pages_of(busy_office, person))
    for path in (
        "/praca/?tab=new",
        "/praca/szukaj?q=SC12345",
        "/praca/szukaj?q=xyz",
        *(f"/sprawa/{sign}" for sign in cases),
        *(f"/sprawa/{sign}/formularz/{package}" for sign, package in packages),
        *(f"/sprawa/{sign}/paczka/{package}" for sign, package in packages),
    ):
        seen[path] = person.get(path).text

    assert len(seen) > 20
    assert told(seen) == []


def test_a_form_of_the_office_refuses_in_polish(busy_office):
    chief = log_in_staff(busy_office, "administrator")
    form = {"user_name": "x" * 65, "first_name": "", "last_name": "", "email": "x" * 255, "roles": ["Nobody"]}

    answers = {
        "log-in": staff_at(busy_office).post("/login/", {"username": "x" * 129, "password": ""}).text,
        **{path: chief.post(path, form, see=path).text for path in _NEW_THINGS},
    }

    assert "Najwyżej 64" in answers["/uzytkownicy/add"].replace("\u00a0", " ")
    assert "Tego nie ma na liście: Nobody." in answers["/uzytkownicy/add"]
    assert [line for line in told(answers) if not line.startswith("nobody")] == []


def test_the_mailbox_speaks_polish_to_visitors_and_citizens(mailbox_app, anna, authority):
    seen = {f"visitor {path}": page for path, page in pages_of(mailbox_app, a_reader_of_polish(mailbox_app))}
    seen["wrong"] = anna.post("/logowanie", {"user_name": "anna", "password": "wrong"}).text
    seen["check"] = anna.post(
        "/sprawdz",
        {"receipt": (io.BytesIO(b"<a/>"), "a.xml")},
        form="/sprawdz",
        content_type="multipart/form-data",
    ).text
    anna.log_in("anna")
    seen |= pages_of(mailbox_app, anna)
    for name, package in (
        ("good", signed(authority)),
        ("changed", changed(signed(authority))),
        ("formless", signed(authority, {"umowa.jpg": a_photo()})),
        ("no package", b"no package"),
    ):
        brought = anna.bring(package)
        seen[name] = anna.get(brought.location).text if brought.location else brought.text
        if brought.location:
            sent = anna.post(f"{brought.location}/wyslij")
            seen[f"{name}, sent"] = anna.get(sent.location).text if sent.location else sent.text
    with mailbox_app.app_context():
        letters = [(one.folder.value, one.public_id) for one in db.session.scalars(sa.select(Message))]
        cases = list(db.session.scalars(sa.select(Case.public_id)))
    assert len(letters) > 3
    assert cases
    folders = {"received": "odebrane", "sent": "wyslane", "drafts": "robocze"}
    for path in (
        "/odebrane?words=xyz",
        *(f"/{folders[folder]}/{name}" for folder, name in letters),
        *(f"/sprawy/{name}" for name in cases),
    ):
        seen[path] = anna.get(path).text

    assert len(seen) > 30
    assert told(seen) == []


def test_letters_and_answers_speak_polish(mailbox_app, anna, authority):
    anna.log_in("anna")
    anna.send(signed(authority))
    anna.client = Outside(anna.client)
    seen = {}
    with mailbox_app.app_context():
        work = Work(db.session.scalars(sa.select(Case.id)).one())
        work.take()
        summons, case = up_to_summons(work), case_page(work)
        seen |= {f"closed {path}": anna.get(path).text for path in ("/odebrane", summons, case)}
        anna.post(f"{summons}/potwierdz")
        seen["no way"] = anna.post(f"{case}/oryginaly", {"planned": "jutro"}).text
        seen["no parcel"] = anna.post(f"{case}/oryginaly", {"way": "post", "tracking-post": "RR473124828PL"}).text
        anna.post(f"{case}/oryginaly", {"way": "post", "tracking-post": "RR473124829PL"})
        seen["no question"] = anna.post(f"{case}/pytanie", {}).text
        anna.post(f"{case}/pytanie", {"text": "Ile to kosztuje?"})
        seen["not sure"] = anna.post(f"{case}/wycofanie", {}).text
        paths = (summons, case, f"{case}/oryginaly", f"{case}/pytanie", f"{case}/wycofanie")
        seen |= {path: anna.get(path).text for path in (*paths, f"/wyslij?sprawa={work.case.public_id}")}
        up_to_proposal(work, summoned=True)
        for path in (case, f"{case}/odbior", f"{case}/odbior/inaczej", f"{case}/wycofanie"):
            seen[f"proposed {path}"] = anna.get(path).text
        seen["no counter"] = anna.post(f"{case}/odbior/inaczej", {"version": "1"}).text
        anna.post(f"{case}/odbior", {"version": "1"})
        seen |= {f"agreed {path}": anna.get(path).text for path in (case, f"{case}/odbior")}

    assert told(seen) == []


@pytest.mark.parametrize("template", ["news", "waiting"])
def test_every_email_speaks_polish(mailbox_app, anna, authority, template):
    anna.log_in("anna")
    anna.send(signed(authority))
    with mailbox_app.app_context():
        email = db.session.scalars(sa.select(Email)).first()
        email.language, email.template = "pl", template
        message = letter(email, equipment())
        db.session.rollback()

    assert english_on(f"{message.subject} {message.body}") == []


@pytest.mark.parametrize(("language", "subject"), [("pl", "Nowa wiadomość"), ("en", "There is news")])
def test_an_email_speaks_one_language(mailbox_app, anna, authority, language, subject):
    anna.log_in("anna")
    anna.send(signed(authority))
    with mailbox_app.app_context():
        email = db.session.scalars(sa.select(Email)).first()
        email.language = language
        message = letter(email, equipment())
        db.session.rollback()

    assert message.subject.startswith(subject)
    assert (english_on(message.body) == []) == (language == "pl")
