"""The phase machine's values to and from the row that keeps them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from rooms.trivia import phases
from rooms.trivia.models import TriviaGame
from rooms.trivia.options import TriviaSettings, rules_of
from rooms.trivia.phases import Rules, State

STATE = ("phase", "seq", "number", "opens_at", "closes_at", "ends_at", "paused_at", "remaining", "extra")
COLUMNS = ("room_id", *STATE, "of", "options")


def state_of(row: Mapping[str, Any]) -> State:
    """The state in a row's values."""
    return State(**{name: row[name] for name in STATE})


def settings_of(row: Mapping[str, Any]) -> TriviaSettings:
    """The room's settings, as they were when it was prepared."""
    return msgspec.convert(row["options"], TriviaSettings)


def rules_in(row: Mapping[str, Any]) -> Rules:
    return rules_of(settings_of(row), of=row["of"])


def columns_of(state: State, rules: Rules) -> dict[str, Any]:
    """What to write: the state, and when its next transition is due."""
    return {name: getattr(state, name) for name in STATE} | {"due_at": phases.due_at(state, rules)}


def values_of(game: TriviaGame) -> dict[str, Any]:
    return {name: getattr(game, name) for name in COLUMNS}
