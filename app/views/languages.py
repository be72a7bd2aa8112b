"""In which language a page speaks: the person's own choice, then what the browser asks for, then Polish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import Locale
from flask import Blueprint, Flask, g, has_request_context, redirect, request
from flask_appbuilder.security.sqla.models import User
from flask_babel import get_locale
from werkzeug.wrappers import Response

from app.extensions import babel
from app.models import Citizen, StaffProfile
from app.transaction import one_transaction
from app.views.redirects import safe_next
from app.views.sessions import LANGUAGE, DoorSession, this_session

LANGUAGES: tuple[tuple[str, str], ...] = (("pl", "Polski"), ("en", "English"))
CODES = tuple(code for code, _name in LANGUAGES)
_LOCALES = {code: Locale.parse(code) for code in CODES}

blueprint = Blueprint("languages", __name__)


def choose_language() -> Locale | None:
    """Return the language of this request. None outside of one: then it is Babel's default."""
    if not has_request_context():
        return None
    web = this_session()
    for code in (web.get(LANGUAGE), _own(web)):
        if code in CODES:
            return _LOCALES[code]
    return _LOCALES[request.accept_languages.best_match(CODES, default=CODES[0])]


def _own(web: DoorSession) -> str | None:
    if isinstance(web.person, Citizen):
        return web.person.language
    return web.profile.language if web.profile is not None else None


def page_language() -> str:
    """Return the code in which this page speaks, asked once a request: a page has a hundred sentences."""
    code: str | None = g.get("page_language")
    if code is None:
        locale = get_locale()
        code = g.page_language = locale.language if locale is not None else CODES[0]
    return code


_SPOKEN: dict[tuple[str, int], tuple[object, str]] = {}
_CHOICES: dict[tuple[str, int], tuple[object, tuple[tuple[str, str], ...]]] = {}


def spoken(sentence: object) -> str:
    """Return a sentence of a declaration (`lazy_gettext` at the top of a file) in the language of this page.

    It is looked up once per language. Not for sentences that are made anew in each request: all are kept.
    """
    if isinstance(sentence, str):
        return sentence
    key = (page_language(), id(sentence))
    known = _SPOKEN.get(key)
    if known is None:
        # The sentence is kept with its words, so that its id stays its own.
        known = _SPOKEN[key] = (sentence, str(sentence))
    return known[1]


def spoken_choices(choices: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return (code, words) of a declared table in the language of this page; put into words once, as `spoken`."""
    key = (page_language(), id(choices))
    known = _CHOICES.get(key)
    if known is None:
        known = _CHOICES[key] = (choices, tuple((code, str(words)) for code, words in choices.items()))
    return known[1]


def keep_language(code: str) -> None:
    """Make `code` the language of this person, or of this visitor. Unknown codes change nothing."""
    if code not in CODES:
        return
    web = this_session()
    person_id = web.seat.person_id if web.seat is not None else None
    kind = type(web.person)
    if person_id is not None:
        with one_transaction() as database:
            if kind is User:
                profile = database.get(StaffProfile, person_id) or StaffProfile(user_id=person_id)
                profile.language = code
                database.add(profile)
            else:
                citizen = database.get(Citizen, person_id)
                if citizen is not None:
                    citizen.language = code
    web[LANGUAGE] = code
    g.pop("page_language", None)


@blueprint.post("/language")
def choose() -> Response:
    """Change the language and go back to the page where it was asked for."""
    keep_language(request.form.get("language", ""))
    return redirect(safe_next(request.root_path.rstrip("/") + "/"))


def bind_babel(app: Flask) -> None:
    """Let Babel ask `choose_language`. Called again after Flask-AppBuilder, which binds a selector of its own."""
    babel.init_app(app, locale_selector=choose_language)


def register(app: Flask) -> None:
    """Give `app` its languages."""
    app.config["LANGUAGES"] = {code: {"flag": code, "name": name} for code, name in LANGUAGES}
    bind_babel(app)
    app.register_blueprint(blueprint)

    @app.context_processor
    def words() -> dict[str, Any]:
        return {
            "lang": page_language(),
            "languages": LANGUAGES,
            "office": app.config["SETTINGS"].office,
        }
