"""Which authorities does a country's trusted list name, and since when?

ETSI TS 119 612. The list comes as a file; its signature must be by one of the scheme operator's certificates that the
administrator gave (they are published in the Official Journal), and only then is it read. Granted services that issue
qualified certificates for signatures, and qualified time-stamping, become anchors for the periods they were granted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from lxml import etree

from app.pki.references import base64_of, text_of
from app.pki.trust_store import Anchor, Purpose
from app.pki.verdicts import Defect
from app.pki.xades import examine_xades
from app.pki.xml_safety import parse

_TSL = "http://uri.etsi.org/02231/v2#"
_SERVICES: dict[str, Purpose] = {
    "http://uri.etsi.org/TrstSvc/Svctype/CA/QC": "sign",
    "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST": "timestamp",
}
_STATUS = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/"
_GRANTED = frozenset(
    {
        _STATUS + "granted",
        _STATUS + "undersupervision",  # before 1 July 2016
        _STATUS + "accredited",
        _STATUS + "supervisionincessation",
    }
)
_FOR_SIGNATURES = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForeSignatures"
_USES = frozenset(
    {
        _FOR_SIGNATURES,
        "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForeSeals",
        "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForWebSiteAuthentication",
    }
)
_OPEN_END = datetime(9999, 12, 31, tzinfo=UTC)


class TrustedListRefused(Exception):
    """A list that is not imported.

    `code`: `unreadable`, `forged` (changed, or its signature is wrong), `other-signer` (not by a given operator),
    `list-expired`.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep both."""
        super().__init__(f"{code} {detail}".rstrip())
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class TrustedList:
    """A list that was checked. `next_update` is None for a closed list. `left_out` counts services not understood."""

    territory: str
    operator: str
    sequence: int
    issued: datetime
    next_update: datetime | None
    anchors: tuple[Anchor, ...]
    left_out: int


def read_trusted_list(data: bytes, operators: Collection[x509.Certificate], at: datetime) -> TrustedList:
    """Check a trusted list and take its anchors out.

    Args:
        data: the file.
        operators: the scheme operator's certificates, from the Official Journal.
        at: now; a list past its next update is refused.

    Raises:
        TrustedListRefused: see there.
    """
    _check_signature(data, operators)
    try:
        root = parse(data)
        if root.tag != _tsl("TrustServiceStatusList"):
            raise Defect("format-failure", f"root {str(root.tag)[:80]}")  # noqa: TRY301 # one place turns it into words
        return _read(root, at)
    except Defect as defect:
        raise TrustedListRefused("unreadable", defect.detail) from defect
    except ValueError as error:
        raise TrustedListRefused("unreadable", str(error)[:100]) from error


def _tsl(name: str) -> str:
    return f"{{{_TSL}}}{name}"


def _check_signature(data: bytes, operators: Collection[x509.Certificate]) -> None:
    """One enveloped signature over all of the list, by one of the operator's very certificates (TS 119 612 5.7.1)."""
    examined = examine_xades(data, "list", lambda _: None, enveloped=True)
    found = examined[0]
    if len(examined) != 1 or not found.intact or found.reasons or found.covers != ("list",):
        readable = found.certificate is not None
        raise TrustedListRefused("forged" if readable else "unreadable", " ".join(found.details or found.reasons))
    if found.certificate not in operators:
        raise TrustedListRefused("other-signer")


def _read(root: etree._Element, at: datetime) -> TrustedList:
    scheme = _one(root, "SchemeInformation")
    next_update = scheme.find(f"{_tsl('NextUpdate')}/{_tsl('dateTime')}")
    until = None if next_update is None else _moment(next_update)
    if until is not None and until < at:
        raise TrustedListRefused("list-expired", until.isoformat())
    anchors: list[Anchor] = []
    left_out = 0
    providers = f"{_tsl('TrustServiceProviderList')}/{_tsl('TrustServiceProvider')}"
    for service in root.iterfind(f"{providers}/{_tsl('TSPServices')}/{_tsl('TSPService')}"):
        try:
            anchors += _anchors(service)
        except (Defect, ValueError):
            left_out += 1  # one service with an odd certificate must not hide all others
    return TrustedList(
        _text(scheme, "SchemeTerritory"),
        _named(scheme, "SchemeOperatorName"),
        int(_text(scheme, "TSLSequenceNumber")),
        _moment(_one(scheme, "ListIssueDateTime")),
        until,
        tuple(anchors),
        left_out,
    )


def _anchors(service: etree._Element) -> list[Anchor]:
    """Anchors of one service, one for each certificate and each period in which it was granted (5.5, 5.6)."""
    now = _one(service, "ServiceInformation")
    past = service.findall(f"{_tsl('ServiceHistory')}/{_tsl('ServiceHistoryInstance')}")
    certificates = [
        x509.load_der_x509_certificate(base64_of(element))
        for element in _one(now, "ServiceDigitalIdentity").iterfind(f"{_tsl('DigitalId')}/{_tsl('X509Certificate')}")
    ]
    found: list[Anchor] = []
    for purpose, start, end in _periods([now, *past]):
        found += [
            Anchor(certificate, purpose, "qualified", start, end, _named(now, "ServiceName"))
            for certificate in dict.fromkeys(certificates)
        ]
    return found


def _periods(entries: list[etree._Element]) -> Iterator[tuple[Purpose, datetime, datetime]]:
    """Periods in which a service was granted; each entry holds until the next newer one."""
    newest_first = sorted(
        ((_moment(_one(entry, "StatusStartingTime")), entry) for entry in entries),
        key=lambda dated: dated[0],
        reverse=True,
    )
    end = _OPEN_END
    for start, entry in newest_first:
        purpose = _SERVICES.get(_text(entry, "ServiceTypeIdentifier"))
        if purpose is not None and _text(entry, "ServiceStatus") in _GRANTED and _is_for_signatures(entry, purpose):
            yield purpose, start, end
        end = start


def _is_for_signatures(entry: etree._Element, purpose: Purpose) -> bool:
    """Whether a CA/QC service issues certificates for signatures; one that does not say issues any (5.5.9.4)."""
    path = "/".join(
        (
            _tsl("ServiceInformationExtensions"),
            _tsl("Extension"),
            _tsl("AdditionalServiceInformation"),
            _tsl("URI"),
        )
    )
    uses = {text_of(uri).strip() for uri in entry.iterfind(path)} & _USES
    return purpose == "timestamp" or not uses or _FOR_SIGNATURES in uses


def _one(parent: etree._Element, name: str) -> etree._Element:
    found = parent.findall(_tsl(name))
    if len(found) != 1:
        raise Defect("format-failure", f"{len(found)} × {name}")
    return found[0]


def _text(parent: etree._Element, name: str) -> str:
    return text_of(_one(parent, name)).strip()


def _named(parent: etree._Element, name: str) -> str:
    """A name in Polish, else English, else the first."""
    names = _one(parent, name).findall(_tsl("Name"))
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    by_language = {found.get(language, ""): text_of(found).strip() for found in reversed(names)}
    return by_language.get("pl") or by_language.get("en") or next(iter(by_language.values()), "")


def _moment(element: etree._Element) -> datetime:
    found = datetime.fromisoformat(text_of(element).strip())
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
