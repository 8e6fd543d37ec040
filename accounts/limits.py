"""How often players may do something: the counting is that of `events.limits`, the refusal is ours."""

from accounts.errors import TooMany
from events.limits import allow, client_ip

__all__ = ["allow", "client_ip", "require"]


def require(key: str, *, limit: int, per_seconds: int) -> None:
    """As `allow`, but raises `TooMany`."""
    if not allow(key, limit=limit, per_seconds=per_seconds):
        raise TooMany
