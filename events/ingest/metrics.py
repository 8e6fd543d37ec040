"""Numbers for `/metrics`: how many jobs of other game servers were refused, and why."""

from events.ingest.models import RefusalCount


def refusals() -> list[tuple[str, str, int]]:
    """(source, code, how many ever), one cheap query. What was taken is in the log, by its source."""
    return list(RefusalCount.objects.order_by("source", "code").values_list("source", "code", "count"))
