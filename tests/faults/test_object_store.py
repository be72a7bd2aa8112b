"""Whether an office that keeps its files in an object store takes packages in, and refuses cleanly while it is away."""

from __future__ import annotations

import pytest

from tests.buckets import S3Server
from tests.faults.offices import Office, package, settled_once
from tests.faults.processes import serving, until

pytestmark = pytest.mark.faults


@pytest.fixture
def moto():
    """An S3 server that can be stopped and started again, with what it holds."""
    from moto.server import ThreadedMotoServer

    class Moto:
        def __init__(self) -> None:
            self._server = None
            self._port = 0

        def start(self) -> None:
            self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self._port, verbose=False)
            self._server.start()
            self._port = self._server.get_host_and_port()[1]

        def stop(self) -> None:
            if self._server is not None:
                self._server.stop()
                self._server = None

        @property
        def server(self) -> S3Server:
            return S3Server(f"http://127.0.0.1:{self._port}")

    moto = Moto()
    moto.start()
    yield moto
    moto.stop()


@pytest.fixture
def office(sqlite_office: Office, moto, monkeypatch: pytest.MonkeyPatch) -> Office:
    environment = moto.server.environment
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    from dataclasses import replace

    bucket = moto.server.new_bucket()
    return replace(sqlite_office.with_settings(store_url=f"s3://{bucket}/akta"), environment=environment)


def test_a_package_goes_all_the_way_over_an_object_store_also_after_it_was_away(office: Office, moto):
    with serving(office, worker=True) as server:
        first = server.settled(server.send(package(1)).json["id"])
        receipt = server.get(first["receipt"])
        assert server.get("/readyz").json["checks"]["store"]["well"]

        moto.stop()
        refused = server.send(package(2))
        later = server.get(first["receipt"])
        known = server.get(f"/api/v1/packages/{first['id']}")
        ready = server.get("/readyz")
        moto.start()

        again = server.send(package(2))
        until(office.drained)
        second = server.settled(again.json["id"])
        once_more = server.get(first["receipt"])

    assert (first["state"], first["outcome"]) == ("accepted", "valid")
    assert (receipt.status, receipt.headers["Content-Type"]) == (200, "application/xml")
    assert (refused.status, refused.json["code"]) == (503, "store-failed")
    assert int(refused.headers["Retry-After"]) > 0
    assert (later.status, later.headers["Content-Type"]) == (503, "application/problem+json")
    assert known.status == 200
    assert (ready.status, ready.json["checks"]["store"]["well"]) == (503, False)
    assert again.status == 201
    assert second["state"] == "accepted"
    assert once_more.body == receipt.body
    settled_once(office, 2)


def test_a_package_that_cannot_be_settled_while_the_object_store_is_away_waits(office: Office, moto):
    with serving(office) as server:
        public_id = server.send(package(1)).json["id"]
    moto.stop()
    office.work_off()
    assert [state.value for state in office.packages().values()] == ["received"]
    moto.start()

    office.make_due()
    office.work_off()

    assert public_id in office.packages()
    settled_once(office, 1)
