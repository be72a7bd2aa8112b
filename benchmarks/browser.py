"""How is a page asked for without a network? Through the WSGI callable, with cookies kept as a browser keeps them."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

_TOKEN = re.compile(rb'name="(?:csrf_token|csrfmiddlewaretoken)"[^>]*value="([^"]+)"')


@dataclass
class Browser:
    """A visitor of one application."""

    app: Callable[..., object]
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> bytes:
        """Return the page at `address`; anything but 200 is an error of the benchmark."""
        status, body = self._ask("GET", address, b"")
        if status != 200:
            raise RuntimeError(f"{address}: {status} {body[:300]!r}")
        return body

    def log_in(self, address: str, token_name: str, data: Mapping[str, str]) -> None:
        """Send the log-in form at `address`."""
        found = _TOKEN.search(self.get(address))
        if found is None:
            raise RuntimeError(f"{address} has no form")
        status, body = self._ask("POST", address, urlencode({token_name: found.group(1).decode(), **data}).encode())
        if status != 302:
            raise RuntimeError(f"{address}: {status} {body[:600]!r}")

    def _ask(self, method: str, address: str, body: bytes) -> tuple[int, bytes]:
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.multithread": False,
            "wsgi.multiprocess": False, "wsgi.run_once": False,
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }  # fmt: skip
        if body:
            environ |= {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded"}
        answer: dict[str, int] = {}

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            answer["status"] = int(status[:3])
            for name, value in headers:
                if name.lower() == "set-cookie":
                    cookie, _, content = value.partition(";")[0].partition("=")
                    self.cookies[cookie] = content

        pieces = self.app(environ, start)
        page = b"".join(pieces)
        getattr(pieces, "close", lambda: None)()
        return answer["status"], page
