"""Writing the roles of `app/roles.py` into the database: exactly those permissions, no more. Safe to repeat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Permission, PermissionView, ViewMenu
from flask_appbuilder.security.sqla.models import Role as RoleRow
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.roles import RIGHTS, Role
from app.usecases.record import record

Right = tuple[str, str]
"""(permission, view) as Flask-AppBuilder names them."""

EMPTY_ROLES = ("Admin", "Public")
"""Roles that Flask-AppBuilder treats in its own way; here they hold nothing."""


def rights_of(role: Role, known: Iterable[Right]) -> frozenset[Right]:
    """Return which of the `known` rights `role` has by the list. Patterns must fit the whole name."""
    return frozenset(
        (permission, view)
        for permission, view in known
        if any(re.fullmatch(v, view) and re.fullmatch(p, permission) for v, p in RIGHTS[role])
    )


def sync_roles(session: Session, known: Iterable[Right], *, act: Act) -> Mapping[Role, tuple[int, int]]:
    """Make every role hold exactly its rights among the `known` ones, and forget rights of pages that are gone.

    Returns:
        For each role that changed: how many rights it gained and lost.
    """
    known = sorted(set(known))
    rows = _permission_rows(session, known)
    changes: dict[Role, tuple[int, int]] = {}
    for role in Role:
        row = _role_row(session, role.value)
        wanted = rights_of(role, known)
        held = {(pv.permission.name, pv.view_menu.name) for pv in row.permissions}
        if held != wanted:
            row.permissions = [rows[right] for right in sorted(wanted)]
            changes[role] = (len(wanted - held), len(held - wanted))
    for name in EMPTY_ROLES:
        found = session.scalars(sa.select(RoleRow).where(RoleRow.name == name)).one_or_none()
        if found is not None:
            found.permissions = []
    session.flush()
    _forget(session, set(known))
    if changes:
        details = {role.value: {"gained": gained, "lost": lost} for role, (gained, lost) in changes.items()}
        record(session, "office", "roles-synced", details, act=act)
    return changes


def _role_row(session: Session, name: str) -> RoleRow:
    row = session.scalars(sa.select(RoleRow).where(RoleRow.name == name)).one_or_none()
    if row is None:
        row = RoleRow(name=name)
        session.add(row)
        session.flush()
    return row


def _permission_rows(session: Session, known: Iterable[Right]) -> dict[Right, PermissionView]:
    permissions = {row.name: row for row in session.scalars(sa.select(Permission))}
    views = {row.name: row for row in session.scalars(sa.select(ViewMenu))}
    rows = {(row.permission.name, row.view_menu.name): row for row in session.scalars(sa.select(PermissionView))}
    for permission, view in known:
        if permission not in permissions:
            permissions[permission] = Permission(name=permission)
            session.add(permissions[permission])
        if view not in views:
            views[view] = ViewMenu(name=view)
            session.add(views[view])
        if (permission, view) not in rows:
            row = PermissionView(permission=permissions[permission], view_menu=views[view])
            session.add(row)
            rows[permission, view] = row
    session.flush()
    return rows


def _forget(session: Session, known: set[Right]) -> None:
    for row in session.scalars(sa.select(PermissionView)).all():
        if (row.permission.name, row.view_menu.name) not in known:
            for role in list(row.role):
                role.permissions.remove(row)
            session.delete(row)
