"""Whether e-mails leave whole, once in the reader's eyes, and never carry a second header in."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from flask_mail import Mail, Message

from app.outbox import channels
from app.outbox.channels import Files, Smtp, Undeliverable, open_channel, sender_address
from tests.outbox.smtp import Postbox, smtp_server


@pytest.fixture(autouse=True)
def _context() -> Iterator[None]:
    app = Flask("post")
    Mail(app)
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def server() -> Iterator[Postbox]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def postbox(server: Postbox) -> Postbox:
    server.mood = "takes"
    server.taken.clear()
    return server


def _message(**changes: object) -> Message:
    message = Message(
        **{
            "subject": "Nowa wiadomość",
            "recipients": ["jan.kowalski@example.invalid"],
            "body": "Zażółć gęślą jaźń.\n",
            "sender": "Urząd <okienko@example.invalid>",
            **changes,
        }
    )
    message.msgId = "<0123@okienko.invalid>"
    return message


def test_an_email_arrives_with_its_letters_and_its_fixed_id(postbox: Postbox) -> None:
    open_channel(postbox.url).send(_message())

    (taken,) = postbox.taken
    assert taken["Subject"] == "Nowa wiadomość"
    assert taken["Message-ID"] == "<0123@okienko.invalid>"
    assert taken.get_content().replace("\r\n", "\n") == "Zażółć gęślą jaźń.\n"
    assert taken["Date"] is not None


def test_an_email_as_a_file_is_whole_and_sent_twice_is_one(tmp_path: Path) -> None:
    channel = open_channel(f"file://{tmp_path}/mail")

    channel.send(_message())
    channel.send(_message())

    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "0123@okienko.invalid.eml"
    read = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert read["To"] == "jan.kowalski@example.invalid"
    assert read.get_content().replace("\r\n", "\n") == "Zażółć gęślą jaźń.\n"


@pytest.mark.parametrize(
    "changes",
    [
        {"recipients": ["jan@example.invalid\r\nBcc: all@example.invalid"]},
        {"recipients": ["jan@example.invalid\nBcc: all@example.invalid"]},
        {"subject": "Nowa\r\nBcc: all@example.invalid"},
        {"subject": "Nowa\n\nbody"},
        {"sender": "a@example.invalid\r\nX: y"},
    ],
)
def test_a_line_break_in_a_header_is_refused_by_both_channels(
    postbox: Postbox, tmp_path: Path, changes: dict[str, object]
) -> None:
    for channel in (open_channel(postbox.url), Files(tmp_path)):
        with pytest.raises(Undeliverable):
            channel.send(_message(**changes))

    assert postbox.taken == []
    assert list(tmp_path.iterdir()) == []


def test_a_refused_recipient_is_hopeless_and_a_deferred_one_is_not(postbox: Postbox) -> None:
    postbox.mood = "refuses"
    with pytest.raises(Undeliverable):
        open_channel(postbox.url).send(_message())

    postbox.mood = "defers"
    with pytest.raises(smtplib.SMTPException):
        open_channel(postbox.url).send(_message())


def test_a_server_that_hangs_up_in_the_middle_has_not_got_it(postbox: Postbox) -> None:
    postbox.mood = "hangs up"

    with pytest.raises((smtplib.SMTPException, OSError)):
        open_channel(postbox.url).send(_message())


def test_a_server_that_hangs_up_after_taking_it_has_got_it(postbox: Postbox) -> None:
    postbox.mood = "takes and hangs up"

    open_channel(postbox.url).send(_message())

    assert len(postbox.taken) == 1


def test_a_slow_server_is_waited_for_no_longer_than_our_patience(
    postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "_PATIENCE", 0.3)
    postbox.mood = "dawdles"

    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        open_channel(postbox.url).send(_message())


def test_nobody_listening_is_an_error_of_now() -> None:
    with pytest.raises(ConnectionRefusedError):
        open_channel("smtp://127.0.0.1:9").send(_message())


def test_the_setting_is_read_with_its_quoted_parts() -> None:
    assert open_channel("smtps://biuro%40miasto:ta%2Fjne@poczta.example:4650") == Smtp(
        "poczta.example", 4650, "biuro@miasto", "ta/jne", secure=True
    )
    assert open_channel("smtp://poczta.example") == Smtp("poczta.example", 25, None, None, secure=False)
    for nonsense in ("http://poczta.example", "smtp://", "poczta"):
        with pytest.raises(ValueError, match="MAIL_URL"):
            open_channel(nonsense)


def test_the_office_writes_from_the_named_address_or_from_its_own_host() -> None:
    assert sender_address("smtp://x/?from=a@b.pl", "https://okienko.example") == "a@b.pl"
    assert sender_address("file:///mail", "https://okienko.example:444") == "no-reply@okienko.example"
