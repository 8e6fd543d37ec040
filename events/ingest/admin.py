"""What operators see of other game servers' refused jobs. They change nothing."""

from django.contrib import admin

from events.admin import ReadOnlyAdmin
from events.ingest.models import RefusedJob


@admin.register(RefusedJob)
class RefusedJobAdmin(ReadOnlyAdmin):
    list_display = ("last_at", "source", "code", "reason", "times")
    list_filter = ("code", "source")
    search_fields = ("reason__startswith",)
    search_help_text = "How the reason begins."
    ordering = ("-last_at", "-id")
