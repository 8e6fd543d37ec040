"""What a closed question gives to whom, and how everybody stands then. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from events.contracts import QuestionAnswered
from events.scoring import RIGHT, points_for
from rooms.trivia.questions.dealing import share
from rooms.trivia.spread import counts, partly, spread

TITLE_LENGTH = 120
SUMS = ("points", "right", "answered", "streak", "best_streak")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A question that closes.

    `answers`: id, user_id, value, elapsed, allowed, received_at. `players`: the columns of `Player`.
    """

    number: int
    public: Mapping[str, Any]
    secret: Mapping[str, Any]
    voided: bool
    speed: int
    streaks: bool
    answers: Sequence[Row]
    players: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Graded:
    """`answers`: id, share, streak, points. `players`: their new columns. `events`: what is published."""

    answers: list[Row]
    players: list[Row]
    outcome: Row
    events: list[tuple[Row, QuestionAnswered]]


def grade(closing: Closing) -> Graded:
    """Grade every answer; a question that was voided gives nothing and breaks no streak."""
    outcome = _outcome(closing)
    if closing.voided:
        return Graded([], [], outcome | {"standings": standings(closing.players, before=closing.players)}, [])
    by_user = {answer["user_id"]: answer for answer in closing.answers}
    answers: list[Row] = []
    players: list[Row] = []
    events = []
    gained: dict[int, Row] = {}
    for player in closing.players:
        answer = by_user.get(player["user_id"])
        if answer is None:
            players.append({**player, "streak": 0})
            continue
        said = _said(closing, player, answer)
        points = points_for("QUESTION_ANSWERED", said)
        is_right = said.share >= RIGHT
        streak = player["streak"] + 1 if is_right else 0
        graded = {"id": answer["id"], "share": said.share, "streak": streak, "points": points}
        answers.append(graded)
        gained[player["user_id"]] = graded
        players.append(_follow(player, graded, elapsed=answer["elapsed"]))
        events.append((answer, said))
    outcome["right"] = sum(answer["share"] >= RIGHT for answer in answers)
    outcome["standings"] = standings(players, before=closing.players, gained=gained)
    return Graded(answers, ranked(players), outcome, events)


def _outcome(closing: Closing) -> Row:
    """What was said, by those who are in the game still; nobody had it right yet."""
    here = {player["user_id"] for player in closing.players}
    answers = [answer for answer in closing.answers if answer["user_id"] in here]
    said = (closing.secret, closing.public, answers)
    return {
        "counts": counts(*said),
        "partly": partly(*said),
        "spread": spread(*said),
        "answers": len(answers),
        "right": 0,
    }


def ranked(players: Sequence[Row]) -> list[Row]:
    """The players with their ranks, best first; equal points share a rank, so that 1, 2, 2, 4 is possible."""
    rows: list[Row] = []
    for place, player in enumerate(sorted(players, key=lambda row: (-row["points"], row["id"])), start=1):
        tied = bool(rows) and rows[-1]["points"] == player["points"]
        rows.append({**player, "rank": rows[-1]["rank"] if tied else place})
    return rows


def standings(
    players: Sequence[Row], *, before: Iterable[Row], gained: Mapping[int, Row] | None = None
) -> list[Row]:
    """Everybody's place, best first, with what the question gave and the rank that they had before it."""
    was = {player["user_id"]: player["rank"] for player in before}
    rows = []
    for player in ranked(players):
        got = (gained or {}).get(player["user_id"])
        rows.append(
            {
                "user": player["user_id"],
                "points": player["points"],
                "gained": got["points"] if got else 0,
                "share": got["share"] if got else None,
                "right": got["share"] >= RIGHT if got else None,
                "rank": player["rank"],
                "was": was.get(player["user_id"]),
                "streak": player["streak"],
                "team": player["team"],
            }
        )
    return rows


def recount(players: Sequence[Row], answers: Iterable[Row], *, numbers: Sequence[int]) -> list[Row]:
    """The players' sums from their graded answers (user, number, share, points, elapsed) to the questions
    `numbers`, which are those that count, in order. What a streak has paid stays paid."""
    by_player: dict[int, dict[int, Row]] = {player["user_id"]: {} for player in players}
    for answer in answers:
        by_player.setdefault(answer["user_id"], {})[answer["number"]] = answer
    return ranked([_recounted(player, by_player[player["user_id"]], numbers) for player in players])


def _recounted(player: Row, answers: Mapping[int, Row], numbers: Sequence[int]) -> Row:
    fresh: Row = {**player, **dict.fromkeys(SUMS, 0), "fastest": None}
    for number in numbers:
        answer = answers.get(number)
        if answer is None:
            fresh["streak"] = 0
            continue
        streak = fresh["streak"] + 1 if answer["share"] >= RIGHT else 0
        fresh = _follow(fresh, {**answer, "streak": streak}, elapsed=answer["elapsed"])
    return fresh


def _said(closing: Closing, player: Row, answer: Row) -> QuestionAnswered:
    """The answer as the event that is published of it, which decides its points."""
    how_right = round(share(closing.secret, closing.public, answer["value"]) * 1000)
    streak = player["streak"] + 1 if closing.streaks and how_right >= RIGHT else 0
    return QuestionAnswered(
        number=closing.number,
        question=shortened(closing.public["text"]),
        share=how_right,
        elapsed=answer["elapsed"],
        allowed=answer["allowed"],
        speed=closing.speed,
        streak=streak,
    )


def shortened(text: str) -> str:
    """A question as a line of a receipt."""
    return text if len(text) <= TITLE_LENGTH else text[: TITLE_LENGTH - 1].rstrip() + "…"


def _follow(player: Row, graded: Row, *, elapsed: int) -> Row:
    is_right = graded["share"] >= RIGHT
    fastest = player["fastest"]
    if is_right:
        fastest = elapsed if fastest is None else min(fastest, elapsed)
    return {
        **player,
        "points": player["points"] + graded["points"],
        "right": player["right"] + is_right,
        "answered": player["answered"] + 1,
        "streak": graded["streak"],
        "best_streak": max(player["best_streak"], graded["streak"]),
        "fastest": fastest,
    }
