"""Cases at the points where the counter meets them, made by the verbs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from app.domain.custody import ItemState
from app.extensions import db
from tests.authority import TestAuthority
from tests.factories import an_office, application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox
from tests.web.mailbox_people import signed

TRACKING = "00759007731512000621"
"""A number of Poczta Polska with the right check digit."""


def _open(authority: TestAuthority, *, mailbox: bool) -> tuple[Work, str]:
    an_office(authority)
    citizen = a_citizen()
    sender = by_mailbox(citizen) if mailbox else None
    package = send(signed(authority, application_files()), sender=sender)
    return Work(package.case_id), package.case.sign


class Counter:
    """An office with one case, and what its rows say at the moment."""

    def __init__(self, app: Flask, authority: TestAuthority, *, mailbox: bool = True) -> None:
        self.app = app
        self.work, self.sign = self._inside(lambda: _open(authority, mailbox=mailbox))

    def ask(self, question):
        """Answer `question(work)` on the rows as they are now."""
        return self._inside(lambda: question(self.work))

    def _inside(self, do):
        """Do it in a thread of its own: sealing runs an event loop, and so does a test that drives a browser."""

        def inside():
            with self.app.app_context():
                try:
                    return do()
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(inside).result()

    def await_originals(self) -> None:
        """The case is verified, and its party is summoned for the originals and plates."""

        def do(work: Work) -> None:
            work.take()
            work.accept_all()
            work.write("summon_originals")

        self.ask(do)

    def awaited(self) -> list[int]:
        return self.ask(lambda work: [item.number for item in work.case.items if item.state is ItemState.EXPECTED])

    def decide(self, **agreed: object) -> None:
        """Everything came; the temporary registration is decided and the handing over agreed."""

        def do(work: Work) -> None:
            work.open_letter()
            work.receive_all()
            work.register_temporarily()
            work.agree(**agreed)

        self.await_originals()
        self.ask(do)

    def stage(self) -> str:
        return self.ask(lambda work: work.case.stage)
