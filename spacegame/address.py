"""Where the pages are served, and what to say when they cannot be."""

import errno
import socket
from contextlib import suppress
from dataclasses import dataclass


class CannotListen(RuntimeError):
    """The address cannot be listened on; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the pages are served."""

    host: str
    port: int

    @property
    def local(self) -> str:
        """The address for a browser on this machine."""
        everywhere = self.host in ("0.0.0.0", "::", "")
        host = "127.0.0.1" if everywhere else f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"

    @property
    def network(self) -> str | None:
        """The address for phones on the same network, if they can reach us."""
        if self.host not in ("0.0.0.0", "::", ""):
            return None
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # sends nothing; asks which of our addresses would be used
            return f"http://{probe.getsockname()[0]}:{self.port}/"
        return None


def refuse_taken_port(address: Address) -> None:
    """Raise `CannotListen` when the port cannot be listened on, before anything is started."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
            probe.listen(1)
        except OSError as error:
            raise CannotListen(_why_not(address, error)) from None


def _why_not(address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {address.port} is taken by another program. Choose another one: "
            f"bin/play --port {address.port + 1}"
        )
    if error.errno == errno.EACCES:
        return f"Port {address.port} is not open to you; ports from 1024 are: bin/play --port 8000"
    return f"{address.host}:{address.port} cannot be listened on: {error.strerror}."
