"""How a verb leaves work and e-mails behind: rows written in the verb's own transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.models import DeliveryState, Email, Job, JobState
from app.models.statements import add_once, leave_missing

SEND_EMAIL = "send_email"
_EMAIL_HOST = "okienko.invalid"


def post_job(session: Session, kind: str, subject_id: int, *, key: str, act: Act, delay: int = 0) -> int:
    """Leave the job `kind` about the row `subject_id`, due `delay` seconds (at most an hour) after the act.

    Returns the job's id. `key` names the work, however many transactions post it at once: a job of that key that waits,
    or was given up, stays as it is. A job that was done is gone, so posting it again is new work.
    """
    job = _job(kind, subject_id, key, act, delay)
    return add_once(session, Job, job, unique="key") or session.scalars(sa.select(Job.id).where(Job.key == key)).one()


def post_jobs(session: Session, work: Mapping[str, int], *, act: Act) -> None:
    """Leave several jobs at once, each kind about the row that `work` names; by that they are known (`kind:7`)."""
    jobs = [_job(kind, subject_id, f"{kind}:{subject_id}", act, 0) for kind, subject_id in work.items()]
    leave_missing(session, Job, *jobs, unique="key")


def _job(kind: str, subject_id: int, key: str, act: Act, delay: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "subject_id": subject_id,
        "key": key,
        "state": JobState.READY,
        "tries": 0,
        "due_at": act.at + dt.timedelta(seconds=delay),
        "created_at": act.at,
    }


def post_email(
    session: Session, recipient: str, template: str, data: Mapping[str, Any], language: str, *, key: str, act: Act
) -> Email:
    """Leave an e-mail to `recipient` in the words of `templates/email/<template>.txt`, filled with `data`.

    `key` names the letter ("package:12"). Its Message-ID is made of it: an e-mail of the same key is posted once, and
    sent twice by mishap it is one letter to the reader's program.

    Raises:
        ValueError: an address with a line break in it.
    """
    if any(sign in recipient for sign in "\r\n"):
        raise ValueError("an address is one line")
    message_id = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{_EMAIL_HOST}>"
    add_once(
        session,
        Email,
        {
            "message_id": message_id,
            "recipient": recipient,
            "language": language,
            "template": template,
            "data": dict(data),
            "state": DeliveryState.WAITING,
            "created_at": act.at,
        },
        unique="message_id",
    )
    email = session.scalars(sa.select(Email).where(Email.message_id == message_id)).one()
    if email.state is DeliveryState.WAITING:
        post_job(session, SEND_EMAIL, email.id, key=f"email:{email.id}", act=act)
    return email
