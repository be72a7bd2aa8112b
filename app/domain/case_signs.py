"""What is a case sign, how is it written, and what did somebody mean who typed a part of one?

A sign (znak sprawy) is `unit.class.number.year`, for example `KM.5410.128.2026`: the unit of the office, the class of
its file plan (JRWA), the number in the list of cases of that class and year, and the year in which the case began. It
never changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.errors import BadInput

_STRICT = re.compile(
    r"(?P<unit>[A-Z]{1,10})\.(?P<klass>\d{2,6})\.(?P<number>[1-9]\d{0,8})\.(?P<year>[12]\d{3})", re.ASCII
)

# What people type: any of . / - \ _ , or spaces between the parts, the clerk's initials behind, zeros in front.
# Digits are spelled out: re.ASCII would take the no-break space out of the gaps.
_GAP = r"[\s./\\_,-]+"
_WHOLE = re.compile(
    rf"(?P<unit>[A-Z]{{1,10}}){_GAP}(?P<klass>[0-9]{{2,6}}){_GAP}0*(?P<number>[1-9][0-9]{{0,8}}){_GAP}(?P<year>[12][0-9]{{3}})"
    rf"(?:{_GAP}[A-ZĄĆĘŁŃÓŚŹŻ]{{1,4}})?",
)
_RUN_TOGETHER = re.compile(
    r"(?P<unit>[A-Z]{1,10})(?P<klass>\d{4})(?P<number>[1-9]\d{0,8})(?P<year>[12]\d{3})", re.ASCII
)
_SHORT = re.compile(rf"0*(?P<number>[1-9][0-9]{{0,8}}){_GAP}(?P<year>[12][0-9]{{3}})")
_CLASS_AND_SHORT = re.compile(
    rf"(?P<klass>[0-9]{{3,6}}){_GAP}0*(?P<number>[1-9][0-9]{{0,8}}){_GAP}(?P<year>[12][0-9]{{3}})"
)


@dataclass(frozen=True, slots=True)
class CaseSign:
    """The sign of one case; `klass` is the class of the file plan, kept as text because it may begin with a zero."""

    unit: str
    klass: str
    number: int
    year: int

    def __post_init__(self) -> None:
        """Refuse parts that would not come back from their own written form."""
        if not _STRICT.fullmatch(str(self)):
            raise ValueError(f"not a case sign: {self}")

    def __str__(self) -> str:
        return f"{self.unit}.{self.klass}.{self.number}.{self.year}"

    @property
    def short(self) -> str:
        """The form people say aloud: `128/2026`."""
        return f"{self.number}/{self.year}"


def parse_case_sign(text: str) -> CaseSign:
    """Read a sign exactly as `str()` writes it.

    Raises:
        BadInput: `case-sign-unreadable`, when it is written in any other way.
    """
    match = _STRICT.fullmatch(text)
    if match is None:
        raise BadInput("case-sign-unreadable")
    return _sign(match)


def recognise_case_sign(text: str, *, unit: str = "KM", klass: str = "5410") -> CaseSign | None:
    """Read a sign as people type and scan it, or return `None` when it is not a whole sign.

    Takes any case, gaps for dots, initials of the clerk behind the year, and the short forms `128/2026` and
    `5410.128.2026`, which get `unit` and `klass`. A beginning of a sign is not a sign: searching by prefix is the
    work of `folding.key_of_query`.
    """
    written = text.strip().strip(".").upper()
    for pattern in (_WHOLE, _RUN_TOGETHER, _CLASS_AND_SHORT, _SHORT):
        match = pattern.fullmatch(written)
        if match is not None:
            return _sign(match, unit=unit, klass=klass)
    return None


def _sign(match: re.Match[str], *, unit: str = "", klass: str = "") -> CaseSign:
    parts = match.groupdict()
    return CaseSign(parts.get("unit") or unit, parts.get("klass") or klass, int(parts["number"]), int(parts["year"]))
