"""Offices in which verbs are tried."""

from __future__ import annotations

import dataclasses

import pytest
from flask_appbuilder.security.sqla.models import User

from app.house import equipment
from app.transaction import one_transaction
from tests.factories import Signers, an_office
from tests.usecases.clerks import CLERKS


@pytest.fixture
def signers(authority, tmp_path) -> Signers:
    """People whose signatures the office trusts; other programs make them."""
    return Signers(authority, tmp_path)


@pytest.fixture
def office(house, authority):
    """An office that takes packages in."""
    with house.app_context():
        an_office(authority)
        yield house


@pytest.fixture
def desk(house):
    """A house with clerks and nothing else."""
    with house.app_context():
        with one_transaction() as session:
            session.add_all(
                User(
                    first_name="Test",
                    last_name=f"{number}",
                    username=f"clerk{number}",
                    email=f"c{number}@example.invalid",
                )
                for number in range(1, CLERKS + 1)
            )
        yield house


@pytest.fixture
def law(office):
    """An office that goes by the editions of the law."""
    tools = equipment()
    settings = dataclasses.replace(tools.settings, editions="law")
    office.extensions["equipment"] = dataclasses.replace(tools, settings=settings)
    return office
