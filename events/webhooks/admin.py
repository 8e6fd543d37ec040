"""Webhooks, for operators: who may send, what came; who gets ours, every attempt; and four buttons."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline

from events.admin import ReadOnlyAdmin
from events.webhooks import endpoints, sending
from events.webhooks.forms import EndpointForm, SourceForm
from events.webhooks.models import Attempt, Endpoint, Received, Sending, Source


class KeptAdmin(ModelAdmin):
    """Rows that others point to for ever: switched off, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
        return reverse("webhooks-incoming", args=[source.name]) if source.pk else "-"

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


@admin.register(Endpoint)
class EndpointAdmin(KeptAdmin):
    form = EndpointForm
    list_display = ("url", "owner", "state", "types_line", "failing_since", "description")
    list_filter = ("state",)
    search_fields = ("url", "description")
    readonly_fields = ("state", "reason", "failing_since", "previous_until", "created_at")
    ordering = ("-created_at",)
    actions = ("send_test", "rotate_secret", "switch_off", "switch_on")

    def get_fields(self, request: HttpRequest, obj: Endpoint | None = None) -> tuple[str, ...]:
        typed = ("owner", "url", "types", "description")
        return (*typed, *self.readonly_fields) if obj else typed

    @admin.display(description="gets")
    def types_line(self, endpoint: Endpoint) -> str:
        return ", ".join(endpoint.types)

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            obj.first_secret = endpoints.begin(endpoint=obj, now=timezone.now())  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Endpoint, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._show(request, [(obj, obj.first_secret)])  # type: ignore[attr-defined]

    @admin.action(description="Send a test", permissions=["change"])
    def send_test(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        now = timezone.now()
        for endpoint in queryset.filter(state=Endpoint.State.ACTIVE):
            row = sending.send_test(endpoint=endpoint, now=now)
            messages.success(request, f"A test goes to {endpoint} within seconds: look at {row.pk}.")

    @admin.action(description="Rotate secret…", permissions=["change"])
    def rotate_secret(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> HttpResponse:
        if "confirmed" not in request.POST:
            words = "For a day every webhook is signed with the old secret and with the new one."
            return self._ask(request, queryset, "rotate_secret", "Rotate these secrets?", words)
        now = timezone.now()
        shown = [(endpoint, endpoints.rotate_secret(endpoint=endpoint, now=now)) for endpoint in queryset]
        for endpoint, _ in shown:
            self.log_change(request, endpoint, "Rotated the secret")
        return self._show(request, shown)

    @admin.action(description="Switch off…", permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> HttpResponse | None:
        if "confirmed" not in request.POST:
            words = "They get nothing more, what is owed to them is given up, and their owners get a mail."
            return self._ask(request, queryset, "switch_off", "Switch these off?", words)
        for endpoint in queryset:
            if endpoints.disable(endpoint=endpoint, reason=endpoints.SWITCHED_OFF):
                self.log_change(request, endpoint, "Switched off")
                messages.success(request, f"{endpoint} is off.")
        return None

    @admin.action(description="Switch on", permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        for endpoint in queryset:
            if endpoints.enable(endpoint=endpoint):
                self.log_change(request, endpoint, "Switched on")
                messages.success(request, f"{endpoint} gets what happens from now on.")

    def _ask(
        self, request: HttpRequest, rows: QuerySet[Endpoint], action: str, title: str, words: str
    ) -> HttpResponse:
        context = {"rows": rows, "action": action, "title": title, "words": words}
        return self._page(request, "admin/webhooks/ask.html", context)

    def _show(self, request: HttpRequest, shown: list[tuple[Endpoint, str]]) -> HttpResponse:
        """In this answer and nowhere else: a message would pass through a cookie."""
        context = {"title": "Copy it now", "shown": shown}
        return self._page(request, "admin/webhooks/secret.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        site = {**self.admin_site.each_context(request), "opts": self.model._meta}
        return TemplateResponse(request, template, {**site, "selected": ACTION_CHECKBOX_NAME, **context})


class AttemptInline(TabularInline):
    model = Attempt
    fields = readonly_fields = ("number", "started_at", "status", "milliseconds", "error", "answer")
    ordering = ("number",)
    extra = 0
    can_delete = False
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Sending)
class SendingAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "type", "endpoint", "state", "attempts", "failures", "due_at")
    list_filter = ("state", "type")
    list_select_related = ("endpoint",)
    search_fields = ("id__exact",)
    search_help_text = "A webhook's, an endpoint's or an event's id (whole)."
    ordering = ("-created_at",)
    inlines = (AttemptInline,)
    actions = ("send_again",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in search_term.split():
            queryset = _matching(queryset, word)
        return queryset, False

    @admin.action(description="Send again", permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Sending]) -> None:
        count = sending.send_again(queryset, now=timezone.now())
        messages.info(request, f"{count} go out again, under their old ids. Disabled endpoints get nothing.")


def _matching(rows: QuerySet[Sending], word: str) -> QuerySet[Sending]:
    try:
        wanted = UUID(word)
    except ValueError:
        return rows.none()
    for field in ("pk", "endpoint_id", "event_id"):
        if (found := rows.filter(**{field: wanted})).exists():
            return found
    return rows.none()


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "sending", "number", "status", "milliseconds", "error")
    list_filter = ("status",)
    list_select_related = ("sending",)
    ordering = ("-id",)
