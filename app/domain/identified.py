"""What do we know of an identifier that somebody wrote? Its value, its kind, and what is doubtful about it."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass


class IdentifierKind(enum.StrEnum):
    """What an identifier turned out to be."""

    VIN = "vin"
    CHASSIS_BY_OFFICE = "chassis_by_office"
    CHASSIS_BY_PRODUCER = "chassis_by_producer"
    CHASSIS_OTHER = "chassis_other"
    PLATE = "plate"
    PESEL = "pesel"
    NIP = "nip"
    REGON = "regon"
    POSTAL_CODE = "postal_code"
    DELIVERY_ADDRESS = "delivery_address"
    EPUAP_BOX = "epuap_box"
    TERC = "terc"
    TRACKING_DOMESTIC = "tracking_domestic"
    TRACKING_S10 = "tracking_s10"
    TRACKING_COURIER = "tracking_courier"
    TRACKING_OTHER = "tracking_other"


@dataclass(frozen=True, slots=True)
class Identified:
    """An identifier, read once.

    `value` is the normalised form that is stored and compared, `as_written` what stood in the form, and `warnings`
    are codes of what a clerk should look at. What a citizen wrote is never refused for its form.
    """

    value: str
    as_written: str
    kind: IdentifierKind
    warnings: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether nothing about it is doubtful."""
        return not self.warnings


_GAPS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")


def compact(text: str) -> str:
    """Return `text` in capitals without spaces and dashes of any kind."""
    return _GAPS.sub("", text).upper()
