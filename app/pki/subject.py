"""Whom does a certificate name, and what does it say the certificate is?"""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import NameOID

_ORGANIZATION_IDENTIFIER = NameOID.ORGANIZATION_IDENTIFIER
_QC_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_QC_COMPLIANCE = bytes.fromhex("060604008e460101")
"""OBJECT IDENTIFIER 0.4.0.1862.1.1: issued as a qualified certificate (EN 319 412-5 4.2.1)."""


def name_of(name: x509.Name) -> str:
    """How a person is called in a list: the common name, else given name and surname, else organisation, else all."""
    common = _first(name, NameOID.COMMON_NAME)
    if common:
        return common
    full = " ".join(part for part in (_first(name, NameOID.GIVEN_NAME), _first(name, NameOID.SURNAME)) if part)
    return full or _first(name, NameOID.ORGANIZATION_NAME) or name.rfc4514_string()


def identifier_of(name: x509.Name) -> str:
    """The number that tells signers apart (`PNOPL-…`, EN 319 412-1 5.1.3), or an organisation's; else empty."""
    return _first(name, NameOID.SERIAL_NUMBER) or _first(name, _ORGANIZATION_IDENTIFIER)


def is_qualified(certificate: x509.Certificate) -> bool:
    """Whether the certificate says of itself that it was issued as a qualified one."""
    try:
        statements = certificate.extensions.get_extension_for_oid(_QC_STATEMENTS).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return isinstance(statements, x509.UnrecognizedExtension) and _QC_COMPLIANCE in statements.value


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value).strip() if found else ""
