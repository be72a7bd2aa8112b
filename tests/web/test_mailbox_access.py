"""What is mine stays mine: addresses of the mailbox, and what a GET may do."""

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.extensions import db
from app.house import equipment
from app.models import Announcement, Case, CaseStep, Letter, Message, Question, Receipt, WebSession
from app.usecases.free_slots import free_slots
from tests.authority import TestAuthority
from tests.usecases.at_work import Work
from tests.web.letters_at_work import Outside, answer, propose, up_to_proposal
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


# Which object of Jan's the address of a route names. A route with an object that is not here fails the test.
OBJECTS = {
    "case": ("cases.page", "cases.parcel_letter", "answers.originals", "answers.announce", "answers.question",
             "answers.ask", "answers.withdrawal", "answers.withdraw", "answers.withdrawal_document", "handover.page",
             "handover.accept", "handover.otherwise", "handover.counter", "handover.appointment"),
    "letter": ("letters.letter", "letters.mark_read", "office_letters.confirm", "office_letters.pdf",
               "office_letters.proof"),
    "sent": ("letters.copy", "letters.package"),
    "draft": ("upload.check", "upload.send", "upload.discard"),
    "receipt": ("letters.evidence",),
}  # fmt: skip
FORMS = {"way": "in_person", "text": "Pytanie", "sure": "yes", "version": "1"}


@pytest.fixture
def procedure(town):
    """Jan's case has an open letter, one without a receipt, a closed one, and an agreed visit."""
    app, jan, anna = town
    jan.client, anna.client = Outside(jan.client), Outside(anna.client)
    with app.app_context():
        work = Work(db.session.scalars(sa.select(Case.id)).first())
        work.take()
        up_to_proposal(work, slot=free_slots(db.session(), equipment=equipment(), act=work.act())[0].begins)
        work.accept()
        answer(work, "Odpowiedź.")
        propose(work)
        yield app, jan, anna, work


def objects_of(work):
    def messages(kind):
        return db.session.scalars(sa.select(Message.public_id).where(Message.kind == kind)).first()

    opened = db.session.scalars(sa.select(Letter).where(Letter.message_id.is_not(None)).order_by(Letter.id)).first()
    return {
        "case": work.case.public_id,
        "letter": opened.message.public_id,
        "sent": messages("package"),
        "draft": messages("upload"),
        "receipt": db.session.scalars(sa.select(Receipt.public_id).where(Receipt.package_id.is_not(None))).first(),
    }


def routes_with_objects(app, ids):
    kind_of = {endpoint: kind for kind, endpoints in OBJECTS.items() for endpoint in endpoints}
    for rule in app.url_map.iter_rules():
        if "public_id" in rule.arguments and not rule.endpoint.startswith("api_"):
            more = {name: value for name, value in {"kind": "xml", "pk": 1}.items() if name in rule.arguments}
            values = {"public_id": ids[kind_of[rule.endpoint]], **more}
            method = "POST" if "POST" in rule.methods else "GET"
            yield rule.endpoint, method, app.url_map.bind("localhost").build(rule.endpoint, values, method=method)


def test_every_route_that_names_an_object_is_closed_to_everybody_else(procedure):
    app, jan, anna, work = procedure
    routes = list(routes_with_objects(app, objects_of(work)))
    assert {endpoint for endpoint, _, _ in routes} == {one for endpoints in OBJECTS.values() for one in endpoints}
    before = state_of(work)

    hers = {where: anna.get(path) if method == "GET" else anna.post(path, FORMS) for where, method, path in routes}
    foreign = anna.get(f"/wyslij?sprawa={work.case.public_id}")

    assert {where: answer.status_code for where, answer in hers.items()} == dict.fromkeys(hers, 404)
    assert foreign.status_code == 404
    assert state_of(work) == before
    his = {where: jan.get(path).status_code for where, method, path in routes if method == "GET"}
    # No visit is agreed, no parcel is out, and the case has gone too far to be withdrawn.
    none = {"handover.appointment", "cases.parcel_letter", "answers.withdrawal_document"}
    assert his == {where: 404 if where in none else 200 for where in his}


def state_of(work):
    tables = (Announcement, Question, CaseStep)
    counts = [db.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables]
    return counts, work.case.stage, work.case.version, [row.state.value for row in work.case.proposals]


def test_without_a_log_in_nothing_of_a_case_is_there(procedure):
    app, _, _, work = procedure
    stranger = Visitor(app)
    stranger.client = Outside(stranger.client)

    for where, method, path in routes_with_objects(app, objects_of(work)):
        answer = stranger.get(path) if method == "GET" else stranger.post(path, FORMS)
        assert answer.status_code == 302, where
        assert answer.location.startswith("/logowanie"), where


def test_looking_at_a_case_and_its_letters_writes_nothing(procedure):
    app, jan, _, work = procedure
    written = []
    listen = lambda conn, cursor, statement, *_: written.append(statement) if _writes(statement) else None  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)

    for _where, method, path in routes_with_objects(app, objects_of(work)):
        if method == "GET":
            jan.get(path)
    event.remove(db.engine, "before_cursor_execute", listen)

    assert [statement for statement in written if WebSession.__tablename__ not in statement] == []
