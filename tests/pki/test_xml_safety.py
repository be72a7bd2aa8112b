"""XML from outside is read without danger."""

from __future__ import annotations

import time

import pytest

from app.pki.verdicts import Defect
from app.pki.xml_safety import MAX_BYTES, parse


def code_of(data: bytes) -> str:
    with pytest.raises(Defect) as refused:
        parse(data)
    return refused.value.code


BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]><a>&j;</a>"
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<!DOCTYPE a><a/>", "doctype"),
        (b"<!doctype a><a/>", "doctype"),
        (b"<a><!-- <!DOCTYPE b> --></a>", "doctype"),
        (BOMB, "doctype"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "doctype"),
        (b'<?xml version="1.0" encoding="UTF-16"?><a/>', "format-failure"),
        (b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>', "format-failure"),
        (b"<?xml version='1.0' encoding='IBM037'?><a/>", "format-failure"),
        ("<!DOCTYPE a><a/>".encode("utf-16"), "format-failure"),
        ("<!DOCTYPE a><a/>".encode("utf-16-le"), "format-failure"),
        ("<a/>".encode("utf-32"), "format-failure"),
        (b"<a>\xb9</a>", "format-failure"),
        (b"<a>&nbsp;</a>", "format-failure"),
        (b"<a>\0</a>", "format-failure"),
        (b"<a>", "format-failure"),
        (b"<a/><b/>", "format-failure"),
        (b"", "format-failure"),
        (b"<a>" + b"x" * MAX_BYTES + b"</a>", "xml-too-large"),
        (b"<a>" + b"<b/>" * 200_001 + b"</a>", "xml-too-large"),
        (b"<a>" + b"<b/>" * 1_500_000 + b"</a>", "xml-too-large"),
        (b"<a " + b" ".join(b"a%d=''" % i for i in range(450_000)) + b"/>", "xml-too-large"),
        (b"<a " + b" ".join(b"a%d=''" % i for i in range(20_000)) + b"/>", "xml-too-large"),
        (b"<a>" * 300 + b"</a>" * 300, "xml-too-large"),
        (
            b"<a " + b" ".join(b"xmlns:n%d='urn:%d'" % (i, i) for i in range(60)) + b">" + b"<b/>" * 150_000 + b"</a>",
            "xml-too-large",
        ),
        (b"<a " + b" ".join(b"xmlns:n%d='u%d'" % (i, i) for i in range(100)) + b"/>", "xml-too-large"),
    ],
)
def test_dangerous_xml_is_refused_within_a_second(data: bytes, code: str) -> None:
    started = time.process_time()

    assert code_of(data) == code
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "data",
    [
        b"<a/>",
        b"\xef\xbb\xbf<a/>",
        b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<a>\xc5\xbc</a>',
        b'<?xml version="1.0" encoding="US-ASCII"?><a>&#380;</a>',
        b"<a><![CDATA[<b>]]></a>",
        b"<a>" * 200 + b"</a>" * 200,
        b"<a>" + b"<b/>" * 100_000 + b"</a>",
    ],
)
def test_ordinary_xml_is_read(data: bytes) -> None:
    assert parse(data).tag == "a"
