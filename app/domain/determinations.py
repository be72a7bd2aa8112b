"""What may a clerk determine about a case (ustalenie, KPA art. 72), beside the verdicts on its documents?"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType

from app.domain.procedures.editions import EDITIONS, LAW_OF_2022, SEKAP
from app.domain.procedures.stages import ProcedureName


class DeterminationCode(enum.StrEnum):
    """What was determined. The conditions of the procedures ask for these."""

    FORMAL_DEFECT = "formal_defect"
    """A defect other than a rejected document: a signature, an address, an unclear request (KPA art. 64 § 2)."""
    ADDRESS_MISSING = "address_missing"
    """No address of the sender is known, and none can be found (KPA art. 64 § 1)."""
    OTHER_AUTHORITY = "other_authority"
    """Another authority is competent; the text names it (KPA art. 65 § 1)."""
    POINTLESS = "pointless"
    """There is nothing left to decide (KPA art. 105 § 1)."""
    PARTY_OBJECTS = "party_objects"
    """Another party wants the case to go on (KPA art. 105 § 2)."""
    ONE_RECEIVES = "one_receives"
    """The application names one of the parties to receive the letters; the text names them (KPA art. 40 § 3)."""
    WITHDRAWAL_SIGNED = "withdrawal_signed"
    """The withdrawal bears the party's signature; the text names the document (KPA art. 63 § 3, § 3a)."""
    REFUSAL_REASONS = "refusal_reasons"
    """The factual and legal reasons of a refusal (KPA art. 107 § 3)."""
    REGISTERS_CLEAR = "registers_clear"
    """The registers CEP and SIS were asked about the vehicle, and nothing stands against it (PRD art. 73 ust. 1e)."""
    REGISTERS_REPORT = "registers_report"
    """One of them says that it is stolen, lost or wanted, or that a foreign authority confirms a legal obstacle.

    The text says what, in the words of a refusal (PRD art. 73 ust. 1e; CZYNN zał. 1 § 1 ust. 6).
    """
    REGISTERED_CONDITIONALLY = "registered_conditionally"
    """A customs or excise document comes later; the text names the owner's declaration of no change of ownership.

    PRD art. 74; CZYNN zał. 1 § 1 ust. 1 pkt 11.
    """
    TAX_AUTHORITY = "tax_authority"
    """The tax or customs authority that is told of a condition not met; the text names it and its address."""
    NUMBER_KEPT = "number_kept"
    """The owner keeps the number, and its plates were shown (PRD art. 73 ust. 1a)."""
    OLD_CERTIFICATE_CONFIRMED = "old_certificate_confirmed"
    """The central register confirmed the old certificate, on the day of the determination (PRD art. 74 ust. 2d)."""
    ROOM_FOR_ANNOTATION = "room_for_annotation"
    """The old certificate can bear the annotation (PRD art. 74 ust. 2d)."""
    OLD_CERTIFICATE_LOST = "old_certificate_lost"
    """The old certificate, which was lent, is lost; the text names the statement (PRD art. 74a ust. 2 pkt 1)."""
    PERMIT_LOST = "permit_lost"
    """The temporary permit is lost, and cannot be returned; the text names the owner's statement."""
    FEE_DUE = "fee_due"
    """A fee that the dictionary has in doubt is due in this case; the text says by which law."""
    FEE_NOT_DUE = "fee_not_due"
    """It is not; the text says why."""
    POLICY_SHOWN = "policy_shown"
    """The liability insurance was shown; the text names insurer, number and last day."""
    ELECTRONIC_INVOICE = "electronic_invoice"
    """The proof of ownership is an electronic invoice: no paper comes, a certified printout stays in the file."""
    LAST_OFFICE = "last_office"
    """Another office registered the vehicle last and has to be told; the text names it (CZYNN annex 10)."""
    LAST_OFFICE_ANSWERED = "last_office_answered"
    """That office has answered; the text says what."""


NEEDS_TEXT = frozenset(DeterminationCode) - {
    DeterminationCode.ADDRESS_MISSING,
    DeterminationCode.REGISTERS_CLEAR,
    DeterminationCode.NUMBER_KEPT,
    DeterminationCode.OLD_CERTIFICATE_CONFIRMED,
    DeterminationCode.ROOM_FOR_ANNOTATION,
}
"""These say nothing without words."""
MAY_HAVE_TEXT = NEEDS_TEXT | {DeterminationCode.REGISTERS_CLEAR}
"""With these words are asked for, or taken."""
SHORT_PATH = frozenset(
    {
        DeterminationCode.NUMBER_KEPT,
        DeterminationCode.OLD_CERTIFICATE_CONFIRMED,
        DeterminationCode.ROOM_FOR_ANNOTATION,
    }
)
"""All of these, and the vehicle is registered without a temporary registration (PRD art. 74 ust. 2d)."""
DOUBTFUL_FEES = frozenset({DeterminationCode.FEE_DUE, DeterminationCode.FEE_NOT_DUE})
"""These settle a fee of which the dictionary is not sure."""
REGISTERS = frozenset({DeterminationCode.REGISTERS_CLEAR, DeterminationCode.REGISTERS_REPORT})
"""What the registers said of the vehicle."""
OF_A_CONDITION = frozenset({DeterminationCode.REGISTERED_CONDITIONALLY, DeterminationCode.TAX_AUTHORITY})
"""These speak of a vehicle that needs a customs or excise document."""
ONE_COUNTS = (DOUBTFUL_FEES, REGISTERS)
"""Of each of these the newest one counts."""
_OF_REGISTRATION: Mapping[DeterminationCode, tuple[str, ...]] = MappingProxyType(
    {
        DeterminationCode.REGISTERS_CLEAR: EDITIONS,
        DeterminationCode.REGISTERS_REPORT: EDITIONS,
        DeterminationCode.REGISTERED_CONDITIONALLY: EDITIONS,
        DeterminationCode.TAX_AUTHORITY: EDITIONS,
        DeterminationCode.NUMBER_KEPT: EDITIONS,
        DeterminationCode.OLD_CERTIFICATE_CONFIRMED: (LAW_OF_2022,),
        DeterminationCode.ROOM_FOR_ANNOTATION: (LAW_OF_2022,),
        DeterminationCode.OLD_CERTIFICATE_LOST: (LAW_OF_2022,),
        DeterminationCode.PERMIT_LOST: (SEKAP,),
        DeterminationCode.POLICY_SHOWN: (SEKAP,),
        DeterminationCode.ELECTRONIC_INVOICE: EDITIONS,
        DeterminationCode.LAST_OFFICE: EDITIONS,
        DeterminationCode.LAST_OFFICE_ANSWERED: EDITIONS,
    }
)
"""Editions of the registration in which a code says anything; all others speak of any case."""


def fits(code: DeterminationCode, procedure: ProcedureName, edition: str) -> bool:
    """Return whether `code` says anything about a case of `procedure` that runs by `edition`."""
    if code in DOUBTFUL_FEES and procedure is not ProcedureName.DEREGISTRATION:
        return False
    editions = _OF_REGISTRATION.get(code)
    return editions is None or (procedure is ProcedureName.REGISTRATION and edition in editions)
