"""Which letter goes out with a step of a procedure, and what must be said in it?

A step that needs a letter is taken at the moment when the letter leaves, so that for a minute both can be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.deadlines import SHORTEST_REMEDY
from app.domain.summonses import ORIGINALS_DAYS


@dataclass(frozen=True, slots=True)
class StepLetter:
    """The `kind` of the letter (`app/letters/kinds.py`) and what the clerk says in it.

    `days`: it is a summons with a term of so many days, at least `least`. `reasons`: the clerk gives them. `until`: it
    names a new day, at first so many days ahead. `with_items`: it is a decision whose paper goes out with the things.
    """

    kind: str
    days: int | None = None
    least: int = 1
    reasons: bool = False
    until: int | None = None
    with_items: bool = False


STEP_LETTERS: Mapping[str, StepLetter] = MappingProxyType(
    {
        "summon_originals": StepLetter("originals_summons", days=ORIGINALS_DAYS, least=SHORTEST_REMEDY.length),
        "summon_remedy": StepLetter("remedy_summons", days=SHORTEST_REMEDY.length, least=SHORTEST_REMEDY.length),
        "summon_further": StepLetter("further_summons", days=ORIGINALS_DAYS, least=SHORTEST_REMEDY.length),
        "summon_plates": StepLetter("plates_return_summons", days=14),
        "notify_tax_office": StepLetter("tax_office_notice"),
        "announce_certificate": StepLetter("permit_return_summons", days=14),
        "remind": StepLetter("reminder", until=14),
        "leave_unexamined": StepLetter("left_unexamined", reasons=True),
        "transfer": StepLetter("transfer_notice", reasons=True),
        "notify_delay": StepLetter("delay_notice", reasons=True, until=30),
        "suspend": StepLetter("suspension_order", reasons=True),
        "take_up": StepLetter("resumption_order", reasons=True),
        "extend_permit": StepLetter("permit_extension_decision", reasons=True),
        "extend_summons": StepLetter("summons_extension", reasons=True, until=30),
        "refuse": StepLetter("refusal_decision", reasons=True),
        "discontinue": StepLetter("discontinuance_decision", reasons=True),
        "register_temporarily": StepLetter("temporary_registration_decision", with_items=True),
        "register_directly": StepLetter("registration_decision", with_items=True),
        "register": StepLetter("registration_decision", with_items=True),
        "deregister": StepLetter("deregistration_decision", with_items=True),
        "notify_office": StepLetter("office_notice"),
        "notify_initiation": StepLetter("initiation_notice"),
        "deregister_ex_officio": StepLetter("deregistration_ex_officio_decision", reasons=True),
    }
)
"""The letter of each step that has one. The others are taken at once."""

GRANTING = frozenset({"temporary_registration_decision", "registration_decision", "deregistration_decision"})
"""Decisions that grant the request in full: final at once (KPA art. 127 § 1a)."""
EX_OFFICIO = "deregistration_ex_officio_decision"
"""What the office decided by itself: nobody asked for it, so that nothing is granted."""
APPEALABLE = frozenset({"refusal_decision", "discontinuance_decision", "permit_extension_decision", EX_OFFICIO})
"""Decisions against which the party may appeal within 14 days (KPA art. 129 § 2)."""
REMINDERS_OF_SUMMONS = frozenset({"reminder", "return_reminder"})
"""Letters that remind of a summons: the second of one to bring back what was given, the first of any other."""
TO_AUTHORITIES = frozenset({"transfer_letter", "appeal_letter", "office_notice", "tax_office_notice"})
"""Letters that go to another authority, not to a party: on paper, with what it needs for the case."""
