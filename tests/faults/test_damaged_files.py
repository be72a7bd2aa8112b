"""Whether bytes that were harmed behind the office's back are found, and never given out as if all were well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import Package, Receipt
from tests.faults.offices import Office, package, settled_once, take
from tests.faults.processes import Browser, serving

pytestmark = pytest.mark.faults


def flipped(path: Path) -> None:
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def removed(path: Path) -> None:
    path.unlink()


def verified(office: Office) -> tuple[int, str]:
    with office.inside() as app:
        result = app.test_cli_runner().invoke(args=["store", "verify"])
        return result.exit_code, result.output


def kept(office: Office, sha256: str) -> Path:
    return office.folder / "store" / sha256[:2] / sha256


@pytest.mark.parametrize(("harm", "status"), [(flipped, 500), (cut, 500), (removed, 404)])
def test_a_receipt_that_was_harmed_on_the_disk_is_found_and_not_given_out(
    sqlite_office: Office, harm: Callable[[Path], None], status: int
):
    with serving(sqlite_office) as server:
        public_id = server.send(package(1)).json["id"]
        sqlite_office.work_off()
        address = server.get(f"/api/v1/packages/{public_id}").json["receipt"]
        well = server.get(address)
        with sqlite_office.inside():
            path = kept(sqlite_office, db.session.scalars(sa.select(Receipt.xml_sha256)).one())
        whole = path.read_bytes()
        harm(path)

        asked = server.get(address)

        path.write_bytes(whole)
        healed = server.get(address)
    harm(path)

    assert (well.status, well.body) == (200, whole)
    assert asked.status == status
    assert asked.headers["Content-Type"] == "application/problem+json"
    assert b"<" not in asked.body, "not a byte of it is given out"
    assert healed.body == whole
    code, output = verified(sqlite_office)
    assert (code, path.name in output) == (1, True)


@pytest.mark.parametrize(("harm", "status"), [(flipped, 500), (removed, 404)])
def test_a_package_that_was_harmed_on_the_disk_is_found_and_healed_by_the_same_bytes(
    sqlite_office: Office, harm: Callable[[Path], None], status: int
):
    with serving(sqlite_office) as server:
        browser = Browser(server)
        browser.log_in()
        checking = browser.bring(package(1))
        assert checking.status == 200
        with sqlite_office.inside():
            from app.models import Message

            draft = db.session.scalars(sa.select(Message.public_id)).one()
        sent = browser.post(f"/robocze/{draft}/wyslij", {}, form=f"/robocze/{draft}")
        assert sent.status == 200
        with sqlite_office.inside():
            found = db.session.scalars(sa.select(Package)).one()
            path, state = kept(sqlite_office, found.sha256), found.state
            copy = db.session.scalars(sa.select(Message.public_id).where(Message.folder == "sent")).one()
        harm(path)

        download = browser.get(f"/wyslane/{copy}/paczka")
        code, output = verified(sqlite_office)
        browser.bring(package(1))
        after = browser.get(f"/wyslane/{copy}/paczka")

    assert state.value == "accepted"
    assert download.status == status
    assert b"PK" not in download.body
    assert (code, f"I1 file {path.name}" in output) == (1, True)
    assert (after.status, after.body) == (200, package(1))
    assert verified(sqlite_office) == (0, "All invariants hold.\n")


def test_a_package_that_was_harmed_before_it_was_settled_waits_for_its_bytes(sqlite_office: Office):
    take(sqlite_office, [package(1), package(2)])
    with sqlite_office.inside():
        path = kept(sqlite_office, db.session.scalars(sa.select(Package.sha256).order_by(Package.id)).first() or "")
    whole = path.read_bytes()
    flipped(path)

    sqlite_office.work_off()
    assert sorted(state.value for state in sqlite_office.packages().values()) == ["accepted", "received"]
    assert verified(sqlite_office)[0] == 1

    path.write_bytes(whole)
    sqlite_office.make_due()
    sqlite_office.work_off()
    settled_once(sqlite_office, 2)
