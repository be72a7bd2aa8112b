"""How does Django's admin show the same table? A single-file project over every database of the run."""

from __future__ import annotations

import sys
import types
import warnings
from collections.abc import Callable, Mapping, Sequence

import pysqlite3
from sqlalchemy.engine import make_url

from benchmarks.browser import Browser
from benchmarks.doors import COLUMNS, PAGE, PASSWORD

# Two SQLite libraries over one file would break each other's locks.
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

current = [""]
"""The database that the admin reads just now."""


class Router:
    """Everything goes to the current database."""

    def db_for_read(self, _model: object, **_hints: object) -> str:
        return current[0]

    db_for_write = db_for_read

    def allow_relation(self, *_args: object, **_hints: object) -> bool:
        return True

    def allow_migrate(self, *_args: object, **_hints: object) -> bool:
        return True


def admin_over(urls: Mapping[str, str]) -> Callable[[str], Browser]:
    """Return what makes somebody who is logged in at the admin over the database of a name in `urls`."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.db import connections

    databases = {"default": {}, **{name: _database(url) for name, url in urls.items()}}
    if settings.configured:  # once in a process; the databases of the other kind come to it
        connections.settings.update(connections.configure_settings(databases))
    else:
        _set_up(databases)
    return _visitors(get_wsgi_application())


def _set_up(databases: dict[str, dict[str, object]]) -> None:
    import django
    from django.conf import settings

    warnings.simplefilter("ignore")
    sys.modules["benchmarks_urls"] = urlconf = types.ModuleType("benchmarks_urls")
    settings.configure(
        DEBUG=False,
        SECRET_KEY="for this benchmark only",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="benchmarks_urls",
        DATABASES=databases,
        DATABASE_ROUTERS=["benchmarks.django_admin.Router"],
        LANGUAGE_CODE="pl",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        STATIC_URL="/static/",
        INSTALLED_APPS=[f"django.contrib.{app}" for app in ("admin", "auth", "contenttypes", "sessions", "messages")],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
    )
    django.setup()
    from django.contrib import admin
    from django.urls import path

    _register_cases()
    urlconf.urlpatterns = [path("admin/", admin.site.urls)]


def _visitors(application: Callable[..., Sequence[bytes]]) -> Callable[[str], Browser]:
    def browser(name: str) -> Browser:
        from django.contrib.auth.models import User
        from django.core.management import call_command

        current[0] = name
        call_command("migrate", verbosity=0, database=name)
        if not User.objects.filter(username="django").exists():
            User.objects.create_superuser("django", "django@example.invalid", PASSWORD)

        def app(environ: dict[str, object], start: Callable[..., object]) -> Sequence[bytes]:
            current[0] = name
            return application(environ, start)

        visitor = Browser(app)
        login = {"username": "django", "password": PASSWORD, "next": "/admin/"}
        visitor.log_in("/admin/login/", "csrfmiddlewaretoken", login)
        return visitor

    return browser


def _database(url: str) -> dict[str, object]:
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.database}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.database,
        "USER": parts.username,
        "HOST": parts.query["host"],
        "CONN_MAX_AGE": None,
    }


def _register_cases() -> None:
    from django.contrib import admin
    from django.db import models

    class Clerk(models.Model):
        first_name = models.CharField(max_length=64)
        last_name = models.CharField(max_length=64)

        class Meta:
            managed, db_table, app_label = False, "ab_user", "admin"

        def __str__(self) -> str:
            return f"{self.first_name} {self.last_name}"

    class Case(models.Model):
        sign = models.CharField("Znak sprawy", max_length=40, unique=True)
        received_on = models.DateField("Wpłynęła")
        applicant_name = models.CharField("Wnioskodawca", max_length=200)
        plate = models.CharField("Nr rejestracyjny", max_length=16, null=True)  # noqa: DJ001  the table is ours
        vin = models.CharField(max_length=40, null=True)  # noqa: DJ001
        vehicle_label = models.CharField("Pojazd", max_length=160, null=True)  # noqa: DJ001
        procedure = models.CharField("Postępowanie", max_length=24)
        stage = models.CharField("Etap", max_length=48)
        clerk = models.ForeignKey(Clerk, on_delete=models.PROTECT, null=True)
        due_on = models.DateField("Termin", null=True)

        class Meta:
            managed, db_table, app_label = False, "case_file", "admin"

        def __str__(self) -> str:
            return self.sign

    class CaseAdmin(admin.ModelAdmin):
        list_display = COLUMNS
        list_select_related = ("clerk",)
        list_per_page = PAGE
        search_fields = ("sign", "plate", "vin")
        ordering = ("-id",)

    admin.site.register(Case, CaseAdmin)
