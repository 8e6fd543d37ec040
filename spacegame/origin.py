"""Who may open a socket: our own pages, whatever name or address they were reached by."""

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host


class SameOrigin:
    """Refuses a WebSocket whose Origin is another site's, with 403 before the handshake.

    A browser sends the session cookie along whichever page opens the socket, and always says which page
    that was. The page's host must be the host that was asked for, which must be one of ALLOWED_HOSTS,
    or the page must be in CSRF_TRUSTED_ORIGINS. Programs that send no Origin hold no foreign cookie
    and may come in.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        headers = dict(scope["headers"])
        allowed = origin_allowed(
            origin=_text(headers.get(b"origin")),
            host=_text(headers.get(b"host")) or "",
        )
        handler = self.application if allowed else WebsocketDenier()
        return await handler(scope, receive, send)


def origin_allowed(*, origin: str | None, host: str) -> bool:
    """Whether a page from `origin` may open a socket on `host`."""
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return False
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")
