"""What did the sender send, whatever it was wrapped in?

`judge_package` says what a package is worth; this gives its content afterwards, by the same rules: the same members
under the same names, from an ASiC, a ZIP, a ZIP in a ZIP, a single signed document, or one of two files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from app.epackages import signatures as found
from app.epackages.application import FORM_NAME, NAMESPACE_PREFIX, Application, read_application
from app.epackages.asic import content_of_asic, is_asic
from app.epackages.container import Container, Member, file_chunks, file_member, open_container
from app.epackages.detached import archive_inside, content_of_zip, signed_of_pair
from app.epackages.errors import FormUnreadable, Reason, Unreadable
from app.epackages.limits import DEFAULT_LIMITS, Limits
from app.epackages.media import HEAD, is_archive
from app.epackages.verdict import PackageVerdict


@dataclass(frozen=True, slots=True)
class Content:
    """The members of a package that are content; close it, or use it in a `with` statement."""

    members: tuple[Member, ...]
    limits: Limits
    _chunks: Callable[[str], Iterator[bytes]]
    _opened: ExitStack

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._opened.close()

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a member in chunks of at most 64 KiB.

        Raises:
            KeyError: there is no such member.
            Unreadable: asked too often.
        """
        if all(member.name != name for member in self.members):
            raise KeyError(name)
        return self._chunks(name)

    def read(self, name: str, at_most: int) -> bytes:
        """The bytes of a member of no more than `at_most` bytes.

        Raises:
            KeyError: there is no such member.
            Unreadable: `too-large`.
        """
        chunks = self.chunks(name)
        size = next(member.size for member in self.members if member.name == name)
        if size > at_most:
            raise Unreadable(Reason.TOO_LARGE, f"{ascii(name)[:80]} is over {at_most} bytes")
        return b"".join(chunks)


def open_content(
    path: Path,
    *,
    companion: Path | None = None,
    name: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    verdict: PackageVerdict | None = None,
) -> Content:
    """Open the content of the package at `path`, judged or not.

    Args:
        path: the package as it came.
        companion: the second file, where two came.
        name: the file's own name, where `path` does not bear it.
        limits: upper bounds of reading.
        verdict: what judging these same bytes found a moment ago: members of an ASiC are not unpacked again.

    Raises:
        Unreadable: the package is none.
        OSError: the file cannot be read.
    """
    own_name = name or path.name
    if companion is not None:
        path, _, own_name, _ = signed_of_pair(path, companion, own_name)
    head = next(file_chunks(path)(), b"")[:HEAD]
    alone = not is_archive(head) if companion is not None else found.looks_like_xml(head)
    if alone:
        return _single(path, own_name, limits)
    with ExitStack() as opened:
        container = opened.enter_context(open_container(path, limits, read=_read_before(verdict)))
        members = container.members
        if companion is None and is_asic(container):
            members = content_of_asic(container)
        elif companion is None:
            members = content_of_zip(container)
            inner = archive_inside(container, members)
            if inner is not None:
                container = opened.enter_context(inner)
                members = container.members
        return Content(members, limits, _reader(container), opened.pop_all())


def _read_before(verdict: PackageVerdict | None) -> Iterator[Member]:
    """Members as judging read them; of anything but an ASiC they may be those of an archive inside."""
    if verdict is not None and verdict.container in {"asic-e", "asic-s"}:
        yield from verdict.envelope
        yield from (content.member for content in verdict.members)


def _reader(container: Container) -> Callable[[str], Iterator[bytes]]:
    return container.chunks


def _single(path: Path, name: str, limits: Limits) -> Content:
    chunks = file_chunks(path)
    return Content((file_member(path, name, limits),), limits, lambda _: chunks(), ExitStack())


@dataclass(frozen=True, slots=True)
class FormFound:
    """The form document of a package, and the member that holds it."""

    name: str
    application: Application


def read_form(content: Content) -> FormFound:
    """Find and read the form: the member `wniosek.xml`, else the first XML document of ours beside it.

    Raises:
        FormUnreadable: `form-missing` where there is none, or why it cannot be read.
    """
    candidates = [member for member in content.members if "/" not in member.name and member.media == "application/xml"]
    candidates.sort(key=lambda member: member.name.lower() != FORM_NAME)
    for member in candidates:
        if member.size > content.limits.xml_size:
            continue
        xml = content.read(member.name, content.limits.xml_size)
        if member.name.lower() == FORM_NAME or NAMESPACE_PREFIX.encode() in xml[:HEAD]:
            return FormFound(member.name, read_application(xml, content.limits))
    raise FormUnreadable(Reason.FORM_MISSING, "no member is a form")
