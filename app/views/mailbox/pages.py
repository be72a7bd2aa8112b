"""The pages that every public service has: accessibility, terms, privacy, help."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, current_app, render_template
from markupsafe import Markup

blueprint = Blueprint("pages", __name__)

PUBLISHED = dt.date(2026, 11, 25)
UPDATED = dt.date(2026, 11, 25)
EMAIL = "info@czestochowa.um.gov.pl"


@blueprint.get("/deklaracja-dostepnosci")
def accessibility() -> str:
    """Show the accessibility declaration (act of 4 April 2019, art. 10)."""
    return _page("accessibility")


@blueprint.get("/regulamin")
def terms() -> str:
    """Show the terms."""
    return _page("terms")


@blueprint.get("/twoje-dane")
def privacy() -> str:
    """Show what happens to personal data (GDPR art. 13)."""
    return _page("privacy")


@blueprint.get("/pomoc")
def help() -> str:  # noqa: A001  the endpoint is named as the page
    """Show help."""
    return _page("help")


@blueprint.get("/pomoc/podpis")
def signing() -> str:
    """Show how to sign an application."""
    return _page("signing")


def _page(name: str) -> str:
    return render_template(f"mailbox/pages/{name}.html", indexable=True, **_facts())


def _facts() -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    office = settings.office
    return {
        "declaration_office": Markup('<span id="a11y-podmiot" lang="pl">{}</span>').format(office.name),
        "declaration_address": Markup('<a class="govuk-link" id="a11y-url" href="{0}">{0}</a>').format(
            settings.public_url
        ),
        "declaration_postal": f"{office.street}, {office.postal_code} {office.city}",
        "office_email": EMAIL,
        "published": PUBLISHED,
        "updated": UPDATED,
    }
