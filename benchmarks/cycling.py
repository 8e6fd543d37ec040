"""Ten thousand quizzes on one worker process: how late each transition is, and whether each is made once.

    python -m benchmarks.cycling [--json]

PostgreSQL, one worker, one web process, beat, as `manage.py play` runs them. The rooms have 10 s questions,
the default of 6 s for the answer, two players each, and transitions spread evenly; 200 of them have a player
with a real socket who answers. Lateness is from a transition's deadline to its commit by PostgreSQL's own
clock, and for rooms with a socket also to the frame. The baseline, on the same worker in the same run: a task
for each room that loops and sleeps. Then 500 sockets in one room, who all answer within a second.
"""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from benchmarks.crowd import QUIZ_LOAD, crowd
from benchmarks.fanout import LoadProcess
from benchmarks.harness import (
    arguments,
    cpu_seconds,
    isolated,
    percentile,
    platform,
    report,
    wait_until,
)
from rooms.clock import now_ms

KEYS = (
    "rooms",
    "late_p50_ms",
    "late_p99_ms",
    "missed",
    "doubled",
    "core_share",
    "baseline_rooms",
    "reveal_skew_p95_ms",
    "answers_counted",
    "answer_ack_p95_ms",
)
BARS = {
    "rooms": "10,000",
    "late_p99_ms": "under 500",
    "missed": "0",
    "doubled": "0",
    "reveal_skew_p95_ms": "under 100",
    "answers_counted": "500",
    "answer_ack_p95_ms": "under 200",
}
POSTGRES = ("track_commit_timestamp=on",)
THREADS = 8
SETTLE_MS = 3000
START_MS = 30_000  # for ten thousand clocks to be set before the first strikes
IN_TIME_MS = 500


def cycle(
    *, rooms: int, sockets: int, seconds: int, question: int, reveal: int, baseline: int
) -> dict[str, Any]:
    """Figures of many rooms, then of the baseline on the same worker."""
    with platform(database="postgres", postgres_options=POSTGRES) as built:
        from benchmarks.players import make_players, seats
        from benchmarks.quizzes import log_transitions, make_quizzes, period
        from rooms.trivia.phases import Rules

        built.run(sys.executable, "manage.py", "load_questions")
        rules = Rules(of=0, answering=question * 1000, revealing=reveal * 1000)
        needed = (seconds * 1000 + SETTLE_MS) // period(rules) + 3
        rules = Rules(of=needed, answering=rules.answering, revealing=rules.revealing)
        people = make_players(2 * sockets)
        made = make_quizzes(
            rooms, [user for user, _ in people], questions=needed, seconds=question, reveal_seconds=reveal
        )
        log_transitions()
        built.web()
        worker = built.worker(f"--concurrency={THREADS}", application="benchmarks.quiz_baseline")
        load = LoadProcess(built, module=QUIZ_LOAD)
        playing = seats([(room.id, room.code) for room in made[:sockets]], people[::2])
        load.ask("join", seats=playing, within=question * 0.8)
        beat = built.beat()
        figures = _measure(made, rules, load, worker.pid, sockets=sockets, seconds=seconds)
        beat.terminate()
        beat.wait()
        return figures | _baseline(made[sockets:], rules, seconds=baseline)


def _measure(
    made: Sequence[Any], rules: Any, load: LoadProcess, worker: int, *, sockets: int, seconds: int
) -> dict[str, Any]:
    """The first period warms up: a transition can be missed or doubled in it, but not late."""
    from benchmarks.quizzes import expected, period, read_transitions, start_clocks, stop_clocks

    _wait_for_a_sweep(made[-1])
    at = now_ms() + START_MS
    states = start_clocks(made, rules, at=at)
    if now_ms() > at:
        raise RuntimeError("the clocks were set too late; this machine has other things to do")
    _tell([room.id for room in made[:sockets]])
    begin, end = at + period(rules), at + period(rules) + seconds * 1000
    _sleep_until(begin)
    spent = cpu_seconds(worker)
    _sleep_until(end)
    spent = cpu_seconds(worker) - spent
    _sleep_until(end + SETTLE_MS)
    stop_clocks()
    told = load.ask("tell")
    log = read_transitions()
    due = {room: expected(state, rules, until=end) for room, state in states.items()}
    counted = [row for row in log if begin <= row.due < end]
    late = [row.committed - row.due for row in counted]
    shown = _shown(
        told, [room.id for room in made[:sockets]], {(row.room, row.seq): row.due for row in counted}
    )
    return {
        "rooms": len(made),
        "transitions": len(counted),
        "late_p50_ms": round(percentile(late, 50), 1),
        "late_p99_ms": round(percentile(late, 99), 1),
        "late_most_ms": round(max(late), 1),
        "frame_late_p50_ms": round(percentile(shown, 50), 1),
        "frame_late_p99_ms": round(percentile(shown, 99), 1),
        "missed": _missed(due, log),
        "doubled": _doubled(log),
        "core_share": round(spent / seconds, 3),
        "closed_sockets": len(told["closed"]),
    }


def _wait_for_a_sweep(room: Any) -> None:
    """Worker and beat are up once they have moved a room on that was due long ago."""
    from rooms.trivia.models import TriviaGame

    game = TriviaGame.objects.filter(pk=room.id)
    before = game.values().get()
    game.update(ends_at=now_ms(), due_at=now_ms())
    wait_until(lambda: game.exclude(seq=before["seq"]).exists(), seconds=60, what="the first sweep")
    game.update(**before)


def _tell(room_ids: Sequence[UUID]) -> None:
    from rooms.trivia.services.advancing import announce

    announce(room_ids)


def _missed(due: dict[UUID, list[tuple[int, str, int]]], log: Sequence[Any]) -> int:
    made = {(row.room, row.seq, row.phase, row.number) for row in log}
    return sum((room, *step) not in made for room, steps in due.items() for step in steps)


def _doubled(log: Sequence[Any]) -> int:
    """Transitions beyond one for each question's opening and closing."""
    return sum(times - 1 for times in Counter((row.room, row.phase, row.number) for row in log).values())


def _shown(told: dict[str, Any], rooms: Sequence[UUID], due: dict[tuple[UUID, int], int]) -> list[float]:
    """From the deadline to the frame, for each transition of a room with a socket."""
    frames = zip(rooms, told["phases"], strict=True)
    return [at - due[room, seq] for room, phases in frames for seq, _, at in phases if (room, seq) in due]


def _baseline(made: Sequence[Any], rules: Any, *, seconds: int) -> dict[str, Any]:
    """How many rooms have all their transitions in time when each holds a thread."""
    from benchmarks.quiz_baseline import play_room
    from benchmarks.quizzes import expected, read_transitions, start_clocks

    rooms = made[: THREADS * 4]
    _reset(rooms)
    at = now_ms() + SETTLE_MS
    end = at + seconds * 1000
    states = start_clocks(rooms, rules, at=at)
    for room in rooms:
        play_room.apply_async((str(room.id), end / 1000), queue="trivia")
    _sleep_until(end + SETTLE_MS)
    log = read_transitions()
    in_time = {(row.room, row.seq) for row in log if row.committed - row.due <= IN_TIME_MS}
    served = [
        room
        for room, state in states.items()
        if all((room, seq) in in_time for seq, *_ in expected(state, rules, until=end))
    ]
    return {"baseline_rooms": len(served)}


def _reset(rooms: Sequence[Any]) -> None:
    from rooms.trivia.models import TriviaGame

    TriviaGame.objects.filter(pk__in=[room.id for room in rooms]).update(
        phase="ready", number=0, opens_at=None, closes_at=None
    )


def _sleep_until(moment: int) -> None:
    time.sleep(max(0.0, (moment - now_ms()) / 1000))


def main() -> None:
    options = arguments(
        "Quizzes on time.",
        rooms=10_000,
        sockets=200,
        seconds=60,
        question=10,
        reveal=6,
        baseline_seconds=40,
        crowd=500,
        crowd_questions=20,
    )
    figures: dict[str, Any] = {}
    if options.rooms:
        figures = isolated(
            cycle,
            rooms=options.rooms,
            sockets=options.sockets,
            seconds=options.seconds,
            question=options.question,
            reveal=options.reveal,
            baseline=options.baseline_seconds,
        )
    if options.crowd:
        figures |= isolated(
            crowd,
            sockets=options.crowd,
            questions=options.crowd_questions,
            question=options.question,
            reveal=3,
        )
    if options.json:
        figures = {name: figures[name] for name in KEYS if name in figures}
    report(figures, as_json=options.json, bars=BARS)


if __name__ == "__main__":
    main()
