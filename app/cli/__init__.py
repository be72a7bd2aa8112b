"""Which commands `flask --app run …` has: each is an edge that calls one verb."""

from __future__ import annotations

import importlib

from flask import Flask

# One module per group. Each has `group`, a click group or command; a module is loaded when the door is made.
_GROUPS = ("package", "receipt", "office", "store", "audit", "worker", "check", "demo")


def register(app: Flask) -> None:
    """Give `app` the commands of the house."""
    for name in _GROUPS:
        app.cli.add_command(importlib.import_module(f"app.cli.{name}").group)
