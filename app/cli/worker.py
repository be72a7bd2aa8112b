"""`flask worker …`: works off the outbox, for installations where the worker is a process of its own."""

from __future__ import annotations

import os
import signal
import threading

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.outbox.worker import Worker

_PATIENCE = 30.0

group = AppGroup("worker", help="The outbox worker.")


@group.command("run")
@click.option("--once", is_flag=True, help="Work off what is due, then end.")
def run(*, once: bool) -> None:
    """Send e-mails, settle packages, seal the audit trail. Ends within 30 s of SIGTERM or SIGINT."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  the object itself goes to a thread
    worker = Worker(app)
    if once:
        click.echo(f"{worker.run_once()} jobs")
        return
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    thread.start()
    click.echo("The worker runs.")
    while not stopped.wait(0.5) and thread.is_alive():
        pass
    worker.stop()
    thread.join(_PATIENCE - 5)
    if thread.is_alive():
        worker.give_back()
        # The job cannot be waited for, and has been given back: nothing may hold up the end any more.
        os._exit(0)
