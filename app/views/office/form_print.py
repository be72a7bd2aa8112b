"""The printout of a form document: always in Polish, as every letter of the office."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from app.epackages.application import Application
from app.letters.application import ApplicationPrintout, PrintedAttachment, PrintedSection, print_application
from app.letters.receipt import Office
from app.models import Package
from app.views.wording_cases import PROCEDURES
from app.views.wording_form import attachments, sections
from config import OfficeIdentity


def form_as_pdf(form: Application, package: Package, office: OfficeIdentity) -> bytes:
    """Return the form of `package` as a PDF, with every number in full."""
    with force_locale("pl"):
        address = (office.street, f"{office.postal_code} {office.city}", office.phone)
        return print_application(
            ApplicationPrintout(
                office=Office(office.name, office.department, address),
                title=str(PROCEDURES.get(form.procedure or "", _("Letter in a case"))),
                subtitle=_("Printout of the electronic form %(number)s", number=package.number),
                reference=package.case.sign if package.case else package.number,
                sections=tuple(PrintedSection(part.heading, part.rows) for part in sections(form, hide_numbers=False)),
                attachments=tuple(PrintedAttachment(kind, name) for kind, name in attachments(form)),
            ),
            package.received_at,
        )
