"""What operators type: sources, whose secrets are written and never read, and endpoints."""

from typing import Any

from django import forms
from django.utils import timezone
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminPasswordWidget

from events.webhooks import endpoints
from events.webhooks.errors import BadSecret, Unopenable
from events.webhooks.leaving import LEAVING
from events.webhooks.models import Endpoint, Source
from events.webhooks.signing import standard_key


class SourceForm(forms.ModelForm):
    """A source. The secret's field is always empty: what is typed there replaces the current secret."""

    new_secret = forms.CharField(
        required=False,
        strip=True,
        max_length=500,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}),
        help_text="Never shown. A new one makes the current one the previous one, which counts for a day.",
    )

    class Meta:
        model = Source
        fields = ("name", "scheme", "header", "active", "previous_until")

    def clean(self) -> dict[str, Any]:
        """The header and the secret must be what the scheme needs."""
        cleaned = super().clean() or {}
        scheme, secret = cleaned.get("scheme"), cleaned.get("new_secret")
        if scheme == Source.Scheme.PLAIN and not cleaned.get("header"):
            self.add_error("header", "Which header has the HMAC? X-Hub-Signature-256, perhaps.")
        if not secret and not self.instance.sealed_secret:
            self.add_error("new_secret", "Without a secret nothing can be verified.")
        elif scheme == Source.Scheme.STANDARD:
            self._require_standard_key(secret)
        return cleaned

    def _require_standard_key(self, secret: str | None) -> None:
        try:
            for one in [secret] if secret else self.instance.secrets(timezone.now())[:1]:
                standard_key(one)
        except (BadSecret, Unopenable) as error:
            self.add_error("new_secret", str(error))


class EndpointForm(forms.ModelForm):
    """An endpoint; its secret is made by us."""

    types = forms.MultipleChoiceField(
        choices=[(type, type) for type in LEAVING],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="docs/webhooks.md says what each holds.",
    )

    class Meta:
        model = Endpoint
        fields = ("owner", "url", "types", "description")
        labels = {"url": "URL"}

    def clean(self) -> dict[str, Any]:
        """What no webhook could be sent to is refused here already."""
        cleaned = super().clean() or {}
        if {"owner", "url", "types"} <= cleaned.keys():
            try:
                endpoints.check(owner=cleaned["owner"], url=cleaned["url"], types=cleaned["types"])
            except ValueError as error:
                raise forms.ValidationError(str(error)) from None
        return cleaned
