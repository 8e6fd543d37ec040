"""What is owed: outbox rows and deliveries. Dead letters are sent again, on purpose."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from events import outbox, relaying
from events.admin.base import ReadOnlyAdmin
from events.models import Delivery, Outbox, Pruning, Replay


class StateFilter(admin.SimpleListFilter):
    """Living rows, or dead letters."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("owed", "Owed"), ("dead", "Dead letters")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "dead":
            return queryset.filter(failed_at__isnull=False)
        return self.owed(queryset) if self.value() == "owed" else queryset

    def owed(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(failed_at=None)


class DeliveryStateFilter(StateFilter):
    """What is done stays in the table, too."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*super().lookups(request, model_admin), ("done", "Done")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "done":
            return queryset.exclude(done_at=None)
        return super().queryset(request, queryset)

    def owed(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(done_at=None, failed_at=None)


class DeadLetterAdmin(ReadOnlyAdmin):
    """Rows that may be given up, and sent again by an operator who was asked whether they mean it."""

    actions = ("send_again",)

    def revive(self, dead: QuerySet[Any]) -> int:
        """Give these another life; how many they were."""
        raise NotImplementedError

    @admin.display(description="error")
    def error_line(self, row: Any) -> str:
        return str(row.error)[:80]

    @admin.action(description="Send dead letters again…", permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Ask first; then the relay takes them."""
        dead = queryset.filter(failed_at__isnull=False)
        if "confirmed" in request.POST:
            count = self.revive(dead)
            messages.success(request, f"{count} dead letters go out again within seconds.")
            return None
        if not dead.exists():
            messages.info(request, "None of these is a dead letter: the relay takes care of them already.")
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Send these again?",
            "rows": dead,
            "action": "send_again",
            "selected": ACTION_CHECKBOX_NAME,
            "opts": self.model._meta,
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/events/send_again.html", context)


@admin.register(Outbox)
class OutboxAdmin(DeadLetterAdmin):
    list_display = ("created_at", "task", "queue", "sends", "failures", "due_at", "failed_at", "error_line")
    list_filter = (StateFilter, "queue")
    search_fields = ("id__exact", "task__startswith")
    ordering = ("-created_at",)

    def revive(self, dead: QuerySet[Any]) -> int:
        return outbox.send_again(dead)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in search_term.split():
            try:
                queryset = queryset.filter(pk=UUID(word))
            except ValueError:
                queryset = queryset.filter(task__startswith=word)
        return queryset, False


@admin.register(Delivery)
class DeliveryAdmin(DeadLetterAdmin):
    list_display = ("created_at", "handler", "event_type", "state", "due_at", "attempts", "error_line")
    list_filter = (DeliveryStateFilter, "queue")
    list_select_related = ("event",)
    search_fields = ("event_id__exact", "handler__startswith")
    search_help_text = "An event's whole id, or how a handler's name begins."
    ordering = ("-id",)

    @admin.display(description="event")
    def event_type(self, delivery: Delivery) -> str:
        return delivery.event.type

    @admin.display(description="state")
    def state(self, delivery: Delivery) -> str:
        if delivery.done_at:
            return "done"
        return "dead letter" if delivery.failed_at else "owed"

    def revive(self, dead: QuerySet[Any]) -> int:
        return relaying.send_again(dead)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in search_term.split():
            try:
                queryset = queryset.filter(event_id=UUID(word))
            except ValueError:
                queryset = queryset.filter(handler__startswith=word)
        return queryset, False


@admin.register(Replay)
class ReplayAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "handler", "asked", "position", "sent", "finished_at")
    ordering = ("-id",)


@admin.register(Pruning)
class PruningAdmin(ReadOnlyAdmin):
    list_display = ("kind", "horizon", "removed", "pruned_at")
    ordering = ("kind",)
