"""What people see when something is refused or breaks: a sentence, what to do, a number, and nothing of the inside."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

import app
from app.domain.errors import BadInput, NotAllowed, Refused, Stale, StepNotOpen
from app.extensions import db
from app.storage import Damaged, Missing, StoreFull
from app.storage.failures import TooLarge
from app.views.wording import REFUSALS
from tests.databases import writing
from tests.web.conftest import citizen_at, log_in_citizen, log_in_staff

pytestmark = pytest.mark.one_database

PESEL = "84051203872"


def failing(door, error: Exception, path: str = "/boom"):
    """A door with one more page, which raises `error`; open to everybody."""
    from app.views import doorkeeper

    def boom() -> str:
        raise error

    door.add_url_rule(path, "boom", boom)
    open_to_all = {kind: names | {"boom"} for kind, names in doorkeeper.PUBLIC.items()}
    return door, open_to_all


@pytest.fixture
def page_of(monkeypatch, mailbox_app):
    def visit(error: Exception, path: str = "/boom"):
        from app.views import doorkeeper

        door, open_to_all = failing(mailbox_app, error, path)
        monkeypatch.setattr(doorkeeper, "PUBLIC", open_to_all)
        return door.test_client().get(path)

    return visit


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Stale("case-taken", sign="KM.5410.7.2026", clerk="A"), 409),
        (StepNotOpen("step-not-open", step="take", stage="closed", procedure="registration"), 409),
        (Refused("queue-empty"), 409),
        (NotAllowed("step-not-yours", step="take", stage="closed"), 403),
        (BadInput("view-name"), 400),
        (TooLarge("too-large"), 413),
        (Refused("too-many-attempts", seconds=77), 429),
        (Refused("seal-missing"), 503),
        (StoreFull("no room"), 503),
        (Missing("gone"), 404),
        (Damaged("bytes"), 500),
        (IntegrityError("insert", {}, Exception("unique")), 409),
        (OperationalError("select 1", {}, Exception("down")), 503),
        (RuntimeError("a bug"), 500),
    ],
    ids=str,
)
def test_each_kind_of_trouble_has_its_answer(page_of, error, status):
    answer = page_of(error)

    assert answer.status_code == status
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_refusal_says_its_sentence_with_its_details(page_of):
    assert "KM.5410.7.2026" in page_of(Stale("case-taken", sign="KM.5410.7.2026", clerk="A")).text


def test_a_refusal_without_a_sentence_still_says_one(page_of):
    answer = page_of(Refused("nobody-wrote-words-for-this"))

    assert answer.status_code == 409
    assert "nobody-wrote-words" not in answer.text


def test_who_must_wait_is_told_how_long(page_of):
    answer = page_of(Refused("too-many-attempts", seconds=77))

    assert answer.headers["Retry-After"] == "77"
    assert "77" in answer.text


def test_a_broken_page_shows_nothing_of_the_inside(page_of, capfd):
    answer = page_of(RuntimeError(f"no such column: pesel = {PESEL}, password=hunter2"))

    assert answer.status_code == 500
    for inside in ("RuntimeError", "Traceback", "no such column", PESEL, "hunter2", "site-packages"):
        assert inside not in answer.text
    logged = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    failed = next(line for line in logged if line["event"] == "failed")
    assert failed["request_id"] == answer.headers["X-Request-Id"]
    assert failed["exception"] == "RuntimeError"
    assert PESEL not in str(logged)
    assert "hunter2" not in str(logged)


def test_programs_get_problems_as_json(page_of):
    answer = page_of(RuntimeError("x"), "/api/v1/boom")

    assert answer.status_code == 500
    assert answer.content_type == "application/problem+json"
    body = answer.get_json(force=True)
    assert body["status"] == 500
    assert body["code"] == "failed"
    assert body["instance"] == answer.headers["X-Request-Id"]


def test_an_unknown_address_of_the_api_is_a_problem_too(mailbox):
    answer = mailbox.test_client().get("/api/v1/nothing")

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_a_body_that_is_too_large_is_refused_as_such(mailbox, settings):
    visitor = citizen_at(mailbox)
    token = visitor.token()
    mailbox.config["MAX_CONTENT_LENGTH"] = 2000

    answer = visitor.client.post("/logowanie", data={"csrf_token": token, "user_name": "x" * 5000, "password": "y"})

    assert answer.status_code == 413


def test_a_wrong_method_says_which_are_right(office):
    clerk = log_in_staff(office, "clerk")
    answer = clerk.client.post("/account/", data={"csrf_token": clerk.token("/account/")})

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_without_the_database_a_known_person_is_told_to_wait_and_not_to_log_in_again(office):
    clerk = log_in_staff(office, "clerk")
    cookie = clerk.cookie()
    with office.app_context(), writing(db.engine) as connection:
        connection.execute(sa.text("alter table web_session rename to hidden"))

    for path in ("/account/", "/login/"):
        answer = clerk.get(path)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "60"
    assert clerk.cookie() == cookie

    with office.app_context(), writing(db.engine) as connection:
        connection.execute(sa.text("alter table hidden rename to web_session"))
    assert clerk.get("/account/").status_code == 200


def test_the_office_has_error_pages_with_and_without_a_menu(office):
    clerk = log_in_staff(office, "clerk")

    inside, outside = clerk.get("/nothing"), office.test_client().get("/nothing")
    forbidden = clerk.get("/uzytkownicy/list/")

    assert (inside.status_code, outside.status_code, forbidden.status_code) == (404, 404, 403)
    assert "/logout/" in inside.text
    assert "/logout/" not in outside.text
    for answer in (inside, outside, forbidden):
        assert answer.headers["X-Request-Id"] in answer.text


def test_every_refusal_of_the_program_has_a_sentence():
    kinds = {"Refused", "StepNotOpen", "NotAllowed", "Stale", "BadInput"}
    codes = set()
    for path in Path(app.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in kinds
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                codes.add(node.args[0].value)

    assert len(codes) > 15
    assert codes - set(REFUSALS) == set()


def test_every_sentence_of_a_refusal_ends_like_one():
    for code, text in REFUSALS.items():
        assert re.fullmatch(r"[A-Z“].*[.]", str(text)), code


def test_a_nul_in_a_form_is_refused_and_in_an_address_not_even_seen(office, mailbox):
    clerk, jan = log_in_staff(office, "clerk"), log_in_citizen(mailbox, "jan")

    typed = clerk.post("/praca/szukaj", {"q": "KM\0"}, see="/account/")
    sent = jan.post("/language", {"language": "pl", "next": "/\0"})
    asked = clerk.get("/praca/szukaj?q=%00SC%0%000")

    assert (typed.status_code, sent.status_code) == (400, 400)
    assert asked.status_code == 200
    assert "\0" not in asked.text


def test_who_was_slower_at_the_same_row_is_told_so_and_the_log_keeps_why(page_of, capfd):
    answer = page_of(IntegrityError("insert into plate", {"pesel": PESEL}, Exception("UNIQUE")))

    assert answer.status_code == 409
    logged = capfd.readouterr().err
    assert '"event": "conflict"' in logged
    assert PESEL not in logged
