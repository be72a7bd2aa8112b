"""`flask check`: refuses what production must not have."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from app.clock import now
from app.extensions import db
from app.fitness import advice, seal_advice, setting_faults, state_faults
from app.house import equipment


@click.command("check", help="Refuse what production must not have. Exit 1 if there is anything of it.")
@with_appcontext
def group() -> None:
    """Print each fault and each piece of advice on a line of its own."""
    tools = equipment()
    at = now()
    faults = [*setting_faults(tools.settings), *state_faults(db.session(), tools, at)]
    for fault in faults:
        click.echo(f"REFUSED  {fault}")
    for said in [*advice(tools.settings), *(() if faults else seal_advice(db.session(), at))]:
        click.echo(f"advice   {said}")
    if not faults:
        click.echo("ok       Nothing here that production must not have.")
    sys.exit(1 if faults else 0)
