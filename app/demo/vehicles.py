"""Which vehicles the demonstration office deals with. Plates and VINs are invented."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

MODELS = (
    ("Škoda", "Octavia", "TMB", "samochód osobowy"),
    ("Toyota", "Corolla", "SB1", "samochód osobowy"),
    ("Volkswagen", "Golf", "WVW", "samochód osobowy"),
    ("Opel", "Astra", "W0L", "samochód osobowy"),
    ("Ford", "Focus", "WF0", "samochód osobowy"),
    ("Renault", "Master", "VF1", "samochód ciężarowy"),
    ("Honda", "CB 500", "ZDC", "motocykl"),
    ("Kia", "Ceed", "U5Y", "samochód osobowy"),
    ("Hyundai", "i30", "TMA", "samochód osobowy"),
    ("Fiat", "Panda", "ZFA", "samochód osobowy"),
)
_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_PLATE_LETTERS = "ACEFGHJKLMNPRSTUVWXY"


@dataclass(frozen=True, slots=True)
class DemoVehicle:
    """One vehicle as a form describes it."""

    make: str
    model: str
    kind: str
    year: int
    vin: str
    plate: str


def some_vehicle(random: Random) -> DemoVehicle:
    """Return an invented vehicle; the same `random` gives the same one."""
    make, model, maker, kind = random.choice(MODELS)
    body = "".join(random.choice(_VIN_LETTERS + "0123456789") for _ in range(8))
    vin = f"{maker}{body}{random.randrange(10**6):06}"
    plate = random.choice(
        (
            f"SC {random.randrange(10000, 99999)}",
            f"SC {random.randrange(1000, 9999)}{random.choice(_PLATE_LETTERS)}",
            f"SC {random.randrange(1, 9)}{random.choice(_PLATE_LETTERS)}{random.randrange(100, 999)}",
        )
    )
    return DemoVehicle(make, model, kind, random.randrange(2004, 2026), vin, plate)
