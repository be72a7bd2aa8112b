"""What somebody tries who does not keep to the pages: numbers too large, a code twice, bytes beyond the limit."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.house import equipment
from app.models import AuditEvent, Package, StaffProfile
from app.roles import Role
from app.usecases.keep_upload import MOST
from config import ROOT
from tests.factories import Signers, application_files, send
from tests.web.conftest import STAFF_PASSWORD, add_people, log_in_citizen, log_in_staff
from tests.web.mailbox_people import open_office, signed
from tests.web.test_log_in import turn_on

TOO_LARGE = 10**30


@pytest.mark.one_database
@pytest.mark.parametrize(
    "address",
    ["/uzytkownicy/{}/link", "/uzytkownicy/{}/disable", "/kotwice/{}/wycofaj", "/platformy/{}/odbierz"],
)
def test_a_number_that_no_key_reaches_names_no_page_of_the_office(office, address):
    administrator = log_in_staff(office, Role.ADMINISTRATOR.name.lower())

    assert administrator.post(address.format(TOO_LARGE), {}).status_code == 404


@pytest.mark.one_database
def test_a_number_that_no_key_reaches_names_no_session(mailbox):
    citizen = log_in_citizen(mailbox, "jan")

    assert citizen.post(f"/sesje/{TOO_LARGE}/zakoncz", {}).status_code == 404


@pytest.mark.one_database
def test_the_code_of_a_log_in_does_not_turn_the_second_factor_off(office):
    _totp, person, spent = turn_on(office, "clerk")

    answer = person.post(
        "/account/second-factor/", {"old": STAFF_PASSWORD, "code": spent}, see="/account/second-factor/"
    )

    assert answer.status_code == 422
    with office.app_context():
        assert db.session.scalars(
            sa.select(StaffProfile.totp_sealed).where(StaffProfile.totp_sealed.is_not(None))
        ).all()


@pytest.mark.one_database
def test_a_full_mailbox_leaves_no_bytes_behind(mailbox_app, jan):
    for count in range(MOST):
        jan.bring(b"PK" + bytes([count]))
    with mailbox_app.app_context():
        before = set(equipment().store.names())

    assert jan.bring(b"PK" + b"more than fits").status_code == 409

    with mailbox_app.app_context():
        assert set(equipment().store.names()) == before


def test_a_draft_confirmed_by_four_hands_at_once_is_sent_once_and_nothing_breaks(mailbox_app, jan, authority):
    draft = jan.bring(signed(authority)).location
    token = jan.token("/pomoc")
    (cookie,) = [c for c in jan.client._cookies.values() if "okienko" in c.key]
    seen: list[int] = []
    start = threading.Barrier(4)

    def confirm() -> None:
        client = mailbox_app.test_client()
        client.set_cookie(cookie.key, cookie.value)
        start.wait(20)
        seen.append(client.post(f"{draft}/wyslij", data={"csrf_token": token}).status_code)

    hands = [threading.Thread(target=confirm) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)

    assert sorted(seen) == [303, 404, 404, 404]
    with mailbox_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Package)) == 1


@pytest.mark.one_database
def test_what_the_program_writes_is_not_for_other_accounts_of_the_machine(tmp_path):
    data = tmp_path / "data"
    keep = "import run\nwith run.office.app_context():\n    run.office.extensions['equipment'].store.put_bytes(b'x')\n"
    environment = {"DATA_DIR": str(data), "PATH": os.environ["PATH"], "DISK_RESERVE_MIB": "1"}
    order = 'umask 022; "$0" -c "$1" && "$0" -m flask --app run db upgrade'

    subprocess.run(
        ["sh", "-c", order, sys.executable, keep], cwd=ROOT, env=environment, check=True, capture_output=True
    )

    written = [path for path in data.rglob("*") if path.is_file()]
    assert {"okienko.db", "secret_key"} <= {path.name for path in written}
    assert [open_to_all(path) for path in written if open_to_all(path)] == []


def open_to_all(path: Path) -> str:
    return re.sub("^.*/", "", str(path)) if path.stat().st_mode & 0o007 else ""


def test_whoever_takes_a_file_away_is_written_down(mailbox_app, office_app, authority, tmp_path):
    open_office(mailbox_app, authority)
    add_people(office_app)
    with mailbox_app.app_context():
        case = send(Signers(authority, tmp_path).sign(application_files())).case
        address = f"/sprawa/{case.sign}/plik/{case.documents[0].public_id}"
    clerk = log_in_staff(office_app, Role.CLERK.name.lower())

    answer = clerk.client.get(address)

    assert answer.status_code == 200
    with office_app.app_context():
        event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "document-downloaded")).one()
        assert (event.actor_name, event.details["document"]) == ("Test Clerk", 1)
