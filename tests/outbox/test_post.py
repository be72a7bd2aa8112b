"""Whether work and e-mails are there exactly when the verb's transaction is, and once per key."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from app.domain.acts import Act
from app.extensions import db
from app.models import Email, Job
from app.outbox.post import post_email, post_job
from app.transaction import one_transaction


def _count(kind: type[Job | Email]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(kind)) or 0


def test_a_transaction_that_fails_leaves_neither_job_nor_email(app_context: None, act: Act) -> None:
    def verb_that_fails() -> None:
        with one_transaction() as session:
            post_job(session, "settle_package", 1, key="a", act=act)
            post_email(session, "a@example.invalid", "news", {}, "pl", key="b", act=act)
            raise RuntimeError("the verb's own")

    with pytest.raises(RuntimeError):
        verb_that_fails()

    assert (_count(Job), _count(Email)) == (0, 0)


def test_the_same_key_is_the_same_job_and_the_same_letter(app_context: None, act: Act) -> None:
    with one_transaction() as session:
        first = post_job(session, "settle_package", 1, key="a", act=act)
        letter = post_email(session, "a@example.invalid", "news", {}, "pl", key="b", act=act)
        message_id = letter.message_id
    with one_transaction() as session:
        assert post_job(session, "settle_package", 1, key="a", act=act, delay=60) == first
        assert post_email(session, "a@example.invalid", "news", {}, "pl", key="b", act=act).message_id == message_id

    assert (_count(Job), _count(Email)) == (2, 1)
    job = db.session.get_one(Job, first)
    assert job.due_at == act.at


def test_many_at_once_post_one_job(house: Flask, act: Act) -> None:
    barrier = threading.Barrier(6)

    def post(_number: int) -> int:
        with house.app_context():
            barrier.wait()
            with one_transaction() as session:
                return post_job(session, "settle_package", 1, key="a", act=act)

    with ThreadPoolExecutor(6) as pool:
        ids = set(pool.map(post, range(6)))

    assert len(ids) == 1
    with house.app_context():
        assert _count(Job) == 1


def test_an_address_with_a_line_break_is_refused(app_context: None, act: Act) -> None:
    with one_transaction() as session, pytest.raises(ValueError, match="one line"):
        post_email(session, "a@example.invalid\r\nBcc: b@example.invalid", "news", {}, "pl", key="b", act=act)
