"""Does an IssuerSerial structure (RFC 5035) name this certificate?"""

from __future__ import annotations

from asn1crypto import core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding


class IssuerSerial(core.Sequence):  # type: ignore[misc] # asn1crypto has no types
    """IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber CertificateSerialNumber }."""

    _fields = [("issuer", asn1_x509.GeneralNames), ("serial_number", core.Integer)]  # noqa: RUF012 # asn1crypto's way


def names_certificate(der: bytes, certificate: x509.Certificate) -> bool:
    """Whether the structure names the certificate's issuer and serial number; False if it cannot be read."""
    try:
        named = IssuerSerial.load(der)
        issuer = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)).issuer.hashable
        return int(named["serial_number"].native) == certificate.serial_number and any(
            name.name == "directory_name" and name.chosen.hashable == issuer for name in named["issuer"]
        )
    except (ValueError, TypeError, KeyError):
        return False
