"""Which address does a built file of the look have? One that changes with the file, so that it may be kept for ever."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, has_request_context, request, url_for

DIST = Path(__file__).resolve().parents[1] / "static" / "dist"
FOR_EVER = 365 * 24 * 3600


@lru_cache(maxsize=4)
def _digests(written_at: int) -> dict[str, str]:
    del written_at
    digests: dict[str, str] = json.loads((DIST / "manifest.json").read_text("utf-8"))
    return digests


def digest_of(name: str) -> str | None:
    """Return the digest of the built file `name` (`office/desk.css`), or None where nothing is built."""
    manifest = DIST / "manifest.json"
    try:
        written_at = manifest.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _digests(written_at).get(name)


def version_static(app: Flask) -> None:
    """Add `?v=<digest>` to the addresses of built files, and let browsers keep what was asked for by digest."""
    known: dict[tuple[str, str, str | None], str] = {}

    def address(endpoint: str, **values: Any) -> str:
        """Return what `url_for` returns; the address of a built file is worked out once."""
        filename = values.get("filename")
        if endpoint != "static" or len(values) != 1 or not isinstance(filename, str) or not has_request_context():
            return url_for(endpoint, **values)
        key = (request.script_root, filename, digest_of(filename.removeprefix("dist/")))
        if key not in known:
            known[key] = url_for(endpoint, **values)
        return known[key]

    app.jinja_env.globals["url_for"] = address

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
