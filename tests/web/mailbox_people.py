"""Citizens for tests of the mailbox: accounts, packages that they signed, and a browser without JavaScript."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from app.epackages.writer import pack, write_zip
from app.extensions import db
from app.models import Citizen, HolderKind
from app.transaction import one_transaction
from app.usecases.passwords import hash_password
from tests.authority import TestAuthority
from tests.factories import an_office, application_files

PASSWORD = "Skrzynka7 na listy"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


_OPENED: dict[str, bytes] = {}


def open_office(app: Flask, authority: TestAuthority) -> None:
    """Set up the office behind `app`; it trusts `authority`. On SQLite its keys are made once per run."""
    url = make_url(app.config["SETTINGS"].database_url)
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    with app.app_context():
        if file is None or authority.name not in _OPENED:
            an_office(authority)
        db.session.remove()
        db.engine.dispose()  # the last connection takes the write-ahead log into the file
    if file is not None:
        if authority.name in _OPENED:
            file.write_bytes(_OPENED[authority.name])
        _OPENED[authority.name] = file.read_bytes()


def open_mailbox(app: Flask, login: str, name: str, *, activated: bool = True) -> int:
    """Open an account and return its id; the password is PASSWORD."""
    at = dt.datetime.now(dt.UTC)
    with app.app_context(), one_transaction() as session:
        citizen = Citizen(
            login=login,
            password_hash=hash_password(PASSWORD),
            kind=HolderKind.PERSON,
            name=name,
            email=f"{login}@poczta.test",
            language="en",
            activated_at=at if activated else None,
            created_at=at,
        )
        session.add(citizen)
        session.flush()
        return citizen.id


def signed(authority: TestAuthority, members: Mapping[str, bytes] | None = None, *, name: str = "Jan Testowy") -> bytes:
    """Return a package that `name` signed: an application for registration unless other members are given."""
    return pack(members or application_files(), authority.citizen(name), dt.datetime.now(dt.UTC))


def changed(package: bytes, old: bytes = b"Octavia", new: bytes = b"Fabia I") -> bytes:
    """Return `package` with a member changed after signing; the archive itself stays in order."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    return write_zip((name, data.replace(old, new) if name == "wniosek.xml" else data) for name, data in members)


class Visitor:
    """Somebody at the door with a plain browser: follows links, fills in forms, keeps cookies."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        # The source strings are English: what tests read does not depend on the catalogue. Accounts speak English too.
        self.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def get(self, path: str, **more: object) -> TestResponse:
        return self.client.get(path, buffered=True, **more)

    def token(self, path: str = "/logowanie") -> str:
        """Return the CSRF token of a page."""
        found = _TOKEN.search(self.get(path).get_data(as_text=True))
        assert found, f"no form on {path}"
        return found[1]

    def post(
        self, path: str, data: Mapping[str, object] | None = None, *, form: str = "/pomoc", **more: object
    ) -> TestResponse:
        """Send a form that stands on the page `form`."""
        return self.client.post(path, data={"csrf_token": self.token(form), **(data or {})}, **more)

    def log_in(self, login: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/logowanie", {"user_name": login, "password": password})

    def bring(
        self, package: bytes, name: str = "wniosek.asice", companion: tuple[bytes, str] | None = None
    ) -> TestResponse:
        """Choose a file (or two) and press "Upload and check"."""
        data: dict[str, object] = {"package": (io.BytesIO(package), name)}
        if companion:
            data["companion"] = (io.BytesIO(companion[0]), companion[1])
        return self.post("/wyslij", data, content_type="multipart/form-data")

    def send(self, package: bytes, name: str = "wniosek.asice") -> str:
        """Bring a package and confirm sending; returns the path of its copy in Sent."""
        brought = self.bring(package, name)
        assert brought.status_code == 303, brought.get_data(as_text=True)
        answer = self.post(f"{brought.location}/wyslij")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.location


def text_of(answer: TestResponse) -> str:
    """Return what a person reads in the page: without tags, with plain spaces."""
    page = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split())
