"""Which plates does a vehicle get?

Law: REJ (Dz.U. 2024 poz. 1709) §§ 25–32. Layouts and letters stand in `vehicles.py` and its data.
"""

from __future__ import annotations

from app.domain.vehicles import VehicleClass


def plate_count(vehicle_class: VehicleClass) -> int:
    """Return how many plates a vehicle bears: a car two, front and rear; all others one, at the rear."""
    return 2 if vehicle_class is VehicleClass.CAR else 1
