"""`flask office …`: what an installation needs, its first administrator, its platforms and its seal."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app import create_office
from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.domain.errors import BadInput
from app.house import equipment
from app.pki.authority import UnfitKey
from app.pki.seal import SealKey
from app.roles import Role
from app.transaction import one_transaction
from app.usecases.encrypt_anew import SEALED, encrypt_anew, note_encrypted_anew
from app.usecases.password_link import HOURS, password_token
from app.usecases.platforms import add_platform
from app.usecases.seals import take_seal_into_use
from app.usecases.set_up_office import set_up_office
from app.usecases.staff import add_staff, note_link_made
from app.usecases.sync_roles import sync_roles
from app.views.office.security import builder_of, known_rights

group = AppGroup("office", help="Keys, roles, people and platforms of this installation.")


@group.command("setup")
def setup() -> None:
    """Make what is missing: roles, certification centre, seal, team. Safe to repeat; run it after each upgrade."""
    with one_transaction() as session:
        made = set_up_office(session, equipment=equipment(), act=Act(SYSTEM, now()))
        roles = write_roles(session)
    done = ", ".join([*made, *roles])
    click.echo(f"Made: {done}" if done else "Keys, roles and the certification centre are in place.")


def write_roles(session: Session) -> list[str]:
    """Write the roles of app/roles.py; the office door knows which rights its pages ask for."""
    door = current_app if "appbuilder" in current_app.extensions else create_office(equipment().settings)
    with door.app_context() if door is not current_app else nullcontext():
        rights = known_rights(builder_of(door))
    return [f"role {role.value}" for role in sync_roles(session, rights, act=Act(SYSTEM, now()))]


@group.command("create-admin")
@click.argument("name")
@click.argument("email")
def create_admin(name: str, email: str) -> None:
    """Make an administrator called NAME with the address EMAIL; prints a link to set the password, good for one use."""
    act, settings = Act(SYSTEM, now()), equipment().settings
    try:
        with one_transaction() as session:
            user = add_staff(session, name, (name, ""), email, [Role.ADMINISTRATOR], act=act)
            note_link_made(session, user, act=act)
            token = password_token(user, settings)
    except BadInput as refused:
        raise click.ClickException(_REFUSED.get(refused.code, refused.code)) from refused
    click.echo(f"{settings.public_url}/office/password/{token}")
    click.echo(f"Open this link within {HOURS} hours and set a password; then it is spent.", err=True)


_REFUSED = {
    "platform-name-taken": "There is a platform with this name already.",
    "platform-name-missing": "A platform needs a name.",
    "user-name-taken": "There is an account with this user name already.",
    "email-taken": "There is an account with this e-mail address already.",
    "email-bad": "This is not an e-mail address.",
    "user-name-bad": "A user name has letters, digits, dots and hyphens, at most 64 in all.",
    "seal-weak": "too weak to seal with. RSA of %(least)s bits or more is needed, and a certificate signed with "
    "SHA-256, SHA-384 or SHA-512.",
    "seal-not-valid": "the certificate is valid from %(since)s to %(until)s, not today.",
    "role-missing": "There are no roles yet: run `flask office setup` first.",
}


@group.command("add-platform")
@click.argument("name")
def add_platform_(name: str) -> None:
    """Let the platform NAME push packages; prints its token, which is kept nowhere."""
    try:
        with one_transaction() as session:
            token = add_platform(session, name, act=Act(SYSTEM, now()))
    except BadInput as refused:
        raise click.ClickException(_REFUSED.get(refused.code, refused.code)) from refused
    click.echo(token)


@group.command("encrypt-anew")
def encrypt_anew_() -> None:
    """Encrypt anew, with the first of DATA_KEYS, what an earlier key encrypted. Safe to repeat and to break off."""
    done = 0
    for table in SEALED:
        last: int | None = 0
        while last is not None:
            with one_transaction() as session:
                changed, last = encrypt_anew(session, table, last, ring=equipment().ring)
            done += changed
    if done:
        with one_transaction() as session:
            note_encrypted_anew(session, done, act=Act(SYSTEM, now()))
    click.echo(f"Encrypted anew: {done}")


@group.command("use-seal")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.password_option("--password", confirmation_prompt=False, prompt="Password of the PKCS#12 file")
def use_seal(file: Path, password: str) -> None:
    """Seal from now on with the key and certificate of a PKCS#12 FILE (RSA of 2048 bits or more, valid today)."""
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(file.read_bytes(), password.encode())
    except ValueError as problem:
        raise click.ClickException(f"{file}: {problem}") from problem
    if not isinstance(key, rsa.RSAPrivateKey) or certificate is None:
        raise click.ClickException(f"{file}: an RSA key with the certificate of that key is needed")
    try:
        seal = SealKey(key, certificate, tuple(chain))
        with one_transaction() as session:
            take_seal_into_use(session, seal, equipment=equipment(), act=Act(SYSTEM, now()))
    except UnfitKey as problem:
        raise click.ClickException(f"{file}: {problem}") from problem
    except BadInput as refused:
        raise click.ClickException(f"{file}: {_REFUSED[refused.code] % refused.details}") from refused
    click.echo(f"In use: {certificate.subject.rfc4514_string()}, until {certificate.not_valid_after_utc:%Y-%m-%d}")
