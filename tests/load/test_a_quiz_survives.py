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
                lambda n=number: n in ada.kept and n in bob.kept, what=f"answers to {number}", seconds=40
            )
            server.kill(part)
            if part != "beat":  # which is dead for good
                server.start(part)
        wait_for(lambda: mum.has_seen("over", QUESTIONS), what="the podium", seconds=60)
    server.start("beat")
    server.wait_until_ready()
    wait_until_settled(server)
    assert_kept_once(server, room, ada, bob)
    assert_on_its_deadlines(server, room, [ada, bob, mum])
    assert_podium(server, room)


def assert_kept_once(server: Server, room: str, ada: Quizzer, bob: Quizzer) -> None:
    """What was acknowledged is there, whatever died meanwhile, and nothing else."""
    assert ada.kept == bob.kept == set(range(1, QUESTIONS + 1))
    assert (ada.visits, bob.visits) == (2, 2)
    assert ada.refusals.keys() | bob.refusals.keys() <= {
        "answered_already",
        "too_late",
    }  # once more, on return
    answers = """
        select question.number, answer.points, share from trivia_answer answer
        join trivia_roomquestion question on question.id = answer.question_id where game_id = ?"""
    graded = server.rows(answers, room)
    assert sorted(number for number, *_ in graded) == [1, 1, 2, 2, 3, 3, 4, 4]
    assert sorted(share for *_, share in graded) == [0, 0, 0, 0, 1000, 1000, 1000, 1000]
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
    assert {number: len(deadlines) for number, deadlines in told.items()} == dict.fromkeys(
        range(1, QUESTIONS + 1), 1
    )
    opened = {number: deadlines.pop() for number, deadlines in told.items()}
    assert [closes - opens for opens, closes in opened.values()] == [SECONDS * 1000] * QUESTIONS
    rows = server.rows("select number, opened_at, closed_at from trivia_roomquestion where game_id = ?", room)
    closed = {number: closed_at for number, _, closed_at in rows}
    assert {number: opened_at for number, opened_at, _ in rows} == {
        n: opens for n, (opens, _) in opened.items()
    }
    for number in range(1, QUESTIONS):
        due = opened[number][1] + phases.GRACE
        away = (
            closed[number] - due
        )  # a machine so slow that nobody looked for a second may shift what follows
        shift = away if away > phases.PATIENCE else 0
        assert opened[number + 1][0] == opened[number][0] + PERIOD + shift


def assert_podium(server: Server, room: str) -> None:
    status, results = server.rows("select status, results from rooms_room where id = ?", room)[0]
    assert status == "COMPLETED"
    rows = [(row["right"], row["answered"], row["points"]) for row in json.loads(results)["rows"]]
    total = server.value("select sum(points) from events_event where room = ?", room)
    assert rows[0] == (QUESTIONS, QUESTIONS, total)
    assert sorted(rows[1:]) == [(0, 0, 0), (0, QUESTIONS, 0)]  # these two share a place
    assert QUESTIONS * 500 <= total <= QUESTIONS * 1000
