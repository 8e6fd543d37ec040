"""The names of the boards that a point counts on. Days and weeks are those of UTC; weeks are ISO 8601's."""

from datetime import UTC, date, datetime
from functools import lru_cache
from uuid import UUID


def room_board(room_id: UUID) -> str:
    """The board of one room: `room/<uuid>`."""
    return f"room/{room_id}"


def boards_for(game: str, room: UUID | None, occurred_at: datetime) -> tuple[str, ...]:
    """Every board that a point of `game`, scored in `room` (if any) at `occurred_at`, counts on."""
    return boards_on(day_of(occurred_at), game, room)


def day_of(instant: datetime) -> date:
    """The day whose boards it counts on."""
    return instant.astimezone(UTC).date()


def boards_on(day: date, game: str, room: UUID | None) -> tuple[str, ...]:
    """Every board that a point of `game`, scored in `room` (if any) on `day`, counts on."""
    periods = _period_boards(game, day)
    return (room_board(room), *periods) if room else periods


@lru_cache(maxsize=256)
def _period_boards(game: str, day: date) -> tuple[str, str, str]:
    year, week, _ = day.isocalendar()
    return f"{game}/day/{day.isoformat()}", f"{game}/week/{year}-W{week:02}", f"{game}/all"
