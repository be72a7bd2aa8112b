"""The packages and documents of a case in words: what each is, what its signature is worth, what was found of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from app.domain.procedures.facts import ACCEPTING
from app.epackages.previews import kind_with_pages
from app.models import Case, CaseStep, Document, DocumentVerdict, Outcome, Package, Verification
from app.usecases.case_facts import latest_verdicts, requirements
from app.views.office import formats
from app.views.wording_findings import DOCUMENTS, FLAGS
from app.views.wording_reasons import reason_words
from app.views.wording_verdicts import VERDICTS

PAGES_SHOWN = 40


def documents(case: Case) -> Iterator[dict[str, Any]]:
    """Yield the documents of `case`, each with the verdict on it, if there is one."""
    latest = latest_verdicts(case)
    on = {row.document_id: row for row in latest.values() if row.document_id is not None}
    for document in case.documents:
        yield _document(document, on.get(document.id) or latest.get(document.kind))


def missing(case: Case) -> list[tuple[str, str, tuple[str, str, str] | None]]:
    """Return the required documents that no file is said to be: (what, law, verdict)."""
    there = {document.kind for document in case.documents}
    latest = latest_verdicts(case)
    return [
        (str(DOCUMENTS[one.kind.value]), one.law, _chip(latest.get(one.kind.value)))
        for one in requirements(case)
        if one.kind.value not in there
    ]


def _document(document: Document, verdict: DocumentVerdict | None) -> dict[str, Any]:
    member = document.member
    return {
        "id": document.public_id,
        "kind": str(DOCUMENTS.get(document.kind, DOCUMENTS["OTHER"])),
        "title": document.title,
        "size": formats.size(member.size),
        "drawn": kind_with_pages(member.media) is not None,
        "pages": min(member.pages or 1, PAGES_SHOWN),
        "pages_in_all": member.pages or 1,
        "doubts": [str(FLAGS.get(flag, flag)) for flag in member.flags],
        "verdict": _chip(verdict),
        "who": f"{verdict.actor_name}, {formats.day(verdict.at)}" if verdict else "",
        "reason": (verdict.reason or "") if verdict and verdict.verdict not in ACCEPTING else "",
    }


def _chip(verdict: DocumentVerdict | None) -> tuple[str, str, str] | None:
    if verdict is None:
        return None
    shown = VERDICTS[verdict.verdict]
    return str(shown.words), shown.chip, shown.icon


def signature(case: Case, package: Package) -> dict[str, Any]:
    """Return the signature of a package in words that a clerk understands."""
    verification: Verification | None = package.verifications[-1] if package.verifications else None
    signatures = verification.report["signatures"] if verification else []
    signers = ", ".join(signature["signer"] for signature in signatures)
    if package.outcome is Outcome.VALID:
        kind, head = "ok", _("The signature is valid.")
        text = _("Signed by %(signers)s. Nobody has changed the package since.", signers=signers)
    elif accepted := _accepted(case):
        kind, head = "ok", _("The office accepted the signature.")
        text = _("The machine could not confirm it: %(reasons)s. Accepted by %(name)s on %(day)s: %(why)s",
                 reasons=reason_words(package.reasons), name=accepted.actor_name,
                 day=formats.day(accepted.at), why=accepted.reason)  # fmt: skip
    else:
        kind, head = "warn", _("The signature could not be confirmed.")
        text = _("Signed, as it says, by %(signers)s. What could not be checked: %(reasons)s.",
                 signers=signers or "–", reasons=reason_words(package.reasons))  # fmt: skip
    return {"kind": kind, "head": head, "text": text, "verification": verification, "signatures": signatures}


def _accepted(case: Case) -> CaseStep | None:
    """Return the step by which somebody accepted the signature, if it stands accepted."""
    steps = [step for step in case.steps if step.step == "accept_signature"]
    return steps[-1] if steps and case.signature_settled else None
