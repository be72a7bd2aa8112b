"""What does the office write on papers that it has registered or deregistered a vehicle by, on which, in which words?

Rules as data: a rule says which annotation is due on a kind of thing, in which procedure and edition. Nobody types an
annotation: its words are composed from the facts of the case. Law: the ordinance on the acts of registering authorities
(Dz.U. 2022 poz. 1849, "CZYNN") § 12 and annex 1 §§ 2, 8; PRD art. 74.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType

from app.domain.items import Fate, ItemKind
from app.domain.procedures.editions import EDITIONS, LAW_OF_2022
from app.domain.procedures.stages import ProcedureName


class AnnotationKind(enum.StrEnum):
    """What an annotation says."""

    REGISTERED = "registered"
    REGISTERED_PL_EN = "registered_pl_en"
    """The same in two languages, for a paper that may be shown abroad."""
    COPY_CERTIFIED = "copy_certified"
    """Stands on the copy that the file keeps; the original goes back."""
    NUMBER_KEPT = "number_kept"
    DEREGISTERED = "deregistered"
    CERTIFICATE_RETURNED = "certificate_returned"
    """Stands on the copy that the file keeps of an invalidated certificate which goes back for export."""
    PERMIT_EXTENDED = "permit_extended"
    CONDITIONAL = "conditional"
    """Stands on the permit of a vehicle whose customs or excise document is still to come."""


_K = AnnotationKind
WORDS: Mapping[AnnotationKind, str] = MappingProxyType(
    {
        _K.REGISTERED: "Pojazd zarejestrowany, nr rej. {number}, data {decided_on}",
        _K.REGISTERED_PL_EN: "Pojazd zarejestrowany, nr rej. {number}, data {decided_on}\n"
        "Vehicle registered with registration number {number}, date {decided_on}",
        _K.COPY_CERTIFIED: "Stwierdzam zgodność z oryginałem, data {today}",
        _K.NUMBER_KEPT: "W dniu {applied_on} złożono wniosek o rejestrację pojazdu z zachowaniem dotychczasowego "
        "numeru rejestracyjnego w: {office}",
        _K.DEREGISTERED: "Pojazd wyrejestrowany, przyczyna: {reason}, data {decided_on}",
        _K.CERTIFICATE_RETURNED: "Dokonano zwrotu unieważnionego dowodu rejestracyjnego, data {today}",
        _K.PERMIT_EXTENDED: "Ważność pozwolenia czasowego przedłużono do dnia {permit_until}",
        _K.CONDITIONAL: "Zarejestrowano warunkowo",
    }
)
"""The words that the law gives, with the facts of a case to be filled in."""


@dataclass(frozen=True, slots=True)
class Rule:
    """An annotation that is due on things of these kinds, once the request is granted; `fate`: only on such ones.

    `shown`: a party who has the thing shows it, and takes it away again at once.
    """

    kind: AnnotationKind
    on: frozenset[ItemKind]
    procedure: ProcedureName
    law: str
    editions: tuple[str, ...] = EDITIONS
    fate: Fate | None = None
    shown: bool = False


_I = ItemKind
_COPIED = frozenset({_I.OWNERSHIP, _I.CUSTOMS, _I.EXCISE})
"""They go back to the party, and the file keeps a copy."""
_IN, _OUT = ProcedureName.REGISTRATION, ProcedureName.DEREGISTRATION
# fmt: off
RULES = (
    Rule(_K.REGISTERED,       _COPIED,                     _IN,   "CZYNN § 12"),
    Rule(_K.REGISTERED_PL_EN, frozenset({_I.CONFORMITY}),  _IN,   "CZYNN § 12"),
    Rule(_K.COPY_CERTIFIED,   _COPIED,                     _IN,   "CZYNN § 12 ust. 5", fate=Fate.TO_PARTY),
    # The old certificate stands in for the permit, and goes to the party until the new one is there.
    Rule(_K.NUMBER_KEPT,      frozenset({_I.REG_CERT}),    _IN,   "CZYNN zał. 1 § 2 ust. 3",
         editions=(LAW_OF_2022,), fate=Fate.LENT),
    # Of the permit's extension the decision tells its owner, who comes with it.
    Rule(_K.PERMIT_EXTENDED,  frozenset({_I.TEMPORARY_PERMIT}), _IN, "PRD art. 74 ust. 3", shown=True),
    Rule(_K.CONDITIONAL,      frozenset({_I.TEMPORARY_PERMIT}), _IN, "CZYNN zał. 1 § 1 ust. 1 pkt 11"),
    Rule(_K.DEREGISTERED,     frozenset({_I.REG_CERT}),    _OUT,  "CZYNN zał. 1 § 8"),
    Rule(_K.CERTIFICATE_RETURNED, frozenset({_I.REG_CERT}), _OUT, "CZYNN zał. 1 § 8", fate=Fate.RETURNED_ABROAD),
)
# fmt: on


def rules_for(kind: ItemKind, fate: Fate, procedure: ProcedureName, edition: str) -> tuple[Rule, ...]:
    """Return which annotations a thing of `kind` with this `fate` gets."""
    return tuple(
        rule
        for rule in RULES
        if kind in rule.on and procedure is rule.procedure and edition in rule.editions and rule.fate in {None, fate}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSays:
    """The facts that annotations name; `decided_on` is the day of the first decision that granted the request."""

    today: dt.date
    applied_on: dt.date
    office: str
    decided_on: dt.date | None = None
    number: str = ""
    reason: str = ""
    permit_until: dt.date | None = None
    """The last day of a permit that was extended."""


def compose(kind: AnnotationKind, says: CaseSays) -> str:
    """Return the words of an annotation; none while the request is not granted or a fact is unknown."""
    if says.decided_on is None:
        return ""
    facts = {
        "today": _day(says.today),
        "applied_on": _day(says.applied_on),
        "decided_on": _day(says.decided_on),
        "office": says.office,
        "number": says.number,
        "reason": says.reason,
        "permit_until": _day(says.permit_until) if says.permit_until else "",
    }
    words = WORDS[kind]
    if not all(facts[name] for _text, name, _spec, _conversion in Formatter().parse(words) if name):
        return ""
    return words.format_map(facts)


def _day(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"
