"""Whether the folder store keeps its word on bad days: full disks, failing disks, killed processes."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from app.storage import StoreFailed, StoreFull
from app.storage.folder import FolderStore

DATA = os.urandom(300_000)
NAME = hashlib.sha256(DATA).hexdigest()
SYSCALLS = ("fsync", "rename", "mkdir", "write", "unlink")

_PUT = """
import sys
from pathlib import Path
from app.storage import StoreError
from app.storage.folder import FolderStore
data = Path(sys.argv[2]).read_bytes()
try:
    kept = FolderStore(Path(sys.argv[1])).put_bytes(data)
except StoreError as error:
    print(type(error).__name__)
else:
    sys.stdout.write(f"kept {kept.sha256}")
"""

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample"
    path.write_bytes(DATA)
    return path


def _put(root: Path, sample: Path, *wrap: str) -> str:
    done = subprocess.run(
        [*wrap, sys.executable, "-B", "-c", _PUT, root, sample], capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout.strip()


def _injected(root: Path, sample: Path, call: str, fault: str, number: int) -> str:
    """Put `sample`, with `fault` at the `number`-th `call`. strace counts each kind of call for itself."""
    inject = ("-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={number}")
    return _put(root, sample, "strace", "-f", "-qq", "-o", "/dev/null", *inject)


def _points(root: Path, sample: Path, log: Path) -> list[tuple[str, int]]:
    """Return every call that matters as (name, which one of that name)."""
    _put(root, sample, "strace", "-f", "-qq", "-o", str(log), "-e", f"trace={','.join(SYSCALLS)}")
    counted = Counter(re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.MULTILINE))
    return [(call, number) for call, count in counted.items() for number in range(1, count + 1)]


def test_a_store_refuses_before_its_reserve_is_eaten(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    store = FolderStore(tmp_path / "store", reserve=free * 2)

    with pytest.raises(StoreFull):
        store.put_bytes(DATA)
    with pytest.raises(StoreFull):
        store.probe()

    assert store.free_bytes() == 0
    assert list(store.names()) == []


def test_the_room_that_is_told_leaves_the_reserve_out(tmp_path: Path) -> None:
    reserve = 2**30
    with_reserve, without = FolderStore(tmp_path, reserve=reserve).free_bytes(), FolderStore(tmp_path).free_bytes()

    assert with_reserve is not None
    assert without is not None
    assert abs(without - with_reserve - reserve) < 2**28


def test_a_file_that_may_not_grow_is_a_full_store_and_leaves_nothing(tmp_path: Path, sample: Path) -> None:
    limited = (
        "import resource, signal, runpy, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000));" + _PUT
    )

    done = subprocess.run(
        [sys.executable, "-B", "-c", limited, tmp_path / "store", sample], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "StoreFull"
    assert list((tmp_path / "store" / "incoming").iterdir()) == []
    assert _put(tmp_path / "store", sample) == f"kept {NAME}"


def test_a_full_disk_is_told_and_reading_goes_on(tmp_path: Path) -> None:
    """On a real file system of 2 MB: fill it, be refused, read, make room, be served."""
    script = f"""
import os, sys
from pathlib import Path
from app.storage import StoreFull
from app.storage.folder import FolderStore
store = FolderStore(Path({str(tmp_path)!r}) / "store")
kept = []
try:
    while True:
        kept.append(store.put_bytes(os.urandom(400_000)).sha256)
except StoreFull:
    pass
assert 1 <= len(kept) <= 5, kept
assert list((store.root / "incoming").iterdir()) == []
assert all(store.verify(name) for name in kept)
store.quarantine(kept[0])
(store.root / "quarantine" / kept[0]).unlink()
assert store.put_bytes(os.urandom(300_000)).new
print("well")
"""
    mounted = (
        f"mount -t tmpfs -o size=2m none {tmp_path} && exec {sys.executable} -B -c '{script.replace(chr(39), chr(34))}'"
    )
    can = subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False)
    if can.returncode != 0:
        pytest.skip("no user namespaces here")

    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", mounted],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )

    assert done.stdout.strip() == "well", done.stderr


@needs_strace
@pytest.mark.faults
def test_a_failing_fsync_is_a_failure_each_time_and_the_next_sender_is_served(tmp_path: Path, sample: Path) -> None:
    points = [number for call, number in _points(tmp_path / "count", sample, tmp_path / "log") if call == "fsync"]
    assert len(points) == 5, "three new folders, the file, and the folder that names it"

    for number in points:
        root = tmp_path / f"s{number}"

        assert _injected(root, sample, "fsync", "error=EIO", number) == "StoreFailed"

        store = FolderStore(root)
        assert not store.exists(NAME)
        assert _put(root, sample) == f"kept {NAME}"
        assert store.verify(NAME)


@needs_strace
@pytest.mark.faults
def test_a_process_killed_at_any_point_leaves_whole_bytes_or_none(tmp_path: Path, sample: Path) -> None:
    points = _points(tmp_path / "count", sample, tmp_path / "log")
    assert len(points) >= 11

    for call, number in points:
        root = tmp_path / f"{call}{number}"

        assert _injected(root, sample, call, "signal=KILL", number) == ""

        store = FolderStore(root)
        assert [store.verify(name) for name in store.names()] in ([], [True])
        assert _put(root, sample) == f"kept {NAME}"
        assert list(store.names()) == [NAME]
        store.sweep_incoming(dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
        assert list((root / "incoming").iterdir()) == []


def test_keeping_again_makes_the_bytes_young(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put_bytes(DATA)
    os.utime(tmp_path / NAME[:2] / NAME, (time.time() - 7200,) * 2)

    store.put_bytes(DATA)

    assert not store.quarantine(NAME, unless_changed_since=dt.datetime.now(dt.UTC) - dt.timedelta(hours=1))


def test_damaged_bytes_are_kept_aside_for_whoever_asks_why(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put_bytes(DATA)
    (tmp_path / NAME[:2] / NAME).write_bytes(b"spoilt")

    store.put_bytes(DATA)

    (aside,) = (tmp_path / "quarantine").iterdir()
    assert aside.name.startswith(f"{NAME}.damaged-")
    assert aside.read_bytes() == b"spoilt"


def test_damaged_bytes_do_not_come_back_from_quarantine(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put_bytes(DATA)
    store.quarantine(NAME)
    (tmp_path / "quarantine" / NAME).write_bytes(b"spoilt")

    assert not store.restore(NAME)
    assert not store.exists(NAME)


def test_a_folder_that_cannot_be_made_is_a_failure_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    for ask in (FolderStore(tmp_path / "file" / "store").probe, lambda: FolderStore(tmp_path / "file").put_bytes(b"x")):
        with pytest.raises(StoreFailed):
            ask()
