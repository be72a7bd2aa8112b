"""The API by which other platforms push packages."""

from __future__ import annotations

from flask import Flask

from app.extensions import csrf
from app.views.api.packages import packages


def register(app: Flask) -> None:
    """Give `app` the API. It knows bearer tokens and no cookies, so there is no cross-site request to forge."""
    csrf.exempt(packages)
    app.register_blueprint(packages)
