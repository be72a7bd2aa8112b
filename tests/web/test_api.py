"""The API by which other platforms push packages: the answers that `interfaces` promises, on both databases."""

from __future__ import annotations

import pytest

from app.models import Package
from app.outbox.worker import Worker
from app.transaction import one_transaction
from app.usecases.platforms import add_platform, revoke_platform
from tests.factories import Signers, an_office, application_files
from tests.web.mailbox_people import changed

ASIC = "application/vnd.etsi.asic-e+zip"


@pytest.fixture
def office(mailbox_app, authority, act):
    with mailbox_app.app_context():
        an_office(authority)
        with one_transaction() as session:
            token = add_platform(session, "SEKAP", act=act)
    mailbox_app.config["TOKEN"] = token
    return mailbox_app


@pytest.fixture
def post(office):
    def submit(data: bytes, *, token: str | None = None, media: str = ASIC, **headers: str):
        headers["Authorization"] = f"Bearer {token or office.config['TOKEN']}"
        return office.test_client().post("/api/v1/packages", data=data, content_type=media, headers=headers)

    return submit


@pytest.fixture
def package(authority, tmp_path) -> bytes:
    return Signers(authority, tmp_path).sign(application_files())


def test_a_new_package_answers_201_and_the_same_bytes_200_with_the_same_id(post, package):
    first, second = post(package), post(package)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json["id"] == second.json["id"]
    assert first.json["state"] == "received"
    assert first.headers["Location"] == f"/api/v1/packages/{first.json['id']}"


def test_the_worker_settles_it_and_the_receipt_is_the_same_at_each_download(office, post, package):
    made = post(package)
    headers = {"Authorization": f"Bearer {office.config['TOKEN']}"}
    client = office.test_client()

    worker = Worker(office)
    while worker.run_once():
        pass
    shown = client.get(made.headers["Location"], headers=headers)

    assert (shown.json["state"], shown.json["outcome"], shown.json["refusal"]) == ("accepted", "valid", None)
    assert shown.json["case"].startswith("KM.5410.1.")
    once, again = (client.get(shown.json["receipt"], headers=headers) for _ in range(2))
    assert once.status_code == 200
    assert once.data == again.data
    assert b"IdentyfikatorPoswiadczenia" in once.data


@pytest.mark.parametrize(
    ("language", "said"),
    [(None, "Plik zmienił się po podpisaniu paczki."), ("en", "A file was changed after the package had been signed.")],
)
def test_a_refusal_has_codes_for_programs_and_words_for_the_sender(office, post, package, language, said):
    made = post(changed(package))
    headers = {"Authorization": f"Bearer {office.config['TOKEN']}"} | (
        {"Accept-Language": language} if language else {}
    )
    assert made.json["refusal"] is None

    Worker(office).run_once()
    shown = office.test_client().get(made.headers["Location"], headers=headers).json

    assert (shown["state"], shown["reasons"], shown["receipt"]) == ("refused", ["hash-mismatch"], None)
    assert shown["refusal"].startswith(said)
    assert len(shown["refusal"]) > len(said) + 20, "what helps is said, too"


def test_nobody_gets_in_without_a_token_that_is_known_and_in_force(office, post, package, act):
    assert office.test_client().post("/api/v1/packages", data=package, content_type=ASIC).status_code == 401
    assert post(package, token="guessed").status_code == 401

    with office.app_context(), one_transaction() as session:
        from app.models import Platform

        revoke_platform(session, session.query(Platform).one(), act=act)

    refused = post(package)
    assert refused.status_code == 401
    assert refused.content_type == "application/problem+json"
    assert refused.json["code"] == "unknown-platform"


def test_one_platform_does_not_see_what_another_sent(office, post, package, act):
    made = post(package)
    with office.app_context(), one_transaction() as session:
        other = add_platform(session, "Inna", act=act)

    answer = office.test_client().get(made.headers["Location"], headers={"Authorization": f"Bearer {other}"})

    assert answer.status_code == 404


def test_a_key_used_for_other_bytes_is_a_conflict(post, package):
    assert post(package, **{"Idempotency-Key": "a-1"}).status_code == 201

    other = post(package + b" ", **{"Idempotency-Key": "a-1"})

    assert other.status_code == 409
    assert other.json["code"] == "idempotency-conflict"


@pytest.mark.parametrize(
    ("body", "media", "status", "code"),
    [(b"x", "text/plain", 415, "unsupported-media-type"), (b"", ASIC, 400, "empty")],
)
def test_what_cannot_be_a_package_is_refused_with_a_problem(post, body, media, status, code):
    answer = post(body, media=media)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["title"].endswith(".")


def test_a_body_over_the_limit_is_refused_and_nothing_is_kept(office, post):
    answer = post(b"\0" * (51 * 2**20))

    assert answer.status_code == 413
    with office.app_context():
        from app.extensions import db
        from app.house import equipment

        assert db.session.query(Package).count() == 0
        assert list(equipment().store.names()) == []
