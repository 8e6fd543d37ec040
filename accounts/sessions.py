"""Who sits in front of this browser."""

from django.contrib.auth import login
from django.http import HttpRequest

from accounts import invitations
from accounts.limits import client_ip
from accounts.models import User
from accounts.services import create_guest

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def player_for(request: HttpRequest) -> User:
    """The player of this session; if there is none a new guest, logged in for a year. May raise `TooMany`."""
    if isinstance(request.user, User):
        return request.user
    guest = create_guest(request_ip=client_ip(request), invitation=invitations.remembered(request))
    log_in(request, guest)
    return guest


def log_in(request: HttpRequest, user: User) -> None:
    """Make `user` this session's player."""
    login(request, user, backend=BACKEND)


def current_player(request: HttpRequest) -> User | None:
    """The player of this session, if there is one."""
    return request.user if isinstance(request.user, User) else None
