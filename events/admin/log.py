"""The log, the scores and what was refused: found fast, changed never."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from events.admin.base import ReadOnlyAdmin
from events.contracts import CONTRACTS, contract_of
from events.models import Event, RefusedEvent, Score
from events.refusing import reconsider
from events.selectors import all_time_boards


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
                queryset = queryset.filter(player=int(word), board__in=all_time_boards())
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
    actions = ("judge_again",)

    @admin.action(description="Judge again", permissions=["view"])
    def judge_again(self, request: HttpRequest, queryset: QuerySet[RefusedEvent]) -> None:
        """For when a rule was wrong, or a worker too old. An event counts once, so trying is harmless."""
        count = reconsider(queryset)
        messages.info(
            request, f"{count} are judged again within seconds. Those refused again come back here."
        )
