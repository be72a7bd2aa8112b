"""Which words stand for verdicts on documents, and for what a clerk determined about a case?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from app.domain.determinations import DeterminationCode
from app.domain.procedures.facts import Verdict


@dataclass(frozen=True, slots=True)
class VerdictShown:
    """How a verdict reads and looks: words, the key that gives it, the kind of its chip, and its icon."""

    words: LazyString
    key: str
    chip: str
    icon: str


# fmt: off
VERDICTS: Mapping[Verdict, VerdictShown] = {
    Verdict.ACCEPTED:       VerdictShown(lazy_pgettext("document", "accepted"),       "1", "ok",   "check"),
    Verdict.ILLEGIBLE:      VerdictShown(lazy_pgettext("document", "illegible"),      "2", "late", "eye-off"),
    Verdict.WRONG:          VerdictShown(lazy_pgettext("document", "wrong"),          "3", "late", "x"),
    Verdict.MISSING:        VerdictShown(lazy_pgettext("document", "missing"),        "4", "late", "file-off"),
    Verdict.OUTDATED:       VerdictShown(lazy_pgettext("document", "outdated"),       "5", "late", "clock-exclamation"),
    Verdict.NOT_APPLICABLE: VerdictShown(lazy_pgettext("document", "not applicable"), "6", "",     "minus"),
    Verdict.PENDING:        VerdictShown(lazy_pgettext("document", "to be judged"),   "",  "",     "circle-dashed"),
}
# fmt: on
"""In the order of their keys."""


@dataclass(frozen=True, slots=True)
class DeterminationShown:
    """How a determination reads: what was determined, and what is written with it (nothing where no words are)."""

    words: LazyString
    hint: LazyString


_C = DeterminationCode
DETERMINATIONS: Mapping[DeterminationCode, DeterminationShown] = {
    _C.FORMAL_DEFECT: DeterminationShown(
        _("The application has another formal defect"),
        _("What is to be remedied, as the summons will say it: a signature, an address, an unclear request."),
    ),
    _C.ADDRESS_MISSING: DeterminationShown(
        _("No address of the sender is known"), _("None is in the application, and none could be found.")
    ),
    _C.OTHER_AUTHORITY: DeterminationShown(
        _("Another authority is competent"),
        _("In the first line the name of the authority, below it the address to which the application goes."),
    ),
    _C.ELECTRONIC_INVOICE: DeterminationShown(
        _("The proof of ownership is an electronic invoice"),
        _("Its number and day. No original is asked for; print it and put the certified printout into the file."),
    ),
    _C.LAST_OFFICE: DeterminationShown(
        _("Another office registered the vehicle last"),
        _("In the first line the name of the authority, below it the address to which the notice goes."),
    ),
    _C.LAST_OFFICE_ANSWERED: DeterminationShown(
        _("The office that registered the vehicle last has answered"), _("What it says, and of which day it is.")
    ),
    _C.POINTLESS: DeterminationShown(
        _("There is nothing left to decide"), _("Why; the decision to discontinue will say it.")
    ),
    _C.PARTY_OBJECTS: DeterminationShown(_("Another party wants the case to go on"), _("Who, and when they said so.")),
    _C.ONE_RECEIVES: DeterminationShown(
        _("The application names one party to receive the letters"), _("The name of that party, as the case has it.")
    ),
    _C.WITHDRAWAL_SIGNED: DeterminationShown(
        _("The withdrawal is signed"), _("Which document bears the signature, of which day, and how it came.")
    ),
    _C.REFUSAL_REASONS: DeterminationShown(
        _("There are reasons to refuse"), _("The facts on which the refusal rests, as the decision will say them.")
    ),
    _C.REGISTERS_CLEAR: DeterminationShown(
        _("CEP and SIS: nothing stands against the vehicle"),
        _("Remarks on the check, if there are any."),
    ),
    _C.REGISTERS_REPORT: DeterminationShown(
        _("CEP or SIS says something against the vehicle"),
        _(
            "Which register says what: stolen, lost, wanted, an obstacle that a foreign authority confirmed. The"
            " refusal will say it in these words."
        ),
    ),
    _C.REGISTERED_CONDITIONALLY: DeterminationShown(
        _("The vehicle is registered conditionally"),
        _("Which statement says that there is no change of ownership, of which day; which document comes later."),
    ),
    _C.TAX_AUTHORITY: DeterminationShown(
        _("Which tax or customs authority is told of the condition that was not met"),
        _("In the first line the name of the authority, below it the address to which the notice goes."),
    ),
    _C.NUMBER_KEPT: DeterminationShown(
        _("The owner keeps the registration number"), _("The plates were shown and may be used.")
    ),
    _C.OLD_CERTIFICATE_CONFIRMED: DeterminationShown(
        _("The central register confirmed the old certificate"), _("It counts on the day of the confirmation only.")
    ),
    _C.ROOM_FOR_ANNOTATION: DeterminationShown(
        _("The old certificate has room for the annotation"), _("Seen on the scan or on the original.")
    ),
    _C.OLD_CERTIFICATE_LOST: DeterminationShown(
        _("The old certificate, which was lent, is lost"), _("Who stated it and when, and where the statement is.")
    ),
    _C.PERMIT_LOST: DeterminationShown(
        _("The temporary permit is lost"), _("Who stated it and when, and where the statement is.")
    ),
    _C.FEE_DUE: DeterminationShown(_("The fee in doubt is due"), _("By which law.")),
    _C.FEE_NOT_DUE: DeterminationShown(_("The fee in doubt is not due"), _("Why not.")),
    _C.POLICY_SHOWN: DeterminationShown(
        _("The insurance policy was shown"), _("Insurer, number of the policy and its last day.")
    ),
}
