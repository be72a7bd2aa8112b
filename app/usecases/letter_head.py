"""The office, and who signs for it, as its letters name them."""

from __future__ import annotations

from app.equipment import Equipment
from app.letters.official import Signer
from app.letters.receipt import Office


def letter_head(equipment: Equipment) -> Office:
    """Return name, unit and address of the office for the head of a letter."""
    office = equipment.office
    town = f"{office.postal_code} {office.city}"
    return Office(office.name, office.department, (office.street, town, f"tel. {office.phone}"))


def signer_for(authority: str, name: str, position: str) -> Signer:
    """Return who signs, on behalf of the authority."""
    return Signer(name, position, f"z up. {_genitive(authority)}")


def _genitive(authority: str) -> str:
    """The authority after "z up.": only its first word changes."""
    return authority.replace("Prezydent ", "Prezydenta ", 1).replace("Burmistrz ", "Burmistrza ", 1)
