"""The registers of administration and audit: people, trust, seals, platforms, jobs, e-mails, the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import g, url_for
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.sqla.models import Role, User
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import (
    AuditEvent,
    DeliveryState,
    Email,
    Job,
    JobState,
    Letter,
    Package,
    Platform,
    Receipt,
    Seal,
    TrustAnchor,
)
from app.usecases.second_factor import has_second_factor
from app.usecases.staff import position_of
from app.views.office import marks
from app.views.office.audit_details import actor, actor_kind, details, named_in, subject
from app.views.office.formats import day, moment
from app.views.office.register_acts import ListAct, RowAct
from app.views.office.register_filters import Choice, Days, Words
from app.views.office.register_filters_audit import About, Doer, names_of
from app.views.office.register_page import Asked
from app.views.office.register_query import Page
from app.views.office.registers import Register
from app.views.wording_audit import action
from app.views.wording_cases import IDENTITIES
from app.views.wording_jobs import job_words
from app.views.wording_rights import GROUPS, said

Formatters = Mapping[str, Callable[[Any], object]]


def _active(active: bool) -> Markup:  # noqa: FBT001  a value to show
    return marks.chip(str(_("active")), "ok", "check") if active else marks.chip(str(_("disabled")), "", "minus")


def _may(role: Role, group: str) -> Markup:
    """Return what a role may do in one group of rights, a sentence a line."""
    rights = [(right.view_menu.name, right.permission.name) for right in role.permissions]
    return marks.lines(said(rights, group))


class UserRegister(Register):
    """The office's staff."""

    datamodel = SQLAInterface(User)
    route_base = "/uzytkownicy"
    list_title, show_title = _("Users"), _("User")
    label_columns = {
        "username": _("User name"), "first_name": _("First name"), "last_name": _("Surname"), "email": _("E-mail"),
        "active": _("State"), "last_login": _("Last log-in"), "roles": _("Roles"), "position": _("Position"),
    }  # fmt: skip
    list_columns = ["username", "last_name", "first_name", "email", "active", "last_login"]
    show_columns = ["username", "first_name", "last_name", "email", "position", "roles", "active", "last_login"]
    base_order = ("username", "asc")
    short = True
    order_columns = ["username"]
    quick_filters = (Words("q", _("Name, user name or e-mail"), within=(User.username, User.last_name, User.email)),)
    formatters_columns: Formatters = {"active": _active, "last_login": moment}
    row_formatters = {
        "roles": lambda user: ", ".join(sorted(role.name for role in user.roles)) or "–",
        "position": lambda user: position_of(db.session(), user.id),
    }
    list_acts = (ListAct(_("New user"), "StaffPages.add", "can_add"),)
    row_acts = (
        RowAct(_("Change position and roles"), "StaffPages.edit", "user_id", "can_edit", by_post=False),
        RowAct(_("One-time link for a password"), "StaffPages.send_link", "user_id", "can_send_link",
               when=lambda user: bool(user.active)),
        RowAct(_("Turn the second factor off"), "StaffPages.forget_factor", "user_id", "can_forget_factor",
               when=lambda user: has_second_factor(db.session(), user.id)),
        RowAct(_("Close the account"), "StaffPages.disable", "user_id", "can_disable",
               when=lambda user: bool(user.active)),
        RowAct(_("Open the account"), "StaffPages.disable", "user_id", "can_disable",
               when=lambda user: not user.active),
    )  # fmt: skip


class RoleRegister(Register):
    """Roles are declared in the program (`app/roles.py`) and shown here, never edited."""

    datamodel = SQLAInterface(Role)
    route_base = "/role"
    include_route_methods = {"list", "show"}
    list_title, show_title = _("Roles"), _("Role")
    list_lead = _("Roles are part of the program: who may do what is reviewed with it and not changed by a click.")
    label_columns = {"name": _("Role"), **GROUPS}
    list_columns = ["name"]
    show_columns = ["name", *GROUPS]
    base_order = ("name", "asc")
    short = True
    row_formatters = {group: partial(_may, group=group) for group in GROUPS}


class TrustAnchorRegister(Register):
    """Whom the office trusts, for what and how long."""

    datamodel = SQLAInterface(TrustAnchor)
    route_base = "/kotwice"
    list_title, show_title = _("Trust anchors"), _("Trust anchor")
    label_columns = {
        "name": _("Name"), "purpose": _("Purpose"), "identity": _("Identity"), "valid_from": _("Trusted from"),
        "valid_until": _("Trusted until"), "source": _("Source"), "fingerprint": _("Fingerprint"),
        "withdrawn_at": _("Withdrawn"),
    }  # fmt: skip
    list_columns = ["name", "identity", "purpose", "valid_from", "valid_until", "withdrawn_at"]
    show_columns = ["name", "identity", "purpose", "valid_from", "valid_until", "source", "fingerprint", "withdrawn_at"]
    short = True
    quick_filters = (Words("q", _("Name"), within=(TrustAnchor.name,)),)
    list_acts = (
        ListAct(_("New trust anchor"), "TrustPages.add", "can_add"),
        ListAct(_("Import a trusted list"), "TrustPages.import_list", "can_import_list", icon="download"),
        ListAct(_("Import a revocation list"), "TrustPages.import_crl", "can_import_crl", icon="download"),
    )
    row_acts = (
        RowAct(_("Stop trusting"), "TrustPages.withdraw", "anchor_id", "can_withdraw",
               when=lambda anchor: anchor.withdrawn_at is None),
    )  # fmt: skip
    formatters_columns: Formatters = {
        "valid_from": day,
        "valid_until": day,
        "withdrawn_at": moment,
        "identity": lambda code: str(IDENTITIES[code]),
        "purpose": lambda code: str({"sign": _("signatures"), "timestamp": _("timestamps")}.get(code, code)),
        "fingerprint": marks.code,
        "name": marks.long,
        "source": lambda source: str({"office setup": _("made when the office was set up")}.get(source, source)),
    }


class SealRegister(Register):
    """The office's seals, the one in use and those before it."""

    datamodel = SQLAInterface(Seal)
    route_base = "/pieczecie"
    list_title, show_title = _("Seals"), _("Seal")
    label_columns = {
        "fingerprint": _("Fingerprint"), "not_before": _("Valid from"), "not_after": _("Valid until"),
        "in_use": _("In use"), "added_at": _("Added"),
    }  # fmt: skip
    list_columns = ["fingerprint", "not_before", "not_after", "in_use"]
    show_columns = ["fingerprint", "not_before", "not_after", "in_use", "added_at"]
    short = True
    formatters_columns: Formatters = {
        "not_before": day,
        "not_after": day,
        "added_at": moment,
        "fingerprint": marks.code,
    }

    def _said(self, row: Seal) -> str:
        dates = {"first": day(row.not_before), "last": day(row.not_after)}
        return str(gettext("Seal for %(first)s to %(last)s", **dates))


class PlatformRegister(Register):
    """Systems that may push packages."""

    datamodel = SQLAInterface(Platform)
    route_base = "/platformy"
    list_title, show_title = _("Platforms"), _("Platform")
    label_columns = {"name": _("Name"), "active": _("State"), "created_at": _("Added")}
    list_columns = ["name", "active", "created_at"]
    show_columns = ["name", "active", "created_at"]
    short = True
    formatters_columns: Formatters = {"active": _active, "created_at": moment}
    list_acts = (ListAct(_("New platform"), "PlatformPages.add", "can_add"),)
    row_acts = (
        RowAct(_("Take the right away"), "PlatformPages.revoke", "platform_id", "can_revoke",
               when=lambda platform: bool(platform.active)),
    )  # fmt: skip


_SUBJECTS: Mapping[str, Any] = {
    "settle_package": Package, "examine_documents": Package, "send_letter": Letter, "send_email": Email,
    "print_receipt": Receipt, "scan_package": Package,
}  # fmt: skip
"""Whose number stands in a job of this kind; the others are about all that is undecided."""


def _about(session: Session, jobs: Iterable[Job], may: Callable[[str, str], bool]) -> dict[int, Markup]:
    """Return what each of `jobs` is about, by its id, as a link for whoever may follow it."""
    wanted = {job.id: (_SUBJECTS[job.kind], job.subject_id) for job in jobs if job.kind in _SUBJECTS}
    links = {}
    for model in {kind for kind, _subject in wanted.values()}:
        ids = {subject for kind, subject in wanted.values() if kind is model}
        for row in session.scalars(sa.select(model).where(model.id.in_(ids))):
            links[model, row.id] = _linked(row, may)
    return {job_id: links[subject] for job_id, subject in wanted.items() if subject in links}


def _linked(row: Package | Letter | Email | Receipt, may: Callable[[str, str], bool]) -> Markup:
    if isinstance(row, Letter):
        url = url_for("LetterPages.read", sign=row.case.sign, seq=row.seq) if may("can_read", "LetterPages") else ""
        return marks.sign(f"{row.case.sign}/{row.seq}", url)
    match row:
        case Package():
            name, view = row.number, "PackageRegister"
        case Receipt():
            name, view = row.number, "ReceiptRegister"
        case _:
            name, view = row.recipient, "EmailRegister"
    return marks.sign(name, url_for(f"{view}.show", pk=row.id) if may("can_show", view) else "")


class JobRegister(Register):
    """What waits to be done, and what was given up."""

    datamodel = SQLAInterface(Job)
    route_base = "/zadania"
    list_title, show_title = _("Jobs"), _("Job")
    label_columns = {
        "key": _("Job"), "state": _("State"), "tries": _("Tries"), "due_at": _("Due"), "error": _("Last error"),
        "created_at": _("Created"), "leased_until": _("Held until"), "subject_id": _("About"),
    }  # fmt: skip
    list_columns = ["key", "subject_id", "state", "tries", "due_at", "created_at"]
    show_columns = ["key", "subject_id", "state", "tries", "due_at", "created_at", "leased_until", "error"]
    number_columns = ["tries"]
    quick_filters = (Choice("state", _("State"), {"ready": _("waiting"), "dead": _("given up")}, Job.state),)
    standing_views = ((_("Given up"), "state=dead"),)
    formatters_columns: Formatters = {
        "state": lambda state: {
            JobState.READY: marks.chip(str(_("waiting")), "", "clock"),
            JobState.DEAD: marks.chip(str(_("given up")), "late", "x"),
        }[state],
        "due_at": moment, "created_at": moment, "leased_until": moment,
    }  # fmt: skip
    more_columns = ["kind"]
    row_formatters = {
        "key": lambda job: job_words(job.kind),
        "subject_id": lambda job: g.get("jobs_about", {}).get(job.id, ""),
    }
    row_acts = (
        RowAct(_("Run again"), "JobPages.retry", "job_id", "can_retry", when=lambda job: job.state is JobState.DEAD),
    )
    empty_title = _("Nothing waits")
    empty_text = _("Work is done as it comes. What could not be done after many tries stays here.")

    def page(self, asked: Asked) -> Page:
        """Read the page, and at once what its jobs are about."""
        page = super().page(asked)
        g.jobs_about = _about(self._session(), page.rows, self.appbuilder.sm.has_access)
        return page

    def row(self, pk: str) -> Any:
        """Return the job `pk`, having looked up what it is about."""
        job = super().row(pk)
        g.jobs_about = _about(self._session(), [job], self.appbuilder.sm.has_access)
        return job

    def _said(self, row: Job) -> str:
        return job_words(row.kind)


_EMAILS = {"news": _("news in the mailbox"), "waiting": _("a letter waits")}


class EmailRegister(Register):
    """E-mails that were sent or wait; they hold no personal data but the address."""

    datamodel = SQLAInterface(Email)
    route_base = "/poczta"
    list_title, show_title = _("E-mails"), _("E-mail message")
    label_columns = {
        "recipient": _("To"), "template": _("Kind"), "state": _("State"), "created_at": _("Created"),
        "sent_at": _("Sent"), "error": _("Last error"), "message_id": _("Message-ID"),
    }  # fmt: skip
    list_columns = ["recipient", "template", "state", "created_at", "sent_at"]
    show_columns = ["recipient", "template", "state", "created_at", "sent_at", "error", "message_id"]
    quick_filters = (
        Choice("state", _("State"), {"waiting": _("waiting"), "sent": _("sent"), "failed": _("failed")}, Email.state),
    )
    formatters_columns: Formatters = {
        "state": lambda state: {
            DeliveryState.WAITING: marks.chip(str(_("waiting")), "", "clock"),
            DeliveryState.SENT: marks.chip(str(_("sent")), "ok", "check"),
            DeliveryState.FAILED: marks.chip(str(_("failed")), "late", "x"),
        }[state],
        "template": lambda name: str(_EMAILS.get(name, name)),
        "created_at": moment, "sent_at": moment,
    }  # fmt: skip


def _named_in(events: Iterable[AuditEvent]) -> Iterator[str]:
    for event in events:
        yield event.chain
        yield from named_in(event.details)


class AuditRegister(Register):
    """Who did and saw what."""

    datamodel = SQLAInterface(AuditEvent)
    route_base = "/audyt"
    list_title, show_title = _("Audit trail"), _("Audit event")
    label_columns = {
        "at": _("When"), "actor_name": _("Who"), "action": _("What"), "chain": _("About"), "details": _("Details"),
        "address": _("Address"), "request_id": _("Request"), "seq": _("Place in the chain"), "hash": _("Digest"),
        "previous": _("Digest before"), "actor_kind": _("Kind of actor"),
    }  # fmt: skip
    list_columns = ["at", "actor_name", "action", "chain", "details"]
    show_columns = [
        "at", "actor_name", "actor_kind", "action", "chain", "seq", "details", "address", "request_id", "previous",
        "hash",
    ]  # fmt: skip
    order_columns = ["at"]
    base_order = ("id", "desc")
    quick_filters = (
        About("chain", _("Case sign, package number, name")),
        Doer("who", _("Who did it (name or user name)")),
        Days("at", _("From"), _("to"), AuditEvent.at),
    )
    list_acts = (ListAct(_("Is the trail whole?"), "AuditPages.verify", "can_verify", icon="shield-lock"),)
    formatters_columns: Formatters = {
        "at": moment,
        "action": action,
        "hash": marks.code,
        "previous": marks.code,
    }
    more_columns = ["actor_kind"]
    row_formatters = {
        "actor_name": lambda event: actor(event.actor_kind, event.actor_name),
        "actor_kind": lambda event: actor_kind(event.actor_kind, event.actor_name),
        "chain": lambda event: subject(event.chain, g.get("named_chains", {})),
        "details": lambda event: marks.long(details(event.action, event.details, g.get("named_chains", {}))),
    }

    def page(self, asked: Asked) -> Page:
        """Read the page, and at once the signs and numbers of what its events are about."""
        page = super().page(asked)
        g.named_chains = names_of(self._session(), _named_in(page.rows))
        return page

    def row(self, pk: str) -> Any:
        """Return the event `pk`, having looked up the sign or number of what it is about."""
        event = super().row(pk)
        g.named_chains = names_of(self._session(), _named_in([event]))
        return event
