"""No request to a private address, however it is written, whatever its name resolves to, and whenever."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.webhooks import destinations, posting
from events.webhooks.destinations import is_public, parse
from events.webhooks.errors import BadUrl
from spacegame.checks import check_webhooks_stay_outside
from tests.support.receiver import Receiver, make_certificate

PRIVATE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.192",
    "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.2.3", "240.0.0.1",
    "255.255.255.255", "168.63.129.16",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",  "64:ff9b::808:808",
    "::ffff:8.8.8.8", "64:ff9b::a9fe:a9fe", "64:ff9b:1::10.0.0.1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
    "2001:0:7f00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "100::1", "not an address", "",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.215.14", "172.32.0.1", "2606:4700:4700::1111"]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_recognised_in_every_form(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "//example.org/", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/",
        "javascript:alert(1)", "http://hooks.example.org/", "https://", "https:///path", "https://localhost/",
        "https://intranet/", "https://user@hooks.example.org/", "https://a:b@hooks.example.org/",
        "https://hooks.example.org/#part", "https://hooks.example.org:22/", "https://hooks.example.org:6379/",
        "https://hooks.example.org:0/", "https://hooks.example.org:99999/", "https://hooks.example.org:80/",
        "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://[fe80::1%25eth0]/",
        "https://169.254.169.254/latest/meta-data/", "https://hooks.example.org\\@127.0.0.1/",
        "https://hooks.example.org/a b", "https://hooks.example.org/\r\nX-Evil: 1", "https://höoks.example.org/",
        "https://[::1/", "https://hooks%2eexample.org/", "https://hooks.example.org/" + "x" * 500,
    ],
)  # fmt: skip
def test_a_url_that_nothing_is_sent_to(url: str) -> None:
    with pytest.raises(BadUrl):
        parse(url)


def test_a_url_in_its_parts() -> None:
    found = parse("https://Hooks.Example.org.:8443/a/b?c=d")
    assert found == (True, "hooks.example.org", 8443, "/a/b?c=d")
    assert found.authority == "hooks.example.org:8443"
    assert parse("https://[2606:4700:4700::1111]").authority == "[2606:4700:4700::1111]"
    assert parse("https://hooks.example.org?x").target == "/?x"


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Answers each question of a name with the next list; gives the questions."""
    asked: list[str] = []

    def answers(*lists: list[str]) -> list[str]:
        left = list(lists)

        def resolve(host: str, port: int) -> list[str]:
            asked.append(host)
            return left.pop(0) if len(left) > 1 else left[0]

        monkeypatch.setattr(destinations, "resolve", resolve)
        return asked

    return answers


@pytest.mark.parametrize("found", [["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["2606:4700::1", "::1"], []])
def test_one_private_address_among_a_names_is_enough(resolver: Any, found: list[str]) -> None:
    resolver(found)
    outcome = posting.post("https://hooks.example.org/", body=b"", headers={})
    assert outcome.status is None
    assert "address" in outcome.error


@pytest.mark.parametrize("name", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "0"])
def test_other_ways_to_write_this_machine_lead_nowhere(name: str, receiver: Receiver) -> None:
    """The system's resolver understands them; what it says is checked."""
    outcome = posting.post(f"https://{name}:8443/", body=b"", headers={})
    assert outcome.status is None
    assert receiver.requests == []


def test_a_name_is_asked_once_and_the_checked_address_is_the_one_connected_to(
    resolver: Any, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolver(["8.8.8.8"], ["127.0.0.1"])  # a name that answers differently the second time
    connected: list[str] = []

    def connect(connection: Any) -> None:
        connected.append(connection.host)
        raise OSError("no network here")

    monkeypatch.setattr(posting.HTTPSConnection, "connect", connect)
    posting.post("https://rebound.example.org/", body=b"", headers={})
    assert (asked, connected) == (["rebound.example.org"], ["8.8.8.8"])


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answers(307, {"Location": receiver.url + "/elsewhere"})
    outcome = posting.post(receiver.url, body=b"{}", headers={})
    assert (outcome.status, outcome.succeeded) == (307, False)
    assert "not followed" in outcome.error
    assert len(receiver.requests) == 1


def test_a_host_of_the_tests_must_be_listed(receiver: Receiver, settings: Any) -> None:
    assert posting.post(receiver.url, body=b"{}", headers={}).succeeded
    settings.WEBHOOKS_TEST_HOSTS = []
    outcome = posting.post(receiver.url, body=b"{}", headers={})
    assert (outcome.status, len(receiver.requests)) == (None, 1)


def test_a_way_into_the_network_behind_a_public_site_is_warned_of(settings: Any) -> None:
    assert check_webhooks_stay_outside() == []
    settings.WEBHOOKS_TEST_HOSTS = ["localhost"]
    (warning,) = check_webhooks_stay_outside()
    assert warning.id == "spacegame.W003"


@pytest.fixture
def tls(tmp_path: Path, settings: Any, resolver: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An HTTPS server for hooks.example.org on this machine, whose certificate is trusted."""
    certificate = make_certificate(tmp_path / "hooks.pem", "hooks.example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    posting._trust.cache_clear()
    settings.WEBHOOKS_TEST_HOSTS = ["hooks.example.org", "other.example.org"]
    resolver(["127.0.0.1"])
    with Receiver(certificate) as receiver:
        yield receiver
    posting._trust.cache_clear()


def test_tls_asks_for_the_name_though_the_connection_goes_to_an_address(tls: Receiver) -> None:
    outcome = posting.post(f"https://hooks.example.org:{tls.port}/in", body=b"{}", headers={})
    assert outcome.succeeded, outcome
    assert tls.server_names == ["hooks.example.org"]
    assert tls.requests[0].headers["host"] == f"hooks.example.org:{tls.port}"


def test_a_certificate_of_another_name_is_refused(tls: Receiver) -> None:
    outcome = posting.post(f"https://other.example.org:{tls.port}/in", body=b"{}", headers={})
    assert outcome.status is None
    assert "certificate" in outcome.error.lower()
    assert tls.requests == []


def test_a_certificate_that_nobody_trusts_is_refused(tls: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    posting._trust.cache_clear()
    outcome = posting.post(f"https://hooks.example.org:{tls.port}/in", body=b"{}", headers={})
    assert (outcome.status, tls.requests) == (None, [])
