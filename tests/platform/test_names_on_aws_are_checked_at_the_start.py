"""What AWS would refuse in the middle of a game is refused at the start, with a hint."""

from typing import Any

import pytest
from django.core.checks import run_checks


def found() -> dict[str, str]:
    """The checks that object, and what they advise."""
    return {message.id or "": message.hint or "" for message in run_checks(tags=["spacegame"])}


@pytest.fixture(autouse=True)
def _sns(settings: Any) -> None:
    settings.EVENT_TRANSPORT = "sns"


def test_the_defaults_are_names_that_aws_takes() -> None:
    assert not {check for check in found() if "spacegame.E" in check}


@pytest.mark.parametrize(
    ("setting", "value", "check", "hint"),
    [
        ("AWS_REGION", "Frankfurt", "E004", "eu-central-1"),
        ("AWS_REGION", "", "E004", "eu-central-1"),
        ("SQS_QUEUE_PREFIX", "pizza/", "E005", "letters, digits"),
        ("SQS_QUEUE_PREFIX", "p" * 70, "E005", "1 to 57 of them"),
        ("SQS_QUEUE_PREFIX", "", "E005", "letters, digits"),
        ("EVENT_TOPIC", "events of pizzas", "E006", "whole ARN"),
        ("EVENT_TOPIC", "events.fifo", "E006", ".fifo"),
        ("EVENT_TOPIC", "arn:aws:sns:eu-central-1:12:events", "E006", "whole ARN"),
        ("EVENT_TOPIC", "arn:aws:sns:us-east-1:123456789012:events", "E007", "Set AWS_REGION"),
    ],
)
def test_a_name_that_aws_would_refuse_is_an_error(
    settings: Any, setting: str, value: str, check: str, hint: str
) -> None:
    setattr(settings, setting, value)
    assert hint in found()[f"spacegame.{check}"]


@pytest.mark.parametrize(
    "topic",
    ["events", "arn:aws:sns:eu-central-1:123456789012:events", "arn:aws-cn:sns:eu-central-1:123456789012:e"],
)
def test_a_topic_may_be_a_name_or_an_arn(settings: Any, topic: str) -> None:
    settings.EVENT_TOPIC = topic
    assert not {"spacegame.E006", "spacegame.E007"} & found().keys()


def test_who_does_not_use_aws_is_not_asked(settings: Any) -> None:
    settings.EVENT_TRANSPORT, settings.SQS, settings.AWS_REGION = "celery", False, "nowhere"
    assert "spacegame.E004" not in found()
