"""Whether a package that is sent again and again, by many at once, stays one package with one case and one receipt."""

from __future__ import annotations

import contextlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.offices import Office, package, settled_once
from tests.faults.processes import running, serving, take_in, until

pytestmark = pytest.mark.faults


def test_ten_at_once_through_two_servers_are_one_package(an_office: Office):
    data = package(1)
    with serving(an_office, worker=True) as one, serving(an_office) as two, ThreadPoolExecutor(10) as senders:
        answers = list(senders.map(lambda number: (one, two)[number % 2].send(data), range(10)))
        body = one.settled(answers[0].json["id"])
        receipts = {server.get(body["receipt"]).body for server in (one, two) for _ in range(2)}
        until(an_office.drained)

    assert sorted(answer.status for answer in answers) == [200] * 9 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1
    assert len({answer.headers["Location"].partition("/api")[2] for answer in answers}) == 1
    assert len(receipts) == 1
    settled_once(an_office, 1)


def test_many_at_once_under_one_key_are_one_package_and_refusals(an_office: Office):
    data = [package(1), package(1), package(2), package(2)] * 2
    with serving(an_office) as one, serving(an_office) as two, ThreadPoolExecutor(8) as senders:
        pushes = [senders.submit((one, two)[n % 2].send, data[n], Idempotency_Key="zlecenie-7") for n in range(8)]
        sent = [push.result() for push in pushes]
        taken = [answer for answer in sent if answer.status in (200, 201)]
        refused = [answer for answer in sent if answer.status == 409]
        other = one.send(package(3), Idempotency_Key="zlecenie-8")

    assert (len(taken), len(refused)) == (4, 4)
    assert {answer.json["code"] for answer in refused} == {"idempotency-conflict"}
    assert {answer.json["id"] for answer in refused} == {answer.json["id"] for answer in taken}
    assert other.status == 201
    an_office.work_off()
    # The refused bytes were kept before anybody knew; they go aside by themselves.
    an_office.sweep()
    settled_once(an_office, 2)


def test_imports_of_one_file_at_once_are_one_package(an_office: Office, tmp_path: Path):
    file = tmp_path / "paczka.asice"
    file.write_bytes(package(1))
    with contextlib.ExitStack() as stack:
        importers = [stack.enter_context(running(take_in, an_office, files=[file] * 3, wait=True)) for _ in range(3)]
        for importer in importers:
            importer.hear()
        for importer in importers:
            importer.pipe.send("go")
        told = [importer.hear() for importer in importers]

    assert [code for code, _ in told] == [0, 0, 0]
    summaries = [json.loads(line) for _, output in told for line in output.splitlines() if line.startswith("{")]
    assert len(summaries) == 9
    assert len({(one["id"], one["number"], one["receipt"], one["case"]) for one in summaries}) == 1
    an_office.work_off()
    settled_once(an_office, 1)
