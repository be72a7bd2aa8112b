"""Which words stand for the kinds of jobs that the worker does?"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

JOBS: Mapping[str, LazyString] = {
    "settle_package": _("judge a package"),
    "examine_documents": _("look into the documents of a package"),
    "scan_package": _("scan a package for viruses"),
    "print_receipt": _("print the receipt of a package"),
    "send_letter": _("let a letter leave"),
    "send_email": _("send an e-mail"),
    "recheck_undecided": _("judge anew what is undecided"),
    "fetch_list": _("fetch a revocation list"),
    "recheck_rest": _("go on judging anew what is undecided"),
}


def job_words(kind: str) -> str:
    """Return what a job of this `kind`, or with this key (`send_letter:125`), does."""
    name = kind.partition(":")[0]
    return str(JOBS["send_email" if name == "email" else name]) if name == "email" or name in JOBS else kind
