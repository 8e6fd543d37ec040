"""Who gets our webhooks, what was sent, every attempt; and the buttons of these."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.admin import TabularInline

from events.admin import ReadOnlyAdmin
from events.webhooks import endpoints, sending
from events.webhooks.admin.base import KeptAdmin
from events.webhooks.forms import EndpointForm
from events.webhooks.models import Attempt, Endpoint, Sending

TYPED = ("owner", "url", "types", "description")


@admin.register(Endpoint)
class EndpointAdmin(KeptAdmin):
    form = EndpointForm
    list_display = ("url", "owner", "state", "reason", "failing_since", "sent", "types_line", "description")
    list_filter = ("state",)
    search_fields = ("url", "description")
    readonly_fields = ("state", "reason", "failing_since", "sent", "previous_until", "created_at")
    ordering = ("-created_at",)
    actions = ("send_test", "rotate_secret", "switch_off", "switch_on")

    def get_fields(self, request: HttpRequest, obj: Endpoint | None = None) -> tuple[str, ...]:
        return (*TYPED, *self.readonly_fields) if obj else TYPED

    @admin.display(description="Sent webhooks")
    def sent(self, endpoint: Endpoint) -> str:
        url = f"{reverse('admin:webhooks_sending_changelist')}?q={endpoint.pk}"
        return format_html('<a href="{}" class="underline">show</a>', url)

    @admin.display(description="gets")
    def types_line(self, endpoint: Endpoint) -> str:
        return ", ".join(endpoint.types)

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=TYPED)  # the others are changed by workers, perhaps at this moment
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
        words = "Disabled endpoints get nothing, and what goes out within minutes anyway was left alone."
        messages.info(request, f"Going out now, under their old ids: {count}. {words}")


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
    list_display = ("started_at", "endpoint", "sending", "number", "status", "milliseconds", "error")
    list_filter = ("status",)
    list_select_related = ("sending__endpoint",)
    ordering = ("-id",)

    @admin.display(description="Endpoint")
    def endpoint(self, attempt: Attempt) -> Endpoint:
        return attempt.sending.endpoint
