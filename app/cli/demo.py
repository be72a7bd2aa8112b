"""`flask demo …`: the demonstration office."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.cli.demo_cases import cases
from app.cli.office import write_roles
from app.extensions import db
from app.house import equipment
from app.models import Package
from app.transaction import one_transaction

group = AppGroup("demo", help="Invented people, vehicles and packages.")
group.add_command(cases)


@group.command("load")
def load() -> None:
    """Fill an empty office and print the accounts; their passwords are kept nowhere else."""
    from app.demo.load import load_office  # noqa: PLC0415  55 ms that no other command pays

    if equipment().settings.production:
        raise click.ClickException("Invented people do not belong into production.")
    if db.session.scalar(sa.select(Package.id).limit(1)) is not None:
        raise click.ClickException("There are packages already: the demonstration office goes into an empty one.")
    with one_transaction() as session:
        write_roles(session)
    accounts = load_office(db.session(), equipment=equipment(), say=click.echo)
    width = max(len(account.login) for account in accounts)
    secret = max(len(account.password) for account in accounts)
    click.echo("\nAccounts of the demonstration office. The passwords are shown now and never again:")
    for account in accounts:
        click.echo(f"  {account.login:<{width}}  {account.password:<{secret}}  {account.what}")
