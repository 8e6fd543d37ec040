"""What all pages about events have in common: rows that are looked at only."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin

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
