"""The consumer on a real queue: how much at once, what is deleted when, and how it ends."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import OperationalError

from events.consuming.consumer import Consumer
from events.consuming.in_hand import InHand
from events.consuming.polling import LONG_POLL, Poller
from events.consuming.slots import Slots
from events.consuming.sources import Source, Work
from events.consuming.sqs import QueueSource, Received
from tests.aws.conftest import DEAD, Consume, send
from tests.support.broker import in_flight, waiting
from tests.support.waiting import wait_for


class Hands:
    """Handles messages; holds them until they are let go, if so asked."""

    def __init__(self, *, holding: bool = False) -> None:
        self.free = threading.Event()
        if not holding:
            self.free.set()
        self.begun: list[str] = []
        self.done: list[str] = []
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def handle(self, message: Received) -> None:
        with self._lock:
            self.begun.append(message.body)
            self._now += 1
            self.most = max(self.most, self._now)
        self.free.wait(60)
        with self._lock:
            self._now -= 1
            self.done.append(message.body)


class FakeSource(Source):
    """Gives what `answer` gives."""

    name = "fake"
    visibility = 30.0

    def __init__(self, answer: Callable[[], Sequence[Work]]) -> None:
        self.answer = answer
        self.asked = 0
        self.nothing = threading.Event()

    def fetch(self, *, most: int, seconds: int) -> Sequence[Work]:
        self.asked += 1
        works = self.answer()
        if not works:
            self.nothing.wait(0.01)
        return works


class FakeWork(Work):
    """Does `action`."""

    def __init__(self, source: Source, action: Callable[[], None]) -> None:
        self.source = source
        self.action = action
        self.finished = False

    def do(self) -> None:
        self.action()

    def finish(self) -> None:
        self.finished = True

    def extend(self) -> None: ...

    def give_back(self) -> None: ...


def test_what_is_done_is_deleted(queue: str, consume: Consume) -> None:
    hands = Hands()
    send("a", "b", "c")
    consume(QueueSource(queue=queue, handle=hands.handle))
    wait_for(lambda: waiting(queue) + in_flight(queue) == 0)
    assert sorted(hands.done) == ["a", "b", "c"]


def test_never_more_are_fetched_than_may_run_at_once(queue: str, consume: Consume) -> None:
    hands = Hands(holding=True)
    send(*"abcdefgh")
    consume(QueueSource(queue=queue, handle=hands.handle), max_workers=3)
    wait_for(lambda: len(hands.begun) == 3)
    assert (in_flight(queue), waiting(queue)) == (3, 5)
    hands.free.set()
    wait_for(lambda: len(hands.done) == 8)
    assert hands.most == 3


def test_nothing_is_deleted_before_it_is_done(queue: str, consume: Consume) -> None:
    hands = Hands(holding=True)
    send("a")
    consume(QueueSource(queue=queue, handle=hands.handle))
    wait_for(lambda: hands.begun)
    assert in_flight(queue) == 1
    hands.free.set()
    wait_for(lambda: in_flight(queue) == 0)


def test_what_raises_every_time_ends_in_the_dead_letters(queue: str, consume: Consume) -> None:
    def refuse(message: Received) -> None:
        raise ValueError(message.body)

    hands = Hands()
    send("poison")
    consume(QueueSource(queue=queue, handle=refuse, visibility=0))
    wait_for(lambda: waiting(DEAD) == 1)
    assert waiting(queue) + in_flight(queue) == 0
    assert hands.done == []


def test_a_slow_message_stays_ours_beyond_its_visibility_timeout(queue: str, consume: Consume) -> None:
    hands, extensions = Hands(holding=True), []
    source = QueueSource(queue=queue, handle=hands.handle, visibility=6)
    send("slow")
    consumer = consume(source)
    extended = consumer.in_hand.extended
    consumer.in_hand.extended = lambda work: (extensions.append(work), extended(work))  # type: ignore[assignment]
    wait_for(lambda: len(extensions) >= 5)  # 0.7 s each: more than the timeout has passed
    assert hands.begun == ["slow"]
    hands.free.set()
    wait_for(lambda: in_flight(queue) + waiting(queue) == 0)
    assert hands.done == ["slow"]


def test_stopping_ends_what_is_in_hand_and_fetches_nothing_more(queue: str, consume: Consume) -> None:
    hands = Hands(holding=True)
    send("a", "b")
    consumer = consume(QueueSource(queue=queue, handle=hands.handle), max_workers=1)
    wait_for(lambda: hands.begun)
    consumer.stop()
    hands.free.set()
    wait_for(lambda: hands.done)
    wait_for(lambda: in_flight(queue) == 0)
    assert waiting(queue) == 1


def test_what_cannot_be_ended_in_time_is_given_back(queue: str) -> None:
    hands = Hands(holding=True)
    send("a")
    consumer = Consumer([QueueSource(queue=queue, handle=hands.handle)], max_workers=1)
    ended = []
    thread = threading.Thread(target=lambda: ended.append(consumer.run(stop_seconds=0.1)))
    thread.start()
    wait_for(lambda: hands.begun)
    consumer.stop()
    thread.join(60)
    assert ended == [False]
    assert waiting(queue) == 1
    hands.free.set()


def test_every_source_is_listened_to_even_with_one_worker(queue: str, consume: Consume) -> None:
    done = []
    sources = [FakeSource(list) for _ in range(3)]
    for source in sources:
        source.answer = lambda source=source: [FakeWork(source, lambda: done.append(source))]  # type: ignore[misc]
    consume(*sources, max_workers=1)
    wait_for(lambda: set(done) == set(sources))


def test_listeners_take_turns_quickly_where_places_are_few() -> None:
    def seconds(places: int) -> int:
        stopping = threading.Event()
        poller = Poller(
            FakeSource(list),
            slots=Slots(places),
            fellows=3,
            hand_on=lambda works: None,
            weather=None,  # type: ignore[arg-type]
            stopping=stopping,
        )
        return poller._seconds

    assert seconds(3) == LONG_POLL == 20
    assert seconds(2) == 1


def test_a_source_that_is_away_is_asked_again_until_it_is_back(
    consume: Consume, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("events.consuming.polling.FIRST_PAUSE", 0.01)
    done: list[str] = []

    def answer() -> Sequence[Work]:
        if source.asked < 4:
            raise ConnectionError("no route to Frankfurt")
        return [] if done else [FakeWork(source, lambda: done.append("done"))]

    source = FakeSource(answer)
    with caplog.at_level("INFO"):
        consume(source)
        wait_for(lambda: done)
    lines = [record.message for record in caplog.records if "fake" in record.message]
    assert lines == [
        "fake cannot be reached, trying again: ConnectionError: no route to Frankfurt",
        "fake is back.",
    ]


def test_while_the_database_is_away_nothing_is_fetched(
    consume: Consume, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each message would be received too often, and an outage would end in the dead letters."""
    away, looks, done = True, [0], []

    def act() -> None:
        if away:
            raise OperationalError("the database is shutting down")
        done.append("done")

    def ask() -> None:
        looks[0] += 1
        if away:
            raise OperationalError("no route to the database")

    monkeypatch.setattr("events.consuming.weather.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("events.consuming.weather.LONGEST_PAUSE", 0.01)
    monkeypatch.setattr("events.consuming.weather.ask", ask)
    source = FakeSource(list)
    source.answer = lambda: [] if done else [FakeWork(source, act)]
    consumer = consume(source, max_workers=1)
    wait_for(lambda: looks[0] > 3)
    asked = source.asked
    wait_for(lambda: looks[0] > 20)
    assert (source.asked, consumer.failed) == (asked, asked)
    away = False
    wait_for(lambda: done)


def test_what_hangs_is_kept_from_others_only_for_so_long(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    source = FakeSource(list)
    work = FakeWork(source, lambda: None)
    source.visibility = 0.0
    in_hand = InHand()
    in_hand.add([work])
    settings.CONSUME_SECONDS = 3600
    assert in_hand.running_out() == [work]
    settings.CONSUME_SECONDS = 1e-9
    assert in_hand.running_out() == in_hand.running_out() == []
    assert caplog.text.count("so another may get it too") == 1
    assert in_hand.wait_until_empty(0) == [work]


def test_messages_stay_ours_although_no_sign_of_life_can_be_left() -> None:
    def full() -> None:
        raise RuntimeError("OOM command not allowed")

    class Slow(FakeWork):
        def extend(self) -> None:
            extended.set()

    extended = threading.Event()
    source = FakeSource(list)
    source.visibility = 0.1
    work = Slow(source, lambda: None)
    consumer = Consumer([source], max_workers=1, alive=full)
    consumer.in_hand.add([work])
    runs = threading.Thread(target=consumer.run, kwargs={"stop_seconds": 0}, daemon=True)
    runs.start()
    assert extended.wait(20)
    consumer.stop()
    runs.join(20)
