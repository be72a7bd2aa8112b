"""A national trusted list is imported only when its operator signed it, and only granted services become anchors."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.pki.path import find_path
from app.pki.revocation import MemoryRevocations
from app.pki.trust_store import TrustStore
from app.pki.trusted_list import TrustedListRefused, read_trusted_list
from tests import signing
from tests.pki.own_pki import DAY, NOW, Party, citizen, hierarchy, make, subject, usage

OPERATOR = make(subject("Test TL Operator"), None, kind="rsa2048", key_usage=usage(digital_signature=True))
STATUS = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/"
SERVICE = "http://uri.etsi.org/TrstSvc/Svctype/"
USE = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/"
PKI = hierarchy()
OTHER = make(subject("Other QC"), None, ca=True)
TSA = make(subject("List TSA"), None, ca=True)


def moment(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def information(certificate: Party, kind: str, status: str, since: datetime, uses: tuple[str, ...] = ()) -> str:
    shown = base64.b64encode(certificate.der).decode()
    extensions = "".join(
        '<Extension Critical="true"><AdditionalServiceInformation>'
        f'<URI xml:lang="en">{USE}{use}</URI></AdditionalServiceInformation></Extension>'
        for use in uses
    )
    return (
        f"<ServiceTypeIdentifier>{SERVICE}{kind}</ServiceTypeIdentifier>"
        '<ServiceName><Name xml:lang="en">A service</Name><Name xml:lang="pl">Usługa</Name></ServiceName>'
        f"<ServiceDigitalIdentity><DigitalId><X509Certificate>{shown}</X509Certificate></DigitalId>"
        f"<DigitalId><X509SubjectName>CN=x</X509SubjectName></DigitalId></ServiceDigitalIdentity>"
        f"<ServiceStatus>{STATUS}{status}</ServiceStatus><StatusStartingTime>{moment(since)}</StatusStartingTime>"
        f"<ServiceInformationExtensions>{extensions}</ServiceInformationExtensions>"
    )


def service(now: str, *past: str) -> str:
    history = "".join(f"<ServiceHistoryInstance>{entry}</ServiceHistoryInstance>" for entry in past)
    return (
        f"<TSPService><ServiceInformation>{now}</ServiceInformation>"
        f"<ServiceHistory>{history}</ServiceHistory></TSPService>"
    )


def document(*services: str, next_update: datetime | None = NOW + 90 * DAY) -> str:
    until = "" if next_update is None else f"<dateTime>{moment(next_update)}</dateTime>"
    return (
        '<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#" Id="TL" TSLTag="x"><SchemeInformation>'
        "<TSLVersionIdentifier>5</TSLVersionIdentifier><TSLSequenceNumber>7</TSLSequenceNumber>"
        '<SchemeOperatorName><Name xml:lang="en">Test operator</Name></SchemeOperatorName>'
        f"<SchemeTerritory>PL</SchemeTerritory><ListIssueDateTime>{moment(NOW - DAY)}</ListIssueDateTime>"
        f"<NextUpdate>{until}</NextUpdate></SchemeInformation><TrustServiceProviderList><TrustServiceProvider>"
        f"<TSPServices>{''.join(services)}</TSPServices></TrustServiceProvider></TrustServiceProviderList>"
        "</TrustServiceStatusList>"
    )


GRANTED = service(information(PKI.issuing, "CA/QC", "granted", NOW - 400 * DAY, ("ForeSignatures",)))


def signed(text: str, folder: Path, by: Party = OPERATOR) -> bytes:
    return signing.enveloped_xades(text, *by.files(folder), folder)


def read(data: bytes, *operators: Party):
    return read_trusted_list(data, [party.certificate for party in (operators or (OPERATOR,))], NOW)


def test_a_granted_service_becomes_an_anchor_that_leads_to_qualified_signers(tmp_path: Path) -> None:
    found = read(signed(document(GRANTED), tmp_path))

    assert (found.territory, found.operator, found.sequence, found.left_out) == ("PL", "Test operator", 7, 0)
    (anchor,) = found.anchors
    assert (anchor.certificate, anchor.purpose, anchor.identity, anchor.name) == (
        PKI.issuing.certificate, "sign", "qualified", "Usługa",
    )  # fmt: skip
    assert anchor.valid_from == NOW - 400 * DAY
    trust = TrustStore(found.anchors, MemoryRevocations(PKI.crls))
    assert find_path(citizen(PKI.issuing).certificate, (), trust, "sign", NOW).trusted


def test_time_stamping_services_become_anchors_for_timestamps(tmp_path: Path) -> None:
    (anchor,) = read(signed(document(service(information(TSA, "TSA/QTST", "granted", NOW - DAY))), tmp_path)).anchors

    assert (anchor.certificate, anchor.purpose) == (TSA.certificate, "timestamp")


@pytest.mark.parametrize(
    "entry",
    [
        information(OTHER, "CA/QC", "withdrawn", NOW - DAY),
        information(OTHER, "CA/QC", "granted", NOW - DAY, ("ForeSeals",)),
        information(OTHER, "CA/QC", "granted", NOW - DAY, ("ForWebSiteAuthentication",)),
        information(OTHER, "CA/PKC", "granted", NOW - DAY),
        information(OTHER, "CA/QC", "recognisedatnationallevel", NOW - DAY),
    ],
)
def test_other_services_do_not_become_anchors(tmp_path: Path, entry: str) -> None:
    assert read(signed(document(service(entry)), tmp_path)).anchors == ()


def test_a_withdrawn_service_holds_for_the_time_before(tmp_path: Path) -> None:
    history = service(
        information(PKI.issuing, "CA/QC", "withdrawn", NOW - 10 * DAY),
        information(PKI.issuing, "CA/QC", "undersupervision", NOW - 300 * DAY),
        information(PKI.issuing, "CA/QC", "granted", NOW - 100 * DAY, ("ForeSignatures", "ForeSeals")),
    )

    found = read(signed(document(history), tmp_path))

    assert sorted((anchor.valid_from, anchor.valid_until) for anchor in found.anchors) == [
        (NOW - 300 * DAY, NOW - 100 * DAY),
        (NOW - 100 * DAY, NOW - 10 * DAY),
    ]


def test_a_service_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    broken = GRANTED.replace("<X509Certificate>", "<X509Certificate>AAAA")

    found = read(signed(document(broken, GRANTED), tmp_path))

    assert (len(found.anchors), found.left_out) == (1, 1)


def refused(data: bytes, *operators: Party) -> str:
    with pytest.raises(TrustedListRefused) as raised:
        read(data, *operators)
    return raised.value.code


def test_a_tampered_list_is_refused(tmp_path: Path) -> None:
    good = signed(document(GRANTED), tmp_path)
    other = base64.b64encode(OTHER.der)

    assert refused(good.replace(base64.b64encode(PKI.issuing.der), other)) == "forged"
    assert refused(good.replace(b"granted", b"withdrawn")) == "forged"
    assert refused(good.replace(b"</SchemeTerritory>", b"</SchemeTerritory><x/>")) == "forged"


def test_a_list_signed_by_somebody_else_is_refused(tmp_path: Path) -> None:
    stranger = make(subject("Test TL Operator"), None, kind="rsa2048", owner="stranger")

    assert refused(signed(document(GRANTED), tmp_path, stranger)) == "other-signer"
    assert refused(signed(document(GRANTED), tmp_path), stranger) == "other-signer"


def test_a_list_without_signature_or_with_only_a_part_signed_is_refused(tmp_path: Path) -> None:
    key_pem, cert_pem = OPERATOR.files(tmp_path)
    part = signing.signature_template(
        signing.reference("#D", "sha256", transforms=(signing.EXCLUSIVE,)), cert_pem,
        signing.signature_method(key_pem, "sha256"), objects='<ds:Object Id="D">x</ds:Object>',
    )  # fmt: skip
    text = document(GRANTED).replace("</TrustServiceStatusList>", part + "</TrustServiceStatusList>")

    assert refused(document(GRANTED).encode()) == "unreadable"
    assert refused(signing.xmlsec_sign(text, {}, key_pem, tmp_path)) == "forged"
    assert refused(b"") == "unreadable"


def test_a_list_past_its_next_update_is_refused_and_a_closed_one_is_not(tmp_path: Path) -> None:
    assert refused(signed(document(GRANTED, next_update=NOW - timedelta(seconds=1)), tmp_path)) == "list-expired"
    assert read(signed(document(GRANTED, next_update=None), tmp_path)).next_update is None


def test_another_document_by_the_operator_is_no_list(tmp_path: Path) -> None:
    assert refused(signed("<a>b</a>", tmp_path)) == "unreadable"
