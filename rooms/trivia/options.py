"""What the host of a quiz chooses."""

from typing import Annotated, Literal

from msgspec import Meta

from rooms.live_game import GameSettings
from rooms.trivia.phases import Rules

MOST_PLAYERS = 500
Kind = Literal["choice", "boolean", "several", "number", "order", "text"]
Category = Annotated[str, Meta(max_length=40)]


class TriviaSettings(GameSettings):
    """Lists that are empty mean everything. `speed`: how many percent of the points the time may cost."""

    questions: Annotated[
        int, Meta(ge=3, le=50, title="Questions", description="How many are asked, 3 to 50.")
    ] = 10
    seconds: Annotated[
        int, Meta(ge=5, le=120, title="Seconds a question", description="Time to answer, 5 to 120 seconds.")
    ] = 10
    reveal_seconds: Annotated[
        int, Meta(ge=3, le=30, title="Seconds for the answer", description="How long it is shown, 3 to 30.")
    ] = 6
    categories: Annotated[
        list[Category], Meta(max_length=40, title="Categories", description="None chosen: all of them.")
    ] = []
    difficulty: Annotated[Literal["any", "easy", "medium", "hard"], Meta(title="Difficulty")] = "any"
    types: Annotated[
        list[Kind], Meta(max_length=6, title="Kinds of questions", description="None chosen: all of them.")
    ] = []
    speed: Annotated[
        int,
        Meta(
            ge=0, le=100, title="Speed counts, in %", description="How much of the points the time may cost."
        ),
    ] = 50
    streaks: Annotated[bool, Meta(title="Streaks give extra points")] = True
    teams: Annotated[bool, Meta(title="Play in teams")] = False
    late_joining: Annotated[bool, Meta(title="People may join later")] = True
    auto_advance: Annotated[bool, Meta(title="Go on by itself")] = True
    text_on_phones: Annotated[bool, Meta(title="Show the question on phones too")] = True
    rest: Annotated[bool, Meta(title="A rest after half of the questions")] = False
    size: Annotated[
        int, Meta(ge=2, le=MOST_PLAYERS, title="Seats", description=f"2 to {MOST_PLAYERS} players.")
    ] = 50


def rules_of(settings: TriviaSettings, *, of: int) -> Rules:
    """The phase machine's part of the settings; `of` is the number of questions that there are."""
    return Rules(
        of=of,
        answering=settings.seconds * 1000,
        revealing=settings.reveal_seconds * 1000,
        rest_after=of // 2 if settings.rest else 0,
        auto=settings.auto_advance,
    )
