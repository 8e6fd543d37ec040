"""The operators' view of rooms: who sits where; ending a room and sending somebody away, after asking."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin, TabularInline

from rooms import services
from rooms.errors import RoomError
from rooms.models import Room, Seat

CONFIRMED = "confirmed"


class ReadOnly:
    """Rows that services write and people only look at."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Who may change rooms may end them and send people away."""
        return bool(request.user.has_perm("rooms.change_room"))


class SeatInline(ReadOnly, TabularInline):
    """The seats that are held now."""

    model = Seat
    verbose_name_plural = "live seats"
    fields = ("slot", "user", "name", "joined_at", "seen_at")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Seat]:
        return super().get_queryset(request).filter(slot__isnull=False).order_by("slot")


@admin.register(Room)
class RoomAdmin(ReadOnly, ModelAdmin):
    list_display = ("code", "title", "kind", "status", "visibility", "host", "people", "locked", "created_at")
    list_filter = ("status", "kind", "visibility", "locked")
    search_fields = ("code", "title", "host__name", "host__handle")
    date_hierarchy = "created_at"
    list_select_related = ("host",)
    inlines = (SeatInline,)
    actions = ("end_rooms",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        from rooms.selectors import with_people

        return with_people(super().get_queryset(request))

    @admin.display(description="people", ordering="people")
    def people(self, room: Room) -> int:
        return room.people  # type: ignore[attr-defined]

    @admin.action(description="End these rooms…", permissions=["operate"])
    def end_rooms(self, request: HttpRequest, rooms: QuerySet[Room]) -> HttpResponse | None:
        return _ask_then(
            self,
            request,
            rooms,
            action="end_rooms",
            question="End these rooms now? Their rounds are over then.",
            work=lambda room: services.end(room_id=room.id, by=None),
        )


@admin.register(Seat)
class SeatAdmin(ReadOnly, ModelAdmin):
    list_display = ("room", "slot", "name", "user", "joined_at", "seen_at", "left_at", "kicked_at")
    list_filter = (("kicked_at", admin.EmptyFieldListFilter), ("slot", admin.EmptyFieldListFilter))
    search_fields = ("name", "room__code", "user__handle")
    list_select_related = ("room", "user")
    actions = ("kick_seats",)

    @admin.action(description="Kick these players…", permissions=["operate"])
    def kick_seats(self, request: HttpRequest, seats: QuerySet[Seat]) -> HttpResponse | None:
        return _ask_then(
            self,
            request,
            seats,
            action="kick_seats",
            question="Send these players away? They cannot come back to that room.",
            work=_kick,
        )


def _kick(seat: Seat) -> None:
    if seat.slot is not None:
        services.kick(room_id=seat.room_id, slot=seat.slot, by=None)


def _ask_then(
    model_admin: ModelAdmin,
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    action: str,
    question: str,
    work: Callable[[Any], Any],
) -> HttpResponse | None:
    """Show the confirmation page first; once confirmed do the work for each row and say how it went."""
    if CONFIRMED not in request.POST:
        context = {
            **model_admin.admin_site.each_context(request),
            "title": "Are you sure?",
            "question": question,
            "rows": rows,
            "action": action,
            "confirmed": CONFIRMED,
            "opts": model_admin.model._meta,
            "media": model_admin.media,
        }
        return TemplateResponse(request, "admin/rooms/confirm.html", context)
    done = sum(_tried(request, row, work) for row in rows)
    messages.success(request, f"Done for {done}.")
    return None


def _tried(request: HttpRequest, row: Any, work: Callable[[Any], Any]) -> bool:
    try:
        work(row)
    except RoomError as refusal:
        messages.warning(request, f"{row}: {refusal}")
        return False
    return True
