"""`flask package verify | import`: judge files without storing anything, or take them in."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path

import click
from cryptography import x509
from flask.cli import AppGroup

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.domain.errors import Refused
from app.domain.folding import fold
from app.epackages.package import judge_package
from app.epackages.verdict import PackageVerdict
from app.extensions import db
from app.house import equipment
from app.intake import acknowledge, keep, read_chunks, settle
from app.models import Channel, Package, PackageState
from app.pki.crl import CrlRefused, load_crl
from app.pki.revocation import MemoryRevocations, Sources
from app.pki.trust_store import Anchor
from app.storage import StoreError
from app.usecases.receive_package import Arrival, Sender
from app.usecases.trust import trust_store
from app.views.wording_packages import refusal_words

group = AppGroup("package", help="Signed packages: judge them, take them in.")

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Moment(click.ParamType[dt.datetime]):
    """A moment in ISO 8601; without an offset it is UTC."""

    name = "ISO8601"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        """Return the moment, aware."""
        try:
            at = dt.datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no moment in ISO 8601, such as 2026-11-02T12:00:00+01:00.", param, ctx)
        return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


@group.command("verify")
@click.argument("files", nargs=-1, required=True, type=_file)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--trust", multiple=True, type=_file, help="A further anchor (PEM).")
@click.option("--crl", multiple=True, type=_file, help="A further revocation list (PEM or DER).")
@click.option("--at", type=_Moment(), help="Judge as of this moment; now if it is left out.")
@click.option("--offline", is_flag=True, help="Ask no responder, whatever the settings say.")
def verify(
    files: tuple[Path, ...],
    *,
    as_json: bool,
    trust: tuple[Path, ...],
    crl: tuple[Path, ...],
    at: dt.datetime | None,
    offline: bool,
) -> None:
    """Judge FILES without storing anything. Exit 0 if all are valid, 1 otherwise, 2 on bad usage."""
    try:
        extra = [
            Anchor.of(one, "unknown") for path in trust for one in x509.load_pem_x509_certificates(path.read_bytes())
        ]
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--trust") from problem
    try:
        lists = [path.read_bytes() for path in crl]
        for data in lists:
            load_crl(data)
    except CrlRefused as problem:
        raise click.BadParameter(f"not a revocation list: {problem}", param_hint="--crl") from problem
    known = trust_store(db.session(), equipment=equipment(), offline=offline)
    everything = dataclasses.replace(
        known,
        anchors=(*known.anchors, *extra),
        revocation=Sources((known.revocation, MemoryRevocations(crls=lists))),
    )
    moment = at or now()
    verdicts = [(path, judge_package(path, trust=everything, at=moment, limits=equipment().limits)) for path in files]
    for path, verdict in verdicts:
        click.echo(json.dumps(verdict.as_json(str(path)), ensure_ascii=False) if as_json else _sentence(path, verdict))
    raise SystemExit(any(verdict.outcome != "valid" for _, verdict in verdicts))


@group.command("import")
@click.argument("files", nargs=-1, required=True, type=_file)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option(
    "--from", "sender_name", default="import", help="Who sends; the same file from another sender is another package."
)
def import_(files: tuple[Path, ...], *, as_json: bool, sender_name: str) -> None:
    """Take FILES in: stored, verified, receipt, case. Exit 0 if all were accepted, 1 otherwise."""
    refused = False
    for path in files:
        package = _take_in(path, sender_name)
        refused |= package.receipt is None
        summary = {
            "file": str(path),
            "id": package.public_id,
            "number": package.number,
            "sha256": package.sha256,
            "state": package.state.value,
            "outcome": package.outcome.value if package.outcome else None,
            "reasons": package.reasons,
            "refusal": refusal_words(package.reasons) if package.state is PackageState.REFUSED else None,
            "receipt": package.receipt.number if package.receipt else None,
            "case": package.case.sign if package.case else None,
        }
        if as_json:
            click.echo(json.dumps(summary, ensure_ascii=False))
        else:
            click.echo(
                f"{path}: {package.number} {summary['outcome']} {' '.join(package.reasons)} -> {summary['case'] or '-'}"
            )
            if summary["refusal"]:
                click.echo(f"  {summary['refusal']}")
    raise SystemExit(refused)


def _take_in(path: Path, sender_name: str) -> Package:
    tools = equipment()
    sender = Sender(Channel.IMPORT, f"import:{fold(sender_name)}"[:80], sender_name)
    try:
        with path.open("rb") as stream:
            kept = keep(read_chunks(stream.read), equipment=tools)
        package_id, _ = acknowledge(Arrival(kept, path.name), sender, act=Act(SYSTEM, now()))
    except (Refused, StoreError) as problem:
        raise click.ClickException(f"{path}: not taken in, send it again: {problem}") from problem
    try:
        settle(db.session(), package_id, equipment=tools)
    except (Refused, StoreError) as problem:
        click.echo(f"{path}: taken in, the worker will settle it: {problem}", err=True)
    package: Package = db.session.get_one(Package, package_id, populate_existing=True)
    return package


def _sentence(path: Path, verdict: PackageVerdict) -> str:
    signers = ", ".join(signature.signer for signature in verdict.signatures) or "-"
    return f"{path}: {verdict.outcome} ({verdict.container}; {signers}) {' '.join(verdict.reasons)}".rstrip()
