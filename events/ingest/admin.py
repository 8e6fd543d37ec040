"""What operators see of other game servers' refused jobs. They change nothing, and may try again."""

import logging

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from events.admin import ReadOnlyAdmin
from events.ingest.again import take_again
from events.ingest.models import RefusedJob
from events.ingest.taking import TAKEN

logger = logging.getLogger(__name__)


@admin.register(RefusedJob)
class RefusedJobAdmin(ReadOnlyAdmin):
    list_display = ("last_at", "source", "code", "reason", "times")
    list_filter = ("code", "source")
    search_fields = ("reason__startswith",)
    search_help_text = "How the reason begins."
    ordering = ("-last_at", "-id")
    actions = ("try_again",)

    @admin.action(description="Try again", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[RefusedJob]) -> None:
        """For when the cause is gone. A job counts once, so trying is harmless."""
        results = [_try(row) for row in queryset]
        taken = results.count(TAKEN)
        if taken:
            messages.success(request, f"{taken} of {len(results)} were taken and count now.")
        if taken < len(results):
            messages.warning(request, f"{len(results) - taken} were refused again: see the reasons below.")


def _try(row: RefusedJob) -> str:
    try:
        return take_again(row)
    except Exception:  # a fault of ours: the row stays
        logger.exception("A refused job from %s failed when it was tried again.", row.source)
        return "failed"
