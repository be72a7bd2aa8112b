"""How is anybody outside asked over HTTP, whose address came out of an uploaded certificate?

Only hosts that the administrator listed, and only at public addresses unless the address itself is on the list. No
redirects, no proxies, a time limit, a limit of bytes.
"""

from __future__ import annotations

import http.client
import ipaddress
import logging
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Collection
from email.message import Message
from typing import IO
from urllib.parse import urlsplit

MAX_LIST = 32 * 2**20
"""Bytes; the lists of large issuers have a few MB."""

_CHUNK = 64 * 1024

_log = logging.getLogger(__name__)


class Unanswered(Exception):
    """Nothing usable came. `code`: `no-answer`, `too-large`."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


def is_listed(url: str, hosts: Collection[str]) -> bool:
    """Whether an address is on the list; nothing but plain http and https to a listed host is.

    `hosts` are names, or `name:port` where the port is not 80 (443 for https).
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        return False
    usual = {"http": 80, "https": 443}[parts.scheme]
    host = parts.hostname if port in {None, usual} else f"{parts.hostname}:{port}"
    return host in hosts


def ask(request: urllib.request.Request, *, largest: int, timeout: float, altogether: float) -> bytes:
    """Send a request to a listed address and return the answer.

    Args:
        request: its address was found listed.
        largest: bytes that the answer may have.
        timeout: seconds of silence.
        altogether: seconds until the answer must have come whole.

    Raises:
        Unanswered: see there; what happened is in the log.
    """
    until = time.monotonic() + altogether
    found = bytearray()
    try:
        with _OPENER.open(request, timeout=timeout) as response:
            while chunk := response.read1(_CHUNK):
                found += chunk
                if len(found) > largest:
                    raise Unanswered("too-large")
                if time.monotonic() > until:
                    raise TimeoutError("not all of it in time")
    except (urllib.error.URLError, OSError, http.client.HTTPException, ValueError) as error:
        _log.warning("no answer of %s: %s", request.full_url, error)
        raise Unanswered("no-answer") from error
    return bytes(found)


def fetch_crl(url: str) -> bytes:
    """Return what is published at a listed address. Raises Unanswered."""
    request = urllib.request.Request(url, headers={"Accept": "application/pkix-crl"})  # noqa: S310 # the scheme was checked
    return ask(request, largest=MAX_LIST, timeout=10.0, altogether=60.0)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses to follow anything: the next address would not be on the list."""

    def redirect_request(  # noqa: PLR0917 # the library's
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nothing."""


def _check_peer(connection: http.client.HTTPConnection) -> None:
    """Say nothing to a listed name that leads into the office's own network."""
    try:
        ipaddress.ip_address(connection.host.strip("[]"))
    except ValueError:
        peer = connection.sock.getpeername()[0]
        if not ipaddress.ip_address(peer).is_global:
            connection.close()
            raise OSError(f"{connection.host} leads to {peer}, which is not public") from None


class _Http(http.client.HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _check_peer(self)


class _Https(http.client.HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _check_peer(self)


class _HttpHandler(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Http, req)


class _HttpsHandler(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Https, req, context=ssl.create_default_context())


_OPENER = urllib.request.build_opener(_NoRedirect(), urllib.request.ProxyHandler({}), _HttpHandler(), _HttpsHandler())
