"""How much may a package cost us?"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for reading one package; sizes in bytes. The defaults are the office's published limits."""

    file_size: int = 50 * MIB
    member_size: int = 50 * MIB
    total_size: int = 100 * MIB
    entries: int = 200
    ratio: int = 150
    ratio_from: int = MIB
    name_bytes: int = 255
    name_levels: int = 8
    legacy_names: str = "cp852"
    xml_size: int = 8 * MIB
    passes: int = 8
    """How often, on average, all members may be unpacked again after the first reading."""

    def or_more(self, other: Limits) -> Limits:
        """Return these limits, raised to those of `other` where these are lower."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        numbers = {name: max(value, getattr(other, name)) for name, value in own.items() if isinstance(value, int)}
        return replace(self, **numbers)


DEFAULT_LIMITS = Limits()
