"""`flask audit …`: whether the trail is as it was written, and sealing it."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.domain.errors import Refused
from app.extensions import db
from app.house import equipment
from app.transaction import one_transaction
from app.usecases.seal_audit import seal_audit
from app.usecases.seals import seal_in_use
from app.usecases.verify_audit import has_seal, verify_audit

group = AppGroup("audit", help="The audit trail.")


@group.command("verify")
@click.option("--seal", "paper", nargs=2, type=(int, str), help="Number and root of a seal as a daily report has them.")
def verify(paper: tuple[int, str] | None) -> None:
    """Check every chain and every seal; name the first bad row of each. Exit 1 if there is one, or no such seal."""
    broken = verify_audit(db.session())
    for found in broken:
        click.echo(f"{found.chain} row {found.row}: {found.problem}: {found.sentence}")
    cut = paper is not None and not has_seal(db.session(), paper[0], "".join(paper[1].split()))
    if paper is not None and cut:
        click.echo(f"The trail has no seal {paper[0]} with this root: its end was cut off, or it is another trail.")
    if broken or cut:
        sys.exit(1)
    click.echo("The audit trail is whole.")


@group.command("seal")
def seal() -> None:
    """Seal the events since the last seal. Exit 1 if the office has no seal in force."""
    act = Act(SYSTEM, now())
    try:
        with one_transaction() as session:
            made = seal_audit(session, seal_in_use(session, equipment=equipment(), act=act), act=act)
            told = f"seal {made.id}: {made.events} events, root {made.root}" if made else "Nothing to seal."
    except Refused as refusal:
        click.echo(f"The trail cannot be sealed: {refusal.code}.", err=True)
        sys.exit(1)
    click.echo(told)
