"""What both doors share: settings, database, tools, sessions, languages, headers, errors."""

from __future__ import annotations

from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, ValidationError

from app import cli
from app.database import engine_options, prepare
from app.equipment import Equipment
from app.extensions import db, mail, migrate
from app.fitness import setting_faults
from app.models import Door
from app.storage import open_store
from app.vault import KeyRing
from config import ROOT, Settings, SettingsError, from_environment


class KeyNumber(IntegerConverter):
    """A whole number in an address, as far as a key of the database reaches: beyond it there is no such page."""

    def to_python(self, value: str) -> int:
        """Return the number, or say that the address does not fit."""
        number: int = super().to_python(value)
        if number >= 2**63:
            raise ValidationError
        return number


def equipment() -> Equipment:
    """Return the tools of the running door. For edges only: verbs get theirs as an argument."""
    tools: Equipment = current_app.extensions["equipment"]
    return tools


def _let_go(_error: BaseException | None) -> None:
    """End what the request read. A connection that has died since is dropped: the answer is made and true."""
    try:
        db.session.remove()
    except DBAPIError:
        db.session.registry.clear()


def new_door(door: Door, settings: Settings | None = None) -> Flask:
    """Return an application with all that the two doors have in common, for `door`."""
    from app.views import frame  # noqa: PLC0415  the views ask this module for `equipment`

    settings = settings or from_environment()
    if settings.production and (faults := setting_faults(settings)):
        raise SettingsError("\n".join(("These settings must not go into production.", *faults)))
    app = Flask("app", root_path=str(ROOT / "app"))
    if settings.production and app.debug:
        raise SettingsError("FLASK_DEBUG must be off in production: its error pages show what nobody may see.")
    app.url_map.converters["int"] = KeyNumber
    secure = settings.https
    prefix = "__Host-" if secure else ""
    app.config.update(
        DOOR=door,
        SETTINGS=settings,
        TESTING=settings.testing,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SESSION_COOKIE_NAME=f"{prefix}okienko-{door.value}",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.max_body,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=200,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        BABEL_DEFAULT_LOCALE="pl",
        BABEL_DEFAULT_TIMEZONE="Europe/Warsaw",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        # The last one signs; Flask-WTF knows nothing of SECRET_KEY_FALLBACKS by itself.
        WTF_CSRF_SECRET_KEY=[*settings.secret_key_fallbacks, settings.secret_key],
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        # Flask's own way to put something in front of itself.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    # Runs before Flask-SQLAlchemy's own: functions of this kind are called from the last one to the first.
    app.teardown_appcontext(_let_go)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    frame.register(app)
    mail.init_app(app)
    app.extensions["equipment"] = Equipment(
        settings,
        open_store(settings.store_url, reserve=settings.disk_reserve),
        KeyRing.from_text(settings.data_keys),
    )
    with app.app_context():
        prepare(db.engine)
    cli.register(app)
    return app
