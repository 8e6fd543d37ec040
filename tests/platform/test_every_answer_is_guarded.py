"""Headers, cookies and origins, as a browser sees them."""

import re
from pathlib import Path

import pytest
from channels.testing import WebsocketCommunicator
from django.test import Client, override_settings

from spacegame.origin import SameOrigin, origin_allowed

INLINE = re.compile(r"<script(?![^>]*(?:\bsrc=|application/json))|\sstyle=|<style|\son\w+=", re.IGNORECASE)


def test_the_policy_lets_in_nothing_from_elsewhere_and_nothing_inline(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/healthz", "/feed/", "/i/nobody/", "/webhooks/incoming/us/", "/ingest/beanstalk/", "/nowhere/"],
)
def test_security_headers_are_in_every_answer(client: Client, plain_static: None, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=60)
def test_https_is_asked_for_and_remembered(client: Client) -> None:
    assert client.get("/").status_code == 301
    assert client.get("/healthz").status_code == 200  # a load balancer asks by http
    assert "max-age=60" in client.get("/healthz", secure=True).headers["Strict-Transport-Security"]


def test_a_request_keeps_the_id_that_the_proxy_gave_it_unless_it_is_odd(client: Client) -> None:
    for given, kept in (("abc-12345678", True), ("<b>", False)):
        answer = client.get("/healthz", headers={"X-Request-ID": given})
        assert (answer.headers["X-Request-ID"] == given) is kept


def test_no_template_has_inline_script_or_style(repository: Path) -> None:
    pages = [path for path in repository.glob("templates/**/*.html") if "email" not in path.parts]
    found = {str(path.relative_to(repository)): INLINE.findall(path.read_text()) for path in pages}
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("http://play.example.org", "play.example.org", True),
        ("http://192.168.1.5:8000", "192.168.1.5:8000", True),
        ("https://evil.example", "play.example.org", False),
        ("http://play.example.org:9999", "play.example.org:8000", False),
        ("http://play.example.org.evil.example", "play.example.org", False),
        ("null", "play.example.org", False),
        ("file://play.example.org", "play.example.org", False),
        ("https://friend.example", "play.example.org", True),
        (None, "play.example.org", True),
    ],
)
@override_settings(ALLOWED_HOSTS=["*"], CSRF_TRUSTED_ORIGINS=["https://friend.example"])
def test_a_socket_opens_for_our_own_pages_only(origin: str | None, host: str, allowed: bool) -> None:
    assert origin_allowed(origin=origin, host=host) is allowed


@override_settings(ALLOWED_HOSTS=["play.example.org"])
def test_a_socket_does_not_open_on_a_host_that_is_not_ours() -> None:
    assert not origin_allowed(origin="http://rebound.example", host="rebound.example")


@override_settings(ALLOWED_HOSTS=["*"])
async def test_a_foreign_page_is_refused_before_the_handshake() -> None:
    reached: list[str] = []

    async def application(scope: dict, receive: object, send: object) -> None:
        reached.append(scope["path"])

    headers = [(b"origin", b"https://evil.example"), (b"host", b"play.example.org")]
    socket = WebsocketCommunicator(SameOrigin(application), "/ws/rooms/ABCDEF/", headers=headers)
    connected, _code = await socket.connect()
    assert not connected
    assert reached == []
