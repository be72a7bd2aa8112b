"""What the form inside a received package says, or why it says nothing. Read before any transaction begins."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.epackages.application import Application
from app.epackages.content import Content, open_content
from app.epackages.content import read_form as find_form
from app.epackages.errors import FormUnreadable, Unreadable
from app.epackages.verdict import PackageVerdict
from app.equipment import Equipment
from app.models import Package
from app.usecases.package_content import package_content


@dataclass(frozen=True, slots=True)
class FormReading:
    """The form and the member that holds it, or the code of what stood in the way."""

    application: Application | None
    name: str = ""
    problem: str | None = None


def read_form(package: Package, *, equipment: Equipment) -> FormReading:
    """Read the form document of `package`. A missing or foreign form is no reason to lose a package.

    Raises:
        Missing, Damaged, StoreFailed: the bytes of the package are not there, are others by now, or cannot be read.
    """
    try:
        with package_content(package, equipment=equipment) as content:
            return _read(content)
    except (FormUnreadable, Unreadable) as problem:
        return FormReading(None, problem=str(problem.code))


def read_judged_form(
    path: Path, companion: Path | None, name: str, verdict: PackageVerdict, *, equipment: Equipment
) -> FormReading:
    """Read the form of the package at `path` that `verdict` was just given on; see `open_content`."""
    try:
        with open_content(
            path, companion=companion, name=name, limits=equipment.reading_limits, verdict=verdict
        ) as content:
            return _read(content)
    except (FormUnreadable, Unreadable) as problem:
        return FormReading(None, problem=str(problem.code))


def _read(content: Content) -> FormReading:
    found = find_form(content)
    return FormReading(found.application, found.name)
