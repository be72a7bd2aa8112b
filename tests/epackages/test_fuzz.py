"""No bytes at all make the readers do anything but read or refuse."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.epackages.application import Application, read_application, write_application
from app.epackages.container import open_container
from app.epackages.errors import Reason, Unreadable
from app.epackages.limits import DEFAULT_LIMITS
from app.epackages.media import kind_of
from app.epackages.names import check_name, folded
from app.epackages.package import judge_package
from app.epackages.writer import pack, write_zip
from app.pki.verdicts import REASONS
from tests.authority import NOW, shared_authority
from tests.epackages.forms import FULL, SHORT
from tests.epackages.hostile import good
from tests.epackages.signed import asic_e_cades
from tests.epackages.zips import Part, build, streamed

T = TypeVar("T")

MORE = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
FEW = settings(MORE, max_examples=80)
CODES = {str(reason) for reason in Reason} | set(REASONS)
MARKS = [b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\7\x08", b"PK\6\6", b"PK\6\7"]


@functools.cache
def packages() -> tuple[bytes, ...]:
    signer = shared_authority().citizen()
    members = {"wniosek.xml": write_application(SHORT), "a.txt": b"text"}
    return (
        good(),
        build([streamed(b"a.txt", b"content"), Part(b"b/c.txt", b"more", method=0)], comment=b"comment"),
        pack(members, signer, NOW),
        asic_e_cades(members, signer),
        write_zip(members.items()),
    )


@st.composite
def mutated(draw: st.DrawFn, originals: tuple[bytes, ...]) -> bytes:
    """A good file with a few bytes changed, moved, doubled or gone."""
    data = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        length = draw(st.integers(0, 40))
        match draw(st.sampled_from(["flip", "put", "cut", "double", "mark", "number"])):
            case "flip":
                data[at : at + 1] = bytes(byte ^ (1 << draw(st.integers(0, 7))) for byte in data[at : at + 1])
            case "put":
                data[at:at] = draw(st.binary(max_size=20))
            case "cut":
                del data[at : at + length]
            case "double":
                data[at:at] = data[at : at + length]
            case "mark":
                data[at : at + 4] = draw(st.sampled_from(MARKS))
            case _:
                data[at : at + 4] = draw(st.sampled_from([b"\xff" * 4, bytes(4), b"\0\0\0\x80", b"\x01\0\0\0"]))
    return bytes(data)


def value_or_code(read: Callable[..., T], *arguments: object) -> T | str:
    """What `read` returns, or the code it refuses with; any other exception fails the test."""
    try:
        return read(*arguments)
    except Unreadable as refused:
        return refused.code


def read_or_refuse(path: Path) -> None:
    opened = value_or_code(open_container, path)
    if isinstance(opened, str):
        assert opened in CODES
        return
    with opened as container:
        assert sum(member.size for member in container.members) <= DEFAULT_LIMITS.total_size
        for member in container.members:
            assert len(container.read(member.name, member.size)) == member.size
            check_name(member.name, DEFAULT_LIMITS)
        assert len({folded(member.name) for member in container.members}) == len(container.members)


@MORE
@given(data=st.binary(max_size=400))
@example(data=b"PK\3\4" + bytes(26))
@example(data=b"PK\5\6" + bytes(18))
def test_any_bytes_are_read_or_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(data)

    read_or_refuse(path)


@MORE
@given(data=st.deferred(lambda: mutated(packages())))
def test_any_mutation_of_a_good_archive_is_read_or_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(data)

    read_or_refuse(path)


fields = st.fixed_dictionaries(
    {},
    optional={
        "flags": st.integers(0, 0xFFFF),
        "method": st.sampled_from([0, 8, 9, 99]),
        "crc": st.integers(0, 2**32 - 1),
        "packed": st.integers(0, 2**32 - 1),
        "size": st.integers(0, 2**32 - 1),
        "extra": st.binary(max_size=30),
        "name": st.binary(max_size=30),
    },
)


@MORE
@given(
    local=fields,
    central=fields,
    name=st.binary(min_size=1, max_size=20),
    data=st.binary(max_size=60),
    descriptor=st.binary(max_size=30),
)
def test_any_two_headers_are_read_or_refused(  # noqa: PLR0917 - hypothesis passes by name
    local: dict[str, object],
    central: dict[str, object],
    name: bytes,
    data: bytes,
    descriptor: bytes,
    tmp_path: Path,
) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(build([Part(name, data, local=local, central=central, descriptor=descriptor)]))

    read_or_refuse(path)


@FEW
@given(data=st.deferred(lambda: mutated(packages())))
def test_any_mutation_of_a_package_is_a_verdict_and_never_valid_with_other_content(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "p.asice"
    path.write_bytes(data)

    verdict = judge_package(path, trust=shared_authority().trust_store(), at=NOW)

    assert set(verdict.reasons) <= CODES
    assert "format-failure" not in verdict.reasons or verdict.signatures
    if verdict.outcome == "valid":
        content = {member.name: member.sha256 for member in verdict.members}
        originals = [
            judge_package(_put(tmp_path, one), trust=shared_authority().trust_store(), at=NOW) for one in packages()
        ]
        assert content in [{member.name: member.sha256 for member in original.members} for original in originals]


def _put(folder: Path, data: bytes) -> Path:
    path = folder / "original"
    path.write_bytes(data)
    return path


@MORE
@given(data=st.binary(max_size=300) | st.deferred(lambda: mutated((write_application(FULL), write_application(SHORT)))))
def test_any_form_is_read_or_refused(data: bytes) -> None:
    form = value_or_code(read_application, data)

    assert isinstance(form, Application) or form in CODES


@MORE
@given(
    name=st.text(min_size=1, max_size=300),
    remarks=st.text(max_size=200),
    year=st.none() | st.integers(-1, 10_000),
    vin=st.text(max_size=50),
)
def test_any_values_are_written_so_that_they_are_read_again_or_not_at_all(
    name: str, remarks: str, year: int | None, vin: str
) -> None:
    assert SHORT.owner is not None
    assert SHORT.vehicle is not None
    form = replace(
        SHORT,
        owner=replace(SHORT.owner, name=name),
        vehicle=replace(SHORT.vehicle, production_year=year, vin=vin),
        remarks=remarks,
    )
    written = value_or_code(write_application, form)
    if isinstance(written, str):
        assert written == "form-invalid"
        return
    read = read_application(written)

    assert write_application(read) == write_application(read_application(write_application(read)))
    assert read.vehicle is not None
    assert read.vehicle.production_year == year


@MORE
@given(name=st.text(max_size=80), head=st.binary(max_size=100))
def test_any_attachment_has_a_kind_or_a_flag(name: str, head: bytes) -> None:
    verdict = kind_of(name, head)

    assert (verdict.kind is None) == bool(verdict.flags)


@MORE
@given(name=st.text(max_size=40))
def test_any_name_is_safe_or_refused(name: str) -> None:
    refused = value_or_code(check_name, name, DEFAULT_LIMITS)

    assert refused in {None, "unsafe-name"}
    if refused is None:
        assert not Path(name).is_absolute()
        assert ".." not in Path(name).parts
        assert not any(letter in name for letter in "\\:\0\n\u202e\u200b")


def test_the_originals_of_the_mutations_are_good(tmp_path: Path) -> None:
    outcomes = [
        judge_package(_put(tmp_path, one), trust=shared_authority().trust_store(), at=NOW).outcome for one in packages()
    ]

    assert outcomes == ["invalid", "invalid", "valid", "valid", "invalid"]


@pytest.mark.parametrize("cut", range(0, 60, 7))
def test_a_package_cut_anywhere_is_refused(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "p.asice"
    for whole in packages():
        path.write_bytes(whole[: len(whole) * cut // 60])
        with pytest.raises(Unreadable):
            open_container(path)
