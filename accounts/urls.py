"""Addresses of players and of their accounts. Of allauth's views only those that are needed are reachable."""

from allauth.account import views as allauth_views
from django.conf import settings
from django.urls import path, re_path

from accounts import dev_mail, entrance, inviting, views

urlpatterns = [
    path("me/", views.me, name="me"),
    path("p/<slug:handle>/", views.profile, name="profile"),
    path("me/invitation.svg", inviting.invitation_qr, name="invitation_qr"),
    path("i/<slug:code>/", inviting.invitation, name="invitation"),
    path("leaderboard/", views.leaderboard, name="leaderboard"),
    path("leaderboard/rows/", views.leaderboard_rows, name="leaderboard_rows"),
    path("accounts/signup/", entrance.SignupView.as_view(), name="account_signup"),
    path("accounts/confirm-email/", entrance.ConfirmView.as_view(), name="account_email_verification_sent"),
    path("accounts/login/", entrance.LoginView.as_view(), name="account_login"),
    path("accounts/logout/", allauth_views.logout, name="account_logout"),
    path("accounts/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("accounts/mails/off/<str:token>/", inviting.mails_off, name="mails_off"),
    path("accounts/password/change/", entrance.PasswordChangeView.as_view(), name="account_change_password"),
    path("accounts/password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path(
        "accounts/password/reset/done/",
        allauth_views.PasswordResetDoneView.as_view(extra_context={"debug_mail": settings.DEBUG}),
        name="account_reset_password_done",
    ),
    path(
        "accounts/password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("dev/mail/", dev_mail.mailbox, name="dev_mail"),
    path("dev/mail/<slug:name>/", dev_mail.letter, name="dev_letter"),
]
