"""The dearest packages that anybody can send cost at most 100 MB and two seconds, measured in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.epackages.signatures import ASIC_E
from tests.epackages.bombs import MIB, claiming, largest
from tests.epackages.zips import Part, build, deflate

ROOT = Path(__file__).parents[2]

MEASURE = """
import datetime, json, resource, sys
from pathlib import Path
from app.epackages.package import judge_package
from app.pki.revocation import MemoryRevocations
from app.pki.trust_store import TrustStore

def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) * 1024

def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

memory, time = peak(), cpu()
verdict = judge_package(
    Path(sys.argv[1]), trust=TrustStore((), MemoryRevocations(crls=[])), at=datetime.datetime.now(datetime.UTC)
)
memory, time = peak() - memory, cpu() - time
print(json.dumps({"memory": memory, "cpu": time, "outcome": verdict.outcome, "reasons": verdict.reasons}))
"""


def nested() -> bytes:
    """Archives in archives in archives, after the famous 42.zip."""
    data = build([Part(b"0.dll", bytes(40 * MIB), packed=deflate(bytes(40 * MIB)))])
    for level in range(5):
        data = build([Part(b"%d-%d.zip" % (level, n), data) for n in range(16)])
    return data


def signature(xml: bytes) -> bytes:
    """A container whose signature file is `xml`, packed so that its ratio is no reason to refuse."""
    parts = [Part(b"mimetype", ASIC_E.encode(), method=0), Part(b"a.txt", b"a")]
    return build([*parts, Part(b"META-INF/signatures0.xml", xml, method=0)])


def nodes() -> bytes:
    return signature(b"<a>" + b"<b/>" * 2_000_000 + b"</a>")


def attributes() -> bytes:
    return signature(b"<a " + b" ".join(b"a%d=''" % n for n in range(600_000)) + b"/>")


def depth() -> bytes:
    return signature(b"<a>" * 1_000_000 + b"</a>" * 1_000_000)


def laughs() -> bytes:
    entities = b"".join(b"<!ENTITY a%d '%s'>" % (n + 1, b"&a%d;" % n * 10) for n in range(12))
    return signature(b"<!DOCTYPE a [<!ENTITY a0 'ha'>" + entities + b"]><a>&a12;</a>")


def namespaces() -> bytes:
    """Every element declares what every other one must be canonicalised with."""
    opened = b"".join(b"<a xmlns:n%d='u:%d'>" % (n, n) for n in range(250))
    return signature(opened + b"<b/>" * 100_000 + b"</a>" * 250)


BOMBS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "42 MB that claim 50 MiB": (lambda: claiming(50 * MIB), "unreadable", "size-mismatch"),
    "42 MB that claim ten bytes": (lambda: claiming(10), "unreadable", "size-mismatch"),
    "42 MB that claim what they are": (lambda: claiming(0xFFFFFFFE), "unreadable", "too-large"),
    "42 MB, all limits just kept": (largest, "invalid", "no-signature"),
    "archives in archives": (nested, "invalid", "no-signature"),
    "two million elements": (nodes, "invalid", "xml-too-large"),
    "six hundred thousand attributes": (attributes, "invalid", "xml-too-large"),
    "a million levels": (depth, "invalid", "xml-too-large"),
    "a billion laughs": (laughs, "invalid", "doctype"),
    "namespaces on namespaces": (namespaces, "invalid", "xml-too-large"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_at_most_100_megabytes_and_two_seconds(bomb: str, tmp_path: Path) -> None:
    make, outcome, reason = BOMBS[bomb]
    path = tmp_path / "package.zip"
    path.write_bytes(make())

    ended = subprocess.run([sys.executable, "-c", MEASURE, path], cwd=ROOT, check=True, capture_output=True, timeout=60)

    told = json.loads(ended.stdout)
    assert told["outcome"] == outcome
    assert reason in told["reasons"]
    assert told["memory"] <= 100_000_000
    assert told["cpu"] <= 2.0
