"""Messages of the topic: whole events, large ones without their data, ten to a call."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from events.aws.messages import CALL_BYTES, body_of, calls, ids_in
from events.models import Event
from events.transports.base import Told
from events.transports.sns import NotSent, SnsTransport
from events.word import BadMessage
from tests.support.aws import MotoServer


def event(**data: Any) -> Event:
    now = timezone.now()
    return Event(
        seq=7,
        event_id=UUID(int=7),
        type="USER_CREATED",
        data=data,
        source="t",
        occurred_at=now,
        recorded_at=now,
    )


def test_a_body_has_the_whole_event() -> None:
    body = json.loads(body_of(event(guest=True)))
    assert body["event_id"] == str(UUID(int=7))
    assert (body["type"], body["seq"], body["data"], body["actor"]) == (
        "USER_CREATED",
        7,
        {"guest": True},
        None,
    )
    assert set(body) == {
        "event_id", "type", "seq", "actor", "room", "data", "points", "occurred_at", "recorded_at", "source"
    }  # fmt: skip


def test_an_event_of_250_kb_goes_without_its_data() -> None:
    body = body_of(event(text="x" * 250_000))
    assert len(body) < 1000
    assert json.loads(body)["data"] is None
    assert json.loads(body)["data_left_out"] is True
    assert ids_in(body) == [UUID(int=7)]


@pytest.mark.parametrize("body", ["", "{}", "nonsense", "null", '{"event_id": 7}', '["x"]', '"a"'])
def test_what_names_no_event_is_no_message_of_ours(body: str) -> None:
    with pytest.raises(BadMessage):
        ids_in(body)


def test_calls_keep_to_what_aws_takes() -> None:
    entries = [{"Id": str(n), "Message": "é" * 40_000} for n in range(7)] + [
        {"Id": str(n), "Message": "x"} for n in range(30)
    ]
    made = list(calls(entries, text="Message"))
    assert [entry for call in made for entry in call] == entries
    assert max(len(call) for call in made) == 10
    assert all(sum(len(entry["Message"].encode()) for entry in call) <= CALL_BYTES for call in made)


@pytest.mark.django_db
def test_where_topic_or_queue_are_missing_it_says_what_makes_them(aws: MotoServer) -> None:
    event(guest=True).save()
    told = [Told(UUID(int=7), "USER_CREATED", frozenset({"email"}))]
    with pytest.raises(NotSent, match="provision_queues first"):
        SnsTransport().announce(told)
    with pytest.raises(NotSent, match="provision_queues first"):
        SnsTransport().remind("email", [UUID(int=7)])
