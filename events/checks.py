"""System checks: times of keeping that would break a promise are refused at the start, with a hint."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from events import retention

TAG = "spacegame"  # the checks that web, worker, beat and consumers run when they start


@register(TAG)
def check_times_of_keeping(**kwargs: Any) -> list[CheckMessage]:
    """Some rows keep copies out for as long as copies may come."""
    return [
        Error(
            f"{kind.setting} is {kind.days}, which is too short for {kind.name}.",
            hint=f"Keep them for {kind.least} days or more, or for ever with 0.",
            id="events.E001",
        )
        for kind in retention.kinds()
        if 0 < kind.days < kind.least
    ]
