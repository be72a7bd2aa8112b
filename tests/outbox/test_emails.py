"""Whether every e-mail is sent, once as far as that can be known, and what is done when the server does not take it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.clock import now
from app.equipment import Equipment
from app.models import DeliveryState, JobState
from app.outbox.deliver import HANDLERS, Work
from app.outbox.leases import MAX_TRIES
from app.outbox.worker import Worker
from tests.outbox.jobs import change_job, email_of, jobs_of, post_news, worker_of
from tests.outbox.smtp import Postbox, smtp_server


@pytest.fixture(scope="module")
def server() -> Iterator[Postbox]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def postbox(server: Postbox, house: Flask) -> Postbox:
    server.mood = "takes"
    server.taken.clear()
    tools: Equipment = house.extensions["equipment"]
    house.extensions["equipment"] = replace(tools, settings=replace(tools.settings, mail_url=server.url))
    return server


def test_an_email_is_sent_in_its_reader_s_language_and_marked(house: Flask, postbox: Postbox) -> None:
    post_news(house, "en")

    assert Worker(house).run_once() == 1

    (taken,) = postbox.taken
    assert taken["Subject"] == "There is news in your mailbox"
    assert taken["Content-Language"] == "en"
    assert taken["From"] == "Urząd Miasta Częstochowy <okienko@czestochowa.example>"
    assert "http://127.0.0.1:8080/" in taken.get_content()
    email = email_of(house)
    assert email.state is DeliveryState.SENT
    assert email.sent_at is not None
    assert taken["Message-ID"] == email.message_id


def test_a_mail_server_that_is_down_delays_emails_and_the_failure_becomes_visible(
    house: Flask, postbox: Postbox
) -> None:
    post_news(house)
    worker = Worker(house)
    postbox.mood = "defers"

    worker.run_once()
    assert email_of(house).state is DeliveryState.WAITING
    change_job(house, tries=MAX_TRIES - 1, due_at=now())
    worker.run_once()

    assert email_of(house).state is DeliveryState.FAILED
    (job,) = jobs_of(house)
    assert job.state is JobState.DEAD


def test_an_email_deferred_once_arrives_later(house: Flask, postbox: Postbox) -> None:
    post_news(house)
    postbox.mood = "defers"
    Worker(house).run_once()
    postbox.mood = "takes"
    change_job(house, due_at=now())

    Worker(house).run_once()

    assert len(postbox.taken) == 1
    assert email_of(house).state is DeliveryState.SENT


def test_an_unknown_recipient_is_told_at_once(house: Flask, postbox: Postbox) -> None:
    post_news(house)
    postbox.mood = "refuses"

    Worker(house).run_once()

    assert email_of(house).state is DeliveryState.FAILED


def test_an_email_sent_before_the_worker_died_is_sent_again_under_the_same_id(house: Flask, postbox: Postbox) -> None:
    post_news(house)

    def sends_and_dies(work: Work, equipment: Equipment) -> None:
        # What a death between the server's answer and the commit leaves behind: the lease, then its end.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("app.outbox.deliver.one_transaction", _died)
            HANDLERS["send_email"].run(work, equipment)

    worker_of(house, send_email=sends_and_dies).run_once()
    change_job(house, lease=None, leased_until=None, due_at=now())
    Worker(house).run_once()

    assert len(postbox.taken) == 2
    assert len({message["Message-ID"] for message in postbox.taken}) == 1
    assert email_of(house).state is DeliveryState.SENT


def _died() -> None:
    raise RuntimeError("died")


def test_a_template_with_a_missing_field_is_never_sent(
    house: Flask, postbox: Postbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jinja2 import DictLoader

    monkeypatch.setattr(house.jinja_env, "loader", DictLoader({"email/news.txt": "Subject\n{{ sign }}\n"}))
    post_news(house)

    Worker(house).run_once()

    assert postbox.taken == []
    (job,) = jobs_of(house)
    assert "UndefinedError" in (job.error or "")
