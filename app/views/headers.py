"""What every answer tells the browser about its own safety."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

from app.views.sessions import this_session

_YEAR = 365 * 24 * 3600

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Flask-WTF compares the referrer of forms over TLS, so our own pages must still send it to us.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}


def csp_nonce() -> str:
    """Return the nonce by which this answer's own scripts are known."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def content_policy(nonce: str | None) -> str:
    """Return the content security policy: everything from this host, nothing inline without the nonce."""
    script = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {script}",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        )
    )


def register(app: Flask) -> None:
    """Let `app` send these headers with every answer; a view that set one of them itself keeps its own."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    https = app.config["SETTINGS"].https

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        for name, value in _FIXED.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", content_policy(g.get("csp_nonce")))
        if https:
            headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}; includeSubDomains")
        if request.endpoint != "static":
            web = this_session()
            if web.seat is not None or web or web.unavailable or response.status_code >= 400:
                # A page made for one person, or with their token in it, is kept by nobody.
                headers["Cache-Control"] = "no-store"
            else:
                headers.setdefault("Cache-Control", "no-cache")
        return response
