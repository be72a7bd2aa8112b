"""`flask office …` and `flask worker run --once` at the level of the command: what they make is used afterwards."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.house import equipment
from app.intake import acknowledge, keep
from app.models import Channel, Package, PackageState, Platform, Seal, Team
from app.roles import Role
from app.usecases.receive_package import Arrival, Sender
from tests.factories import Signers, an_office, application_files
from tests.web.conftest import log_in_staff, staff_at, system

pytestmark = pytest.mark.one_database


def command(door, *args: str) -> tuple[int, str]:
    done = door.test_cli_runner().invoke(args=list(args))
    return done.exit_code, done.output


def test_setup_makes_what_is_missing_and_the_second_time_nothing(office_app):
    def stands() -> tuple[object, ...]:
        with office_app.app_context():
            seals = db.session.scalars(sa.select(Seal.fingerprint)).all()
            return seals, db.session.scalar(sa.select(sa.func.count()).select_from(Team))

    first, made = command(office_app, "office", "setup"), stands()
    second = command(office_app, "office", "setup")

    assert first[0] == 0, first[1]
    assert first[1].startswith("Made: centre, seal, team, ")
    assert [role.value for role in Role if f"role {role.value}" not in first[1]] == []
    assert second == (0, "Keys, roles and the certification centre are in place.\n")
    assert (len(made[0]), stands()) == (1, made)


def test_the_first_administrator_sets_a_password_by_the_printed_link_and_comes_in(office_app):
    assert command(office_app, "office", "setup")[0] == 0

    code, said = command(office_app, "office", "create-admin", "Ewa.Zarzadca", "ewa@example.invalid")
    again = command(office_app, "office", "create-admin", "ewa.zarzadca", "other@example.invalid")

    assert code == 0, said
    link = re.search(r"^http://127\.0\.0\.1:8080/office(/password/\S+)$", said, re.MULTILINE)
    assert link, said
    visitor, password = staff_at(office_app), "siedem cichych latarni nad rzeka"
    form = {"new": password, "again": password}
    assert visitor.post(link[1], form, see=link[1]).status_code == 302
    assert visitor.get(link[1]).status_code == 410
    assert log_in_staff(office_app, "ewa.zarzadca", password).get("/uzytkownicy/list/").status_code == 200
    assert again[0] == 1
    assert "There is an account with this user name already." in again[1]


def test_an_administrator_before_the_roles_is_told_what_to_do_first(house):
    code, said = command(house, "office", "create-admin", "ewa", "ewa@example.invalid")

    assert code == 1
    assert "flask office setup" in said


def test_the_printed_token_of_a_platform_opens_the_api_and_is_kept_nowhere(mailbox_app):
    code, said = command(mailbox_app, "office", "add-platform", "SEKAP")
    again = command(mailbox_app, "office", "add-platform", "SEKAP")

    assert code == 0, said
    token = said.strip()
    asked = mailbox_app.test_client().get("/api/v1/packages/none", headers={"Authorization": f"Bearer {token}"})
    assert asked.status_code == 404, "the platform is known, the package is not"
    assert again[0] == 1
    assert "There is a platform with this name already." in again[1]
    with mailbox_app.app_context():
        platform = db.session.scalars(sa.select(Platform)).one()
        assert token not in str(vars(platform).values())


def test_a_worker_run_once_works_off_all_that_is_due_and_ends(house, authority, tmp_path):
    with house.app_context():
        an_office(authority)
        signers = Signers(authority, tmp_path)
        for number in range(2):
            kept = keep([signers.sign(application_files(vin=f"TMBJJ7NE8J000000{number}"))], equipment=equipment())
            sender = Sender(Channel.IMPORT, "import:test", "Jan Testowy")
            acknowledge(Arrival(kept, "paczka.asice"), sender, act=system())

    code, said = command(house, "worker", "run", "--once")
    rest = command(house, "worker", "run", "--once")

    assert code == 0, said
    assert int(said.split()[0]) >= 2
    assert rest == (0, "0 jobs\n")
    with house.app_context():
        assert set(db.session.scalars(sa.select(Package.state))) == {PackageState.ACCEPTED}
