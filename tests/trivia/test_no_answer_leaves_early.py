"""A walk over every frame of whole games: nothing tells an answer before its reveal, nor who somebody is."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from rooms.database import in_thread
from rooms.models import Room
from rooms.trivia import services as trivia
from rooms.trivia.models import RoomQuestion
from rooms.trivia.options import Kind
from tests.rooms.test_nothing_leaks import FORBIDDEN_KEYS, walk
from tests.trivia.conftest import Connect, Open
from tests.trivia.making import SLOW, move_on, open_now, start

pytestmark = pytest.mark.django_db(transaction=True)

TOLD_LATER = {
    "answer_text",
    "explanation",
    "source",
    "accepted",
    "margin",
    "secret",
    "counts",
    "partly",
    "spread",
    "right",
    "standings",
}


def mark_secrets(room: Room) -> dict[int, str]:
    """Give each question's secret parts a text that can be nowhere else."""
    marks = {}
    for question in RoomQuestion.objects.filter(game_id=room.id):
        marks[question.number] = mark = f"SECRET-{question.number}-Q"
        for name in ("answer_text", "explanation", "source", "link", "licence"):
            question.secret[name] = mark
        if question.public["type"] == "text":
            question.secret |= {"answer": mark, "accepted": [mark]}
        question.save()
    return marks


@pytest.mark.parametrize("kind", Kind.__args__)
async def test_nothing_is_told_before_its_reveal(
    connect: Connect, open_room: Open, alice: User, bob: User, charlie: User, kind: str
) -> None:
    room = await in_thread(open_room, **SLOW, types=["choice"])
    await in_thread(deal_all_of, room, kind)
    marks = await in_thread(mark_secrets, room)
    screen, his = await connect(alice, room, watch=True), await connect(bob, room)
    watcher = await connect(None, room, watch=True)
    pages = (screen, his, watcher, await connect(charlie, room))  # who never answers, so it stays open
    revealed: set[int] = set()
    await in_thread(start, room)
    for _ in range(3):
        await in_thread(move_on, room, to="open")
        game = await in_thread(open_now, room)
        for page in pages:
            await page.until(
                lambda m, at=game.opens_at: m.get("event") == "trivia.phase" and m["game"]["opens_at"] == at
            )
        await his.ask("trivia.answer", seq=game.seq, answer=some_answer(kind))
        await his.ask("trivia.answer", seq=game.seq, answer=some_answer(kind))
        await his.ask("trivia.flag", number=game.number, reason="hm")
        await in_thread(trivia.pause, room_id=room.id, by=None, now=game.opens_at + 200)
        late = await connect(None, room, watch=True)
        await in_thread(trivia.resume, room_id=room.id, by=None, now=game.opens_at + 300)
        for page in (*pages, late):
            await page.ask("ping")
            check(page.frames, marks, revealed, game.number)
        await late.disconnect()
        await in_thread(move_on, room)
        for page in pages:
            shown = await page.until(
                lambda m: m.get("event") == "trivia.phase" and m["game"]["reveal"] is not None
            )
            assert shown["game"]["reveal"]["answer_text"] == marks[game.number]
            page.frames.clear()
        revealed.add(game.number)


def check(frames: list[dict[str, Any]], marks: dict[int, str], revealed: set[int], number: int) -> None:
    """No mark of a question that is not revealed, no field of a reveal in an open question's frames."""
    for frame in frames:
        if (text := frame.get("text")) is None:
            continue
        for other, mark in marks.items():
            assert mark not in text or other in revealed, text
        message = json.loads(text)
        assert not {key for key, _ in walk(message)} & FORBIDDEN_KEYS, text
        for game in (message.get("game"), message.get("state", {}).get("game")):
            if game and game["phase"] == "open":
                assert game["reveal"] is None
                assert not {key for key, _ in walk(game["question"])} & (TOLD_LATER | {"answer"})
                assert game["question"]["number"] == game["number"] == number


def deal_all_of(room: Room, kind: str) -> None:
    """Every question of the room is of this kind."""
    from random import Random

    from rooms.trivia.models import Question
    from rooms.trivia.questions.dealing import deal

    dealt = deal(Question.objects.filter(type=kind).first().as_content(), rng=Random(5))
    RoomQuestion.objects.filter(game_id=room.id).update(public=dealt.public, secret=dealt.secret)


def some_answer(kind: str) -> Any:
    return {"several": [0], "number": 8000, "order": [0, 1, 2], "text": "Rome"}.get(kind, 1)


@pytest.mark.django_db
def test_no_page_tells_an_answer(client: Client, open_room: Open, alice: User) -> None:
    room = open_room()
    marks = mark_secrets(room)
    start_with(room, alice)
    move_on(room)
    for name in ("room", "trivia_screen"):
        page = client.get(reverse(name, args=[room.code]))
        assert page.status_code == 200
        assert not [mark for mark in marks.values() if mark in page.content.decode()]
    assert not [mark for mark in marks.values() if mark in json.dumps(room.settings)]


def start_with(room: Room, user: User) -> None:
    from rooms import services

    services.take_seat(room_id=room.id, user=user)
    start(room)
