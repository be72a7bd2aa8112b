"""Who acts in this request, and when: the `Act` that every verb takes."""

from __future__ import annotations

from flask import g, request
from flask_appbuilder.security.sqla.models import User

from app import clock
from app.domain.acts import Act, Actor, ActorKind
from app.models import Citizen
from app.views.sessions import this_session

VISITOR = Actor(ActorKind.SYSTEM, None, "visitor")
"""Somebody at the door who has not logged in."""


def staff_actor(user: User) -> Actor:
    """Return the member of staff `user` as history names them."""
    return Actor(ActorKind.STAFF, user.id, f"{user.first_name} {user.last_name}"[:200])


def citizen_actor(citizen: Citizen) -> Actor:
    """Return `citizen` as history names them."""
    return Actor(ActorKind.CITIZEN, citizen.id, citizen.name)


def act_of(actor: Actor) -> Act:
    """Return an act of `actor` in this request, now."""
    return Act(actor, clock.now(), request.remote_addr, g.get("request_id"))


def current_act() -> Act:
    """Return an act, now, of whoever is logged in at this door; of a visitor where nobody is."""
    person = this_session().person
    if isinstance(person, User):
        return act_of(staff_actor(person))
    if isinstance(person, Citizen):
        return act_of(citizen_actor(person))
    return act_of(VISITOR)
