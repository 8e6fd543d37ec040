"""The address of this site, for links that leave it."""

from django.conf import settings
from django.http import HttpRequest


def site_of(request: HttpRequest) -> str:
    """Such as `https://pizza.example`: `BASE_URL` if it is set, else the host that was asked."""
    return (settings.BASE_URL or request.build_absolute_uri("/")).rstrip("/")
