"""A machine that lacks programs of others is told so before the suite begins, in one sentence with the remedy."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("gate", "status"), [("0", 0), ("1", 1)], ids=["at home", "in the gate"])
def test_what_a_bare_machine_lacks_is_named_with_the_command_that_installs_it(tmp_path: Path, gate, status) -> None:
    for program in ("bash", "dirname", "id", "ls", "env"):
        found = shutil.which(program)
        assert found
        (tmp_path / program).symlink_to(found)

    told = subprocess.run(
        [ROOT / ".ci" / "programs"], env={"PATH": str(tmp_path), "OKIENKO_TESTS_COMPLETE": gate},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert told.returncode == status
    assert [name for name in ("xmlsec1", "openssl", "strace", "pdfsig", "chromium") if name not in told.stderr] == []
    assert "'sudo make test-deps' installs them" in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_what_the_tests_run_is_what_make_test_looks_for() -> None:
    from tests.conftest import PROGRAMS

    looked_for = (ROOT / ".ci" / "programs").read_text("utf-8")

    assert [name for name in PROGRAMS if name not in looked_for] == []
