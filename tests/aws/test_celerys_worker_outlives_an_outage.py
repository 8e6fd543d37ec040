"""A long poll that fails is asked again, after a pause, and ends no worker (kombu's own would)."""

from typing import Any

import pytest
from kombu import Connection

from spacegame import sqs
from tests.support.aws import MotoServer


class Hub:
    """Notes what is to be called when."""

    def __init__(self) -> None:
        self.later: list[float] = []

    def call_later(self, seconds: float, *call: Any) -> None:
        self.later.append(seconds)


@pytest.fixture
def channel(aws: MotoServer) -> sqs.Channel:
    connection = Connection("sqs://", transport_options={"region": "eu-central-1"})
    made = connection.channel()
    assert isinstance(made, sqs.Channel)
    made.hub = Hub()
    return made


def test_a_poll_that_failed_is_no_messages_and_a_pause(
    channel: sqs.Channel, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        for _ in range(3):
            channel._loop1("feed", channel._on_messages_ready("url", "feed", []))
        assert channel._on_messages_ready("url", "feed", {}) == 0
    assert channel.hub.later == [sqs.PAUSE] * 3
    assert [record.message.split(",")[0] for record in caplog.records] == [
        "SQS cannot be reached",
        "SQS is back.",
    ]
