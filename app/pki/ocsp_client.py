"""What does the issuer's OCSP responder say right now?

Used only where the administrator listed the responder's host (app.pki.outside), with a short time limit and a small
answer.
"""

from __future__ import annotations

import logging
import urllib.request
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from app.pki.ocsp import OcspRefused, read_ocsp
from app.pki.outside import Unanswered, ask, is_listed
from app.pki.withdrawal import NO_DATA, RevocationAnswer, answer

MAX_ANSWER = 64 * 1024
"""Bytes; a response with its certificates has about 2 kB."""

_log = logging.getLogger(__name__)


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
        """Whether an address is on the list (see is_listed)."""
        return is_listed(url, self.hosts)

    def knows_whom_to_ask(self, certificate: x509.Certificate) -> bool:
        """Whether a question about `certificate` would leave the house."""
        return any(self.allows(url) for url in responder_addresses(certificate))

    def _ask(self, url: str, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes | None:
        # SHA-1 only names the issuer here; many responders know no other (RFC 6960 4.3, RFC 9654)
        question = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # noqa: S303
        request = urllib.request.Request(  # noqa: S310 # the scheme was checked
            url,
            question.build().public_bytes(Encoding.DER),
            {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"},
        )
        try:
            return ask(request, largest=MAX_ANSWER, timeout=self.timeout, altogether=2 * self.timeout)
        except Unanswered:
            return None


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
