"""Who may send webhooks, and what came."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from events.admin import ReadOnlyAdmin
from events.webhooks.admin.base import KeptAdmin
from events.webhooks.forms import SourceForm
from events.webhooks.models import Received, Source
from events.webhooks.receiving import event_of


@admin.register(Source)
class SourceAdmin(KeptAdmin):
    form = SourceForm
    list_display = ("name", "scheme", "active", "event_type", "address", "previous_until")
    fields = (
        "name", "scheme", "header", "new_secret", "previous_until", "active", "event_type", "address"
    )  # fmt: skip
    readonly_fields = ("event_type", "address")

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "name") if obj else (*self.readonly_fields, "previous_until")

    @admin.display(description="Type of its events")
    def event_type(self, source: Source) -> str:
        return source.event_type if source.pk else "-"

    @admin.display(description="Address")
    def address(self, source: Source) -> str:
        return f"{settings.BASE_URL}{reverse('webhooks-incoming', args=[source.name])}" if source.pk else "-"

    def save_model(self, request: HttpRequest, obj: Source, form: SourceForm, change: bool) -> None:
        if secret := form.cleaned_data.get("new_secret"):
            obj.replace_secret(secret, now=timezone.now())
        super().save_model(request, obj, form, change)


@admin.register(Received)
class ReceivedAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "source", "kind", "key", "times")
    list_filter = ("source",)
    list_select_related = ("source",)
    search_fields = ("key__exact",)
    search_help_text = "A webhook's whole id, or its body's digest."
    ordering = ("-received_at",)
    readonly_fields = ("deliveries",)

    @admin.display(description="What became of it")
    def deliveries(self, received: Received) -> str:
        url = f"{reverse('admin:events_delivery_changelist')}?q={event_of(received)}"
        link = '<a href="{}" class="underline">its deliveries</a> to the handlers that follow {}, if any do'
        return format_html(link, url, received.source.event_type)
