"""The command group `worker`."""

from __future__ import annotations

from flask.cli import AppGroup

group = AppGroup("worker")
