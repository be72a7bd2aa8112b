"""Which plates a vehicle gets."""

import pytest

from app.domain.plates import plate_count
from app.domain.vehicles import VehicleClass


@pytest.mark.parametrize(
    ("vehicle_class", "count"),
    [(VehicleClass.CAR, 2), (VehicleClass.MOTORCYCLE, 1), (VehicleClass.MOPED, 1), (VehicleClass.TRAILER, 1)],
)
def test_a_car_bears_two_plates_and_all_others_one(vehicle_class, count):
    assert plate_count(vehicle_class) == count
