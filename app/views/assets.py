"""Which address does a built file of the look have? One that changes with the file, so that it may be kept for ever."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request, url_for

DIST = Path(__file__).resolve().parents[1] / "static" / "dist"
_MANIFEST = DIST / "manifest.json"
FOR_EVER = 365 * 24 * 3600


@lru_cache(maxsize=4)
def _digests(built_at: int) -> dict[str, str]:
    digests: dict[str, str] = json.loads(_MANIFEST.read_text("utf-8")) if built_at else {}
    return digests


def _built_at() -> int:
    """Return when the look was built, 0 where nothing is."""
    try:
        return _MANIFEST.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def digest_of(name: str) -> str | None:
    """Return the digest of the built file `name` (`office/desk.css`), or None where nothing is built."""
    return _digests(_built_at()).get(name)


def static_address(filename: str) -> str:
    """Return the address of `filename` below static; worked out once, and anew when a page finds another build."""
    if "static_addresses" not in g:
        kept = current_app.extensions.setdefault("static_addresses", {})
        g.static_addresses = kept.setdefault((request.script_root, _built_at()), {})
    known: dict[str, str] = g.static_addresses
    if filename not in known:
        known[filename] = url_for("static", filename=filename)
    return known[filename]


def _address(endpoint: str, **values: Any) -> str:
    """Return what `url_for` returns; a static file has one address."""
    if endpoint == "static" and values.keys() == {"filename"} and has_request_context():
        return static_address(values["filename"])
    return url_for(endpoint, **values)


def version_static(app: Flask) -> None:
    """Add `?v=<digest>` to the addresses of built files, and let browsers keep what was asked for by digest."""
    app.jinja_env.globals["url_for"] = _address

    @app.url_defaults
    def _versioned(endpoint: str, values: dict[str, Any]) -> None:
        filename = values.get("filename")
        if endpoint == "static" and isinstance(filename, str) and filename.startswith("dist/"):
            digest = digest_of(filename.removeprefix("dist/"))
            if digest:
                values.setdefault("v", digest)

    @app.after_request
    def _kept(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code == 200 and request.args.get("v"):
            response.cache_control.public = True
            response.cache_control.max_age = FOR_EVER
            response.cache_control.immutable = True
            response.cache_control.no_cache = None
            response.headers.pop("Expires", None)
        return response
