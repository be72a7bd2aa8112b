"""How the API says what went wrong: RFC 9457 problem details."""

from __future__ import annotations

import json

from flask import Response


def problem(status: int, code: str, title: str, *, headers: dict[str, str] | None = None, **more: object) -> Response:
    """Return a problem. `code` is stable for programs, `title` a sentence for people."""
    body = {"type": f"urn:okienko:problem:{code}", "title": title, "status": status, "code": code, **more}
    return Response(
        json.dumps(body, ensure_ascii=False), status, headers or {}, content_type="application/problem+json"
    )
