"""A sign-up between its form and its code, kept in the visitor's session.

The request never asks whether the address has an account: it stores what was typed, owes one mail, and
answers with the same page. The worker decides which mail that is, so neither the page nor the time that it
took tells a stranger anything. No password of ours lies anywhere but hashed.
"""

from typing import TypedDict

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from accounts import codes, post
from accounts.limits import allow, require

SESSION_KEY = "signup"
MAX_TRIES = 5
# A code is one of a million: five tries each of five codes an hour make guessing hopeless.
CODES_PER_HOUR = 5


class Pending(TypedDict):
    """What the session holds until the code is typed."""

    email: str
    password: str
    nonce: str
    tries: int
    next: str


def begin(request: HttpRequest, *, email: str, password: str, next_url: str, site: str) -> None:
    """Remember the sign-up and owe its mail. `TooMany` when the address was asked for too often."""
    email = email.lower()
    pending: Pending = {
        "email": email,
        "password": make_password(password),
        "nonce": codes.new_nonce(),
        "tries": 0,
        "next": next_url,
    }
    _owe_code(pending, site)
    request.session[SESSION_KEY] = pending


def pending(request: HttpRequest) -> Pending | None:
    """The sign-up that waits for its code, if any."""
    return request.session.get(SESSION_KEY)


def send_again(request: HttpRequest, *, site: str) -> None:
    """Owe the mail once more, with a new code and new tries."""
    waiting = pending(request)
    if waiting is not None:
        renewed: Pending = {**waiting, "nonce": codes.new_nonce(), "tries": 0}
        _owe_code(renewed, site)
        request.session[SESSION_KEY] = renewed


def check(request: HttpRequest, typed: str) -> bool:
    """Whether `typed` is the code. Each wrong one counts; after the fifth the code is worth nothing."""
    waiting = pending(request)
    if waiting is None or waiting["tries"] >= MAX_TRIES:
        return False
    # The session alone would let a thousand guesses at the same moment all read the same count.
    if not allow(f"tries/{waiting['nonce']}", limit=MAX_TRIES + 1, per_seconds=86_400):
        return False
    if codes.matches(typed=typed, nonce=waiting["nonce"], email=waiting["email"]):
        return True
    waiting["tries"] += 1
    request.session.modified = True
    return False


def forget(request: HttpRequest) -> None:
    """The sign-up is done, or given up."""
    request.session.pop(SESSION_KEY, None)


def _owe_code(waiting: Pending, site: str) -> None:
    require(f"code/{waiting['email']}", limit=CODES_PER_HOUR, per_seconds=3600)
    post.owe("sign_up", email=waiting["email"], nonce=waiting["nonce"], site=site)
