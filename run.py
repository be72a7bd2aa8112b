"""The doors as WSGI callables (`office`, `mailbox`, `app` for both); `python run.py` serves both, with the worker."""

from __future__ import annotations

import os
import signal
import sys
import threading

from sqlalchemy.exc import OperationalError
from waitress import serve
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import create_mailbox, create_office
from app.extensions import db
from app.fitness import NO_SEAL, seal_ends
from app.models import Door
from app.outbox.worker import Worker
from config import from_environment

# Database, store, secrets and e-mails in files: none of it is for other accounts of the machine.
os.umask(0o027)
settings = from_environment()
office = create_office(settings)
# One plain Flask object in this module: `flask --app run` takes it for its commands.
doors = {Door.OFFICE: office, Door.MAILBOX: create_mailbox(settings)}
mailbox = doors[Door.MAILBOX].wsgi_app
app = DispatcherMiddleware(mailbox, {"/office": office})


def main() -> None:
    """Serve both doors on one port, with one worker thread, until stopped."""
    _refuse_to_serve_without_a_seal()
    worker = Worker(doors[Door.MAILBOX])
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    thread.start()
    # As Ctrl+C: requests in hand are answered, and the worker ends its job.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        serve(
            app,
            host=settings.host,
            port=settings.port,
            threads=8,
            # A little above what the doors take: they answer with a page that says what to do.
            max_request_body_size=settings.max_body + 2**20,
            # What proxies say reaches the doors only where proxies are expected: PROXY_HOPS of them are believed.
            clear_untrusted_proxy_headers=settings.proxy_hops == 0,
            ident=None,
        )
    finally:
        worker.stop()
        thread.join(timeout=30)


def _refuse_to_serve_without_a_seal() -> None:
    """In production no package is taken that nobody could confirm. A database that is away is waited for."""
    if not settings.production:
        return
    with office.app_context():
        try:
            until = seal_ends(db.session())
        except OperationalError:
            return
    if until is None:
        sys.exit(f"Okienko does not start. {NO_SEAL}")


if __name__ == "__main__":
    main()
