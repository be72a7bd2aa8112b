"""Where does somebody live or receive letters? Postal codes, territorial codes, electronic addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.domain.identified import Identified, IdentifierKind, compact

_POSTAL_CODE = re.compile(r"\d{2}-\d{3}", re.ASCII)
_DELIVERY_ADDRESS = re.compile(r"AE:PL-\d{5}-\d{5}-[A-Z]{5}-\d{2}", re.ASCII)
_BARE_DELIVERY_ADDRESS = re.compile(r"(?:AE:?)?(?:PL)?(\d{5})(\d{5})([A-Z]{5})(\d{2})", re.ASCII)
_EPUAP_BOX = re.compile(r"/[^/\s]+/[^/\s]+")
_TERC = re.compile(r"(?:0[2-9]|[12]\d|3[0-2])\d{4}[1-589]", re.ASCII)


def postal_lines(said: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the parts of a postal address (`street`, `building`, `flat`, `postal_code`, `locality`) in lines."""
    house = "/".join(part for part in (said.get("building"), said.get("flat")) if part)
    street = " ".join(part for part in (said.get("street"), house) if part)
    town = " ".join(part for part in (said.get("postal_code"), said.get("locality")) if part)
    return tuple(line for line in (street, town) if line)


def is_valid_postal_code(value: str) -> bool:
    """Return whether `value` is a Polish postal code as written on envelopes: `42-217`."""
    return _POSTAL_CODE.fullmatch(value) is not None


def is_valid_delivery_address(value: str) -> bool:
    """Return whether `value` has the form of an address for electronic deliveries; its checksum is not public."""
    return _DELIVERY_ADDRESS.fullmatch(value) is not None


def is_valid_epuap_box(value: str) -> bool:
    """Return whether `value` has the form of a box on ePUAP: `/entity/box`."""
    return _EPUAP_BOX.fullmatch(value) is not None


def is_valid_terc(value: str) -> bool:
    """Return whether `value` has the form of a commune's TERC code; there is no check digit."""
    return _TERC.fullmatch(value) is not None


def parse_postal_code(text: str) -> Identified:
    """Read a postal code; five digits get their dash. Warning: `postal-code`, also for codes of other countries."""
    value = compact(text)
    if re.fullmatch(r"\d{5}", value, re.ASCII):
        return Identified(f"{value[:2]}-{value[2:]}", text, IdentifierKind.POSTAL_CODE)
    return Identified(text.strip().upper(), text, IdentifierKind.POSTAL_CODE, ("postal-code",))


def parse_delivery_address(text: str) -> Identified:
    """Read an address for electronic deliveries, with or without dashes and beginning. Warning: `delivery-address`."""
    match = _BARE_DELIVERY_ADDRESS.fullmatch(compact(text))
    if match is None:
        return Identified(text.strip().upper(), text, IdentifierKind.DELIVERY_ADDRESS, ("delivery-address",))
    return Identified("AE:PL-" + "-".join(match.groups()), text, IdentifierKind.DELIVERY_ADDRESS)


def parse_epuap_box(text: str) -> Identified:
    """Read the address of a box on ePUAP. Warning: `epuap-box`."""
    value = text.strip()
    good = is_valid_epuap_box(value)
    return Identified(value, text, IdentifierKind.EPUAP_BOX, () if good else ("epuap-box",))
