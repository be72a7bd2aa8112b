"""A process that has everything imported and forks a child for each order: intake once, or the aftermath.

Starting Python and importing the program takes seconds, a fork milliseconds, and a crash-point test needs hundreds.
Orders come as JSON lines on standard input: {"act": "intake" | "aftermath", "data_dir": …, "file": …}. For each, the
child's id is answered at once and its wait status when it has ended. A child of "intake" stops itself before it begins,
so that a tracer can be there in time; what it prints goes to `data_dir/out`, unbuffered.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sys
from pathlib import Path

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.house import equipment
from app.intake import acknowledge, keep, settle
from app.models import Case, Channel, Package, PackageState, Receipt
from app.outbox.worker import Worker
from app.usecases.receive_package import Arrival, Sender
from app.usecases.verify_store import verify_store
from tests.databases import bare_door, test_settings

SENDER = Sender(Channel.IMPORT, "import:test", "Jan Testowy")


def say(text: str) -> None:
    os.write(1, text.encode() + b"\n")


def send(file: Path) -> int:
    """Hand the file in as a sender does, with the signature that lies beside it; returns after the acknowledgement."""
    signature = file.with_name(f"{file.name}.p7s")
    kept = keep([file.read_bytes()], equipment=equipment())
    beside = keep([signature.read_bytes()], equipment=equipment()) if signature.exists() else None
    package_id, _ = acknowledge(Arrival(kept, file.name, beside), SENDER, act=Act(SYSTEM, now()))
    return package_id


def intake(app, order: dict[str, str]) -> None:
    """The way of one package, to be killed anywhere."""
    os.kill(os.getpid(), signal.SIGSTOP)
    package_id = send(Path(order["file"]))
    say(f"ack {package_id}")
    settle(db.session(), package_id, equipment=equipment())
    say("done")


def aftermath(app, order: dict[str, str]) -> None:
    """What holds after the crash; then what the machine and the sender do by themselves, and what holds then."""
    say(json.dumps({"after_crash": violations(now())}))
    worker = Worker(app)
    while worker.run_once():
        pass
    send(Path(order["file"]))
    while worker.run_once():
        pass
    db.session.rollback()
    db.session.expire_all()
    count = lambda model: db.session.query(model).count()  # noqa: E731
    say(
        json.dumps(
            {
                # Two hours on: bytes that no row names are no longer young, so a receipt made differently would show.
                "recovered": violations(now() + dt.timedelta(hours=2)),
                "packages": count(Package),
                "accepted": db.session.query(Package).filter_by(state=PackageState.ACCEPTED).count(),
                "cases": count(Case),
                "receipts": count(Receipt),
                "acknowledged": [package.id for package in db.session.query(Package)],
            }
        )
    )


def violations(at: dt.datetime) -> list[str]:
    db.session.rollback()
    return [str(one) for one in verify_store(db.session(), equipment().store, at)]


ACTS = {"intake": intake, "aftermath": aftermath}


def run_child(app, order: dict[str, str]) -> None:
    os.chdir(order["data_dir"])
    out = os.open("out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    with app.app_context():
        ACTS[order["act"]](app, order)


def main() -> None:
    # One door for all: its database and store are named by way of the folder that a child works in.
    app = bare_door(test_settings(Path("/proc/self/cwd"), "sqlite:////proc/self/cwd/okienko.db"))
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                run_child(app, order)
                code = 0
            except BaseException:  # noqa: BLE001  whatever it was, the parent reads it
                import traceback

                os.write(2, traceback.format_exc().encode())
            finally:
                os._exit(code)
        say(str(child))
        _, status = os.waitpid(child, 0)
        say(str(status))


if __name__ == "__main__":
    main()
