"""Whether the audit trail tells every kind of meddling, and names the first bad row (fault F30)."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from app.domain import evidence
from app.domain.acts import SYSTEM, Act, Actor, ActorKind
from app.extensions import db
from app.models import AuditEvent, AuditSeal
from app.transaction import one_transaction
from app.usecases.record import record
from app.usecases.seal_audit import seal_audit
from app.usecases.seals import seal_in_use, take_seal_into_use
from app.usecases.verify_audit import Broken, verify_audit
from tests.authority import TestAuthority
from tests.databases import writing

CLERK = Actor(ActorKind.STAFF, 7, "Zofia Żółta")
HISTORY = ("audit_event", "audit_seal")


def _act(house: Flask) -> Act:
    return Act(CLERK, dt.datetime.now(dt.UTC), "192.0.2.7", "req-1")


def _record(house: Flask, chain: str, count: int = 1) -> None:
    with house.app_context(), one_transaction() as session:
        for number in range(count):
            record(session, chain, "case-opened", {"number": number, "name": "Łódź", "ok": True}, act=_act(house))


def _verify(house: Flask) -> list[Broken]:
    with house.app_context():
        return verify_audit(db.session())


@pytest.fixture
def trail(house: Flask) -> Flask:
    """Three chains, interleaved, sealed once; then some more events, unsealed."""
    with house.app_context(), one_transaction() as session:
        take_seal_into_use(
            session, TestAuthority("Pieczęć").seal(), equipment=house.extensions["equipment"], act=_act(house)
        )
    for _ in range(3):
        for chain in ("case:1", "case:2", "package:1"):
            _record(house, chain, 2)
    _seal(house)
    _record(house, "case:1", 2)
    return house


def _seal(house: Flask) -> AuditSeal | None:
    act = Act(SYSTEM, dt.datetime.now(dt.UTC))
    with house.app_context(), one_transaction() as session:
        seal = seal_in_use(session, equipment=house.extensions["equipment"], act=act)
        made = seal_audit(session, seal, act=act)
        if made is not None:
            session.flush()
            session.expunge(made)
        return made


@contextmanager
def behind_the_guards(house: Flask) -> Iterator[sa.Connection]:
    """Reach into the tables of history as somebody could who owns the database."""
    with house.app_context(), writing(db.engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            for table in HISTORY:
                for verb in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        yield connection


def _row_id(connection: sa.Connection, chain: str, seq: int) -> int:
    events = AuditEvent.__table__
    return connection.scalar(sa.select(events.c.id).where(events.c.chain == chain, events.c.seq == seq)) or 0


def test_an_untouched_trail_is_whole(trail: Flask) -> None:
    assert _verify(trail) == []


def test_chains_are_counted_and_linked_each_for_itself(house: Flask) -> None:
    _record(house, "case:1", 2)
    _record(house, "case:2")

    with house.app_context():
        events = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(event.chain, event.seq) for event in events] == [("case:1", 1), ("case:1", 2), ("case:2", 1)]
    assert [event.previous for event in events] == [evidence.FIRST, events[0].hash, evidence.FIRST]
    assert events[0].actor_name == "Zofia Żółta"
    assert events[0].address == "192.0.2.7"


ALTERATIONS = {
    "details": {"details": {"number": 0, "name": "Łódź", "ok": False}},
    "action": {"action": "case-closed"},
    "at": {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
    "actor_kind": {"actor_kind": "citizen"},
    "actor_id": {"actor_id": 8},
    "nobody": {"actor_id": None},
    "actor_name": {"actor_name": "Zofia Zolta"},
    "address": {"address": "192.0.2.8"},
    "request_id": {"request_id": None},
    "hash": {"hash": "f" * 64},
    "previous": {"previous": "f" * 64},
}


@pytest.mark.parametrize("change", ALTERATIONS.values(), ids=ALTERATIONS.keys())
@pytest.mark.parametrize("seq", [1, 4, 8])
def test_every_altered_column_is_found_at_its_row(trail: Flask, change: dict[str, object], seq: int) -> None:
    with behind_the_guards(trail) as connection:
        row = _row_id(connection, "case:1", seq)
        connection.execute(AuditEvent.__table__.update().where(AuditEvent.id == row).values(**change))

    found = [broken for broken in _verify(trail) if broken.chain == "case:1"]

    assert [broken.row for broken in found] == [row]


@pytest.mark.parametrize("seq", [1, 4])
def test_a_removed_event_is_found_at_the_row_after_it(trail: Flask, seq: int) -> None:
    with behind_the_guards(trail) as connection:
        after = _row_id(connection, "case:1", seq + 1)
        connection.execute(sa.delete(AuditEvent).where(AuditEvent.chain == "case:1", AuditEvent.seq == seq))

    chains = [(broken.chain, broken.row, broken.problem) for broken in _verify(trail)]

    assert ("case:1", after, "gap") in chains
    assert ("seal", 1, "count") in chains


def test_two_events_that_changed_places_are_found(trail: Flask) -> None:
    with behind_the_guards(trail) as connection:
        first, second = _row_id(connection, "case:1", 3), _row_id(connection, "case:1", 4)
        for row, seq in ((first, 99), (second, 3), (first, 4)):
            connection.execute(sa.update(AuditEvent).where(AuditEvent.id == row).values(seq=seq))

    assert [(broken.chain, broken.row) for broken in _verify(trail)] == [("case:1", second)]


@pytest.mark.parametrize("count", [1, 3, 6])
def test_a_cut_tail_is_found_by_the_seal(trail: Flask, count: int) -> None:
    with behind_the_guards(trail) as connection:
        connection.execute(sa.delete(AuditEvent).where(AuditEvent.chain == "case:2", AuditEvent.seq > 6 - count))

    assert [(broken.chain, broken.row, broken.problem) for broken in _verify(trail)] == [("seal", 1, "count")]


def test_a_chain_that_was_written_anew_is_found_by_the_seal(trail: Flask) -> None:
    with behind_the_guards(trail) as connection:
        previous = evidence.FIRST
        rows = connection.execute(
            sa.select(AuditEvent.__table__).where(AuditEvent.chain == "case:2").order_by(AuditEvent.seq)
        ).all()
        for row in rows:
            values = {name: getattr(row, name) for name in evidence.Event.__slots__}
            event = evidence.Event(**{**values, "actor_name": "Ktoś Inny", "previous": previous})
            connection.execute(
                AuditEvent.__table__.update()
                .where(AuditEvent.id == row.id)
                .values(actor_name=event.actor_name, previous=previous, hash=event.digest())
            )
            previous = event.digest()

    assert [(broken.chain, broken.row, broken.problem) for broken in _verify(trail)] == [("seal", 1, "root")]


SEAL_ATTACKS: dict[str, Callable[[sa.Connection], object]] = {
    "root": lambda connection: connection.execute(sa.update(AuditSeal).values(root="0" * 64)),
    "events": lambda connection: connection.execute(sa.update(AuditSeal).values(events=1)),
    "last": lambda connection: connection.execute(sa.update(AuditSeal).values(last_event_id=3)),
    "moment": lambda connection: connection.execute(
        sa.update(AuditSeal).values(at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    ),
    "signature": lambda connection: connection.execute(sa.update(AuditSeal).values(signature=b"\0" * 256)),
}


@pytest.mark.parametrize("attack", SEAL_ATTACKS.values(), ids=SEAL_ATTACKS.keys())
def test_a_changed_seal_is_found(trail: Flask, attack: Callable[[sa.Connection], object]) -> None:
    with behind_the_guards(trail) as connection:
        attack(connection)

    assert ("seal", 1, "signature") in [(broken.chain, broken.row, broken.problem) for broken in _verify(trail)]


def test_a_removed_seal_is_found_by_the_one_after_it(trail: Flask) -> None:
    _seal(trail)
    with behind_the_guards(trail) as connection:
        connection.execute(sa.delete(AuditSeal).where(AuditSeal.id == 1))

    assert ("seal", 2, "seal-gap") in [(broken.chain, broken.row, broken.problem) for broken in _verify(trail)]


def test_a_seal_covers_what_came_since_the_one_before_and_nothing_twice(trail: Flask) -> None:
    second = _seal(trail)

    assert second is not None
    assert second.events == 2
    assert _seal(trail) is None
    assert _verify(trail) == []


def test_many_at_once_make_one_chain_without_a_gap(house: Flask) -> None:
    barrier = threading.Barrier(6)

    def write(_number: int) -> None:
        barrier.wait()
        for _ in range(5):
            _record(house, "office")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))

    assert _verify(house) == []
    with house.app_context():
        assert db.session.scalar(sa.select(sa.func.max(AuditEvent.seq))) == 30


def test_a_seal_never_overtakes_an_event_that_is_still_being_written(trail: Flask) -> None:
    written, go_on = threading.Event(), threading.Event()

    def hold(_session: object) -> None:
        written.set()
        assert go_on.wait(20)

    def slow() -> None:
        with trail.app_context(), one_transaction() as session:
            record(session, "case:9", "case-opened", {}, act=_act(trail))
            sa.event.listen(session, "before_commit", hold)

    writer = threading.Thread(target=slow)
    writer.start()
    assert written.wait(20)
    with ThreadPoolExecutor(1) as pool:
        sealing = pool.submit(_seal, trail)
        with pytest.raises(TimeoutError):
            sealing.result(timeout=0.3)
        go_on.set()
        made = sealing.result(timeout=20)
    writer.join(20)

    assert made is not None
    assert made.events == 3
    assert _verify(trail) == []


@pytest.mark.parametrize("value", [1.5, b"x", {1}, {1: "x"}, object(), dt.date(2026, 1, 1)])
@pytest.mark.one_database
def test_details_that_have_no_exact_text_are_refused(house: Flask, value: object) -> None:
    with house.app_context(), one_transaction() as session, pytest.raises(TypeError):
        record(session, "office", "odd", {"value": value}, act=_act(house))


def test_the_canonical_text_does_not_depend_on_order_or_composition() -> None:
    assert evidence.canonical({"b": 1, "a": ["ł", None, True]}) == '{"a":["ł",null,true],"b":1}'.encode()
    assert evidence.canonical("z\u0307") == evidence.canonical("\u017c")


@pytest.mark.parametrize(
    ("count", "root"),
    [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        # Certificate Transparency's reference tree, RFC 6962: its leaf inputs, of which we take the first ones.
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        (7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ],
)
def test_the_tree_is_the_one_of_the_standard(count: int, root: str) -> None:
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]

    assert evidence.merkle_root(leaves[:count]) == root


def test_the_commands_tell_and_name(trail: Flask) -> None:
    runner = trail.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    assert "2 events" in runner.invoke(args=["audit", "seal"]).output

    with behind_the_guards(trail) as connection:
        row = _row_id(connection, "case:1", 2)
        connection.execute(AuditEvent.__table__.update().where(AuditEvent.id == row).values(action="x"))
    told = runner.invoke(args=["audit", "verify"])

    assert told.exit_code == 1
    assert f"case:1 row {row}: altered" in told.output


def test_sealing_without_a_seal_says_so(house: Flask) -> None:
    told = house.test_cli_runner().invoke(args=["audit", "seal"])

    assert told.exit_code == 1
    assert "seal-missing" in told.output
