"""Mail in development: each is written to a file, printed in the terminal, and shown on /dev/mail/.

Files, because the worker sends and a web process shows. None of this answers without DEBUG.
"""

import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend as ConsoleBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

KEPT = 200
_NAME = re.compile(r"[0-9a-f-]{1,60}")


class DevelopmentBackend(ConsoleBackend):
    """Prints and keeps."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            _keep(message.message().as_bytes())
        return super().send_messages(email_messages) or 0


@dataclass(frozen=True)
class Letter:
    """A mail as the page shows it."""

    name: str
    subject: str
    to: str
    date: str
    text: str
    html: str


@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails first."""
    _only_in_development()
    letters = [_read(path) for path in _paths()]
    return render(request, "accounts/dev_mailbox.html", {"letters": letters})


@never_cache
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: text, and the HTML part as it came, in a frame of its own."""
    _only_in_development()
    found = _read(_path(name))
    if "html" in request.GET:
        response = HttpResponse(found.html)
        # Loaded into our own frame; a mail may style itself, but run nothing.
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
        )
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response
    return render(request, "accounts/dev_letter.html", {"letter": found})


def _only_in_development() -> None:
    if not settings.DEBUG:
        raise Http404


def _directory() -> Path:
    path = Path(settings.VAR_DIR) / "mail"
    path.mkdir(parents=True, exist_ok=True)
    return path


def _keep(content: bytes) -> None:
    name = f"{time.time_ns():x}-{uuid.uuid4().hex[:8]}"
    temporary = _directory() / f"{name}.part"
    temporary.write_bytes(content)
    temporary.rename(temporary.with_suffix(".eml"))
    for path in _paths()[KEPT:]:
        path.unlink(missing_ok=True)


def _paths() -> list[Path]:
    return sorted(_directory().glob("*.eml"), reverse=True)


def _path(name: str) -> Path:
    path = _directory() / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise Http404
    return path


def _read(path: Path) -> Letter:
    parsed = message_from_bytes(path.read_bytes(), _class=ParsedMessage, policy=policy.default)
    return Letter(
        name=path.stem,
        subject=str(parsed["subject"] or ""),
        to=str(parsed["to"] or ""),
        date=str(parsed["date"] or ""),
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
    )


def _part(parsed: ParsedMessage, subtype: str) -> str:
    body = parsed.get_body((subtype,))
    return str(body.get_content()) if body is not None else ""
