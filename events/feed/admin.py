"""The feed, for operators: which event is shown to whom."""

from django.contrib import admin

from events.admin import ReadOnlyAdmin
from events.feed.models import Entry


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ("event", "kind", "audience")
    list_filter = ("kind",)
    list_select_related = ("event",)
    search_fields = ("audience__exact",)
    search_help_text = "A whole audience: public, player/12, own/12 or room/<uuid>."
    ordering = ("-event_id",)
