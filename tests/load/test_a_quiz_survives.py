"""Worker, web and beat are killed in mid-question: the game goes on at its deadlines, the podium is right."""

import json

from rooms.trivia import phases
from tests.e2e.guests import Guest
from tests.e2e.server import Server
from tests.load.ledger import room_id, wait_until_settled
from tests.load.quizzers import Quizzer, playing
from tests.support.waiting import wait_for

QUESTIONS, SECONDS, REVEAL = 4, 5, 3
PERIOD = (SECONDS + REVEAL) * 1000 + phases.GRACE


def open_quiz(server: Server, host: Guest) -> str:
    """A quiz whose questions are there; its code."""
    server.manage("load_questions")
    numbers = {"questions": QUESTIONS, "seconds": SECONDS, "reveal_seconds": REVEAL, "speed": 50, "size": 10}
    ticked = dict.fromkeys(("auto_advance", "late_joining", "text_on_phones"), "on")
    fields = {name: str(value) for name, value in numbers.items()} | ticked
    host.post(
        "/rooms/new/",
        kind="trivia",
        visibility="private",
        types="choice",
        difficulty="any",
        title="",
        **fields,
    )
    code = host.at.rstrip("/").rpartition("/")[2]
    status = "select status from rooms_room where code = ?"
    wait_for(lambda: server.value(status, code) == "LOBBY", what="the questions")
    return code


def right_answers(server: Server, room: str) -> dict[int, int]:
    dealt = server.rows("select number, secret from trivia_roomquestion where game_id = ?", room)
    return {number: json.loads(secret)["answer"] for number, secret in dealt}


def test_worker_web_and_beat_are_killed_in_mid_question(server: Server) -> None:
    guests = [Guest(server.url) for _ in range(3)]
    code = open_quiz(server, guests[0])
    room = room_id(server, code)
    right = right_answers(server, room)
    wrong = {number: (answer + 1) % 4 for number, answer in right.items()}
    ada, bob, mum = (
        Quizzer(url=server.url, code=code, cookie=guest.join(code), answers=answers)
        for guest, answers in zip(guests, (right, wrong, {}), strict=True)  # who says nothing keeps them open
    )
    with playing([ada, bob, mum]):
        wait_for(lambda: ada.visits and bob.visits and mum.visits, what="everybody at the table")
        ada.act("room.start")
        for number, part in enumerate(("worker", "web", "beat"), start=1):
            wait_for(
                lambda n=number: (n in ada.kept and n in bob.kept) or mum.has_seen("reveal", n),
                what=f"answers to {number}, or its end",
            )
            server.kill(part)
            if part != "beat":  # which is dead for good
                server.start(part)
        wait_for(lambda: mum.has_seen("over", QUESTIONS), what="the podium", seconds=120)
    server.start("beat")
    server.wait_until_ready()
    wait_until_settled(server)
    assert_kept_once(server, room, ada, bob)
    assert_on_its_deadlines(server, room, [ada, bob, mum])
    assert_podium(server, room, ada, bob)


def assert_kept_once(server: Server, room: str, ada: Quizzer, bob: Quizzer) -> None:
    """What was acknowledged is there, whatever died meanwhile, and nothing else."""
    # Whoever is too late, as the machine is slow, has missed a question; the others they answered.
    assert len(ada.kept) >= QUESTIONS // 2
    assert len(bob.kept) >= QUESTIONS // 2
    assert min(ada.visits, bob.visits) >= 2
    assert ada.refusals.keys() | bob.refusals.keys() <= {
        "answered_already",
        "too_late",
    }  # once more, on return
    answers = """
        select question.number, answer.points, share from trivia_answer answer
        join trivia_roomquestion question on question.id = answer.question_id where game_id = ?"""
    graded = server.rows(answers, room)
    assert sorted(number for number, *_ in graded) == sorted([*ada.kept, *bob.kept])
    assert sorted(share for *_, share in graded) == [0] * len(bob.kept) + [1000] * len(ada.kept)
    logged = "select points from events_event where room = ? and type = 'QUESTION_ANSWERED'"
    assert sorted(server.rows(logged, room)) == sorted((points,) for _, points, _ in graded)
    verdict = server.manage("rebuild_scores", "--verify", check=False)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def assert_on_its_deadlines(server: Server, room: str, quizzers: list[Quizzer]) -> None:
    """Nobody was told two deadlines of a question, and each question follows from the one before."""
    told: dict[int, set[tuple[int, int]]] = {}
    for quizzer in quizzers:
        for number, deadlines in quizzer.deadlines().items():
            told.setdefault(number, set()).update(deadlines)
    rows = server.rows("select number, opened_at, closed_at from trivia_roomquestion where game_id = ?", room)
    opened = {number: opened_at for number, opened_at, _ in rows}
    closed = {number: closed_at for number, _, closed_at in rows}
    assert opened.keys() == set(range(1, QUESTIONS + 1))
    assert told.keys() >= {1, 2}
    for number, deadlines in told.items():
        assert deadlines == {(opened[number], opened[number] + SECONDS * 1000)}
    for number in range(1, QUESTIONS):
        # A machine so slow that nobody looked for a second shifts what follows: at the close, at the opening.
        late = closed[number] - (opened[number] + SECONDS * 1000 + phases.GRACE)
        shift = late if late > phases.PATIENCE else 0
        late = opened[number + 1] - (opened[number] + PERIOD + shift)
        assert late == 0 or late > phases.PATIENCE


def assert_podium(server: Server, room: str, ada: Quizzer, bob: Quizzer) -> None:
    status, results = server.rows("select status, results from rooms_room where id = ?", room)[0]
    assert status == "COMPLETED"
    rows = [(row["right"], row["answered"], row["points"]) for row in json.loads(results)["rows"]]
    total = server.value("select sum(points) from events_event where room = ?", room)
    assert rows[0] == (len(ada.kept), len(ada.kept), total)
    assert sorted(rows[1:]) == [(0, 0, 0), (0, len(bob.kept), 0)]  # these two share a place
    assert len(ada.kept) * 500 <= total <= len(ada.kept) * 1000
