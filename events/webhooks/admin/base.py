"""What the pages about webhooks have in common."""

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin


class KeptAdmin(ModelAdmin):
    """Rows that others point to for ever: switched off, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
