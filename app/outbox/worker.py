"""Who works off the outbox: claims jobs under a lease, runs them, and sweeps up what was left."""

from __future__ import annotations

import threading

from flask import Flask


class Worker:
    """A worker over the jobs of one door's database."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until stopped."""
        self._stopping.wait()

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping.set()
