"""`flask demo cases N`: invented cases in all stages, as many as you like.

`app.demo` is imported by the functions: every process of the house loads the commands, few make invented things.
"""

# ruff: noqa: PLC0415  the reason stands above

from __future__ import annotations

import time

import click
from flask.cli import with_appcontext

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.domain.errors import Refused
from app.equipment import Equipment
from app.extensions import db
from app.house import equipment
from app.intake import acknowledge, keep, settle
from app.models import Package
from app.transaction import one_transaction
from app.usecases.print_receipt import keep_receipt_pdf, receipt_pdf
from app.usecases.receive_package import Arrival


@click.command("cases")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--seed", default=1, show_default=True, help="The same seed on the same day gives the same cases.")
@with_appcontext
def cases(number: int, seed: int) -> None:
    """Make NUMBER invented cases in all stages of the procedures, with packages, receipts and audit events."""
    from app.demo.bulk import CHUNK, Plan, learn, make_world, write_chunk

    tools = equipment()
    if tools.settings.production:
        raise click.ClickException("Invented cases do not belong into production.")
    try:
        made = _send_samples(tools, number, seed)
        plan = Plan(number - made, seed, now())
        with one_transaction() as session:
            world = make_world(session, plan, equipment=tools, act=Act(SYSTEM, now()))
    except Refused as refused:
        raise click.ClickException(f"{refused.code}: run `flask office setup` first.") from refused
    if not plan.cases:
        click.echo(f"{made:,} of {number:,} cases")
    begun, rows = time.monotonic(), 0
    for first in plan.chunks:
        with one_transaction() as session:
            rows += write_chunk(session, plan, first, world)
        done, seconds = made + min(first + CHUNK, plan.cases), time.monotonic() - begun
        click.echo(f"{done:,} of {number:,} cases, {rows:,} rows, {rows / seconds:,.0f} rows a second")
    with one_transaction() as session:
        learn(session)


def _send_samples(tools: Equipment, at_most: int, seed: int) -> int:
    """Take in the packages that the cases share, as far as they are not there; return how many."""
    from app.demo.invented import dice, parties, vehicle
    from app.demo.samples import make_signer, make_stranger, missing_plans, sender_of, signed_package

    plans = missing_plans(db.session())[:at_most]
    if not plans:
        return 0
    rng = dice(f"samples {seed}")
    party = next(party for party in parties(8, rng) if party.pesel)
    act = Act(SYSTEM, now())
    with one_transaction() as session:
        known = make_signer(session, party, equipment=tools, act=act)
    stranger = make_stranger(party, act=act)
    for number, plan in enumerate(plans):
        signer = known if plan.known_signer else stranger
        data = signed_package(plan, party, vehicle(number, rng), signer, act=Act(SYSTEM, now()))
        kept = keep([data], equipment=tools)
        package_id, _ = acknowledge(Arrival(kept, f"{plan.name}.asice"), sender_of(plan), act=Act(SYSTEM, now()))
        settle(db.session(), package_id, equipment=tools)
        with one_transaction() as session:
            if receipt := session.get_one(Package, package_id).receipt:
                printed = tools.store.put_bytes(receipt_pdf(receipt, equipment=tools))
                keep_receipt_pdf(session, receipt.id, printed, act=Act(SYSTEM, now()))
    return len(plans)
