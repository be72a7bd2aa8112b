"""By which way e-mails leave: an SMTP server, or files in a folder where nobody has one yet."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import smtplib
import ssl
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from flask_mail import Connection, Mail, Message, _Mail

_PATIENCE = 20
"""Seconds to wait for the server at each step: a job must end well within its lease."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Undeliverable(Exception):
    """This e-mail will not be taken however often it is tried: a bad address, or a header that is none."""


class Channel(Protocol):
    """A way out."""

    def send(self, message: Message) -> None:
        """Hand `message` over. Raises Undeliverable for good, and OSError or SMTPException for now."""
        ...


@dataclass(frozen=True, slots=True)
class Files:
    """E-mails as `.eml` files, named by their Message-ID: sent twice, a file is written over with the same."""

    folder: Path

    def send(self, message: Message) -> None:
        """See Channel."""
        _refuse_line_breaks(message)
        self.folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9.@_-]", "", message.msgId)
        waiting = self.folder / f".{name}.{secrets.token_hex(4)}"
        try:
            with waiting.open("wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            waiting.replace(self.folder / f"{name}.eml")
        finally:
            waiting.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Smtp:
    """An SMTP server. `secure` is TLS from the first byte; otherwise STARTTLS is used where the server offers it."""

    host: str
    port: int
    user: str | None
    password: str | None
    secure: bool

    def send(self, message: Message) -> None:
        """See Channel."""
        _refuse_line_breaks(message)
        options = {"MAIL_SERVER": self.host, "MAIL_PORT": self.port, "MAIL_SUPPRESS_SEND": False}
        try:
            with _PatientConnection(Mail().init_mail(options), self) as connection:
                connection.send(message)
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= 500 for code, _ in error.recipients.values()):
                raise Undeliverable(f"the server refuses the recipient: {error.recipients}") from error
            raise


class _PatientConnection(Connection):
    """Flask-Mail's connection with limits of time, and no password over an open wire."""

    def __init__(self, mail: _Mail, server: Smtp) -> None:
        super().__init__(mail)  # type: ignore[arg-type]  # its annotation names the other class
        self._server = server

    def configure_host(self) -> smtplib.SMTP:
        server = self._server
        if server.secure:
            host: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=_PATIENCE, context=ssl.create_default_context()
            )
        else:
            host = smtplib.SMTP(server.host, server.port, timeout=_PATIENCE)
        try:
            host.ehlo()
            over_the_net = not server.secure and server.host not in _LOOPBACK
            # With a password TLS is a must: without STARTTLS on offer this raises SMTPNotSupportedError.
            if over_the_net and (server.user or host.has_extn("starttls")):
                host.starttls(context=ssl.create_default_context())
                host.ehlo()
            if server.user:
                host.login(server.user, server.password or "")
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say good-bye; a server that hangs up first has the e-mail all the same."""
        if self.host is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self.host.quit()
            self.host.close()


def open_channel(url: str) -> Channel:
    """Return the channel that the setting `MAIL_URL` names: `smtp://`, `smtps://` (user:password@host:port), `file://`.

    Raises:
        ValueError: another scheme, or no host.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Files(Path(unquote(parts.path)))
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("MAIL_URL must be smtp://…, smtps://… or file://…")
    secure = parts.scheme == "smtps"
    return Smtp(
        host=parts.hostname,
        port=parts.port or (465 if secure else 25),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        secure=secure,
    )


def sender_address(mail_url: str, public_url: str) -> str:
    """Return from which address the office writes: `?from=` of `MAIL_URL`, else nobody at the office's own host."""
    named = parse_qs(urlsplit(mail_url).query).get("from")
    return named[0] if named else f"no-reply@{_host(urlsplit(public_url))}"


def _host(parts: SplitResult) -> str:
    return parts.hostname or "localhost"


def _refuse_line_breaks(message: Message) -> None:
    headers = (message.subject, message.sender, message.msgId, *message.recipients)
    if message.has_bad_headers() or any(sign in str(header) for header in headers for sign in "\r\n"):
        raise Undeliverable("a line break in a header")
