"""What `flask check` and the start refuse in production."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import secrets
import subprocess
import sys

import pytest

from app.clock import now
from app.fitness import seal_advice, seal_ends, setting_faults, state_faults
from app.house import new_door
from app.models import Door
from app.transaction import one_transaction
from app.usecases.set_up_office import set_up_office
from config import ROOT, OfficeIdentity, SettingsError
from tests.web.conftest import add_people, system


@pytest.fixture
def good(settings):
    return dataclasses.replace(
        settings,
        production=True,
        testing=False,
        demo=False,
        secret_key=secrets.token_urlsafe(48),
        data_keys="k1:" + base64.b64encode(bytes(32)).decode(),
        public_url="https://okienko.example",
        trusted_hosts=("okienko.example",),
    )


@pytest.mark.one_database
def test_good_settings_have_no_fault(good):
    assert setting_faults(good) == ()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"secret_key": "short"}, "SECRET_KEY"),
        ({"secret_key": "a" * 64}, "SECRET_KEY"),
        ({"secret_key_fallbacks": ("old",)}, "SECRET_KEY_FALLBACKS"),
        ({"data_keys": "k1:abc"}, "DATA_KEYS"),
        ({"data_keys": ""}, "DATA_KEYS"),
        ({"public_url": "http://okienko.example"}, "PUBLIC_URL"),
        ({"trusted_hosts": ("*",)}, "TRUSTED_HOSTS"),
        ({"trusted_hosts": ("localhost",)}, "TRUSTED_HOSTS"),
        ({"demo": True}, "DEMO"),
        ({"testing": True}, "Test mode"),
        ({"office": OfficeIdentity(plate_letters="SC, QQ")}, "OFFICE_PLATE_LETTERS"),
        ({"office": OfficeIdentity(plate_letters="")}, "OFFICE_PLATE_LETTERS"),
    ],
)
def test_each_bad_setting_is_named_and_no_door_opens_with_it(good, change, word):
    bad = dataclasses.replace(good, **change)

    assert any(word in fault for fault in setting_faults(bad))
    with pytest.raises(SettingsError, match=word):
        new_door(Door.MAILBOX, bad)


@pytest.mark.one_database
def test_no_door_opens_in_debug_mode(good, monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")

    with pytest.raises(SettingsError, match="FLASK_DEBUG"):
        new_door(Door.MAILBOX, good)


@pytest.mark.one_database
def test_production_does_not_serve_without_a_seal(settings, tmp_path):
    environment = {
        "OKIENKO_ENV": "production",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_KEYS": "k1:" + base64.b64encode(bytes(32)).decode(),
        "PUBLIC_URL": "https://okienko.example",
        "TRUSTED_HOSTS": "okienko.example",
        "PORT": "0",
    }

    ended = subprocess.run(
        [sys.executable, "run.py"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )

    assert ended.returncode == 1
    assert "Okienko does not start. The office has no seal in use" in ended.stderr


def test_a_seal_that_ends_within_a_month_is_advised_to_be_replaced(office_app):
    from app.extensions import db

    with office_app.app_context():
        with one_transaction() as session:
            set_up_office(session, equipment=office_app.extensions["equipment"], act=system())
        until = seal_ends(db.session())

        assert seal_advice(db.session(), until - dt.timedelta(days=31)) == ()
        (said,) = seal_advice(db.session(), until - dt.timedelta(days=29))
        assert f"{until:%Y-%m-%d}" in said
        assert any(
            "expired" in fault for fault in state_faults(db.session(), office_app.extensions["equipment"], until)
        )


def test_an_empty_house_lacks_a_seal_and_an_administrator(house):
    from app.extensions import db

    with house.app_context():
        faults = state_faults(db.session(), house.extensions["equipment"], now())

    assert any("seal" in fault for fault in faults)
    assert any("administrator" in fault for fault in faults)


def test_a_house_that_is_set_up_has_no_fault(office_app):
    from app.extensions import db

    add_people(office_app)
    tools = office_app.extensions["equipment"]
    tools.settings.data_dir.chmod(0o750)
    with office_app.app_context():
        with one_transaction() as session:
            set_up_office(session, equipment=tools, act=system())
        assert state_faults(db.session(), tools, now()) == ()


@pytest.mark.one_database
def test_a_right_that_slipped_into_a_role_of_flask_appbuilder_is_named(office_app):
    from flask_appbuilder.security.sqla.models import PermissionView
    from flask_appbuilder.security.sqla.models import Role as RoleRow

    from app.extensions import db

    add_people(office_app)
    with office_app.app_context():
        with one_transaction() as session:
            right = session.query(PermissionView).first()
            session.add(RoleRow(name="Public", permissions=[right]))
        faults = state_faults(db.session(), office_app.extensions["equipment"], now())

    assert any("Public" in fault for fault in faults)


@pytest.mark.one_database
def test_the_command_names_every_fault_and_fails(house):
    result = house.test_cli_runner().invoke(args=["check"])

    assert result.exit_code == 1
    assert "REFUSED  PUBLIC_URL" in result.output
    assert "REFUSED  The office has no seal in use" in result.output
