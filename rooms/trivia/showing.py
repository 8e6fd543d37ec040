"""What people may see of a game: the shared view, and each player's own. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from rooms.seats import LiveSeat
from rooms.trivia.phases import State
from rooms.trivia.selectors import TOLD_AFTER, GameRecord
from rooms.trivia.teams import TEAMS, team_lines, teams_for

MOST_STANDINGS = 50  # on the wire, each time; everybody has their own rank besides
TOLD = ("explanation", "source", "credit", "link", "licence")

View = dict[str, Any]


def preparing() -> View:
    """The view of a room whose questions are not there yet."""
    return {
        "phase": "preparing",
        "seq": 0,
        "number": 0,
        "of": 0,
        "answered": 0,
        "expected": 0,
        **dict.fromkeys(
            ("opens_at", "closes_at", "next_at", "paused", "question", "teams", "reveal", "results")
        ),
    }


def game_view(record: GameRecord, seats: Mapping[int, LiveSeat]) -> View:
    """What everybody may know; `seats` by slot. The answer is in it from the reveal on, and never before."""
    state = record.state
    is_asked = state.phase not in ("lobby", "ready")
    return {
        "phase": state.phase,
        "seq": state.seq,
        "number": state.number,
        "of": record.rules.of,
        "opens_at": state.opens_at if is_asked else state.ends_at,
        "closes_at": state.closes_at if is_asked else None,
        "next_at": state.ends_at,
        "paused": None if state.paused_at is None else {"remaining": remaining(state, state.paused_at)},
        "question": record.question if is_asked else None,
        **counts(record, seats),
        "teams": _teams(record, seats) if record.settings.teams else None,
        "reveal": _reveal(record, seats)
        if record.secret is not None and record.outcome is not None
        else None,
        "results": None,
    }


def counts(record: GameRecord, seats: Mapping[int, LiveSeat]) -> View:
    """How many have answered, and how many are connected or have."""
    waiting = sum(seat.connected and seat.user_id not in record.answered for seat in seats.values())
    return {"answered": len(record.answered), "expected": len(record.answered) + waiting}


def remaining(state: State, now: int) -> int | None:
    """What is left of the phase, or of the time to answer, in ms; None if it waits for the host."""
    end = state.closes_at if state.phase == "open" else state.ends_at
    if end is None:
        return state.remaining
    return max(0, end - (state.paused_at if state.paused_at is not None else now))


def own_view(record: GameRecord, user_id: int, *, latency: int) -> View:
    """What a player may know of themselves: their answer, their time, and after the reveal how it went."""
    answer = record.answers.get(user_id)
    player = record.players.get(user_id, {})
    return {
        "answer": None if answer is None else answer["value"],
        "answered_at": None if answer is None else answer["received_at"],
        "extra": player.get("extra", 0),
        "latency": latency if answer is None else answer["latency"],
        "team": player.get("team"),
        "points": player.get("points", 0),
        "result": _result(record, user_id, answer),
    }


def host_view(record: GameRecord | None, seats: Mapping[int, LiveSeat]) -> View:
    """For the host alone: who finds the question wrong, once its answer is out, and extra time by slot."""
    if record is None:
        return {"flags": None, "extras": {}}
    slots = {seat.user_id: seat.slot for seat in seats.values()}
    flags = [{"slot": slots.get(user_id), "reason": reason} for user_id, reason in record.flags]
    is_told = bool(flags) and record.state.phase in TOLD_AFTER
    extras = {user_id: player["extra"] for user_id, player in record.players.items() if player["extra"]}
    return {
        "flags": {"number": record.state.number, "flags": flags} if is_told else None,
        "extras": {slots[user_id]: extra for user_id, extra in extras.items() if user_id in slots},
    }


def _result(record: GameRecord, user_id: int, answer: View | None) -> View | None:
    if (line := record.lines.get(user_id)) is None:
        return None
    return {
        "points": line["gained"],
        "share": None if line["share"] is None else line["share"] / 1000,
        "right": line["right"],
        "streak": line["streak"],
        "rank": line["rank"],
        "was": line["was"],
        "total": line["points"],
        "elapsed": None if answer is None else answer["elapsed"],
    }


def _reveal(record: GameRecord, seats: Mapping[int, LiveSeat]) -> View:
    secret, outcome = record.secret or {}, record.outcome or {}
    return {
        "answer": secret["answer"],
        "answer_text": secret["answer_text"],
        **{name: secret.get(name, "") for name in TOLD},
        "counts": outcome["counts"],
        "partly": outcome.get("partly", 0),
        "spread": _spread(outcome.get("spread"), seats),
        "answers": outcome["answers"],
        "right": outcome["right"],
        "voided": record.voided,
        "standings": list(_standings(outcome["standings"], seats)),
    }


def _spread(spread: View | None, seats: Mapping[int, LiveSeat]) -> View | None:
    """With the slots of those who came closest, as far as they sit here."""
    if spread is None or not (closest := spread.get("closest")):
        return spread
    slots = {seat.user_id: seat.slot for seat in seats.values()}
    shown = {
        "off": closest["off"],
        "count": closest["count"],
        "slots": [slots[user_id] for user_id in closest["users"] if user_id in slots],
    }
    return spread | {"closest": shown}


def _standings(lines: Iterable[View], seats: Mapping[int, LiveSeat]) -> Iterable[View]:
    """The best of those who sit here."""
    slots = {seat.user_id: seat.slot for seat in seats.values()}
    seated = (line for line in lines if line["user"] in slots)
    for line, _ in zip(seated, range(MOST_STANDINGS), strict=False):
        shown = {name: value for name, value in line.items() if name not in ("user", "share")}
        yield {"slot": slots[line["user"]], **shown}


def _teams(record: GameRecord, seats: Mapping[int, LiveSeat]) -> list[View]:
    """Every team that one can be in, also those that are empty yet, each with the slots of its members."""
    seated = [seat for _, seat in sorted(seats.items()) if seat.user_id in record.players]
    rows = [record.players[seat.user_id] for seat in seated]
    lines = {line["team"]: line for line in team_lines(rows)}
    for team in range(teams_for(len(rows))):
        lines.setdefault(team, {"team": team, "name": TEAMS[team], "points": 0, "members": 0})
    slots: dict[int | None, list[int]] = {}
    for seat, row in zip(seated, rows, strict=True):
        slots.setdefault(row["team"], []).append(seat.slot)
    return [line | {"slots": slots.get(team, [])} for team, line in lines.items()]
