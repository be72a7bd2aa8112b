"""`make run`: an upgraded database, keys and roles, on an empty one the demonstration office, then both doors."""

from __future__ import annotations

import os
import socket
import sys

import click
import sqlalchemy as sa
from flask_migrate import upgrade

import run
from app.extensions import db
from app.models import Seal, StaffProfile


def main() -> None:
    """Prepare what is missing and serve until stopped."""
    _refuse_a_port_in_use(run.settings.host, run.settings.port)
    with run.office.app_context():
        upgrade()
        fresh = db.session.scalar(sa.select(Seal.id).limit(1)) is None
    runner = run.office.test_cli_runner(catch_exceptions=False)
    if fresh and run.settings.demo:
        click.echo("An empty database: loading the demonstration office, one to three minutes …")
        _say(runner.invoke(args=["demo", "load"]).output)
    _say(runner.invoke(args=["office", "setup"]).output)
    with run.office.app_context():
        nobody = db.session.scalar(sa.select(StaffProfile.user_id).limit(1)) is None
    if nobody:
        _ask_for_administrator()
    click.echo(f"Okienko: {run.settings.public_url}/ (mailbox) and {run.settings.public_url}/office/ (office)")
    run.main()


def _refuse_a_port_in_use(host: str, port: int) -> None:
    """Say so before the work is done, and in words."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as trouble:
        reason = os.strerror(trouble.errno) if trouble.errno else str(trouble)
        sys.exit(f"Okienko cannot listen on {host}:{port} ({reason}). Another port: PORT=8090 make run")


def _ask_for_administrator() -> None:
    if not sys.stdin.isatty():
        click.echo("There is no administrator yet: flask --app run office create-admin NAME EMAIL")
        return
    name = click.prompt("User name of the first administrator")
    email = click.prompt("E-mail of the first administrator")
    _say(run.office.test_cli_runner(catch_exceptions=False).invoke(args=["office", "create-admin", name, email]).output)


def _say(text: str) -> None:
    click.echo(text.rstrip())


if __name__ == "__main__":
    main()
