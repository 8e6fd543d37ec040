"""What is true of every request: a name in the logs, and a policy in the answer."""

import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

Answer = TypeVar("Answer", HttpResponseBase, Awaitable[HttpResponseBase])

ROOM_PATH = re.compile(r"^/r/([A-Za-z0-9]{6})/")
GIVEN_ID = re.compile(r"^[\w-]{8,64}$")
# The page needs none of these; the gamepad and full screen stay allowed to ourselves.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
)
ADMIN_PREFIX = "/kitchen/"
# The admin's theme runs Alpine.js, which evaluates expressions and sets styles. It is for staff only, and
# everything still has to come from here.
ADMIN_POLICY = {
    "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
}


def request_id(request: HttpRequest) -> str:
    """The id that the proxy gave, if it looks like one, else a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if GIVEN_ID.match(given) else secrets.token_hex(8)


def _bind(request: HttpRequest) -> str:
    structlog.contextvars.clear_contextvars()
    name = request_id(request)
    structlog.contextvars.bind_contextvars(request_id=name)
    if found := ROOM_PATH.match(request.path):
        structlog.contextvars.bind_contextvars(room=found[1].upper())
    return name


def _finish(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response.headers["X-Request-ID"] = name
    response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
    return response


@sync_and_async_middleware
def request_context(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Bind the request's id and its room to every line that is logged meanwhile."""
    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponseBase:
            name = _bind(request)
            return _finish(await get_response(request), name)

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponseBase:
        name = _bind(request)
        return _finish(get_response(request), name)

    return synchronous


@sync_and_async_middleware
def admin_policy(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Loosen the content security policy for the admin's pages, and for no others."""

    def loosen(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith(ADMIN_PREFIX):
            response._csp_replace = ADMIN_POLICY  # type: ignore[attr-defined]
        return response

    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponseBase:
            return loosen(request, await get_response(request))

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponseBase:
        return loosen(request, get_response(request))

    return synchronous
