"""Reading scores and their receipts."""

from dataclasses import dataclass
from uuid import UUID

from events.boards import room_board
from events.models import Event, Score
from events.scoring import RULES


@dataclass(frozen=True)
class Standing:
    """A player's place on a board; equal points share a rank, so that 1, 2, 2, 4 is possible."""

    player: int
    points: int
    entries: int
    rank: int


def leaderboard(*, board: str, limit: int, offset: int = 0) -> list[Standing]:
    """A page of the board, best first; among equals the one with fewer entries, then the older player."""
    scores = Score.objects.filter(board=board, points__gt=0).order_by("-points", "entries", "player")
    page = list(scores[offset : offset + limit])
    rows: list[Standing] = []
    for place, score in enumerate(page, start=offset + 1):
        if rows and rows[-1].points == score.points:
            rank = rows[-1].rank
        else:
            rank = place if rows or not offset else _rank(board, score.points)
        rows.append(Standing(score.player, score.points, score.entries, rank))
    return rows


def standing(*, board: str, player: int) -> Standing | None:
    """One player's place on the board; None if they are not on it."""
    score = Score.objects.filter(board=board, player=player, points__gt=0).first()
    if score is None:
        return None
    return Standing(player, score.points, score.entries, _rank(board, score.points))


def room_totals(room_id: UUID) -> dict[int, int]:
    """Everybody's points in one room."""
    return dict(Score.objects.filter(board=room_board(room_id)).values_list("player", "points"))


def receipts(*, player: int, before_seq: int | None = None, limit: int = 50) -> list[Event]:
    """The player's ledger entries, newest first; `before_seq` is the last one of the page before."""
    entries = Event.objects.filter(actor=player).exclude(points=0)
    if before_seq is not None:
        entries = entries.filter(seq__lt=before_seq)
    return list(entries.order_by("-seq")[:limit])


def all_time_boards() -> list[str]:
    """A board of each game: whoever ever scored is on one of them."""
    return sorted({f"{game}/all" for game, _ in RULES.values()})


def _rank(board: str, points: int) -> int:
    return Score.objects.filter(board=board, points__gt=points).count() + 1
