"""Which sentence stands for what a machine noticed about an application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.views.wording_reasons import reason_words

FINDINGS: Mapping[str, LazyString] = {
    # the package
    "signature-undecided": _("The signature could not be confirmed (%(reasons)s). Settle it before you go on."),
    "signature-confirmed": _("The signature of %(number)s was confirmed later, by itself."),
    "signature-failed": _("The signature turned out to be bad (%(reasons)s). Decide what follows."),
    "form-unreadable": _("The package has no form that the program can read. Describe the case."),
    "request-not-covered": _("The form asks for something else than registration or deregistration."),
    "answers-unknown-case": _("The letter answers %(sign)s, but its sender is not known in that case."),
    "attachment-absent": _("The form lists %(name)s, but the package does not contain it."),
    "attachment-differs": _("%(name)s differs from what the form lists."),
    "attachment-twice": _("The form lists %(name)s twice."),
    "attachment-unlisted": _("%(name)s came with the package, but the form does not list it."),
    # who
    "signer-not-applicant": _("The package was signed by somebody else than the applicant."),
    "signer-of-entity": _("%(signer)s signed for an entity. Check that they may."),
    "pesel-empty": _("The PESEL is empty."),
    "pesel-check-digit": _("The PESEL has a wrong check digit."),
    "pesel-date": _("The PESEL names a day that does not exist."),
    "pesel-length": _("The PESEL does not have eleven digits."),
    "pesel-characters": _("The PESEL holds something else than digits."),
    "birth-date-differs": _("The date of birth differs from the PESEL."),
    "person-unidentified": _("The owner gives neither a PESEL nor a date of birth."),
    "regon-empty": _("The REGON is empty."),
    "regon-characters": _("A REGON has digits only."),
    "regon-length": _("A REGON has nine or fourteen digits."),
    "regon-check-digit": _("The REGON %(value)s has a wrong check digit."),
    "regon-missing": _("The entity gives no REGON."),
    "nip-check-digit": _("The NIP has a wrong check digit."),
    "address-missing": _("The owner's address is missing."),
    "postal-code": _("The postal code is not a Polish one."),
    "delivery-address": _("The address for electronic delivery is not written as one."),
    "epuap-box": _("The ePUAP box is not written as one."),
    # the vehicle
    "vin-empty": _("The VIN is missing."),
    "vin-length": _("The VIN %(value)s does not have 17 characters."),
    "vin-letters": _("The VIN %(value)s holds I, O or Q, which a VIN never has."),
    "vin-characters": _("The VIN %(value)s holds characters that a VIN never has."),
    "vin-check-digit": _("The check digit of the VIN %(value)s is wrong. Compare it with the document."),
    "vin-check-digit-optional": _("The VIN %(value)s has no check digit of the American kind; in Europe it need not."),
    "plate-empty": _("The plate is missing."),
    "plate-missing": _("No plate is named, though the vehicle was registered."),
    "plate-prefix": _("The plate %(value)s begins with letters that no county has."),
    "plate-layout": _("The plate %(value)s is not laid out like a Polish one."),
    "plate-characters": _("The plate %(value)s holds letters that plates do not use."),
    "plate-of-a-new-vehicle": _("The vehicle is said to be new, but has the plate %(value)s."),
    "no-number-to-keep": _("The owner wants to keep a number that the form does not name."),
    "reduced-space-undeclared": _("Reduced plates are asked for without the declaration about their place."),
    "individual-text": _("The individual text %(value)s does not follow the rules."),
    "production-year": _("The year of production, %(year)s, is not possible."),
    "acquired-before-production": _("The vehicle was acquired before it was made (%(year)s)."),
    "registered-elsewhere": _("The plate begins with %(prefix)s: another authority registered the vehicle."),
    "same-vin-open": _("There is another open case about the same VIN: %(sign)s."),
    "same-plate-open": _("There is another open case about the same plate: %(sign)s."),
    # days that come near
    "permit-runs-out": _("The temporary permit %(number)s is valid until %(date)s only."),
    "permit-ends": _("The temporary permit %(number)s ends in a few days, on %(date)s."),
    "case-at-risk": _("Little of the term is left: the case has to be settled by %(date)s."),
    # dates, documents, declarations, parcels
    "date-in-future": _("A date in the form lies in the future: %(date)s."),
    "registration-overdue": _("The owner applied %(days)s days after the acquisition; the law allows 30."),
    "ground-missing": _("The form names no ground for the deregistration."),
    "vehicle-deregistered": _(
        "The vehicle with this VIN was deregistered in the case %(sign)s. It is registered again only if it was found "
        "after a theft, is historic, is unique and at least 25 years old, is a tractor or an agricultural trailer, or "
        "had been exported."
    ),
    "ground-ex-officio": _(
        "The form names a ground on which only the office acts by itself. Describe the case: what is really asked for?"
    ),
    "ground-unknown": _("The ground %(ground)s is not one of the law."),
    "purpose-missing": _("The form names no purpose of the temporary registration."),
    "document-missing": _("A required document is missing: %(document)s (%(law)s)."),
    "accuracy-not-declared": _("The declaration that the data are true is missing."),
    "tracking-empty": _("The tracking number is missing."),
    "tracking-length": _("The tracking number %(value)s has a length that no carrier uses."),
    "tracking-characters": _("The tracking number %(value)s holds characters that no carrier uses."),
    "tracking-check-digit": _("The tracking number %(value)s has a wrong check digit."),
}

FLAGS: Mapping[str, LazyString] = {
    "attachment-kind": _("of a kind that the office does not take"),
    "attachment-extension": _("something else than its name says"),
    "pdf-javascript": _("the PDF contains a program"),
    "pdf-launch": _("the PDF would start a program"),
    "pdf-embedded-file": _("the PDF carries other files inside"),
    "pdf-encrypted": _("the PDF is encrypted"),
    "pdf-form-xfa": _("the PDF contains a form that few programs show"),
    "pdf-automatic-action": _("the PDF does something by itself when opened"),
    "pdf-too-many-objects": _("the PDF has too many parts to look through all of them"),
    "image-too-large": _("too many pixels to draw"),
    "virus": _("the virus scanner objects to it"),
    "preview-damaged": _("damaged, cannot be drawn"),
    "preview-time": _("took too long to draw"),
    "preview-memory": _("too much to draw"),
    "preview-failed": _("cannot be drawn"),
}
"""What looking into a document showed, as a clerk reads it on a chip."""

SCANS: Mapping[str, LazyString] = {
    "not-scanned": _("not scanned for viruses"),
    "clean": _("scanned: no virus found"),
    "infected": _("the virus scanner objects: do not open the files"),
}
"""What the virus scanner said of a package."""

DOCUMENTS: Mapping[str, LazyString] = {
    "APPLICATION": _("Application"),
    "OWNERSHIP": _("Proof of ownership"),
    "REG_CERT": _("Registration certificate"),
    "VEHICLE_CARD": _("Vehicle card"),
    "PLATES": _("Registration plates (photographs)"),
    "EXTRA_PLATE": _("Additional plate"),
    "PLATES_STATEMENT": _("Statement about plates"),
    "LOSS_STATEMENT": _("Statement of loss"),
    "TEMPORARY_WITHDRAWAL": _("Decision on temporary withdrawal"),
    "CONFORMITY": _("Certificate of conformity"),
    "INSPECTION": _("Technical inspection certificate"),
    "CUSTOMS": _("Proof of customs clearance"),
    "EXCISE": _("Excise document"),
    "EU_DATE": _("Statement of the import date"),
    "TRANSLATION": _("Sworn translation"),
    "HISTORIC": _("Heritage documents"),
    "SAM": _("Documents of a self-built vehicle"),
    "ID_NUMBER": _("Certificate of the identification number"),
    "PROXY": _("Power of attorney"),
    "STAMP_DUTY": _("Proof of stamp duty"),
    "FEE_PROOF": _("Proof of fees paid"),
    "OC_POLICY": _("Liability insurance policy"),
    "TEMPORARY_PERMIT": _("Temporary permit"),
    "DISMANTLING_CERTIFICATE": _("Dismantling certificate"),
    "THEFT_STATEMENT": _("Statement of theft"),
    "FOREIGN_SALE_PROOF": _("Proof of sale abroad"),
    "FOREIGN_SALE_STATEMENT": _("Statement of sale abroad"),
    "FOREIGN_REGISTRATION_COPY": _("Copy of the foreign registration"),
    "FOREIGN_SCRAPPING_PROOF": _("Proof of scrapping abroad"),
    "LOSS_PROOF": _("Proof of permanent loss"),
    "MUNICIPAL_FEE_PROOF": _("Proof of the municipal fee"),
    "INCOMPLETE_VEHICLE_CERTIFICATE": _("Certificate of an incomplete vehicle"),
    "MARKET_WITHDRAWAL_PROOF": _("Proof of withdrawal from the market"),
    "OFFICE_INFORMATION": _("Information on which the office acts by itself"),
    "OTHER": _("Other document"),
}
ONLY_IF_ISSUED = _("only if issued")
ONLY_IF: Mapping[str, LazyString] = {
    "FEE_PROOF": _("only if there was something to pay"),
    "TRANSLATION": _("only if written in a foreign language"),
}
"""In which case alone a document is required that is not always; any other only if it was issued."""


def finding(code: str, details: Mapping[str, object]) -> str:
    """Return the sentence for what a machine noticed; the bare code where there is none, so that nothing is hidden."""
    text = FINDINGS.get(code)
    if text is None:
        return code
    try:
        return str(text) % {**details, **dict(_worded(details))}
    except (KeyError, TypeError, ValueError):
        return code


def _worded(details: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the details that stand in a sentence as words: a kind of document, a day, codes of the signature."""
    if "kind" in details:
        yield "document", str(DOCUMENTS.get(str(details["kind"]), details["kind"]))
    if "date" in details:
        yield "date", f"{dt.date.fromisoformat(str(details['date'])):%d.%m.%Y}"
    if "reasons" in details:
        yield "reasons", reason_words(str(details["reasons"]).split(", "))
