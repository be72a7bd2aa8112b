"""A signature inside the document it signs: what it covers, and what wrapping it does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.pki.judging import judge_xades
from tests import signing
from tests.pki.judged import judge, resolving, store
from tests.pki.own_pki import NOW, citizen, hierarchy

DOCUMENT = '<?xml version="1.0"?>\n<!-- before -->\n<?pi a?><w xmlns="urn:w" Id="W"><kwota>100</kwota><!-- c -->\n</w>'
WHERE = ("META-INF/signatures0.xml",)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    folder = tmp_path_factory.mktemp("signer")
    return (*citizen(hierarchy().issuing, "rsa2048").files(folder), folder)


@pytest.mark.parametrize("c14n", [signing.EXCLUSIVE, signing.INCLUSIVE, signing.EXCLUSIVE + "WithComments"])
def test_an_enveloped_signature_covers_its_document(files: tuple[Path, Path, Path], c14n: str) -> None:
    signed = signing.enveloped_xades(DOCUMENT, *files, c14n=c14n)

    verdict = judge(signed, enveloped=True)

    assert (verdict.reasons, verdict.covers) == ((), WHERE)


def test_a_document_is_not_looked_for_signatures_unless_asked(files: tuple[Path, Path, Path]) -> None:
    signed = signing.enveloped_xades(DOCUMENT, *files)

    assert judge(signed).reasons == ("format-failure",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"100", b"900"),
        (b"<kwota>", b'<kwota x="1">'),
        (b"-->\n<ds", b"--><ds"),
        (b"<?pi a?>", b"<?pi b?>"),
        (b"urn:w", b"urn:v"),
    ],
)
def test_a_changed_document_is_a_hash_mismatch(files: tuple[Path, Path, Path], old: bytes, new: bytes) -> None:
    signed = signing.enveloped_xades(DOCUMENT, *files)
    assert old in signed

    verdict = judge(signed.replace(old, new, 1), enveloped=True)

    assert "hash-mismatch" in verdict.reasons
    assert verdict.covers == ()


def test_a_signed_document_wrapped_in_another_covers_nothing(files: tuple[Path, Path, Path]) -> None:
    """The classic wrapping: the signature is moved up, the signed root becomes a child of a forged one."""
    key_pem, cert_pem, folder = files
    by_id = signing.reference("#W", "sha256", transforms=(signing.ENVELOPED, signing.EXCLUSIVE))
    template = signing.signature_template(by_id, cert_pem, signing.signature_method(key_pem, "sha256"))
    document = '<w xmlns="urn:w" Id="W"><kwota>100</kwota>' + template + "</w>"
    folder = folder / "ids"
    folder.mkdir(exist_ok=True)
    (folder / "t.xml").write_text(document)
    signing.run(
        "xmlsec1", "--sign", "--privkey-pem", key_pem, "--output", "s.xml", "--id-attr:Id", "urn:w:w",
        "--id-attr:Id", f"{signing.XADES}:SignedProperties", "t.xml",
        cwd=folder,
    )  # fmt: skip
    signed = (folder / "s.xml").read_text()
    assert judge(signed.encode(), enveloped=True).covers == WHERE
    signature = re.search(r"<ds:Signature .*</ds:Signature>", signed, re.DOTALL)
    assert signature
    original = signed[signed.index("<w ") :].replace(signature[0], "")

    wrapped = {
        "child": f'<w xmlns="urn:w"><kwota>900</kwota>{original}{signature[0]}</w>',
        "in an object": '<w xmlns="urn:w"><kwota>900</kwota>'
        + signature[0].replace("</ds:Signature>", f"<ds:Object>{original}</ds:Object></ds:Signature>")
        + "</w>",
        "two Ids": f'<w xmlns="urn:w" Id="W"><kwota>900</kwota>{original}{signature[0]}</w>',
        "nested": f'<w xmlns="urn:w"><kwota>900</kwota>{signed[signed.index("<w ") :]}</w>',
        "around": signature[0].replace("</ds:Signature>", f"<ds:Object>{original}</ds:Object></ds:Signature>"),
    }

    for kind, document in wrapped.items():
        verdict = judge(document.encode(), enveloped=True)
        assert verdict.reasons, kind
        assert verdict.covers == (), kind
        assert verdict.indication != "TOTAL-PASSED", kind


def test_the_literal_filter_without_signatures_lets_two_people_sign(files: tuple[Path, Path, Path]) -> None:
    key_pem, cert_pem, folder = files
    xpath = (
        '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116">'
        f'<ds:XPath xmlns:ds="{signing.DS}">not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>'
        f'<ds:Transform Algorithm="{signing.EXCLUSIVE}"/>'
    )
    method = signing.signature_method(key_pem, "sha256")
    one = signing.signature_template(signing.reference("", "sha256", raw=xpath), cert_pem, method)
    signed = signing.xmlsec_sign(f"<w>tak{one}</w>", {}, key_pem, folder).decode()
    first = re.search(r"<ds:Signature .*</ds:Signature>", signed, re.DOTALL)
    assert first
    two = signing.signature_template(signing.reference("", "sha256", raw=xpath), cert_pem, method, signature_id="S1")
    both = signing.xmlsec_sign(f"<w>tak{two}</w>", {}, key_pem, folder).decode().replace("</w>", f"{first[0]}</w>")

    verdicts = judge_xades(both.encode(), "w.xml", resolving({}), store(), NOW, enveloped=True)

    assert [(verdict.reasons, verdict.covers) for verdict in verdicts] == [((), ("w.xml",))] * 2


def test_content_inside_the_signature_is_covered_when_all_of_it_is_signed(files: tuple[Path, Path, Path]) -> None:
    key_pem, cert_pem, folder = files
    method = signing.signature_method(key_pem, "sha256")
    inside = '<ds:Object Id="D"><w xmlns="urn:w">tak</w></ds:Object>'
    template = signing.signature_template(
        signing.reference("#D", "sha256", transforms=(signing.EXCLUSIVE,)), cert_pem, method, objects=inside
    )
    signed = signing.xmlsec_sign(template, {}, key_pem, folder)

    assert judge(signed, enveloped=True).covers == WHERE
    added = signed.replace(b"</ds:Signature>", b"<ds:Object><w xmlns='urn:w'>nie</w></ds:Object></ds:Signature>")
    assert judge(added, enveloped=True).covers == ()
    assert judge(signed.replace(b"tak", b"nie"), enveloped=True).reasons == ("hash-mismatch",)


def test_a_document_without_signature_says_so() -> None:
    assert judge(b"<w/>", enveloped=True).reasons == ("no-signature",)
