"""How a verb leaves work and e-mails behind: rows written in the verb's own transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.models import Email, Job

_EMAIL_HOST = "okienko.invalid"


def post_job(session: Session, kind: str, subject_id: int, *, key: str, act: Act, delay: int = 0) -> Job:
    """Leave the job `kind` about the row `subject_id`, due `delay` seconds after the act.

    `key` names the work: a job with the same key that still waits, or was given up, is returned as it is. Done jobs are
    deleted, so whoever posts again gets new work.
    """
    waiting = session.scalar(sa.select(Job).where(Job.key == key))
    if waiting is not None:
        return waiting
    job = Job(
        kind=kind,
        subject_id=subject_id,
        key=key,
        due_at=act.at + dt.timedelta(seconds=delay),
        created_at=act.at,
    )
    session.add(job)
    session.flush()
    return job


def post_email(
    session: Session, recipient: str, template: str, data: Mapping[str, Any], language: str, *, key: str, act: Act
) -> Email:
    """Leave an e-mail to `recipient` in the words of `templates/email/<template>.txt`, filled with `data`.

    `key` names the letter ("receipt:12"): its Message-ID is made of it, so an e-mail of the same key is posted once and,
    sent twice by mishap, is one letter to the reader's program.

    Raises ValueError for an address with a line break in it.
    """
    if any(sign in recipient for sign in "\r\n"):
        raise ValueError("an address is one line")
    message_id = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{_EMAIL_HOST}>"
    posted = session.scalar(sa.select(Email).where(Email.message_id == message_id))
    if posted is not None:
        return posted
    email = Email(
        message_id=message_id,
        recipient=recipient,
        language=language,
        template=template,
        data=dict(data),
        created_at=act.at,
    )
    session.add(email)
    session.flush()
    post_job(session, "send_email", email.id, key=f"email:{email.id}", act=act)
    return email
