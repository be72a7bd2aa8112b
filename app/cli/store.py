"""`flask store …`: whether everything that the office promises about stored things is true."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from app.clock import now
from app.extensions import db
from app.house import equipment
from app.usecases.verify_store import verify_store

group = AppGroup("store", help="The kept files and the rows about them.")


@group.command("verify")
def verify() -> None:
    """Check the invariants I1 to I8; print what breaks each. Exit 1 if anything does."""
    violations = verify_store(db.session(), equipment().store, now())
    for violation in violations:
        click.echo(f"{violation.invariant} {violation.subject}: {violation.sentence}")
    if violations:
        sys.exit(1)
    click.echo("All invariants hold.")
