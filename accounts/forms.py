"""What people type about themselves. The rules are in `names` and `services`; forms say them by a field."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest

from accounts import post
from accounts.errors import BadName
from accounts.links import site_of
from accounts.models import COLOURS, MARKS
from accounts.names import clean_name


class AccessibleForm(forms.Form):
    """Labels instead of placeholders. Django ties hints and errors to their fields by `aria-describedby`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class NameForm(AccessibleForm):
    """A new name."""

    name = forms.CharField(
        label="Your name",
        max_length=500,  # far too long is still answered by the rule that says what fits
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
        help_text="1 to 24 characters. Emoji are fine.",
        error_messages={"max_length": "That name is too long for the box: 24 characters fit."},
    )

    def clean_name(self) -> str:
        try:
            return clean_name(self.cleaned_data["name"])
        except BadName as error:
            raise forms.ValidationError(str(error)) from error


class AvatarForm(forms.Form):
    """A colour and a mark, each an index."""

    colour = forms.IntegerField(min_value=0, max_value=COLOURS - 1)
    mark = forms.IntegerField(min_value=0, max_value=MARKS - 1)


class CodeForm(AccessibleForm):
    """The six digits from the mail."""

    code = forms.CharField(
        label="Code from the mail",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        help_text="Six digits.",
    )


class SignupForm(AccessibleForm, allauth_forms.SignupForm):
    """E-mail and password. Whether the address is known is not looked up here: see `accounts.signup`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = password_validators_help_texts()[1]

    def validate_unique_email(self, value: str) -> str:
        return value


class LoginForm(AccessibleForm, allauth_forms.LoginForm):
    """E-mail and password."""


class ChangePasswordForm(AccessibleForm, allauth_forms.ChangePasswordForm):
    """The old password and a new one."""


class ResetPasswordKeyForm(AccessibleForm, allauth_forms.ResetPasswordKeyForm):
    """A new password, by the link from a mail."""


class ResetPasswordForm(AccessibleForm, allauth_forms.ResetPasswordForm):
    """An address. The worker looks whether it is a member's, so this answers the same to everybody."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        post.owe("reset", email=email, site=site_of(request))
        return email
