"""What the host decides while the game runs. `by`: the host's user id; None: an operator or the system.

`seq` names the transition that the host saw last: a click that comes too late, or twice, does nothing.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Max

from rooms.errors import NoSuchSeat, NotNow
from rooms.models import Seat, Status
from rooms.trivia import phases
from rooms.trivia.models import Player, TriviaGame
from rooms.trivia.services.advancing import Move, advance, announce, complete, give_up, make
from rooms.trivia.services.locking import Row, locked_game, require_host, save
from rooms.trivia.services.voiding import void_current
from rooms.trivia.states import rules_in, state_of

MOST_EXTRA = 200  # percent


def go_on(*, room_id: UUID, seq: int, by: int | None, now: int) -> None:
    """End the phase now: close the question, or open the next one."""
    with transaction.atomic():
        require_host(room_id, by)
        row = _running(room_id, seq)
        save(room_id, phases.go_on(state_of(row), now=now), rules_in(row), deserted=False)
        announce([room_id])
    advance(now=now, room_ids=[room_id])


def skip(*, room_id: UUID, seq: int, by: int | None, now: int) -> None:
    """Void the current question and go on to the next, without a reveal if it was still open."""
    with transaction.atomic():
        require_host(room_id, by)
        row = _running(room_id, seq)
        state, rules = state_of(row), rules_in(row)
        if state.phase not in ("open", "reveal"):
            raise NotNow("There is no question to skip just now.")
        void_current(row, now=now)
        move = Move(row, state, phases.skip(state, rules, now=now), rules)
        TriviaGame.objects.filter(pk=room_id).update(deserted=False)
        broken = [] if move.ends else make([move], now=now)
    if move.ends:
        complete(room_id)
    elif broken:
        give_up(room_id)


def pause(*, room_id: UUID, by: int | None, now: int, deserted: bool = False) -> bool:
    """Stop the clock; what remains is kept. False if it stood still already."""
    with transaction.atomic():
        require_host(room_id, by)
        row = locked_game(room_id)
        state = state_of(row)
        if not state.is_running:
            raise NotNow
        if state.paused_at is not None:
            return False
        save(room_id, phases.pause(state, now=now), rules_in(row), deserted=deserted)
        announce([room_id])
    return True


def resume(*, room_id: UUID, by: int | None, now: int, only_if_deserted: bool = False) -> bool:
    """Go on with what remained. False if it was not paused (or not because everybody was gone)."""
    with transaction.atomic():
        require_host(room_id, by)
        row = locked_game(room_id)
        state = state_of(row)
        if state.paused_at is None or (only_if_deserted and not row["deserted"]):
            return False
        save(room_id, phases.resume(state, now=now), rules_in(row), deserted=False)
        announce([room_id])
    return True


def give_extra(*, room_id: UUID, slot: int, percent: int, by: int | None) -> None:
    """Give whoever sits in `slot` so many percent more time to answer. It costs them no points."""
    with transaction.atomic():
        require_host(room_id, by, allowed=(Status.LOBBY, Status.IN_PROGRESS))
        row = locked_game(room_id)
        seat = Seat.objects.filter(room_id=room_id, slot=slot).first()
        if seat is None:
            raise NoSuchSeat
        Player.objects.update_or_create(
            game_id=room_id, user_id=seat.user_id, defaults={"extra": min(max(percent, 0), MOST_EXTRA)}
        )
        state = phases.give_extra(state_of(row), rules_in(row), extra=longest_extra(room_id))
        save(room_id, state, rules_in(row))
        announce([room_id])


def longest_extra(room_id: UUID) -> int:
    """The most extra time of those who hold a seat, in percent."""
    seated = Seat.objects.filter(room_id=room_id, slot__isnull=False).values("user_id")
    players = Player.objects.filter(game_id=room_id, user_id__in=seated)
    return players.aggregate(most=Max("extra"))["most"] or 0


def _running(room_id: UUID, seq: int) -> Row:
    row = locked_game(room_id)
    if row["seq"] != seq or not state_of(row).is_running:
        raise NotNow
    return row
