"""Which words stand for the details of an event of the audit trail? What is written down are codes, and is sealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.domain.errors import ConditionMissing
from app.domain.fees import fees
from app.views.office.formats import day, money
from app.views.wording import refusal
from app.views.wording_appeals import OUTCOMES as APPEAL_OUTCOMES
from app.views.wording_cases import CHANNELS, EDITIONS, EVENTS, OUTCOMES, PURPOSES, SHORT_PROCEDURES, STAGES
from app.views.wording_jobs import JOBS, job_words
from app.views.wording_letters import LETTERS, SERVICE_EVENTS
from app.views.wording_reasons import REASONS
from app.views.wording_registers import CARRIAGES, DAYS_OFF, PARCEL_OUTCOMES, PLATE_KINDS
from app.views.wording_rights import REGISTERS
from app.views.wording_things import ANNOTATIONS, DISCREPANCIES, MOVEMENTS, THINGS
from app.views.wording_verdicts import DETERMINATIONS, VERDICTS

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
    "annotation": _("annotation"),
    "applicant_name": _("applicant's name"),
    "before": _("roles before"),
    "by": _("by whom"),
    "certificate": _("certificate number"),
    "channel": _("way in"),
    "citizen": _("mailbox"),
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
    "expired": _("no longer valid"),
    "extra": _("further things"),
    "fee": _("fee"),
    "instead": _("given instead"),
    "field": _("field"),
    "fingerprint": _("fingerprint"),
    "first": _("the first"),
    "flagged": _("documents with doubts"),
    "found": _("found"),
    "gained": _("rights gained"),
    "grosze": _("amount"),
    "holds": _("holds"),
    "wished": _("wished for"),
    "how": _("how"),
    "issuer": _("issuer"),
    "instead_of": _("instead of the letter"),
    "item": _("thing"),
    "items": _("things"),
    "job": _("job"),
    "kind": _("kind"),
    "last": _("the last"),
    "late": _("after the term"),
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
    "party": _("party"),
    "permit": _("permit number"),
    "personal": _("personal data changed"),
    "pesel": _("PESEL"),
    "place": _("place"),
    "plate": _("plate"),
    "ground": _("ground of the deregistration"),
    "regon": _("REGON"),
    "address": _("address"),
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
    "to": _("now at the stage"),
    "tries": _("tries"),
    "user": _("account"),
    "verdict": _("verdict"),
    "verification": _("verification number"),
    "version": _("version"),
    "vin": _("VIN"),
    "was": _("was"),
    "way": _("way"),
    "why": _("because"),
    "wording": _("wording"),
}
"""What a detail is, by the key under which it is written down."""

_WORDS: Mapping[str, Mapping[str, object]] = {
    "annotation": ANNOTATIONS,
    "by": {**ACTORS, "office": _("the office")},
    "channel": CHANNELS,
    "code": {code.value: shown.words for code, shown in DETERMINATIONS.items()},
    "differs": DISCREPANCIES,
    "edition": EDITIONS,
    "event": SERVICE_EVENTS,
    "fee": {fee.code: fee.label for fee in fees()},
    "how": {"own": _("with the old password"), "link": _("by a one-time link")},
    "kind": {**THINGS, **LETTERS, **PLATE_KINDS, **JOBS, **DAYS_OFF, "csv": "CSV", "xlsx": "XLSX"},
    "movement": MOVEMENTS,
    "outcome": {**OUTCOMES, **PARCEL_OUTCOMES, **APPEAL_OUTCOMES},
    "personal": LABELS,
    "procedure": SHORT_PROCEDURES,
    "purpose": PURPOSES,
    "reasons": REASONS,
    "register": REGISTERS,
    "step": EVENTS,
    "to": STAGES,
    "verdict": {verdict.value: shown.words for verdict, shown in VERDICTS.items()},
    "way": CARRIAGES,
}
"""The words of the codes that stand under such a key."""

_ACCOUNTS: Mapping[str, str] = {
    "before": "staff",
    "citizen": "citizen",
    "clerk": "staff",
    "item": "item",
    "items": "item",
    "party": "party",
    "user": "staff",
}
"""Whose number, or which thing's, stands under such a key. (The roles in `before` are no numbers.)"""

_DAYS = frozenset({"day", "on", "served_on"})
_TRUTHS: Mapping[bool, LazyString] = {True: _("yes"), False: _("no")}
_TELLING: Mapping[tuple[str, str], LazyString] = {
    ("case-assigned", "before"): _("clerk before"),
    ("position-set", "after"): _("position afterwards"),
    ("position-set", "before"): _("position before"),
    ("job-given-up", "subject"): _("number of what it is about"),
}
"""Where a key says something else under one action."""

_ALONE = frozenset(
    {
        *(("step-taken", "step"), ("determined", "code"), ("paper-service-noted", "event"), ("verdict-given", "kind")),
        *(("fee-proved", "fee"), ("proof-withdrawn", "fee"), ("certificate-arrived", "certificate")),
        *(("permit-prepared", "permit"), ("permit-withdrawn", "permit")),
        *(("plates-assigned", "plate"), ("plates-released", "plate")),
    }
)
"""What says of itself what it is: the action has just named it."""

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


def details(action: str, values: Mapping[str, Any], known: Mapping[str, str]) -> str:
    """Return the details of an event as one line of words; `known` names people by their chain (`staff:3`)."""
    return "; ".join(filter(None, (_told(action, key, value, known) for key, value in values.items()))) or "–"


def label(key: str) -> str:
    """Return what the detail under `key` is; a role stands under its own name."""
    return str(LABELS.get(key, key))


def named_in(values: Mapping[str, Any]) -> list[str]:
    """Return the chains (`staff:3`) of the people and things whose numbers stand in the details of an event."""
    return [
        f"{_ACCOUNTS[key]}:{one}"
        for key, value in values.items()
        if key in _ACCOUNTS
        for one in (value if isinstance(value, list) else [value])
        if isinstance(one, int)
    ]


def _told(action: str, key: str, value: Any, known: Mapping[str, str]) -> str:
    if (action, key) == ("determined", "holds"):
        return "" if value else gettext("taken back")
    words = _value(key, value, known)
    return words if (action, key) in _ALONE else f"{_TELLING.get((action, key), label(key))}: {words}"


def _value(key: str, value: Any, known: Mapping[str, str]) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, Mapping):
        return "(" + ", ".join(f"{label(inner)}: {_value(inner, one, known)}" for inner, one in value.items()) + ")"
    if isinstance(value, list):
        return ", ".join(_value(key, one, known) for one in value)
    if isinstance(value, bool):
        return str(_TRUTHS[value])
    if key in _ACCOUNTS and isinstance(value, int):
        return known.get(f"{_ACCOUNTS[key]}:{value}", gettext("no. %(number)s", number=value))
    if key == "grosze":
        return money(value)
    if key in _DAYS:
        return day(dt.date.fromisoformat(value))
    if key == "why":
        return refusal(ConditionMissing(value))
    if key == "job":
        return job_words(str(value))
    return str(_WORDS.get(key, {}).get(str(value), value))
