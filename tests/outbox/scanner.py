"""A virus scanner for tests that speaks as clamd does, and objects to the harmless file that all scanners object to."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# In two halves, so that no scanner objects to this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """`limit` is clamd's StreamMaxLength; `streams` are the bytes it was shown."""

    daemon_threads = True
    limit = 1_000_000

    def __init__(self, path: Path | None = None) -> None:
        self.address_family = socket.AF_UNIX if path else socket.AF_INET
        super().__init__(str(path) if path else ("127.0.0.1", 0), _Answer)
        self.streams: list[bytes] = []

    @property
    def address(self) -> str:
        where = self.server_address
        return where if isinstance(where, str) else "{}:{}".format(*where)


class _Answer(socketserver.StreamRequestHandler):
    server: Scanner

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        stream = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            stream += self.rfile.read(size)
            if len(stream) > self.server.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.streams.append(stream)
        self.wfile.write(b"stream: Eicar-Signature FOUND\0" if EICAR in stream else b"stream: OK\0")


@contextmanager
def virus_scanner(path: Path | None = None) -> Iterator[Scanner]:
    with Scanner(path) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
