"""Leaderboards, standings, and where each point came from."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from events import selectors
from events.boards import boards_for, room_board
from tests.events.making import ALICE, BOB, CHARLIE, ROOM, hit, store

BOARD = "arena/all"


@pytest.mark.parametrize(
    ("moment", "day", "week"),
    [
        (datetime(2026, 11, 21, 12, tzinfo=UTC), "2026-11-21", "2026-W47"),
        (datetime(2027, 1, 1, tzinfo=UTC), "2027-01-01", "2026-W53"),
        (datetime.fromisoformat("2026-11-22T00:30:00+02:00"), "2026-11-21", "2026-W47"),
    ],
)
def test_days_and_weeks_are_those_of_utc(moment: datetime, day: str, week: str) -> None:
    room = UUID(int=1)
    assert boards_for("arena", room, moment) == (
        room_board(room),
        f"arena/day/{day}",
        f"arena/week/{week}",
        "arena/all",
    )
    assert boards_for("arena", None, moment) == (f"arena/day/{day}", f"arena/week/{week}", "arena/all")


@pytest.mark.both_databases
@pytest.mark.django_db
class TestLeaderboard:
    @pytest.fixture(autouse=True)
    def _hits(self) -> None:
        store([hit(destroyed=True), hit(actor=BOB, victim=ALICE), hit(actor=CHARLIE), hit(actor=10)])

    def test_the_best_come_first_and_equals_share_a_rank(self) -> None:
        rows = selectors.leaderboard(board=BOARD, limit=10)
        assert [(row.player, row.points, row.rank) for row in rows] == [
            (ALICE, 3, 1),
            (BOB, 1, 2),
            (CHARLIE, 1, 2),
            (10, 1, 2),
        ]

    def test_a_later_page_goes_on_with_the_ranks(self) -> None:
        rows = selectors.leaderboard(board=BOARD, limit=2, offset=2)
        assert [(row.player, row.rank) for row in rows] == [(CHARLIE, 2), (10, 2)]

    def test_a_player_finds_their_own_place(self) -> None:
        standing = selectors.standing(board=BOARD, player=CHARLIE)
        assert standing is not None
        assert (standing.points, standing.entries, standing.rank) == (1, 1, 2)
        assert selectors.standing(board=BOARD, player=59) is None

    def test_totals_of_a_room(self) -> None:
        assert selectors.room_totals(ROOM) == {ALICE: 3, BOB: 1, CHARLIE: 1, 10: 1}

    def test_receipts_add_up_to_the_score_and_come_newest_first(self) -> None:
        store([hit() for _ in range(5)])
        store([hit(actor=BOB, victim=ALICE), hit(actor=None, victim=ALICE)])
        found, before = [], None
        while page := selectors.receipts(player=ALICE, before_seq=before, limit=2):
            found += page
            before = page[-1].seq
        assert [entry.seq for entry in found] == sorted((entry.seq for entry in found), reverse=True)
        standing = selectors.standing(board=BOARD, player=ALICE)
        assert standing is not None
        assert sum(entry.points for entry in found) == standing.points == 8
