"""Sign-up, login and logout. Guests are logged in already, so these are open to them, unlike to members."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts import invitations, services, signup
from accounts.errors import EmailTaken
from accounts.forms import CodeForm, SignupForm
from accounts.links import site_of
from accounts.sessions import current_player, log_in


def safe_next(request: HttpRequest) -> str:
    """The page of ours that `next` names, or nothing."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure())
    return wanted if safe else ""


class MembersGoOn(View):
    """A member has no business here and goes to the page they wanted."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        player = current_player(request)
        if player is not None and not player.is_guest:
            return redirect(safe_next(request) or "me")
        return super().dispatch(request, *args, **kwargs)


class LoginView(MembersGoOn, allauth_views.LoginView):
    """allauth's, but a guest may pass. Their points stay with the guest; the page says so first."""


@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters("password1"), name="dispatch")
@method_decorator(rate_limit(action="signup"), name="dispatch")
class SignupView(MembersGoOn, FormView):
    """Takes the address and the password; the code from the mail makes the member."""

    template_name = "account/signup.html"
    form_class = SignupForm

    def form_valid(self, form: SignupForm) -> HttpResponse:
        signup.begin(
            self.request,
            email=form.cleaned_data["email"],
            password=form.cleaned_data["password1"],
            next_url=safe_next(self.request),
            site=site_of(self.request),
        )
        return redirect("account_email_verification_sent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"next": safe_next(self.request)}


@method_decorator(never_cache, name="dispatch")
class ConfirmView(MembersGoOn):
    """Takes the code. The page looks the same whatever the mail said."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if signup.pending(request) is None:
            return redirect("account_signup")
        if "again" in request.POST:
            signup.send_again(request, site=site_of(request))
            messages.info(request, "Another code is on its way. The older one has gone cold.")
            return redirect("account_email_verification_sent")
        form = CodeForm(request.POST)
        if form.is_valid() and signup.check(request, form.cleaned_data["code"]):
            return self._finish(request)
        if form.is_valid():
            form.add_error("code", "That is not the code, or it has gone cold. Check the newest mail.")
        return self._page(request, form)

    def _finish(self, request: HttpRequest) -> HttpResponse:
        waiting = signup.pending(request)
        assert waiting is not None
        signup.forget(request)
        guest = current_player(request)
        try:
            member = services.sign_up(
                guest=guest,
                email=waiting["email"],
                password_hash=waiting["password"],
                site=site_of(request),
                invitation=invitations.remembered(request),
            )
        except EmailTaken as error:
            messages.error(request, f"{error} Log in with it, or sign up with another one.")
            return redirect("account_login")
        if guest is None:
            log_in(request, member)
        else:
            update_session_auth_hash(request, member)
        invitations.forget(request)
        messages.success(request, "Order up! Your name and your points are yours to keep.")
        return redirect(resolve_url(waiting["next"] or "me"))

    def _page(self, request: HttpRequest, form: CodeForm) -> HttpResponse:
        waiting = signup.pending(request)
        if waiting is None:
            return redirect("account_signup")
        context = {"form": form, "email": waiting["email"], "debug_mail": settings.DEBUG}
        return render(request, "account/verification_sent.html", context)


class PasswordChangeView(allauth_views.PasswordChangeView):
    """allauth's, for members; a guest has no password yet and is offered one by signing up."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        player = current_player(request)
        if player is not None and player.is_guest:
            return redirect("account_signup")
        return super().dispatch(request, *args, **kwargs)
