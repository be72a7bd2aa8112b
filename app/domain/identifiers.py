"""The identifiers of the trade, parsed once and then trusted: one door to vehicles, persons, parcels and addresses.

`parse_…` reads what a citizen wrote, never refuses it, and says what is doubtful. `is_valid_…` is strict and takes
the normalised value.
"""

from app.domain.addresses import (
    is_valid_delivery_address,
    is_valid_epuap_box,
    is_valid_postal_code,
    is_valid_terc,
    parse_delivery_address,
    parse_epuap_box,
    parse_postal_code,
)
from app.domain.identified import Identified, IdentifierKind, compact
from app.domain.persons import (
    birth_date,
    is_male,
    is_valid_nip,
    is_valid_pesel,
    is_valid_regon,
    masked_pesel,
    parse_nip,
    parse_pesel,
    parse_pesel_or_regon,
    parse_regon,
)
from app.domain.tracking import (
    carriers_of,
    is_registered_letter,
    is_valid_domestic,
    is_valid_s10,
    is_valid_tracking,
    parse_tracking,
)
from app.domain.vehicles import (
    PlateKind,
    VehicleClass,
    is_valid_office_chassis_number,
    is_valid_plate,
    is_valid_vin,
    parse_plate,
    parse_vin,
    plate_as_printed,
    plate_kinds,
    plate_prefix,
    plate_prefixes,
    vehicle_class_of,
    vin_check_digit,
)

__all__ = [
    "Identified",
    "IdentifierKind",
    "PlateKind",
    "VehicleClass",
    "birth_date",
    "carriers_of",
    "compact",
    "is_male",
    "is_registered_letter",
    "is_valid_delivery_address",
    "is_valid_domestic",
    "is_valid_epuap_box",
    "is_valid_nip",
    "is_valid_office_chassis_number",
    "is_valid_pesel",
    "is_valid_plate",
    "is_valid_postal_code",
    "is_valid_regon",
    "is_valid_s10",
    "is_valid_terc",
    "is_valid_tracking",
    "is_valid_vin",
    "masked_pesel",
    "parse_delivery_address",
    "parse_epuap_box",
    "parse_nip",
    "parse_pesel",
    "parse_pesel_or_regon",
    "parse_plate",
    "parse_postal_code",
    "parse_regon",
    "parse_tracking",
    "parse_vin",
    "plate_as_printed",
    "plate_kinds",
    "plate_prefix",
    "plate_prefixes",
    "vehicle_class_of",
    "vin_check_digit",
]
