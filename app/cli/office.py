"""`flask office …`: what an installation needs, its first administrator, its platforms and its seal."""

from __future__ import annotations

import secrets
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from flask import current_app
from flask.cli import AppGroup

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.house import equipment
from app.models import Platform
from app.pki.seal import SealKey
from app.transaction import one_transaction
from app.usecases.record import record
from app.usecases.seals import take_seal_into_use
from app.usecases.set_up_office import set_up_office
from app.views.api.packages import token_digest

group = AppGroup("office", help="Keys, roles, people and platforms of this installation.")


@group.command("setup")
def setup() -> None:
    """Make what is missing: roles, certification centre, seal, team. Safe to repeat; run it after each upgrade."""
    with one_transaction() as session:
        made = set_up_office(session, equipment=equipment(), act=Act(SYSTEM, now()))
    roles = current_app.appbuilder.sm.sync_roles() if hasattr(current_app, "appbuilder") else ()
    click.echo("Made: " + (", ".join([*made, *roles]) or "nothing, all was there"))


@group.command("add-platform")
@click.argument("name")
def add_platform(name: str) -> None:
    """Let the platform NAME push packages; prints its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    act = Act(SYSTEM, now())
    with one_transaction() as session:
        session.add(Platform(name=name, token_digest=token_digest(token), created_at=act.at))
        record(session, "office", "platform-added", {"name": name}, act=act)
    click.echo(token)


@group.command("use-seal")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.password_option("--password", confirmation_prompt=False, prompt="Password of the PKCS#12 file")
def use_seal(file: Path, password: str) -> None:
    """Seal from now on with the key and certificate of a PKCS#12 FILE (RSA)."""
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(file.read_bytes(), password.encode())
    except ValueError as problem:
        raise click.ClickException(f"{file}: {problem}") from problem
    if not isinstance(key, rsa.RSAPrivateKey) or certificate is None:
        raise click.ClickException(f"{file}: an RSA key with its certificate is needed")
    with one_transaction() as session:
        seal = SealKey(key, certificate, tuple(chain))
        take_seal_into_use(session, seal, equipment=equipment(), act=Act(SYSTEM, now()))
    click.echo(f"In use: {certificate.subject.rfc4514_string()}, until {certificate.not_valid_after_utc:%Y-%m-%d}")
