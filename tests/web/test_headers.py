"""What every answer tells the browser, and what its cookies look like."""

from __future__ import annotations

import re

import pytest

from app import create_mailbox, create_office
from tests.web.conftest import citizen_at, log_in_citizen, log_in_staff, staff_at

pytestmark = pytest.mark.one_database

PAGES = ["/login/", "/nothing-here", "/", "/account/"]


def policy(answer) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_guarded(office, path):
    answer = office.test_client().get(path)

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}", answer.headers["X-Request-Id"])
    assert "Strict-Transport-Security" not in answer.headers


def test_the_policy_lets_in_only_our_own_files_and_nothing_inline(office):
    answer = office.test_client().get("/login/")

    directives = policy(answer)
    assert directives["default-src"] == "'none'"
    assert directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["base-uri"] == directives["object-src"] == "'none'"
    assert directives["form-action"] == directives["connect-src"] == directives["font-src"] == "'self'"
    assert directives["img-src"] == "'self' data:"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_the_nonce_of_the_page_is_the_nonce_of_the_header_and_new_each_time(office):
    first, second = office.test_client().get("/login/"), office.test_client().get("/login/")

    nonces = [
        re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"]).group(1) for answer in (first, second)
    ]
    assert f'nonce="{nonces[0]}"' in first.text
    assert nonces[0] != nonces[1]


@pytest.mark.parametrize("door", ["office", "mailbox"])
def test_pages_hold_no_inline_style_or_handler(office, mailbox, door):
    if door == "office":
        person = log_in_staff(office, "administrator")
        pages = [
            person.get(path).text
            for path in ("/account/", "/account/sessions", "/account/password", "/account/second-factor/")
        ]
        pages.append(staff_at(office).get("/login/").text)
    else:
        person = log_in_citizen(mailbox, "jan")
        pages = [person.get(path).text for path in ("/sesje", "/odebrane", "/wyslij")]
        pages.append(citizen_at(mailbox).get("/").text)

    for page in pages:
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page)
        assert not re.search(r"<script(?![^>]*\ssrc=)", page)
        assert not re.search(r'(?:src|action)="(?:https?:)?//', page)
        assert not re.search(r'<link[^>]+href="(?:https?:)?//', page)


def test_pages_behind_the_log_in_and_forms_are_kept_by_nobody(office, mailbox):
    clerk, jan = log_in_staff(office, "clerk"), log_in_citizen(mailbox, "jan")

    assert clerk.get("/account/").headers["Cache-Control"] == "no-store"
    assert clerk.get("/sprawy/list/").headers["Cache-Control"] == "no-store"
    assert jan.get("/odebrane").headers["Cache-Control"] == "no-store"
    assert staff_at(office).get("/login/").headers["Cache-Control"] == "no-store"
    assert "Cookie" in clerk.get("/account/").headers["Vary"]


def test_cookies_over_plain_http_are_http_only_and_lax(office):
    answer = office.test_client().get("/login/")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("okienko-office=a.")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


def test_over_tls_cookies_are_bound_to_the_host_and_the_browser_stays_with_tls(over_tls):
    for create, page, name in ((create_office, "/login/", "office"), (create_mailbox, "/logowanie", "mailbox")):
        answer = create(over_tls).test_client().get(page, base_url="https://okienko.example")

        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith(f"__Host-okienko-{name}=")
        assert "; Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_over_tls_a_form_that_comes_from_elsewhere_is_refused(over_tls):
    client = create_office(over_tls).test_client()
    page = client.get("/login/", base_url="https://okienko.example").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)

    def send(referrer: str | None) -> int:
        headers = {"Referer": referrer} if referrer else {}
        data = {"csrf_token": token, "language": "en"}
        return client.post("/language", data=data, headers=headers, base_url="https://okienko.example").status_code

    assert send("https://evil.example/") == 400
    assert send(None) == 400
    assert send("https://okienko.example/login/") == 302


def test_a_visitor_who_sends_no_form_gets_no_cookie(mailbox, office):
    assert "Set-Cookie" not in mailbox.test_client().get("/healthz").headers
    assert "Set-Cookie" not in office.test_client().get("/").headers
    assert "Set-Cookie" not in office.test_client().get("/static/nothing.css").headers


def test_flask_appbuilder_leaves_no_trail_of_pages_in_the_session(office):
    import sqlalchemy as sa

    from app.extensions import db
    from app.models import WebSession

    clerk = log_in_staff(office, "clerk")
    for path in ("/sprawy/list/?q=secret-search", "/paczki/list/", "/praca/"):
        assert clerk.get(path).status_code == 200

    with office.app_context():
        kept = db.session.scalars(sa.select(WebSession.data)).one()
    assert set(kept) <= {"csrf_token", "_flashes", "language"}
    assert "secret-search" not in str(kept)


def test_our_host_serves_none_of_flask_appbuilders_own_files(office):
    client = office.test_client()

    for path in ("/static/appbuilder/js/jquery-latest.js", "/static/appbuilder/css/bootstrap.min.css"):
        assert client.get(path).status_code == 404
    for path in ("/api/v1/security/login", "/api/v1/_openapi", "/swagger/v1", "/lang/pl", "/back", "/users/list/",
                 "/roles/list/", "/resetmypassword/form", "/userinfo/", "/api/v1/menu/", "/register/form"):  # fmt: skip
        assert client.get(path).status_code == 404, path
        assert client.post(path).status_code == 404, path
