"""A XAdES signature that was made or changed against the rules never passes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.pki.judging import judge_xades
from app.pki.verdicts import outcome_of
from tests.pki.by_hand import Sign, all_members, element
from tests.pki.judged import MEMBERS, judge, resolving, store
from tests.pki.own_pki import NOW, make, subject
from tests.signing import XADES


def test_the_hand_made_signature_is_valid_so_that_what_follows_fails_for_its_own_reason(sign: Sign) -> None:
    assert judge(sign(all_members())).reasons == ()


# what was signed


def test_a_changed_member_is_a_hash_mismatch(signature: bytes) -> None:
    verdict = judge(signature, MEMBERS | {"01-umowa.pdf": b"%PDF-1.7 inna umowa"})

    assert verdict.reasons == ("hash-mismatch",)
    assert (verdict.intact, verdict.indication, verdict.sub_indication) == (False, "TOTAL-FAILED", "HASH_FAILURE")
    assert verdict.covers == ("wniosek.xml",)
    assert outcome_of([verdict]) == "invalid"


def test_an_added_member_is_not_among_those_covered(signature: bytes) -> None:
    verdict = judge(signature, MEMBERS | {"02-dopisane.pdf": b"%PDF"})

    assert "02-dopisane.pdf" not in verdict.covers
    assert outcome_of([verdict], ["member-unsigned"]) == "invalid"


def test_a_removed_member_is_missed(signature: bytes) -> None:
    verdict = judge(signature, {"wniosek.xml": MEMBERS["wniosek.xml"]})

    assert verdict.reasons == ("member-missing",)
    assert verdict.intact is None
    assert verdict.sub_indication == "SIGNED_DATA_NOT_FOUND"
    assert outcome_of([verdict]) == "invalid"


def test_a_renamed_member_is_missed(signature: bytes) -> None:
    assert judge(signature, {"WNIOSEK.XML": b"<wniosek>tak</wniosek>", "01-umowa.pdf": b"%PDF-1.7 umowa"}).reasons == (
        "member-missing",
    )


def test_all_that_is_wrong_is_told_not_only_the_first(signature: bytes) -> None:
    verdict = judge(
        signature, {"wniosek.xml": b"<wniosek>nie</wniosek>"}, trust=store(make(subject("Obcy"), None, ca=True))
    )

    assert set(verdict.reasons) == {"hash-mismatch", "member-missing", "chain-unknown"}
    assert outcome_of([verdict]) == "invalid"


# the parts of a signature


def test_a_changed_signing_time_breaks_the_signed_properties(signature: bytes) -> None:
    changed = re.sub(rb"<xades:SigningTime>....", b"<xades:SigningTime>2001", signature)

    assert judge(changed).reasons == ("hash-mismatch",)


def test_a_changed_reference_breaks_the_signature_value(signature: bytes) -> None:
    changed = signature.replace(b'URI="01-umowa.pdf"', b'URI="wniosek.xml"')

    verdict = judge(changed)

    assert verdict.reasons == ("signature-mismatch",)
    assert (verdict.intact, verdict.sub_indication) == (False, "SIG_CRYPTO_FAILURE")
    assert verdict.covers == ()


def test_nothing_is_read_for_a_signature_whose_value_is_wrong(signature: bytes) -> None:
    def never(name: str) -> None:
        raise AssertionError(name)

    changed = signature.replace(b'URI="01-umowa.pdf"', b'URI="inna.pdf"')

    (verdict,) = judge_xades(changed, "s", never, store(), NOW)

    assert verdict.reasons == ("signature-mismatch",)


def renamed(text: str) -> str:
    """The same signature with other Ids."""
    return text.replace('"S0', '"S1').replace('"#S0', '"#S1')


def _text(signature: bytes) -> str:
    return signature.decode()


def _second_qualifying_properties(text: str) -> str:
    extra = element(text, "xades:QualifyingProperties").replace("S0-SP", "S1-SP").replace("2026", "2001")
    return text.replace("</ds:Signature>", f"<ds:Object>{extra}</ds:Object></ds:Signature>")


def _evil_properties_before_the_signed_ones(text: str) -> str:
    signed = element(text, "xades:SignedProperties")
    return text.replace(signed, signed.replace("S0-SP", "evil") + signed)


def _signed_properties_moved_away(text: str) -> str:
    """The signed ones are put where nobody looks by path, others take their place."""
    signed = element(text, "xades:SignedProperties")
    return text.replace(signed, signed.replace('"S0-SP"', '"evil"')).replace(
        "</ds:Signature>", f'<ds:Object><x xmlns:xades="{XADES}">{signed}</x></ds:Object></ds:Signature>'
    )


def _signed_properties_twice(text: str) -> str:
    signed = element(text, "xades:SignedProperties")
    return text.replace(
        "</ds:Signature>", f'<ds:Object><x xmlns:xades="{XADES}">{signed}</x></ds:Object></ds:Signature>'
    )


def _signature_wrapped_in_an_element(text: str) -> str:
    signature = element(text, "ds:Signature")
    return text.replace(signature, f"<x>{signature}</x>")


def _signature_inside_another_signatures_object(text: str) -> str:
    signature = element(text, "ds:Signature")
    outer = renamed(signature).replace("</ds:Signature>", "")
    return text.replace(signature, f"{outer}<ds:Object>{signature}</ds:Object></ds:Signature>")


def _signature_called_a_counter_signature_of_nothing(text: str) -> str:
    signature = element(text, "ds:Signature")
    return text.replace(
        signature,
        f'{signature}<xades:CounterSignature xmlns:xades="{XADES}">{renamed(signature)}</xades:CounterSignature>',
    )


def _second_signed_info(text: str) -> str:
    info = element(text, "ds:SignedInfo")
    return text.replace(info, info + info)


def _signed_info_not_first(text: str) -> str:
    info, value = element(text, "ds:SignedInfo"), element(text, "ds:SignatureValue")
    return text.replace(info, "").replace(value, value + info)


def _wrong_target(text: str) -> str:
    return text.replace('Target="#S0"', 'Target="#S1"')


def _no_target(text: str) -> str:
    return text.replace(' Target="#S0"', "")


def _no_properties(text: str) -> str:
    return text.replace(element(text, "ds:Object"), "")


def _duplicate_id(text: str) -> str:
    return text.replace('<ds:KeyInfo Id="S0-KI">', '<ds:KeyInfo Id="S0">')


def _doctype(text: str) -> str:
    return re.sub(r"^(<\?xml[^>]*\?>)?", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>', text, count=1)


def _other_root(text: str) -> str:
    return text.replace("asic:XAdESSignatures", "asic:Signatures")


def _two_signature_values(text: str) -> str:
    value = element(text, "ds:SignatureValue")
    return text.replace(value, value + value.replace("S0-SV", "S1-SV"))


def _comment_in_the_value(text: str) -> str:
    return re.sub(r"(<ds:SignatureValue[^>]*>)(.)", r"\1\2<!-- -->", text)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_second_qualifying_properties, "format-failure"),
        (_evil_properties_before_the_signed_ones, "format-failure"),
        (_signed_properties_moved_away, "format-failure"),
        (_signed_properties_twice, "duplicate-id"),
        (_signature_wrapped_in_an_element, "no-signature"),
        (_signature_inside_another_signatures_object, "format-failure"),
        (_signature_called_a_counter_signature_of_nothing, "format-failure"),
        (_second_signed_info, "format-failure"),
        (_signed_info_not_first, "format-failure"),
        (_wrong_target, "format-failure"),
        (_no_target, "format-failure"),
        (_no_properties, "format-failure"),
        (_duplicate_id, "duplicate-id"),
        (_doctype, "doctype"),
        (_other_root, "format-failure"),
        (_two_signature_values, "format-failure"),
        (_comment_in_the_value, "format-failure"),
    ],
)
def test_a_rearranged_signature_is_refused(signature: bytes, change: Callable[[str], str], reason: str) -> None:
    changed = change(_text(signature)).encode()
    assert changed != signature

    verdict = judge(changed)

    assert verdict.reasons[0] == reason
    assert verdict.indication == "TOTAL-FAILED"
    assert verdict.covers == ()
    assert outcome_of([verdict]) == "invalid"


# several signatures


def test_each_signature_is_judged_by_itself(signature: bytes) -> None:
    second = renamed(element(_text(signature), "ds:Signature"))
    both = _text(signature).replace("</asic:", f"{second}</asic:").encode()

    verdicts = judge_xades(both, "s", resolving(MEMBERS), store(), NOW)

    assert [verdict.reasons for verdict in verdicts] == [(), ("signature-mismatch",)]
    assert outcome_of(verdicts) == "invalid"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<",
        b"PK\x03\x04",
        b"<a/>",
        b"\xff\xfe<\0a\0/\0>\0",
        b'<?xml version="1.0" encoding="UTF-7"?><a/>',
        b"<a>\0</a>",
    ],
)
def test_what_is_no_signature_file_gives_one_verdict_that_says_so(data: bytes) -> None:
    verdict = judge(data)

    assert verdict.reasons in {("format-failure",), ("no-signature",)}
    assert (verdict.intact, verdict.trusted, verdict.revoked) == (None, None, None)
