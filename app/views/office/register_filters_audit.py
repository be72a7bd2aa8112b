"""How is the audit trail searched? By what an event is about (a sign, a number, a name), and by who did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.acts import ActorKind
from app.domain.folding import is_enough
from app.models import AuditEvent, Case, Citizen, Item, Package, Party
from app.views.languages import spoken
from app.views.office.register_filters import Field, Reading, cases_meant, written
from app.views.wording_things import THINGS

MOST = 200
"""Of so many cases, packages or people the events are shown together; beyond, one more word is asked for."""


@dataclass(frozen=True, slots=True)
class About:
    """What events are about: the cases under a sign, plate, VIN or name with their packages, one package, one account.

    A chain as the trail writes it (`case:12`, `office`) is understood, too. A PESEL is not looked for, since it would
    stand in an address.
    """

    name: str
    label: Any

    def read(self, args: Mapping[str, str]) -> Reading:
        """Return the reading of `args`."""
        text = written(args, self.name)
        if not text:
            return Reading((Field(self.name, spoken(self.label), "text"),))
        if not is_enough(text):
            return _refused(self.name, self.label, text, _("Write at least two letters, or a number."))
        chains = _chains(_session(), text)
        if chains is None:
            return _refused(self.name, self.label, text, _("That means too many. Write more of it."))
        where = AuditEvent.chain.in_(chains)
        return Reading((Field(self.name, spoken(self.label), "text", text),), (where,), ((self.name, text),))


@dataclass(frozen=True, slots=True)
class Doer:
    """Who did it: staff and citizens by a part of their name or by their user name."""

    name: str
    label: Any

    def read(self, args: Mapping[str, str]) -> Reading:
        """Return the reading of `args`."""
        text = written(args, self.name)
        if not text:
            return Reading((Field(self.name, spoken(self.label), "text"),))
        if not is_enough(text):
            return _refused(self.name, self.label, text, _("Write at least two letters, or a number."))
        session = _session()
        staff, citizens = _staff(session, text), _citizens(session, text)
        if max(len(staff), len(citizens)) > MOST:
            return _refused(self.name, self.label, text, _("That means too many. Write more of it."))
        where = sa.or_(
            sa.and_(AuditEvent.actor_kind == ActorKind.STAFF.value, AuditEvent.actor_id.in_(staff)),
            sa.and_(AuditEvent.actor_kind == ActorKind.CITIZEN.value, AuditEvent.actor_id.in_(citizens)),
        )
        return Reading((Field(self.name, spoken(self.label), "text", text),), (where,), ((self.name, text),))


_NAMED: Mapping[str, tuple[Any, Any]] = {
    "case": (Case.id, Case.sign),
    "package": (Package.id, Package.number),
    "staff": (User.id, User.first_name + " " + User.last_name),
    "citizen": (Citizen.id, Citizen.name),
    "party": (Party.id, Party.name),
    "item": (Item.number, Item.kind),
}


def names_of(session: Session, chains: Iterable[str]) -> dict[str, str]:
    """Return the signs, numbers, names and kinds of what is among `chains`, in one statement for each kind."""
    numbers: dict[str, set[int]] = {}
    for chain in chains:
        kind, _colon, number = chain.partition(":")
        if kind in _NAMED and number.isdecimal():
            numbers.setdefault(kind, set()).add(int(number))
    named: dict[str, str] = {}
    for kind, wanted in numbers.items():
        id_, name = _NAMED[kind]
        rows = session.execute(sa.select(id_, name).where(id_.in_(wanted)))
        named |= {f"{kind}:{number}": _thing(number, said) if kind == "item" else said for number, said in rows}
    return named


def _thing(number: int, kind: str) -> str:
    return str(_("%(what)s no. %(number)s", what=THINGS[kind], number=number))


def _session() -> Session:
    session: Session = current_app.extensions["appbuilder"].session
    return session


def _refused(name: str, label: Any, text: str, error: str) -> Reading:
    """Return the reading of what cannot be searched for: it is said at the field, and nothing is shown below."""
    return Reading((Field(name, spoken(label), "text", text, error=error),), (sa.false(),), ((name, text),))


def _chains(session: Session, text: str) -> list[str] | None:
    """Return the chains that `text` may mean, or None where they are too many."""
    chains = [text.lower()]
    number = text.upper()
    packages = list(session.scalars(sa.select(Package.id).where(Package.number == number)))
    if not packages:
        wanted = cases_meant(text)
        cases = [] if wanted is None else list(session.scalars(wanted.limit(MOST + 1)))
        staff, citizens = _staff(session, text), _citizens(session, text)
        if max(len(cases), len(staff), len(citizens)) > MOST:
            return None
        packages = list(session.scalars(sa.select(Package.id).where(Package.case_id.in_(cases)))) if cases else []
        chains += [f"case:{one}" for one in cases]
        chains += [f"staff:{one}" for one in staff] + [f"citizen:{one}" for one in citizens]
    return chains + [f"package:{one}" for one in packages]


def _staff(session: Session, text: str) -> list[int]:
    whole = User.first_name + " " + User.last_name
    found = sa.or_(User.username == text.lower(), *_each_word(whole, text))
    return list(session.scalars(sa.select(User.id).where(found).limit(MOST + 1)))


def _citizens(session: Session, text: str) -> list[int]:
    found = sa.or_(Citizen.login == text.lower(), *_each_word(Citizen.name, text))
    return list(session.scalars(sa.select(Citizen.id).where(found).limit(MOST + 1)))


def _each_word(column: sa.ColumnElement[str] | InstrumentedAttribute[str], text: str) -> list[sa.ColumnElement[bool]]:
    return [sa.and_(*(column.icontains(word, autoescape=True) for word in text.split()))]
