"""What only SNS does: copy to those queues whose filter lets an event through."""

import json

import pytest

from tests.bus.listening import Listeners, event_ids, happen
from tests.bus.sns import SnsBus, messages_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("bus", ["sns"], indirect=True)]


def test_a_queue_gets_the_types_that_its_handlers_named(bus: SnsBus, listeners: Listeners) -> None:
    listeners.subscribe("entry", "USER_CREATED", queue="feed")
    listeners.subscribe("mail", "ROOM_CREATED", queue="email")
    happen()
    bus.flush()
    (message,) = messages_of("space-pizzas-events-feed")
    assert message["MessageAttributes"]["event-type"]["StringValue"] == "USER_CREATED"
    assert json.loads(message["Body"])["data"]["guest"] is True
    assert messages_of("space-pizzas-events-email") == []


def test_what_is_sent_again_goes_to_the_queue_that_lacks_it(bus: SnsBus, listeners: Listeners) -> None:
    listeners.subscribe("entry", queue="feed")
    listeners.subscribe("mail", queue="email")
    happen()
    bus.take("feed")
    bus.take("email")
    bus.announce_again("feed", event_ids())
    assert len(bus.take("feed")) == 1
    assert bus.take("email") == []
