"""Whether both stores keep what they promise: the same questions to a folder and to an S3 server over HTTP."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store

from app.storage import Damaged, Missing, Store, StoreFailed, TooLarge, open_store
from tests.buckets import S3Server, s3_server

DATA = b"umowa" * 100_000
NAME = hashlib.sha256(DATA).hexdigest()
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
FAR_AHEAD = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Bench:
    """A store, and a hand that can reach behind it."""

    store: Store
    spoil: Callable[[str, bytes], None]
    remove: Callable[[str], None]


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as running:
        yield running


@pytest.fixture(params=["folder", "s3"])
def bench(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    if request.param == "folder":

        def spoil(name: str, data: bytes) -> None:
            (tmp_path / "store" / name[:2] / name).write_bytes(data)

        return Bench(
            open_store(str(tmp_path / "store")), spoil, lambda name: (tmp_path / "store" / name[:2] / name).unlink()
        )
    server: S3Server = request.getfixturevalue("server")
    for key, value in server.environment.items():
        monkeypatch.setenv(key, value)
    bucket = server.new_bucket()
    raw = S3Store(bucket)
    return Bench(
        open_store(f"s3://{bucket}/akta"),
        lambda name, data: obstore.put(raw, f"akta/{name[:2]}/{name}", data, mode="overwrite") and None,
        lambda name: obstore.delete(raw, f"akta/{name[:2]}/{name}"),
    )


def _flipped(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


def test_a_kept_stream_is_named_by_its_digest_and_read_back_unchanged(bench: Bench) -> None:
    with bench.store.incoming(len(DATA)) as stream:
        for start in range(0, len(DATA), 7919):
            stream.write(DATA[start : start + 7919])
        kept = stream.keep()

    assert (kept.sha256, kept.size, kept.new) == (NAME, len(DATA), True)
    assert bench.store.read(NAME) == DATA
    with bench.store.open(NAME) as opened:
        assert opened.read() == DATA
    with bench.store.as_file(NAME) as path:
        assert path.read_bytes() == DATA
    assert bench.store.size(NAME) == len(DATA)
    assert bench.store.exists(NAME)
    assert bench.store.verify(NAME)


def test_a_stream_that_is_not_kept_leaves_nothing(bench: Bench) -> None:
    with bench.store.incoming(10) as stream:
        stream.write(b"abc")
        waiting = stream.flush()
        assert waiting.read_bytes() == b"abc"

    assert not waiting.exists()
    assert list(bench.store.names()) == []


def test_a_caller_s_own_error_passes_through_and_leaves_nothing(bench: Bench) -> None:
    def interrupted() -> None:
        with bench.store.incoming(10) as stream:
            stream.write(b"abc")
            raise FileNotFoundError("of the caller")

    with pytest.raises(FileNotFoundError):
        interrupted()

    assert list(bench.store.names()) == []


def test_the_first_byte_beyond_the_limit_is_refused(bench: Bench) -> None:
    with bench.store.incoming(5) as stream:
        stream.write(b"12345")
        with pytest.raises(TooLarge) as refusal:
            stream.write(b"6")

    assert refusal.value.details == {"limit": 5}
    assert list(bench.store.names()) == []


def test_the_empty_file_can_be_kept(bench: Bench) -> None:
    kept = bench.store.put_bytes(b"")

    assert bench.store.read(kept.sha256) == b""


def test_the_same_bytes_are_kept_once(bench: Bench) -> None:
    first = bench.store.put_bytes(DATA)
    second = bench.store.put_bytes(DATA)

    assert (first.sha256, first.new) == (NAME, True)
    assert (second.sha256, second.new) == (NAME, False)
    assert list(bench.store.names()) == [NAME]


def test_the_same_bytes_from_many_at_once_are_kept_once_and_whole(bench: Bench) -> None:
    barrier = threading.Barrier(8)

    def send(_number: int) -> bool:
        with bench.store.incoming(len(DATA)) as stream:
            stream.write(DATA)
            barrier.wait()
            return stream.keep().new

    with ThreadPoolExecutor(8) as pool:
        new = list(pool.map(send, range(8)))

    assert new.count(True) == 1
    assert [(entry.sha256, entry.size) for entry in bench.store.entries()] == [(NAME, len(DATA))]
    assert bench.store.read(NAME) == DATA


def test_altered_bytes_are_found_and_never_served(bench: Bench) -> None:
    bench.store.put_bytes(DATA)

    bench.spoil(NAME, _flipped(DATA))

    assert not bench.store.verify(NAME)
    with pytest.raises(Damaged):
        bench.store.read(NAME)
    with pytest.raises(Damaged):
        bench.store.open(NAME)
    with pytest.raises(Damaged), bench.store.as_file(NAME):
        pytest.fail("damaged bytes were given out")


@pytest.mark.parametrize("damage", [_flipped, lambda data: data[:-1]], ids=["flipped", "cut"])
def test_sending_good_bytes_again_heals_a_damaged_file(bench: Bench, damage: Callable[[bytes], bytes]) -> None:
    bench.store.put_bytes(DATA)
    bench.spoil(NAME, damage(DATA))

    kept = bench.store.put_bytes(DATA)

    assert kept.new
    assert bench.store.read(NAME) == DATA
    assert list(bench.store.quarantined()) == []


def test_a_removed_file_is_missing(bench: Bench) -> None:
    bench.store.put_bytes(DATA)

    bench.remove(NAME)

    assert not bench.store.exists(NAME)
    assert not bench.store.verify(NAME)
    for ask in (bench.store.read, bench.store.open, bench.store.size):
        with pytest.raises(Missing):
            ask(NAME)
    with pytest.raises(Missing), bench.store.as_file(NAME, check=False):
        pytest.fail("nothing was there to give")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", NAME.upper(), NAME[:-1], NAME + "\n", "quarantine/" + NAME])
def test_only_a_digest_is_a_name(bench: Bench, name: str) -> None:
    for ask in (bench.store.read, bench.store.exists, bench.store.verify, bench.store.quarantine):
        with pytest.raises(ValueError, match="SHA-256"):
            ask(name)


def test_quarantine_moves_aside_and_restore_brings_back(bench: Bench) -> None:
    bench.store.put_bytes(DATA)

    assert bench.store.quarantine(NAME)
    assert not bench.store.exists(NAME)
    assert list(bench.store.names()) == []
    assert list(bench.store.quarantined()) == [NAME]

    assert bench.store.restore(NAME)
    assert bench.store.read(NAME) == DATA
    assert list(bench.store.quarantined()) == []
    assert not bench.store.restore(NAME)


def test_what_was_kept_again_meanwhile_is_not_moved_aside(bench: Bench) -> None:
    bench.store.put_bytes(DATA)

    assert not bench.store.quarantine(NAME, unless_changed_since=LONG_AGO)
    assert bench.store.exists(NAME)
    assert bench.store.quarantine(NAME, unless_changed_since=FAR_AHEAD)
    assert not bench.store.quarantine(NAME)


def test_a_listing_tells_size_and_age(bench: Bench) -> None:
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=5)
    names = {bench.store.put_bytes(bytes([number])).sha256 for number in range(20)}

    entries = list(bench.store.entries())

    assert {entry.sha256 for entry in entries} == names
    assert {entry.size for entry in entries} == {1}
    assert all(before <= entry.changed_at <= before + dt.timedelta(minutes=5) for entry in entries)


def test_a_healthy_store_says_so(bench: Bench) -> None:
    bench.store.probe()


def test_a_store_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="STORE_URL"):
        open_store("ftp://example.invalid/akta")


def test_an_object_store_that_is_down_fails_within_its_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in S3Server("http://127.0.0.1:9").environment.items():
        monkeypatch.setenv(key, value)
    store = open_store("s3://akta")

    for ask in (store.probe, lambda: store.put_bytes(b"x"), lambda: store.read(NAME)):
        with pytest.raises(StoreFailed):
            ask()


def test_a_bucket_that_is_not_there_fails(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in server.environment.items():
        monkeypatch.setenv(key, value)

    with pytest.raises((StoreFailed, Missing)):
        open_store("s3://nikt-go-nie-zalozyl").put_bytes(b"x")


def test_only_old_leftovers_of_streams_are_swept(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with bench.store.incoming(10) as stream:
        stream.write(b"x")
        (waiting,) = (path for path in tmp_path.rglob("*") if path.is_file())
        left = waiting.with_name(f"okienko-{'0' * 32}.part")
        left.write_bytes(b"half")
        os.utime(left, (time.time() - 7200,) * 2)

        assert bench.store.sweep_incoming(dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)) == 1

        assert stream.keep().size == 1
    assert not left.exists()
