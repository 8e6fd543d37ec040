"""In development, mail is printed, and shown on a page that exists nowhere else."""

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def send(subject: str) -> None:
    connection = get_connection("accounts.dev_mail.DevelopmentBackend")
    message = EmailMultiAlternatives(subject, "Hello, ünter", to=["gus@example.com"], connection=connection)
    message.attach_alternative("<p>Hello <b>you</b></p>", "text/html")
    message.send()


def test_a_mail_is_printed_and_shown_with_both_its_parts(
    settings: pytest.FixtureRequest, mallory: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEBUG = True
    send("First & foremost")
    assert "First & foremost" in capsys.readouterr().out
    page = mallory.get("/dev/mail/").content.decode()
    assert "First &amp; foremost" in page
    link = page.split('href="/dev/mail/', 1)[1].split('"', 1)[0]
    letter = mallory.get(f"/dev/mail/{link}").content.decode()
    assert "Hello, ünter" in letter
    html = mallory.get(f"/dev/mail/{link}?html")
    assert html.content.decode().strip() == "<p>Hello <b>you</b></p>"
    assert "default-src 'none'" in html["Content-Security-Policy"]


def test_the_newest_mail_comes_first(settings: pytest.FixtureRequest, mallory: Client) -> None:
    settings.DEBUG = True
    for subject in ("one", "two", "three"):
        send(subject)
    page = mallory.get("/dev/mail/").content.decode()
    assert page.index("three") < page.index("two") < page.index(">one<")


def test_an_empty_mailbox_says_so(settings: pytest.FixtureRequest, mallory: Client) -> None:
    settings.DEBUG = True
    assert "No mail yet" in mallory.get("/dev/mail/").content.decode()


@pytest.mark.parametrize("name", ["nothing", "..", "abc"])
def test_a_mail_that_is_not_there_is_not_found(
    settings: pytest.FixtureRequest, mallory: Client, name: str
) -> None:
    settings.DEBUG = True
    assert mallory.get(f"/dev/mail/{name}/").status_code == 404


def test_in_production_there_is_no_such_page(settings: pytest.FixtureRequest, mallory: Client) -> None:
    settings.DEBUG = False
    send("secret")
    assert mallory.get("/dev/mail/").status_code == 404
