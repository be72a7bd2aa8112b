"""Lists that packages wait for are fetched by the worker where their issuers publish them, and taken by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from cryptography import x509

from app.domain.acts import SYSTEM, Act
from app.domain.errors import BadInput
from app.epackages.writer import pack
from app.extensions import db
from app.house import equipment
from app.models import AuditEvent, DistributionPoint, Job, Outcome, Package, RevocationList
from app.outbox.worker import Worker
from app.pki import outside
from app.pki.signing import Signer
from app.pki.trust_store import Anchor
from app.transaction import one_transaction
from app.usecases.import_crl import import_crl
from app.usecases.published_lists import AGAIN, SOON, take_published_list
from app.usecases.trust import add_anchor
from tests.factories import an_office, application_files, now, send
from tests.loopback import http_server, say
from tests.pki.own_pki import DAY, NOW, Party, citizen, crl, make, subject

ROOT = make(subject("Publishing Root"), None, kind="rsa2048", ca=True, path_length=1)


def published_at(url: str) -> tuple[x509.ExtensionType, bool]:
    name = x509.UniformResourceIdentifier(url)
    return x509.CRLDistributionPoints([x509.DistributionPoint([name], None, None, None)]), False


class Publisher:
    """A root that the office trusts, an issuing authority that it does not know, and their lists on the loopback."""

    def __init__(self, port: int, asked: list[str], answers: dict[str, object]) -> None:
        self.port, self.asked, self.answers = port, asked, answers
        address = f"http://127.0.0.1:{port}"
        self.issuing = make(
            subject("Publishing Issuing"), ROOT, kind="rsa2048", ca=True, path_length=0,
            extensions=[published_at(f"{address}/root.crl")],
        )  # fmt: skip
        self.signer = citizen(self.issuing, extensions=[published_at(f"{address}/issuing.crl")])
        self.publish("/root.crl", ROOT)
        self.publish("/issuing.crl", self.issuing)

    def publish(self, path: str, by: Party, **how: object) -> None:
        self.answers[path] = crl(by, this_update=NOW, **how)

    @property
    def package(self) -> bytes:
        """A package that brings the unknown authority's certificate along."""
        signer = Signer(self.signer.key, self.signer.certificate, (self.issuing.certificate,))
        return pack(application_files(), signer, now())


@contextmanager
def publishing() -> Iterator[Publisher]:
    answers: dict[str, object] = {}

    def answer(handler) -> None:
        found = answers[handler.path]
        found(handler) if callable(found) else say(handler, found)

    with http_server(answer) as (port, asked):
        yield Publisher(port, asked, answers)


@pytest.fixture
def publisher(house):
    """An office that trusts the publisher's root and lists its host."""
    with house.app_context(), publishing() as publisher:
        an_office()
        with one_transaction() as session:
            add_anchor(session, Anchor.of(ROOT.certificate, "trusted"), "test", act=Act(SYSTEM, now()))
        list_hosts(house, f"127.0.0.1:{publisher.port}")
        yield publisher


def list_hosts(house, *hosts: str) -> None:
    tools = equipment()
    house.extensions["equipment"] = dataclasses.replace(
        tools, settings=dataclasses.replace(tools.settings, crl_hosts=hosts)
    )


def work(house) -> None:
    while Worker(house).run_once():
        pass
    db.session.rollback()


def points() -> dict[str, DistributionPoint]:
    return {point.address.rpartition("/")[2]: point for point in db.session.scalars(sa.select(DistributionPoint))}


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_package_that_waits_for_lists_is_settled_once_the_worker_has_fetched_them(house, publisher, withdrawn):
    if withdrawn:
        entry = (publisher.signer.certificate, NOW - DAY, x509.ReasonFlags.key_compromise)
        publisher.publish("/issuing.crl", publisher.issuing, revoked=[entry])
    package = send(publisher.package)
    assert (package.outcome, package.reasons) == (Outcome.UNDECIDED, ["revocation-unknown"])
    assert publisher.asked == []

    work(house)

    assert sorted(publisher.asked) == ["/issuing.crl", "/root.crl"]
    settled = db.session.get_one(Package, package.id)
    assert settled.outcome is (Outcome.INVALID if withdrawn else Outcome.VALID)
    assert settled.case.signature_settled is not withdrawn
    for point in points().values():
        assert (point.failure, point.fetched_at, point.valid_until) == (None, point.tried_at, NOW + 7 * DAY)
        assert point.due_at == point.fetched_at + AGAIN


def test_a_list_that_is_due_is_fetched_again_and_the_same_one_is_taken_once(house, publisher):
    send(publisher.package)
    work(house)
    work(house)
    assert len(publisher.asked) == 2

    publisher.publish("/issuing.crl", publisher.issuing, number=2)
    with one_transaction() as session:
        session.execute(sa.update(DistributionPoint).values(due_at=now()))
    work(house)

    assert len(publisher.asked) == 4
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RevocationList)) == 3
    imported = sa.select(sa.func.count()).select_from(AuditEvent).where(AuditEvent.action == "crl-imported")
    assert db.session.scalar(imported) == 3


def test_an_address_is_noted_once_however_many_packages_wait_for_it(house, publisher):
    for _ in range(2):
        send(publisher.package)

    assert set(points()) == {"issuing.crl", "root.crl"}


def test_a_host_that_is_not_listed_is_not_asked(house, publisher):
    list_hosts(house, "crl.test")
    send(publisher.package)

    work(house)

    assert publisher.asked == []
    assert {point.tried_at for point in points().values()} == {None}


def _redirect(handler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/root.crl")
    handler.end_headers()


def _endless(handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        pass


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (lambda handler: handler.send_error(404), "no-answer"),
        (_redirect, "no-answer"),
        (_endless, "too-large"),
        (lambda handler: say(handler, b"nonsense"), "crl-unreadable"),
        (
            lambda handler: say(handler, crl(ROOT, signed_by=make(subject("Obcy"), None, kind="rsa2048"))),
            "crl-forged",
        ),
        (lambda handler: say(handler, crl(make(subject("Obcy"), None, ca=True))), "crl-issuer-unknown"),
        (lambda handler: say(handler, crl(ROOT, next_update=NOW - DAY / 2)), "crl-stale"),
    ],
)
def test_what_failed_is_written_down_and_tried_again_soon(house, publisher, monkeypatch, answer, failure):
    monkeypatch.setattr(outside, "MAX_LIST", 2**20)
    publisher.answers["/root.crl"] = answer
    package = send(publisher.package)

    work(house)

    found = points()
    assert (found["root.crl"].failure, found["issuing.crl"].failure) == (failure, None)
    assert found["root.crl"].due_at - found["root.crl"].tried_at == SOON
    assert db.session.get_one(Package, package.id).outcome is Outcome.UNDECIDED
    assert db.session.scalars(sa.select(Job.error).where(Job.kind == "fetch_list")).all() == []


def test_no_transaction_waits_for_the_publisher(house, publisher):
    session, open_meanwhile = db.session(), []
    data = publisher.answers["/root.crl"]

    def answer(handler) -> None:
        open_meanwhile.append(session.in_transaction())
        say(handler, data)

    publisher.answers["/root.crl"] = answer
    send(publisher.package)
    session.rollback()

    from app.outbox.deliver import HANDLERS, Work

    with one_transaction():
        point = session.scalars(sa.select(DistributionPoint.id).where(DistributionPoint.address.like("%root%"))).one()
        job = Job(
            kind="fetch_list", subject_id=point, key="test", tries=1, due_at=now(), created_at=now(), lease="ours"
        )
        session.add(job)
        session.flush()
        job_id = job.id
    HANDLERS["fetch_list"].run(Work(job_id, "fetch_list", point, 1, "ours"), equipment())

    assert open_meanwhile == [False]


def by_hand(data: bytes):
    with one_transaction() as session:
        return import_crl(session, data, equipment=equipment(), act=Act(SYSTEM, now()))


def test_a_list_of_an_authority_known_from_packages_alone_is_taken_by_hand(house, publisher):
    list_hosts(house)
    data = publisher.answers["/issuing.crl"]
    with pytest.raises(BadInput, match="crl-issuer-unknown"):
        by_hand(data)
    package = send(publisher.package)

    by_hand(data)
    by_hand(publisher.answers["/root.crl"])
    work(house)

    assert db.session.get_one(Package, package.id).outcome is Outcome.VALID


def test_an_authority_that_no_anchor_vouches_for_is_not_known_from_its_packages(house):
    with house.app_context(), publishing() as stranger:
        an_office()
        package = send(stranger.package)

        assert package.reasons == ["chain-unknown"]
        assert points() == {}
        with pytest.raises(BadInput, match="crl-issuer-unknown"):
            by_hand(stranger.answers["/issuing.crl"])


def test_a_list_that_runs_out_soon_is_fetched_when_it_does(house, publisher):
    send(publisher.package)
    point, end = points()["root.crl"].id, now().replace(microsecond=0) + dt.timedelta(hours=1)
    act = Act(SYSTEM, now())

    with one_transaction() as session:
        data = crl(ROOT, this_update=NOW, next_update=end, number=9)
        take_published_list(session, point, data, equipment=equipment(), act=act)

    assert points()["root.crl"].due_at == end
