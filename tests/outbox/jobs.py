"""Jobs and e-mails of a house, as tests post, change and look at them."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.equipment import Equipment
from app.extensions import db
from app.models import Email, Job
from app.outbox.deliver import Handler, Work
from app.outbox.post import post_email, post_job
from app.outbox.worker import Worker
from app.transaction import one_transaction


def post(house: Flask, count: int = 1, kind: str = "count") -> None:
    with house.app_context(), one_transaction() as session:
        for number in range(count):
            post_job(session, kind, number, key=f"{kind}:{number}", act=Act(SYSTEM, now()))


def jobs_of(house: Flask) -> list[Job]:
    with house.app_context():
        return list(db.session.scalars(sa.select(Job).order_by(Job.id)))


def change_job(house: Flask, **values: object) -> None:
    with house.app_context(), one_transaction() as session:
        session.execute(sa.update(Job).values(**values))


def worker_of(house: Flask, **handlers: Callable[[Work, Equipment], None]) -> Worker:
    return Worker(house, {kind: Handler(run) for kind, run in handlers.items()})


def email_of(house: Flask) -> Email:
    with house.app_context():
        return db.session.scalars(sa.select(Email)).one()


def post_news(house: Flask, language: str = "pl", template: str = "news") -> None:
    with house.app_context(), one_transaction() as session:
        post_email(session, "jan@example.invalid", template, {}, language, key="package:1", act=Act(SYSTEM, now()))
