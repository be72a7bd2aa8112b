"""What the form inside a received package says, or why it says nothing. Read before any transaction begins."""

from __future__ import annotations

from dataclasses import dataclass

from app.epackages.application import FORM_NAME, Application, read_application
from app.epackages.container import open_container
from app.epackages.errors import FormUnreadable, Unreadable
from app.epackages.limits import DEFAULT_LIMITS
from app.equipment import Equipment
from app.models import Package

FORM_MISSING = "form-missing"


@dataclass(frozen=True, slots=True)
class FormReading:
    """The form, or the code of what stood in the way. A missing form is no reason to lose a package."""

    application: Application | None
    problem: str | None = None


def read_form(package: Package, *, equipment: Equipment) -> FormReading:
    """Read the form document of `package`: its `wniosek.xml`, or the signed XML document itself."""
    with equipment.store.as_file(package.sha256) as path:
        try:
            if package.container == "xml":
                xml = path.read_bytes()
            else:
                with open_container(path) as container:
                    if FORM_NAME not in {member.name for member in container.members}:
                        return FormReading(None, FORM_MISSING)
                    xml = container.read(FORM_NAME, DEFAULT_LIMITS.xml_size)
            return FormReading(read_application(xml))
        except (FormUnreadable, Unreadable) as problem:
            return FormReading(None, str(problem.code))
