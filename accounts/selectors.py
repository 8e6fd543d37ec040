"""Every read about players that is more than a lookup."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts import directory
from accounts.models import User
from events import selectors as events
from events.boards import boards_for
from events.players import Player, PlayerKey
from events.snapshots import snapshot

PERIODS = {"day": "Today", "week": "This week", "all": "All time"}
WHAT = {"QUESTION_ANSWERED": "Answered", "ANSWER_VOIDED": "Taken back:"}
TOP = 50
RECEIPTS_A_PAGE = 50


@dataclass(frozen=True)
class Row:
    """A line of a leaderboard."""

    rank: int
    player: User
    points: int
    hits: int
    own: bool


@dataclass(frozen=True)
class Leaderboard:
    """The best of a board. `own` is the viewer's line when it is below the rows shown."""

    rows: list[Row]
    own: Row | None


@dataclass(frozen=True)
class Total:
    """A player's points in one game and period."""

    game: str
    period: str
    points: int
    hits: int
    rank: int


@dataclass(frozen=True)
class Receipt:
    """One ledger entry: when, where, against whom. `opponent` is the page of a player, if it was one."""

    seq: int
    event_id: UUID
    points: int
    what: str
    occurred_at: datetime
    where: str
    opponent_name: str
    opponent: str | None


def member_by_email(email: str) -> User | None:
    """The member who proved that `email` is theirs."""
    return User.objects.filter(email=email.lower(), is_guest=False).first()


def known_players(ids: set[int]) -> set[int]:
    """Those of `ids` that are players. The banned ones are, too: what they did before is not lost."""
    return set(User.objects.filter(pk__in=ids).values_list("pk", flat=True))


def banned_among(ids: Collection[int]) -> set[int]:
    """Those of `ids` that are banned players."""
    return set(User.objects.filter(pk__in=ids, banned_at__isnull=False).values_list("pk", flat=True))


def find_players(keys: Collection[PlayerKey]) -> dict[PlayerKey, Player]:
    """The players among these ids and handles, as others know them."""
    ids = [key for key in keys if isinstance(key, int)]
    handles = [key for key in keys if isinstance(key, str)]
    found: dict[PlayerKey, Player] = {}
    users = User.objects.filter(Q(pk__in=ids) | Q(handle__in=handles))
    for user in users.only("handle", "name", "colour", "mark", "banned_at"):
        banned = user.banned_at is not None
        player = Player(user.pk, user.name, user.handle, user.colour, user.mark, banned)
        found |= {user.pk: player, user.handle: player}
    return found


def leaderboard(*, game: str, period: str, now: datetime, viewer: int | None) -> Leaderboard:
    """The top 50 of a game's `day`, `week` or `all` board at `now`, in three queries whatever its size."""
    board = board_name(game=game, period=period, now=now)
    own = None
    with snapshot():  # else the viewer's rank may be that of somebody who is shown
        lines = events.leaderboard(board=board, limit=TOP)
        if viewer is not None and all(line.player != viewer for line in lines):
            own = events.standing(board=board, player=viewer)
    shown = [*lines, *([own] if own else [])]
    players = User.objects.filter(banned_at=None).in_bulk([line.player for line in shown])
    rows = [_row(line, players, viewer) for line in lines if line.player in players]
    return Leaderboard(rows=rows, own=_row(own, players, viewer) if own and own.player in players else None)


def board_name(*, game: str, period: str, now: datetime) -> str:
    """The name under which events keeps that board's scores."""
    boards = boards_for(game, None, now)
    return next(board for board in boards if board.startswith(f"{game}/{period}"))


def totals(*, player: User, now: datetime) -> list[Total]:
    """The player's points in every game and period in which they have any."""
    found = []
    for game, title in directory.games().items():
        for period, label in PERIODS.items():
            line = events.standing(board=board_name(game=game, period=period, now=now), player=player.pk)
            if line is not None:
                found.append(Total(title, label, line.points, line.entries, line.rank))
    return found


def receipts(*, player: User, before_seq: int | None) -> tuple[list[Receipt], int | None]:
    """A page of the player's ledger, newest first, and the `before_seq` of the next page, if there is one."""
    found = events.receipts(player=player.pk, before_seq=before_seq, limit=RECEIPTS_A_PAGE + 1)
    page = found[:RECEIPTS_A_PAGE]
    rooms = directory.room_names(event.room for event in page)
    handles = _handles({event.data.get("victim") for event in page})
    lines = [_receipt(event, rooms, handles) for event in page]
    return lines, page[-1].seq if len(found) > len(page) else None


def _row(line: Any, players: dict[int, User], viewer: int | None) -> Row:
    return Row(line.rank, players[line.player], line.points, line.entries, line.player == viewer)


def _handles(ids: set[Any]) -> dict[int, str]:
    return dict(User.objects.filter(pk__in=ids - {None}).values_list("pk", "handle"))


def _receipt(event: Any, rooms: dict[UUID, str], handles: dict[int, str]) -> Receipt:
    return Receipt(
        seq=event.seq,
        event_id=event.event_id,
        points=event.points,
        what=_what(event),
        occurred_at=event.occurred_at,
        where=rooms.get(event.room, "A room long gone"),
        opponent_name=event.data.get("victim_name", event.data.get("question", "")),
        opponent=handles.get(event.data.get("victim")),
    )


def _what(event: Any) -> str:
    """What was done; whom or what it was done to follows it on the page."""
    if event.type == "SHIP_HIT":
        return "Destroyed" if event.data.get("destroyed") else "Hit"
    return WHAT.get(event.type, event.type.replace("_", " ").capitalize())
