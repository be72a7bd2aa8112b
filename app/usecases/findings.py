"""What a machine notices about an application before a person looks. It warns; it never blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain.acts import Act
from app.epackages.application import Application, compare_attachments
from app.models import Outcome, Package


@dataclass(frozen=True, slots=True)
class Doubt:
    """A code for `views/wording.py`, and what fills its sentence."""

    code: str
    details: dict[str, str] = field(default_factory=dict)


def find_doubts(package: Package, form: Application | None, *, act: Act) -> Iterator[Doubt]:
    """Yield what a clerk should look at in `package` and its `form`, seen on the day of `act`."""
    if package.outcome is Outcome.UNDECIDED:
        yield Doubt("signature-undecided", {"reasons": ", ".join(package.reasons)})
    if form is None:
        yield Doubt("form-unreadable", {"problem": package.form_problem or ""})
        return
    if form.procedure is None and form.answers is None:
        yield Doubt("request-not-covered", {"request": form.request.kind.value if form.request else ""})
    for remark in compare_attachments(form.attachments, package.members):
        yield Doubt(remark.code, {"name": remark.name})
    del act
