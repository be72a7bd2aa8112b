"""`flask receipt verify`: whether a receipt is ours, unchanged, and speaks of a package."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.epackages.receipt import check_receipt
from app.extensions import db
from app.usecases.seals import seal_certificates

group = AppGroup("receipt", help="Official receipts (UPO).")

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("verify")
@click.argument("file", type=_file)
@click.option("--package", type=_file, help="The package that the receipt should speak of.")
def verify(file: Path, package: Path | None) -> None:
    """Check the receipt FILE against the office's seals past and present. Exit 0 if it is ours and unchanged."""
    check = check_receipt(file.read_bytes(), seal_certificates(db.session()), package)
    good = check.ours and check.unchanged and check.speaks_of_package is not False
    click.echo(f"ours: {_word(check.ours)}; unchanged: {_word(check.unchanged)}", nl=package is None)
    if package is not None:
        click.echo(f"; speaks of {package}: {_word(check.speaks_of_package)}")
    if check.receipt is not None:
        click.echo(f"number: {check.receipt.number}")
    if check.reasons:
        click.echo(f"reasons: {' '.join(check.reasons)}")
    raise SystemExit(not good)


def _word(answer: bool | None) -> str:  # noqa: FBT001  a value to print, not a switch
    return {True: "yes", False: "no", None: "not known"}[answer]
