"""Does the virus scanner (clamd) object to these bytes?"""

from __future__ import annotations

import socket
from collections.abc import Iterable

from app.epackages.errors import Reason

SECONDS = 60
"""So long the scanner may keep silent."""
_LONGEST_ANSWER = 4096


class ScannerFailed(Exception):
    """The scanner is away, or its answer decides nothing: the file is as unscanned as before."""


def objection(chunks: Iterable[bytes], address: str) -> str | None:
    """Return `virus` if the scanner at `address` finds one in the bytes of `chunks`, None if it finds none.

    `address` is `host:port`, or the path of a socket. Raises ScannerFailed.
    """
    try:
        with _connection(address) as line:
            line.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                if chunk:
                    line.sendall(len(chunk).to_bytes(4, "big") + chunk)
            line.sendall(bytes(4))
            answer = line.makefile("rb").read(_LONGEST_ANSWER).strip(b"\0\n ")
    except OSError as trouble:
        raise ScannerFailed(f"{address}: {trouble}") from trouble
    if answer.endswith(b": OK"):
        return None
    if answer.endswith(b" FOUND"):
        return Reason.VIRUS.value
    raise ScannerFailed(f"{address} says {answer.decode('ascii', 'replace') or 'nothing'}")


def _connection(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        line.connect(address)
        return line
    host, _, port = address.rpartition(":")
    if not port.isdecimal():
        raise ScannerFailed(f"CLAMD must be host:port or the path of a socket, not {address}")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)
