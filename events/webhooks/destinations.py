"""Where webhooks may go: never to a private address, however it is written or whatever its name resolves to.

A URL is parsed once, its name is resolved once, every address is checked, and the connection is made to the
address that was checked: a name that answers differently the second time (DNS rebinding) gains nothing.
Hosts of the setting `WEBHOOKS_TEST_HOSTS` may be private, without TLS and on any port.
"""

import ipaddress
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from events.webhooks.errors import BadUrl

PORTS = (443, 8443)
URL_LENGTH = 500
# IPv6 is open in its global unicast block only: what stands for an IPv4 address (mapped, NAT64) lies outside.
UNICAST = ipaddress.IPv6Network("2000::/3")
# Open by their numbers and yet not: protocol assignments, tunnels that carry IPv4 addresses (6to4, Teredo),
# documentation, and Azure's platform services. Named here because `is_global` varies with Python's version.
CLOSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "168.63.129.16/32",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
)


class Destination(NamedTuple):
    """A URL in parts: `host` in ASCII without brackets, `target` is the path with the query."""

    tls: bool
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """What the header `Host` says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


def parse(url: str) -> Destination:
    """The parts of a URL that webhooks may go to as far as its text tells; raises `BadUrl`."""
    if len(url) > URL_LENGTH or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise BadUrl(
            f"Use at most {URL_LENGTH} plain ASCII characters, without spaces (percent-encode others)."
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadUrl("This is no URL.") from None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("http", "https") or not host or "%" in host:
        raise BadUrl("Write it as https://host/path.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadUrl("A user, a password or a # has no place in it: the signature says who we are.")
    tls = parts.scheme == "https"
    port = (443 if tls else 80) if port is None else port
    found = Destination(tls, host, port, _target(parts.path, parts.query))
    if not is_test_host(host):
        _require_public_form(found)
    return found


def addresses(destination: Destination) -> list[str]:
    """All addresses of the host, each of them checked; raises `BadUrl` if one may not be sent to."""
    try:
        found = resolve(destination.host, destination.port)
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise BadUrl("The name of the host leads to no address.")
    if not is_test_host(destination.host):
        for address in found:
            if not is_public(address):
                raise BadUrl("The host has an address that is not public: nothing is sent there.")
    return found


def resolve(host: str, port: int) -> list[str]:
    """What the system's resolver says, in its order, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether it is an address of the open internet."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if parsed.version == 6 and (parsed not in UNICAST or "%" in address):
        return False
    closed = parsed.is_multicast or parsed.is_reserved or any(parsed in network for network in CLOSED)
    return parsed.is_global and not closed


def is_test_host(host: str) -> bool:
    """Whether the settings list it for tests and development."""
    return host in settings.WEBHOOKS_TEST_HOSTS


def _require_public_form(destination: Destination) -> None:
    if not destination.tls:
        raise BadUrl("Only https: anybody on the way could read http.")
    if destination.port not in PORTS:
        raise BadUrl(f"Only the ports {' and '.join(map(str, PORTS))}.")
    literal = _literal(destination.host)
    if literal is not None and not is_public(literal):
        raise BadUrl("This address is not public: nothing is sent there.")
    if literal is None and "." not in destination.host:
        raise BadUrl("The host's name needs a domain, such as hooks.example.org.")


def _literal(host: str) -> str | None:
    """The address, if the host is written as one."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


def _target(path: str, query: str) -> str:
    return (path or "/") + (f"?{query}" if query else "")
