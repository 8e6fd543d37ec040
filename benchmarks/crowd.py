"""One quiz with many sockets: whether a reveal reaches all of them together, and every answer counts."""

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from benchmarks.fanout import LoadProcess
from benchmarks.harness import percentile, platform, wait_until

QUIZ_LOAD = "benchmarks.quiz_load"


def crowd(*, sockets: int, questions: int, question: int, reveal: int) -> dict[str, Any]:
    """Figures of one room with many sockets, all of which answer within a second."""
    with platform(database="postgres") as built:
        from benchmarks.players import make_players, seats
        from benchmarks.quizzes import open_quiz
        from rooms import services
        from rooms.trivia.models import TriviaGame

        built.run(sys.executable, "manage.py", "load_questions")
        people = make_players(sockets)
        room = open_quiz(questions=questions, seconds=question, reveal_seconds=reveal, size=max(2, sockets))
        built.web()
        built.worker()
        built.beat()
        load = LoadProcess(built, module=QUIZ_LOAD)
        load.ask("join", seats=seats([(room.id, room.code)], people), within=1.0)
        services.start(room_id=room.id, by=None)
        over = TriviaGame.objects.filter(pk=room.id, phase="over")
        wait_until(over.exists, seconds=questions * (question + reveal + 3) + 30, what="the podium")
        told = load.ask("tell")
        if told["closed"]:
            raise RuntimeError(f"{len(told['closed'])} sockets were closed: {told['closed']}")
        skews = _skews(told["phases"], sockets)
        return {
            "reveal_skew_p95_ms": round(percentile(skews, 95), 1),
            "answers_counted": _answers_counted(room.id),
            "answer_ack_p50_ms": round(percentile(told["acks"], 50), 1),
            "answer_ack_p95_ms": round(percentile(told["acks"], 95), 1),
            "refused": len(told["refusals"]) + told["unanswered"],
        }


def _skews(told: Sequence[Sequence[tuple[int, str, float]]], sockets: int) -> list[float]:
    """For each reveal, from the first socket's frame to the last one's; all of them must have had it."""
    times: dict[int, list[float]] = {}
    for frames in told:
        for seq, phase, at in frames:
            if phase == "reveal":
                times.setdefault(seq, []).append(at)
    if any(len(seen) != sockets for seen in times.values()):
        raise RuntimeError("a reveal did not reach every socket")
    return [max(seen) - min(seen) for seen in times.values()]


def _answers_counted(room_id: UUID) -> int:
    """The fewest answers to a question by what was kept, what was revealed, and what the log has."""
    from django.db.models import Count

    from events.models import Event, Outbox
    from rooms.trivia.models import RoomQuestion

    wait_until(lambda: not Outbox.objects.exists(), seconds=30, what="an empty outbox")
    logged = Counter(
        Event.objects.filter(room=room_id, type="QUESTION_ANSWERED").values_list("data__number", flat=True)
    )
    counts = []
    for question in RoomQuestion.objects.filter(game_id=room_id).annotate(kept=Count("answers")):
        counts += [question.kept, question.outcome["answers"], logged[question.number]]
        counts.append(sum(question.outcome["counts"]))
    return min(counts)
