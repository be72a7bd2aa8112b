"""What the form inside a received package says, or why it says nothing. Read before any transaction begins."""

from __future__ import annotations

from dataclasses import dataclass

from app.epackages.application import Application
from app.epackages.content import read_form as find_form
from app.epackages.errors import FormUnreadable, Unreadable
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
    """Read the form document of `package`. A missing or foreign form is no reason to lose a package."""
    try:
        with package_content(package, equipment=equipment) as content:
            found = find_form(content)
    except (FormUnreadable, Unreadable) as problem:
        return FormReading(None, problem=str(problem.code))
    return FormReading(found.application, found.name)
