"""Who may go on: banned players see why not, and a crowd is asked to wait."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.errors import TooMany

GetResponse = Callable[[HttpRequest], HttpResponse]


class AccountsMiddleware:
    """After authentication. A ban also holds for those who were logged in before it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "banned_at", None) and request.path != reverse("account_logout"):
            return render(request, "account/account_inactive.html", status=403)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, TooMany):
            return render(request, "429.html", {"message": str(error)}, status=429)
        return None
