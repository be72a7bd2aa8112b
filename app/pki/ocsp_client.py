"""What does the issuer's OCSP responder say right now?

Used only where the administrator listed the responder's host: addresses come out of uploaded certificates and are not
followed otherwise. No redirects, no proxies, a short time limit, a small answer.
"""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from http.client import HTTPException
from typing import IO
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from app.pki.ocsp import OcspRefused, read_ocsp
from app.pki.withdrawal import NO_DATA, RevocationAnswer, answer

MAX_ANSWER = 64 * 1024
"""Bytes; a response with its certificates has about 2 kB."""

_log = logging.getLogger(__name__)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses to follow anything: the next address would not be on the list."""

    def redirect_request(  # noqa: PLR0917 # the library's
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nothing."""


@dataclass(frozen=True, slots=True)
class OcspOverHttp:
    """A RevocationSource that asks responders on a list of hosts.

    `hosts` are names, or `name:port` where the port is not 80 (443 for https). `timeout` is in seconds per question.
    """

    hosts: Collection[str]
    timeout: float = 3.0

    def status(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> RevocationAnswer:
        """See RevocationSource.status; the first listed responder that answers usably counts."""
        for url in responder_addresses(certificate):
            if not self.allows(url):
                continue
            data = self._ask(url, certificate, issuer)
            if data is None:
                continue
            try:
                return answer(read_ocsp(data, certificate, issuer), certificate, at)
            except OcspRefused as refused:
                _log.warning("answer of %s not used: %s", url, refused.code)
        return NO_DATA

    def allows(self, url: str) -> bool:
        """Whether an address is on the list; nothing but plain http and https to a listed host is."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return False
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
            return False
        usual = {"http": 80, "https": 443}[parts.scheme]
        host = parts.hostname if port in {None, usual} else f"{parts.hostname}:{port}"
        return host in self.hosts

    def _ask(self, url: str, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes | None:
        # SHA-1 only names the issuer here; many responders know no other (RFC 6960 4.3, RFC 9654)
        question = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # noqa: S303
        request = urllib.request.Request(  # noqa: S310 # the scheme was checked
            url,
            question.build().public_bytes(Encoding.DER),
            {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"},
        )
        opener = urllib.request.build_opener(_NoRedirect(), urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=self.timeout) as response:
                data: bytes = response.read(MAX_ANSWER + 1)
        except (urllib.error.URLError, OSError, HTTPException, ValueError) as error:
            _log.warning("no answer of %s: %s", url, error)
            return None
        return data if len(data) <= MAX_ANSWER else None


def responder_addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    """Addresses of the OCSP responders that a certificate names."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return tuple(
        described.access_location.value
        for described in access
        if described.access_method == AuthorityInformationAccessOID.OCSP
        and isinstance(described.access_location, x509.UniformResourceIdentifier)
    )
