"""What operators see of events: everything, and they change nothing but to send a dead letter again."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin

from events import outbox
from events.contracts import CONTRACTS, contract_of
from events.models import Event, Outbox, RefusedEvent, Score
from events.scoring import RULES

COUNTED_AT_MOST = 10_000


class BoundedPaginator(Paginator):
    """Counts no further than to `COUNTED_AT_MOST`: a log has millions of rows."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:COUNTED_AT_MOST].count())


class ReadOnlyAdmin(ModelAdmin):
    """Rows that are looked at only."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    actions: Any = []

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TypeFilter(admin.SimpleListFilter):
    """By type; those that are not hits have an index of their own, whose condition must be said."""

    title = "type"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(type, type) for type in CONTRACTS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return of_type(queryset, self.value()) if self.value() else queryset


def of_type(events: QuerySet[Any], type: str | None) -> QuerySet[Any]:
    """Events of one type, by the index where there is one."""
    found = events.filter(type=type)
    return found if type == "SHIP_HIT" else found.exclude(type="SHIP_HIT")


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("seq", "occurred_at", "type", "actor", "room", "points", "source")
    list_filter = (TypeFilter,)
    search_fields = ("event_id",)
    search_help_text = "A player's id, a room's or an event's id (whole), or a type such as ROOM_CREATED."
    ordering = ("-seq",)
    list_filter_submit = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Whole values only: each kind of term has its index, so no search reads the whole log."""
        for word in search_term.split():
            queryset = _matching(queryset, word)
        return queryset, False


def _matching(events: QuerySet[Any], word: str) -> QuerySet[Any]:
    if word.isdecimal() and int(word) < 2**63:
        return events.filter(actor=int(word))
    if contract_of(word.upper()):
        return of_type(events, word.upper())
    try:
        value = UUID(word)
    except ValueError:
        return events.none()
    by_id = events.filter(event_id=value)
    return by_id if by_id.exists() else events.filter(room=value)


@admin.register(Score)
class ScoreAdmin(ReadOnlyAdmin):
    list_display = ("board", "player", "points", "entries", "updated_at")
    search_fields = ("board",)
    search_help_text = "A whole board such as arena/all or room/<id>, or a player's id."
    ordering = ("board", "-points")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in search_term.split():
            if word.isdecimal() and int(word) < 2**63:
                boards = [f"{game}/all" for game, _ in RULES.values()]
                queryset = queryset.filter(player=int(word), board__in=boards)
            else:
                queryset = queryset.filter(board=word)
        return queryset, False


@admin.register(RefusedEvent)
class RefusedEventAdmin(ReadOnlyAdmin):
    list_display = ("refused_at", "type", "reason", "event_id", "source")
    list_filter = ("type", "source")
    search_fields = ("event_id__exact", "reason__startswith")
    search_help_text = "An event's whole id, or how the reason begins."
    ordering = ("-id",)


class DeadFilter(admin.SimpleListFilter):
    """Living rows, or dead letters."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("owed", "Owed"), ("dead", "Dead letters")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {"owed": True, "dead": False}
        value = self.value()
        return queryset.filter(failed_at__isnull=wanted[value]) if value in wanted else queryset


@admin.register(Outbox)
class OutboxAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "task", "queue", "sends", "failures", "due_at", "failed_at", "error_line")
    list_filter = (DeadFilter, "queue")
    search_fields = ("id__exact", "task__startswith")
    ordering = ("-created_at",)
    actions = ("send_again",)

    @admin.display(description="error")
    def error_line(self, row: Outbox) -> str:
        return row.error[:80]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in search_term.split():
            try:
                queryset = queryset.filter(pk=UUID(word))
            except ValueError:
                queryset = queryset.filter(task__startswith=word)
        return queryset, False

    @admin.action(description="Send dead letters again…", permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Outbox]) -> HttpResponse | None:
        """Ask first; then the relay takes them."""
        dead = queryset.filter(failed_at__isnull=False)
        if "confirmed" in request.POST:
            count = outbox.send_again(dead)
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
        }
        return TemplateResponse(request, "admin/events/send_again.html", context)
