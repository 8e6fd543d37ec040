"""What operators see of events: everything, and they change nothing but to send a dead letter again."""

from events.admin import log, owed  # the pages register themselves
from events.admin.base import BoundedPaginator, ReadOnlyAdmin

__all__ = ["BoundedPaginator", "ReadOnlyAdmin", "log", "owed"]
