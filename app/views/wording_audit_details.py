"""Which words stand for the details of an event of the audit trail? What is written down are codes, and is sealed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.views.wording_cases import CHANNELS, EDITIONS, OUTCOMES, PURPOSES, SHORT_PROCEDURES
from app.views.wording_reasons import reason_words
from app.views.wording_rights import REGISTERS

ACTORS: Mapping[str, LazyString] = {
    "staff": _("member of staff"),
    "citizen": _("citizen"),
    "platform": _("platform"),
    "system": _("system"),
    "visitor": _("visitor, not logged in"),
}
"""What kind of actor did it."""

LABELS: Mapping[str, LazyString] = {
    "absent": _("not there"),
    "after": _("roles afterwards"),
    "applicant_name": _("applicant's name"),
    "before": _("roles before"),
    "by": _("by whom"),
    "certificate": _("certificate number"),
    "channel": _("way in"),
    "citizen": _("number of the mailbox"),
    "clerk": _("clerk"),
    "code": _("code"),
    "consignment": _("consignment"),
    "count": _("how many"),
    "day": _("day"),
    "days": _("days"),
    "differs": _("what differs"),
    "document": _("document number"),
    "edition": _("edition"),
    "ended": _("sessions ended"),
    "entries": _("entries"),
    "event": _("event"),
    "extra": _("further things"),
    "fee": _("fee"),
    "field": _("field"),
    "fingerprint": _("fingerprint"),
    "first": _("the first"),
    "flagged": _("documents with doubts"),
    "found": _("found"),
    "gained": _("rights gained"),
    "grosze": _("amount in grosze"),
    "holds": _("holds"),
    "how": _("how"),
    "issuer": _("issuer"),
    "item": _("thing"),
    "items": _("things"),
    "job": _("job"),
    "kind": _("kind"),
    "last": _("the last"),
    "length": _("length of the text"),
    "letter": _("letter number"),
    "list": _("list"),
    "lost": _("rights lost"),
    "make_and_model": _("make and model"),
    "missing": _("missing"),
    "moved": _("dates moved"),
    "movement": _("movement"),
    "name": _("name"),
    "new": _("new anchors"),
    "now": _("is now"),
    "number": _("number"),
    "off": _("day off"),
    "on": _("on the day"),
    "outcome": _("outcome"),
    "package": _("package"),
    "party": _("party number"),
    "permit": _("permit number"),
    "personal": _("personal data changed"),
    "pesel": _("PESEL"),
    "place": _("place"),
    "plate": _("plate"),
    "procedure": _("procedure"),
    "purpose": _("purpose"),
    "reason": _("reason"),
    "reasons": _("reasons"),
    "receipt": _("receipt"),
    "register": _("register"),
    "remark": _("remark"),
    "roles": _("roles"),
    "serial": _("serial number"),
    "served_on": _("served on"),
    "sha256": _("digest SHA-256"),
    "sign": _("case sign"),
    "size": _("bytes"),
    "step": _("step"),
    "subject": _("about"),
    "to": _("to the stage"),
    "tries": _("tries"),
    "user": _("account number"),
    "verdict": _("verdict"),
    "verification": _("verification number"),
    "version": _("version"),
    "vin": _("VIN"),
    "was": _("was"),
    "way": _("way"),
    "why": _("because"),
}
"""What a detail is, by the key under which it is written down."""

HOW: Mapping[str, LazyString] = {"own": _("with the old password"), "link": _("by a one-time link")}

_CODES: Mapping[str, Callable[[str], str]] = {
    "channel": lambda code: str(CHANNELS.get(code, code)),
    "edition": lambda code: str(EDITIONS.get(code, code)),
    "how": lambda code: str(HOW.get(code, code)),
    "outcome": lambda code: str(OUTCOMES.get(code, code)),
    "personal": lambda code: str(LABELS.get(code, code)),
    "procedure": lambda code: str(SHORT_PROCEDURES.get(code, code)),
    "purpose": lambda code: str(PURPOSES.get(code, code)),
    "reasons": lambda code: reason_words([code]),
    "register": lambda code: str(REGISTERS.get(code, code)),
}
"""How a code that stands under such a key reads."""

_SUBJECTS: Mapping[str, LazyString] = {
    "case": _("case"),
    "package": _("package"),
    "staff": _("account of staff"),
    "citizen": _("mailbox"),
    "door": _("log-in"),
    "office": _("the office"),
}
_DOORS: Mapping[str, LazyString] = {"office": _("office"), "mailbox": _("mailbox")}


def actor_kind(kind: str, name: str) -> str:
    """Return what kind of actor did it; a visitor is written down as the system with a name of its own."""
    return str(ACTORS["visitor" if (kind, name) == ("system", "visitor") else kind])


def actor(kind: str, name: str) -> str:
    """Return who did it: a name, or "visitor" in words."""
    return actor_kind(kind, name) if (kind, name) == ("system", "visitor") else name


def subject(chain: str, known: Mapping[str, str]) -> str:
    """Return what a chain (`case:12`) is about; `known` names cases and packages by their chain."""
    kind, _colon, number = chain.partition(":")
    words = str(_SUBJECTS.get(kind, kind))
    if chain in known:
        return f"{words} {known[chain]}"
    if kind == "door":
        return f"{words}: {_DOORS.get(number, number)}"
    return gettext("%(what)s no. %(number)s", what=words, number=number) if number else words


def details(values: Mapping[str, Any]) -> str:
    """Return the details of an event as one line of words; a key or code without words stands as it is."""
    return "; ".join(f"{LABELS.get(key, key)}: {_value(key, value)}" for key, value in values.items()) or "–"


def _value(key: str, value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, Mapping):
        return (
            "(" + ", ".join(f"{LABELS.get(inner, inner)}: {_value(inner, one)}" for inner, one in value.items()) + ")"
        )
    if isinstance(value, list):
        return ", ".join(_value(key, one) for one in value)
    return _CODES[key](str(value)) if key in _CODES else str(value)
