"""The log is JSON, one line each, and holds no PESEL, password or token."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from app.journal import redact, set_up_journal

PESEL = "84051203872"


@pytest.fixture
def said(capfd):
    set_up_journal()

    def lines() -> list[dict]:
        return [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]

    return lines


@pytest.mark.parametrize(
    "text",
    [
        f"pesel {PESEL}",
        f"('{PESEL}',)",
        "Authorization: Bearer abcdef0123456789",
        "password=hunter2&x=1",
        '{"token": "s3cr3t-value"}',
        "postgresql://okienko:s3cr3t-value@db/okienko",
        "csrf_token=abcdef0123456789",
    ],
)
def test_secrets_in_a_text_are_hidden(text):
    cleaned = redact(text)

    for secret in (PESEL, "abcdef0123456789", "hunter2", "s3cr3t-value"):
        assert secret not in cleaned
    assert "[hidden]" in cleaned


def test_other_numbers_stay_readable():
    assert (
        redact("KM.5410.17.2026, 12345 bytes, 2026-11-02T12:00:00")
        == "KM.5410.17.2026, 12345 bytes, 2026-11-02T12:00:00"
    )


def test_values_are_cleaned_however_deep_they_stand_and_hidden_by_their_name(said):
    structlog.get_logger("okienko.test").info(
        "tested", who={"pesel": PESEL, "list": [int(PESEL), f"x{PESEL}"]}, password="hunter2", code="case-taken"
    )

    (line,) = said()
    assert line["event"] == "tested"
    assert line["password"] == "[hidden]"
    assert line["code"] == "case-taken"
    assert PESEL not in json.dumps({**line, "who": {**line["who"], "list": line["who"]["list"][:1]}})


def test_logs_of_libraries_take_the_same_way(said):
    logging.getLogger("some.library").warning("user %s logged in with token=%s", PESEL, "abcdef0123456789")

    (line,) = said()
    assert line["logger"] == "some.library"
    assert PESEL not in json.dumps(line)
    assert "abcdef0123456789" not in json.dumps(line)


def test_an_exception_leaves_its_kind_and_places_but_not_its_message(said):
    def read() -> None:
        raise ValueError(f"row of {PESEL}: Jan Testowy")

    try:
        read()
    except ValueError:
        structlog.get_logger("okienko.test").exception("broke")

    (line,) = said()
    assert line["exception"] == "ValueError"
    assert any("test_journal.py" in place for place in line["places"])
    assert "Testowy" not in json.dumps(line)


def test_a_line_break_in_a_value_stays_inside_its_line(said):
    structlog.get_logger("okienko.test").info("typed", text='x\n{"event": "forged"}')

    assert len(said()) == 1
