"""The office as its letters name it."""

from __future__ import annotations

from app.equipment import Equipment
from app.letters.receipt import Office


def letter_head(equipment: Equipment) -> Office:
    """Return name, unit and address of the office for the head of a letter."""
    office = equipment.office
    town = f"{office.postal_code} {office.city}"
    return Office(office.name, office.department, (office.street, town, f"tel. {office.phone}"))
