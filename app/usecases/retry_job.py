"""A job that was given up gets another chance."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.models import Email, Job, JobState
from app.models.post import DeliveryState
from app.outbox.post import SEND_EMAIL
from app.usecases.record import record


def retry_job(session: Session, job: Job, *, act: Act) -> None:
    """Let a given-up job run again now, counting its tries anew."""
    if job.state is not JobState.DEAD:
        return
    job.state, job.tries, job.due_at, job.lease, job.leased_until = JobState.READY, 0, act.at, None, None
    if job.kind == SEND_EMAIL:
        email = session.get(Email, job.subject_id)
        if email is not None and email.state is DeliveryState.FAILED:
            email.state = DeliveryState.WAITING
    record(session, "office", "job-retried", {"job": job.key}, act=act)
