"""Whatever cannot be read is a verdict that says so, or an error of the caller."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.epackages import package as package_module
from app.epackages.content import open_content
from app.epackages.errors import Unreadable
from app.epackages.limits import DEFAULT_LIMITS
from app.epackages.signatures import ASIC_E
from app.epackages.writer import pack, write_zip
from app.pki.signing import Signer
from app.pki.trust_store import TrustStore
from tests.epackages.hostile import HOSTILE
from tests.epackages.judged import MEMBERS, SIGNED_AT, judge
from tests.epackages.signed import cades
from tests.epackages.zips import Part, build, deflate


@pytest.mark.parametrize(
    "what", ["a wrong CRC", "two end records", "up and out", "encrypted", "an entry quoted in another"]
)
def test_a_hostile_archive_is_a_verdict(what: str, trust: TrustStore, put: Any) -> None:
    code, make = HOSTILE[what]

    verdict = judge(put(make()), trust)

    assert (verdict.outcome, verdict.reasons, verdict.members) == ("unreadable", (code,), ())
    assert len(verdict.sha256) == 64


def test_a_hostile_archive_inside_the_outer_one_is_a_verdict(signer: Signer, trust: TrustStore, put: Any) -> None:
    inner = build([Part(b"../evil.txt")])
    data = write_zip([("a.zip", inner), ("a.zip.p7s", cades(inner, signer))])

    verdict = judge(put(data), trust)

    assert (verdict.outcome, verdict.reasons) == ("unreadable", ("unsafe-name",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_every_encoding(encoding: str, trust: TrustStore, put: Any) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'.encode(encoding)

    verdict = judge(put(bomb, "a.xml"), trust)

    assert verdict.outcome == "unreadable"
    assert verdict.reasons in {("doctype",), ("not-a-zip",)}


def test_a_signature_file_that_is_no_signature_is_invalid(trust: TrustStore, put: Any) -> None:
    data = write_zip(
        [("mimetype", ASIC_E.encode()), ("a.txt", b"a"), ("META-INF/signatures0.xml", b"<!DOCTYPE a><a/>")]
    )

    verdict = judge(put(data), trust)

    assert verdict.outcome == "invalid"
    assert "doctype" in verdict.reasons


def test_a_signature_larger_than_any_is_refused(trust: TrustStore, put: Any) -> None:
    huge = b"<a>" + bytes(range(65, 91)) * 400_000 + b"</a>"
    packed = deflate(huge)
    parts = [Part(b"a.txt"), Part(b"META-INF/signatures0.xml", huge, packed=packed)]

    verdict = judge(put(build(parts)), trust, limits=replace(DEFAULT_LIMITS, ratio=100_000))

    assert (verdict.outcome, verdict.reasons) == ("unreadable", ("too-large",))


def test_a_surprise_is_a_verdict_and_a_line_in_the_log(
    signer: Signer, trust: TrustStore, put: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(package_module, "read_asic", broken)

    with caplog.at_level(logging.ERROR):
        verdict = judge(put(pack(MEMBERS, signer, SIGNED_AT)), trust)

    assert (verdict.outcome, verdict.reasons) == ("unreadable", ("format-failure",))
    assert verdict.sha256 in caplog.text


def test_a_file_that_is_not_there_is_an_error_of_the_caller(trust: TrustStore, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing"):
        judge(tmp_path / "nothing", trust)


def test_content_of_what_is_no_package_cannot_be_opened(put: Any) -> None:
    with pytest.raises(Unreadable):
        open_content(put(b"Szanowni"))
