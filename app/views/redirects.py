"""Where a page may send somebody on: only to a page of the same door."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

from flask import request


def is_own_path(target: str, root: str = "") -> bool:
    r"""Return whether `target` is a plain path below `root` (the mount of a door, "" or "/office").

    Everything with a host, a scheme, a backslash or a control character is refused: browsers read `//host`, `/\host`
    and `/<TAB>/host` as another site.
    """
    if not target or len(target) > 2000 or "\\" in target:
        return False
    if any(unicodedata.category(char)[0] in "CZ" for char in target):
        return False
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or target.startswith("//"):
        return False
    path = parts.path
    if "//" in path or any(step in {".", ".."} for step in path.split("/")):
        return False
    return path == root or path.startswith(f"{root}/")


def here() -> str:
    """Return path and query of the page that is seen: of an answer to a form, of the page that the form stood on."""
    root = request.root_path.rstrip("/")
    if request.method in {"GET", "HEAD"}:
        path, query = root + request.path, request.query_string.decode("latin-1")
        return f"{path}?{query}" if query else path
    host = request.host_url.rstrip("/")
    target = (request.referrer or "").removeprefix(host)
    return target if is_own_path(target, root) else f"{root}/"


def safe_next(default: str) -> str:
    """Return the `next` that the form or the address asks for if it is a page of this door, else `default`."""
    target = request.form.get("next") or request.args.get("next") or ""
    return target if is_own_path(target, request.root_path.rstrip("/")) else default
