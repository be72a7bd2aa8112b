"""An SMTP server for tests, with moods: it takes e-mails, or defers, refuses, hangs up or dawdles."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Postbox:
    """What came in, and how the server behaves."""

    mood: str = "takes"
    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=okienko@czestochowa.example"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd's name
        if self.mood == "refuses":
            return "550 5.1.1 nobody of that name"
        if self.mood == "defers":
            return "451 4.7.1 come again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd's name
        if self.mood == "hangs up":
            server.transport.close()
            return "421 gone"
        if self.mood == "dawdles":
            await asyncio.sleep(3)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        if self.mood == "takes and hangs up":
            server.transport.write(b"250 OK\r\n")
            server.transport.close()
        return "250 OK"


@contextmanager
def smtp_server() -> Iterator[Postbox]:
    from aiosmtpd.controller import Controller

    class OnAFreePort(Controller):
        def _trigger_server(self) -> None:
            # The system chose the port; the knock that completes the start has to go there.
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    postbox = Postbox()
    controller = OnAFreePort(postbox, hostname="127.0.0.1", port=0, ready_timeout=10)
    controller.start()
    try:
        postbox.port = controller.port
        yield postbox
    finally:
        controller.stop()
