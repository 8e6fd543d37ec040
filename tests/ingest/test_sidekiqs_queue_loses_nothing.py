"""Sidekiq's lists, read so that a job is always in one of two places until it is done."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from redis import Redis

from accounts.models import User
from events.consuming.consumer import Consumer
from events.ingest import taking
from events.ingest.models import RefusedJob
from events.ingest.sidekiq import SidekiqSource
from events.ingest.sources import sidekiq_key, sidekiq_source
from events.models import Event
from tests.ingest.making import hit, points_of, sidekiq

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def queue(redis_client: "Redis") -> Callable[..., list[bytes]]:
    """Queues jobs as a client of Sidekiq does; gives their bodies."""

    def put(*bodies: bytes) -> list[bytes]:
        for body in bodies or (sidekiq(),):
            redis_client.lpush("queue:hits", body)
            redis_client.sadd("queues", "hits")
        return list(bodies)

    return put


def _work(source: SidekiqSource) -> None:
    """Fetch and do what lies there, as the consumer does."""
    consumer = Consumer([source], max_workers=10)
    for work in source.fetch(most=10, seconds=1):
        consumer.do(work)


def _left(client: "Redis") -> int:
    """Jobs in any list."""
    keys = client.keys("*queue:hits*")
    return sum(client.llen(key) for key in keys if client.type(key) == b"list")


def _expire(source: SidekiqSource) -> None:
    """The time has passed in which a consumer that was killed is still believed to live."""
    source.redis.delete(source.life_of(source.consumer))


def test_jobs_are_done_in_their_order_and_then_gone(
    alice: User, bob: User, queue: Callable[..., Any], redis_client: "Redis"
) -> None:
    queue(*[sidekiq(hit(tick=n)) for n in range(12)])
    source = sidekiq_source("hits")
    _work(source)
    _work(source)
    ticks = [data["tick"] for data in Event.objects.order_by("seq").values_list("data", flat=True)]
    assert ticks == list(range(12))
    assert points_of(alice.pk) == 12
    assert _left(redis_client) == 0


def test_an_empty_queue_gives_nothing(redis_client: "Redis") -> None:
    assert sidekiq_source("hits").fetch(most=10, seconds=1) == []


def test_a_namespace_stands_before_the_keys(settings: Any) -> None:
    assert sidekiq_key("hits") == "queue:hits"
    settings.INGEST_SIDEKIQ_NAMESPACE = "sidekiq"
    assert sidekiq_key("hits") == "sidekiq:queue:hits"


def test_killed_before_the_work_another_consumer_does_it(
    alice: User, bob: User, queue: Callable[..., Any], redis_client: "Redis"
) -> None:
    queue(*[sidekiq() for _ in range(5)])
    dead = sidekiq_source("hits")
    assert len(dead.fetch(most=10, seconds=1)) == 5
    assert redis_client.llen("queue:hits") == 0
    _expire(dead)
    _work(sidekiq_source("hits"))
    assert points_of(alice.pk) == 5
    assert _left(redis_client) == 0


def test_killed_after_the_transaction_the_hit_still_counts_once(
    alice: User, bob: User, queue: Callable[..., Any], redis_client: "Redis"
) -> None:
    queue()
    dead = sidekiq_source("hits")
    (work,) = dead.fetch(most=1, seconds=1)
    work.do()  # and dies before `finish`
    _expire(dead)
    _work(sidekiq_source("hits"))
    assert points_of(alice.pk) == 1
    assert RefusedJob.objects.get().code == "replay"
    assert _left(redis_client) == 0


def test_what_a_living_consumer_has_in_hand_is_left_to_it(
    alice: User, bob: User, queue: Callable[..., Any]
) -> None:
    queue()
    living, other = sidekiq_source("hits"), sidekiq_source("hits")
    (work,) = living.fetch(most=1, seconds=1)
    assert other.fetch(most=1, seconds=1) == []
    work.do()
    work.finish()
    assert points_of(alice.pk) == 1


def test_who_was_taken_for_dead_finishes_without_harm(
    alice: User, bob: User, queue: Callable[..., Any], redis_client: "Redis"
) -> None:
    queue()
    slow, other = sidekiq_source("hits"), sidekiq_source("hits")
    (work,) = slow.fetch(most=1, seconds=1)
    _expire(slow)
    _work(other)
    work.do()
    work.finish()
    work.give_back()
    assert points_of(alice.pk) == 1
    assert _left(redis_client) == 0


def test_an_answer_of_redis_that_got_lost_loses_no_job(
    alice: User, bob: User, queue: Callable[..., Any], redis_client: "Redis"
) -> None:
    queue()
    source = sidekiq_source("hits")
    redis_client.lmove("queue:hits", source.taken_by(source.consumer), "RIGHT", "LEFT")
    _work(source)
    assert points_of(alice.pk) == 1
    assert _left(redis_client) == 0


def test_a_job_that_redis_could_not_take_off_is_taken_off_later_and_counts_once(
    alice: User, bob: User, queue: Callable[..., Any], redis_client: "Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(body: bytes) -> None:
        raise ConnectionError("Redis is away")

    queue()
    source = sidekiq_source("hits")
    with monkeypatch.context() as patch:
        patch.setattr(source, "done", away)
        _work(source)
    assert _left(redis_client) == 1
    source.recover()
    _work(source)
    assert _left(redis_client) == 0
    assert points_of(alice.pk) == 1


def test_given_back_at_the_end_it_is_the_next_in_the_line(queue: Callable[..., Any]) -> None:
    first, _ = queue(sidekiq(), sidekiq())
    source = sidekiq_source("hits")
    (work,) = source.fetch(most=1, seconds=1)
    work.give_back()
    (again,) = sidekiq_source("hits").fetch(most=1, seconds=1)
    assert again.body == first
    assert again.tries == 1


def test_with_the_database_away_a_job_waits_at_the_front(
    alice: User, bob: User, queue: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = queue(sidekiq(), sidekiq())

    def store_batches(batches: Any) -> Any:
        raise OperationalError("the connection is closed")

    source = sidekiq_source("hits")
    with monkeypatch.context() as broken:
        broken.setattr(taking, "store_batches", store_batches)
        for _ in range(taking.MOST_TRIES + 1):
            (work,) = source.fetch(most=1, seconds=1)
            assert (work.body, work.tries) == (first, 1)
            with pytest.raises(OperationalError):
                work.do()
    _work(source)
    assert points_of(alice.pk) == 2
    assert not RefusedJob.objects.exists()


def test_poison_goes_to_the_end_of_the_line_and_is_kept_at_last(
    alice: User,
    bob: User,
    queue: Callable[..., Any],
    redis_client: "Redis",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poison, _ = queue(sidekiq(hit(tick=13)), sidekiq())
    store = taking.store_batches

    def store_batches(batches: Any) -> Any:
        if b'"tick":13' in bytes(batches[0].believed[0].event.data):
            raise RuntimeError("the oven is broken")
        return store(batches)

    monkeypatch.setattr(taking, "store_batches", store_batches)
    source = sidekiq_source("hits")
    for _ in range(taking.MOST_TRIES):
        _work(source)
    assert points_of(alice.pk) == 1
    row = RefusedJob.objects.get()
    assert (row.code, row.body) == ("failed", poison.decode())
    assert _left(redis_client) == 0
    assert not redis_client.exists(source.tries_key)


def test_a_consumer_that_works_long_shows_that_it_lives(
    redis_url: str, queue: Callable[..., Any], redis_client: "Redis"
) -> None:
    queue()
    source = SidekiqSource(url=redis_url, key="queue:hits", handle=lambda body, tries: None, visibility=5)
    (work,) = source.fetch(most=1, seconds=1)
    redis_client.pexpire(source.life_of(source.consumer), 1500)
    work.extend()
    assert redis_client.pttl(source.life_of(source.consumer)) > 1500
