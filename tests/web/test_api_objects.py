"""A platform sees its own packages through the API, and nobody else's."""

from __future__ import annotations

import datetime as dt

import pytest

from app.models import Channel, Platform
from app.transaction import one_transaction
from app.usecases.receive_package import Sender
from app.views.api.packages import token_digest
from tests.factories import an_office, send

pytestmark = pytest.mark.one_database

TOKENS = {"one": "token-of-platform-one", "two": "token-of-platform-two", "closed": "token-of-a-closed-platform"}


@pytest.fixture
def town(mailbox_app):
    """Two platforms and one that was closed; a package of the first."""
    with mailbox_app.app_context():
        an_office()
        now = dt.datetime.now(dt.UTC)
        with one_transaction() as session:
            rows = {
                name: Platform(name=name, token_digest=token_digest(token), active=name != "closed", created_at=now)
                for name, token in TOKENS.items()
            }
            session.add_all(rows.values())
            session.flush()
            ids = {name: row.id for name, row in rows.items()}
        sender = Sender(Channel.API, f"platform:{ids['one']}", "one", platform_id=ids["one"])
        mailbox_app.config["PACKAGE"] = send(b"not a package", sender=sender).public_id
    return mailbox_app


def ask(app, token: str | None, path: str = "") -> int:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    return app.test_client().get(f"/api/v1/packages/{app.config['PACKAGE']}{path}", headers=headers).status_code


def test_only_its_own_platform_sees_a_package(town):
    assert ask(town, TOKENS["one"]) == 200
    assert ask(town, TOKENS["two"]) == 404
    assert ask(town, TOKENS["two"], "/receipt") == 404


@pytest.mark.parametrize("token", [None, "", "x", TOKENS["one"] + "x", token_digest(TOKENS["one"]), TOKENS["closed"]])
def test_without_a_good_token_nothing_is_told(town, token):
    assert ask(town, token) == 401
