"""Settings of the environment that change what the program does: proxies believed, pictures drawn, old keys kept."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from PIL import Image

from app import create_mailbox
from app.epackages.previews import Examination, NoPreview, Page, draw_page
from app.house import equipment
from app.usecases.examine_documents import examine_documents
from config import Settings, SettingsError, from_environment
from tests.databases import KEYS, bare_door
from tests.factories import an_office, send
from tests.web.mailbox_people import signed

pytestmark = pytest.mark.one_database


@pytest.fixture
def environment(database, tmp_path) -> dict[str, str]:
    return {"DATA_DIR": str(tmp_path), "DATABASE_URL": database, "DATA_KEYS": KEYS, "SECRET_KEY": "k" * 40,
            "DISK_RESERVE_MIB": "0"}  # fmt: skip


def closed(app: Flask) -> None:
    from app.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("hops", "forwarded", "status"),
    [
        ("0", "203.0.113.7", 200),
        ("1", "203.0.113.7", 404),
        ("1", "127.0.0.1, 203.0.113.7", 404),
        ("1", "203.0.113.7, 127.0.0.1", 200),
        ("2", "203.0.113.7, 127.0.0.1", 404),
    ],
    ids=["nobody is believed", "one proxy", "a visitor lies", "one proxy and a visitor's word", "two proxies"],
)
def test_so_many_proxies_are_believed_as_proxy_hops_says(environment, hops, forwarded, status):
    """`/metrics` opens to the machine itself, and to nobody else."""
    door = create_mailbox(from_environment({**environment, "PROXY_HOPS": hops}))

    answer = door.test_client().get("/metrics", headers={"X-Forwarded-For": forwarded})

    assert answer.status_code == status
    closed(door)


def picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "JPEG")
    return out.getvalue()


def test_pictures_larger_than_max_megapixels_are_neither_drawn_nor_counted(environment, authority):
    large, small = picture(1001, 1000), picture(1000, 1000)
    door = bare_door(from_environment({**environment, "MAX_MEGAPIXELS": "1"}))
    with door.app_context():
        an_office(authority)
        documents = {"duzy.jpg": large, "maly.jpg": small}
        package = send(signed(authority, documents))

        found = examine_documents(package, equipment=equipment())
        drawn = [draw_page([data], "jpg", limits=equipment().preview_limits) for data in (large, small)]

    assert found == {"duzy.jpg": NoPreview("image-too-large"), "maly.jpg": Examination(1, ())}
    assert drawn[0] == NoPreview("image-too-large")
    assert isinstance(drawn[1], Page)
    closed(door)


@pytest.mark.parametrize("name", ["PROXY_HOPS", "MAX_MEGAPIXELS"])
def test_a_number_that_is_none_is_said_at_the_start(environment, name):
    assert isinstance(from_environment({**environment, name: "2"}), Settings)
    with pytest.raises(SettingsError, match=f"{name} must be a whole number"):
        from_environment({**environment, name: "many"})


@pytest.mark.parametrize(("fallbacks", "status"), [("k" * 40, 302), ("", 400)], ids=["kept", "forgotten"])
def test_a_form_opened_before_the_key_changed_is_taken_while_the_old_key_is_kept(environment, fallbacks, status):
    before = create_mailbox(from_environment(environment))
    visitor = before.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/logowanie").text)[1]
    cookies = [visitor.get_cookie(name) for name in ("okienko-mailbox", "session")]
    closed(before)

    after = create_mailbox(from_environment({**environment, "SECRET_KEY": "n" * 40, "SECRET_KEY_FALLBACKS": fallbacks}))
    again = after.test_client()
    for cookie in filter(None, cookies):
        again.set_cookie(cookie.key, cookie.value)
    answer = again.post("/language", data={"csrf_token": token, "language": "en"})

    assert answer.status_code == status
    closed(after)
