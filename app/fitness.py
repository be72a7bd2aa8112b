"""What production must not have: settings that the doors refuse to start with, and a state that `flask check` names."""

from __future__ import annotations

import datetime as dt
import stat
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.vehicles import plate_prefixes
from app.equipment import Equipment
from app.models import Seal
from app.roles import Role
from app.usecases.sync_roles import EMPTY_ROLES
from app.vault import BadKeys, KeyRing
from config import ROOT, Settings

_SHORTEST_KEY = 32
SEAL_ENDS_SOON = dt.timedelta(days=30)
"""So long before its end a seal is to be replaced: `readyz` says so, and `flask check`."""
NO_SEAL = "The office has no seal in use: run `flask office setup`."


def setting_faults(settings: Settings) -> tuple[str, ...]:
    """Return what in `settings` must not go into production, each as a sentence that says what to do."""
    faults = []
    if len(settings.secret_key) < _SHORTEST_KEY or len(set(settings.secret_key)) < 10:
        faults.append("SECRET_KEY is too short or too simple: use 48 random bytes (openssl rand -base64 48).")
    if any(len(key) < _SHORTEST_KEY for key in settings.secret_key_fallbacks):
        faults.append("SECRET_KEY_FALLBACKS holds a key that is too short.")
    try:
        KeyRing.from_text(settings.data_keys)
    except BadKeys as error:
        faults.append(f"DATA_KEYS: {error}.")
    if settings.secret_key in settings.data_keys:
        faults.append("SECRET_KEY and DATA_KEYS must be different secrets.")
    if not settings.https:
        faults.append("PUBLIC_URL must begin with https://, or cookies travel in the clear.")
    host = urlsplit(settings.public_url).hostname or ""
    if "*" in settings.trusted_hosts or not any(_matches(host, trusted) for trusted in settings.trusted_hosts):
        faults.append(f"TRUSTED_HOSTS must name the hosts of the service one by one, among them {host!r}.")
    letters = settings.office.plate_prefixes
    if not letters or not set(letters) <= set(plate_prefixes()):
        faults.append("OFFICE_PLATE_LETTERS must name letters of a county, such as SC.")
    if settings.demo:
        faults.append("DEMO must be off: the demonstration office has accounts whose passwords were printed.")
    if settings.testing:
        faults.append("Test mode must be off.")
    return tuple(faults)


def state_faults(session: Session, equipment: Equipment, at: dt.datetime) -> tuple[str, ...]:
    """Return what in the database, the store and on the disk must not be in production at the moment `at`."""
    faults = []
    current = MigrationContext.configure(session.connection()).get_current_heads()
    wanted = ScriptDirectory(str(ROOT / "migrations")).get_heads()
    if set(current) != set(wanted):
        # Without its tables nothing else can be asked.
        return ("The database is not at the newest schema: run `flask db upgrade`.",)
    until = seal_ends(session)
    if until is None:
        faults.append(NO_SEAL)
    elif until <= at:
        faults.append("The office's seal has expired: take a new one into use.")
    administrators = sa.select(sa.func.count()).select_from(User).where(User.active.is_(True))
    if not session.scalar(administrators.where(User.roles.any(RoleRow.name == Role.ADMINISTRATOR.value))):
        faults.append("There is no administrator: run `flask office create-admin NAME EMAIL`.")
    loose = session.scalars(sa.select(RoleRow.name).where(RoleRow.name.in_(EMPTY_ROLES), RoleRow.permissions.any()))
    faults.extend(f"The role {name} must hold no permission: run `flask office setup`." for name in loose)
    strangers = sa.select(RoleRow.name).where(RoleRow.name.not_in([*(role.value for role in Role), *EMPTY_ROLES]))
    faults.extend(f"The role {name} is not in app/roles.py: remove it." for name in session.scalars(strangers))
    data_dir = equipment.settings.data_dir
    if data_dir.exists() and stat.S_IMODE(data_dir.stat().st_mode) & stat.S_IRWXO:
        faults.append("DATA_DIR is open to every account of this machine: chmod o-rwx.")
    try:
        equipment.store.probe()
    except Exception as error:  # noqa: BLE001  whatever it is, it is the fault
        faults.append(f"The store takes no files ({type(error).__name__}).")
    return tuple(faults)


def seal_ends(session: Session) -> dt.datetime | None:
    """Return when the seal in use ends; None if the office has none."""
    return session.scalar(sa.select(Seal.not_after).where(Seal.in_use))


def seal_advice(session: Session, at: dt.datetime) -> tuple[str, ...]:
    """Return that the seal ends soon, if it does: a new one takes its time to come by."""
    until = seal_ends(session)
    if until is None or not at < until < at + SEAL_ENDS_SOON:
        return ()
    return (f"The office's seal ends on {until:%Y-%m-%d}: replace it now (`flask office use-seal`).",)


def advice(settings: Settings) -> tuple[str, ...]:
    """Return what is allowed and should be thought about."""
    said = []
    if not settings.require_totp:
        said.append("REQUIRE_TOTP is off: staff with decisions and administrators may log in by password alone.")
    if settings.mail_url.startswith("file:"):
        said.append("MAIL_URL writes e-mails into files: nobody is told anything.")
    if settings.clamd is None:
        said.append("CLAMD is not set: files are not scanned for viruses.")
    if settings.proxy_hops == 0:
        said.append("PROXY_HOPS is 0: behind a proxy every address in throttle and audit is the proxy's.")
    return tuple(said)


def _matches(host: str, trusted: str) -> bool:
    name = trusted.partition(":")[0]
    return host == name or (name.startswith(".") and host.endswith(name))
