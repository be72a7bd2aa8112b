"""What is added to signatures after they are made: timestamps and revocation data, by `openssl` and by hand.

Nothing here imports app/.
"""

from __future__ import annotations

import base64
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.signing import DS, EXCLUSIVE, run


def timestamp_token(message: bytes, key_pem: Path, cert_pem: Path, workdir: Path, digest: str = "sha256") -> bytes:
    """An RFC 3161 token over a message, by `openssl ts`; its time is now."""
    (workdir / "stamped.bin").write_bytes(message)
    (workdir / "serial").write_text("01\n")
    (workdir / "ts.cnf").write_text(
        "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\ndefault_policy = 1.2.3.4\nsigner_digest = sha256\n"
        "digests = sha1, sha256, sha384, sha512\ness_cert_id_alg = sha256\n"
    )
    run(
        "openssl", "ts", "-query", "-data", "stamped.bin", f"-{digest}", "-cert", "-no_nonce", "-out", "query.tsq",
        cwd=workdir,
    )  # fmt: skip
    run(
        "openssl", "ts", "-reply", "-config", "ts.cnf", "-queryfile", "query.tsq", "-signer", cert_pem.resolve(),
        "-inkey", key_pem.resolve(), "-token_out", "-out", "token.der",
        cwd=workdir,
    )  # fmt: skip
    return (workdir / "token.der").read_bytes()


def signature_value(signature: bytes) -> bytes:
    """The first SignatureValue in exclusive canonical form: what a timestamp of XAdES-B-T speaks of."""
    text = signature.decode()
    start, end = text.index("<ds:SignatureValue"), text.index("</ds:SignatureValue>") + len("</ds:SignatureValue>")
    value = text[start:end].replace("<ds:SignatureValue", f'<ds:SignatureValue xmlns:ds="{DS}"', 1)
    return ET.canonicalize(value).encode()


def with_unsigned(
    signature: bytes, *, timestamps: tuple[bytes, ...] = (), crls: tuple[bytes, ...] = (), ocsps: tuple[bytes, ...] = ()
) -> bytes:
    """A XAdES signature with timestamps (B-T) and revocation data (B-LT) added to its unsigned properties."""

    def encoded(name: str, values: tuple[bytes, ...]) -> str:
        return "".join(f"<xades:{name}>{base64.b64encode(value).decode()}</xades:{name}>" for value in values)

    stamped = "".join(
        f'<xades:SignatureTimeStamp><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        f"{encoded('EncapsulatedTimeStamp', (token,))}</xades:SignatureTimeStamp>"
        for token in timestamps
    )
    revocation = (
        f"<xades:CRLValues>{encoded('EncapsulatedCRLValue', crls)}</xades:CRLValues>"
        f"<xades:OCSPValues>{encoded('EncapsulatedOCSPValue', ocsps)}</xades:OCSPValues>"
    )
    values = f"<xades:RevocationValues>{revocation}</xades:RevocationValues>" if crls or ocsps else ""
    unsigned = (
        f"<xades:UnsignedProperties><xades:UnsignedSignatureProperties>{stamped}{values}"
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    end = "</xades:QualifyingProperties>"
    return signature.decode().replace(end, unsigned + end).encode()


def ocsp_index(*entries: tuple[int, str]) -> str:
    """The index file of `openssl ocsp`: serial numbers with `V` (good) or `R,<reason>@<YYMMDDhhmmssZ>` (revoked)."""
    lines = []
    for serial, status in entries:
        kind, _, rest = status.partition(",")
        reason, _, when = rest.partition("@")
        shown = f"{serial:X}" if len(f"{serial:X}") % 2 == 0 else f"0{serial:X}"
        revoked = f"{when},{reason}" if kind == "R" else ""
        lines.append(f"{kind}\t491231235959Z\t{revoked}\t{shown}\tunknown\t/CN=x\n")
    return "".join(lines)


def ocsp_response(
    certificate_pem: Path, issuer_pem: Path, index: str, responder: tuple[Path, Path], workdir: Path, *options: str
) -> bytes:
    """An OCSP response about a certificate by `openssl ocsp`; `responder` is key and certificate."""
    (workdir / "index.txt").write_text(index)
    run(
        "openssl", "ocsp", "-issuer", issuer_pem.resolve(), "-cert", certificate_pem.resolve(), "-reqout", "q.der",
        "-no_nonce",
        cwd=workdir,
    )  # fmt: skip
    run(
        "openssl", "ocsp", "-index", "index.txt", "-CA", issuer_pem.resolve(), "-rkey", responder[0].resolve(),
        "-rsigner", responder[1].resolve(), "-reqin", "q.der", "-respout", "r.der", "-ndays", "1", *options,
        cwd=workdir,
    )  # fmt: skip
    return (workdir / "r.der").read_bytes()
