"""Pages of what is in the log's order: `?before=` is the `seq` below which to go on."""

from django.http import HttpRequest


def before_in(request: HttpRequest) -> int | None:
    """The `seq` that the address names; None for the first page, and for nonsense."""
    value = request.GET.get("before", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
