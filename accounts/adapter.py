"""How allauth does things here: banned players stay out, and every mail goes through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import post
from accounts.limits import client_ip
from accounts.links import site_of
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """The account adapter."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "That e-mail and password do not belong together. Try again, or reset it.",
        "too_many_login_attempts": "Too many tries. Give it five minutes, or reset your password.",
        "enter_current_password": "That is not your current password.",
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        if user.banned_at:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("me")

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        post.owe("password_changed", user=user.pk, site=site_of(self.request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Refuse: a mail rendered here would be sent by the request, or carry a token into the outbox."""
        raise NotImplementedError(f"{template_prefix} needs a function in accounts.mails")
