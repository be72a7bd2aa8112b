"""Passwords whose hashes cost nothing: people of a story log in again each time they were away."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from werkzeug.security import generate_password_hash

from app.models import Citizen
from app.transaction import one_transaction
from tests.web.conftest import STAFF_PASSWORD
from tests.web.mailbox_people import PASSWORD

_STAFF, _CITIZEN = (generate_password_hash(one, "pbkdf2:sha256:1") for one in (STAFF_PASSWORD, PASSWORD))


def hash_quickly(office: Flask) -> None:
    """Hash the passwords of all people in the database of `office` anew; each would cost 60 ms on purpose."""
    with office.app_context(), one_transaction() as session:
        session.execute(sa.update(User).values(password=_STAFF))
        session.execute(sa.update(Citizen).values(password_hash=_CITIZEN))
