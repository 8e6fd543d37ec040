"""`manage.py provision_queues`: what it makes, what it changes, what it leaves alone."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError
from django.core.management import CommandError, call_command

from events.aws.clients import client, queue_arn, queue_url, topic_arn
from events.queues import QUEUES
from events.subscribing import Occurred, registry, subscribe
from tests.support.aws import MotoServer


@pytest.fixture(autouse=True)
def _settings(aws: MotoServer, settings: Any) -> Iterator[None]:
    """Events by SNS, and no handlers but the test's own."""
    settings.EVENT_TRANSPORT, settings.SQS = "sns", False
    with registry.restored():
        for handler in list(registry):
            registry.forget(handler.name)
        yield


def handler(event: Occurred) -> None: ...


def listen(*types: str, queue: str, name: str = "handler") -> None:
    subscribe(*types, queue=queue, name=name)(handler)


def provision(*arguments: str) -> list[str]:
    """What the command says, line by line."""
    output = StringIO()
    call_command("provision_queues", *arguments, stdout=output)
    return output.getvalue().splitlines()


def attributes(queue: str) -> dict[str, str]:
    answer = client("sqs").get_queue_attributes(QueueUrl=queue_url(queue), AttributeNames=["All"])
    found: dict[str, str] = answer["Attributes"]
    return found


def queues() -> list[str]:
    return sorted(url.rsplit("/", 1)[1] for url in client("sqs").list_queues().get("QueueUrls", []))


def filters() -> dict[str, Any]:
    """The filter of each subscribed queue."""
    found = {}
    for one in client("sns").list_subscriptions_by_topic(TopicArn=topic_arn())["Subscriptions"]:
        answer = client("sns").get_subscription_attributes(SubscriptionArn=one["SubscriptionArn"])
        policy = answer["Attributes"].get("FilterPolicy") or "null"
        assert answer["Attributes"]["RawMessageDelivery"] == "true"
        found[one["Endpoint"].rsplit(":", 1)[1]] = json.loads(policy) or None
    return found


def test_each_kind_of_work_that_handlers_do_gets_a_queue_and_its_dead_letters() -> None:
    listen("USER_CREATED", queue="email")
    listen("ROOM_CREATED", "ROOM_EXPIRED", queue="feed", name="entry")
    provision()
    assert queues() == [
        "space-pizzas-events-email",
        "space-pizzas-events-email-dead",
        "space-pizzas-events-feed",
        "space-pizzas-events-feed-dead",
    ]
    redrive = json.loads(attributes("space-pizzas-events-feed")["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"] == queue_arn("space-pizzas-events-feed-dead")
    assert filters() == {
        "space-pizzas-events-email": {"event-type": ["USER_CREATED"]},
        "space-pizzas-events-feed": {"event-type": ["ROOM_CREATED", "ROOM_EXPIRED"]},
    }


def test_a_second_run_changes_nothing_and_says_so() -> None:
    listen("USER_CREATED", queue="email")
    listen("*", queue="webhooks", name="all")
    assert len(provision()) == 7
    assert provision() == ["Nothing to change: topic, queues and subscriptions are as they should be."]


def test_a_dry_run_says_the_same_and_changes_nothing() -> None:
    listen("USER_CREATED", queue="email")
    dry = provision("--dry-run")
    assert queues() == []
    assert client("sns").list_topics()["Topics"] == []
    assert [line.replace("would change", "changing") for line in dry] == provision()


def test_who_listens_to_all_gets_all_but_the_voluminous() -> None:
    listen("*", queue="webhooks")
    listen("*", queue="feed", name="all")
    listen("SHIP_HIT", queue="feed", name="hits")
    provision()
    assert filters() == {
        "space-pizzas-events-webhooks": {"event-type": [{"anything-but": ["SHIP_HIT"]}]},
        "space-pizzas-events-feed": None,
    }


def test_a_new_subscription_changes_the_filter_and_nothing_else() -> None:
    listen("USER_CREATED", queue="email")
    provision()
    listen("ROOM_CREATED", queue="email", name="another")
    (line,) = provision()
    assert line.startswith("changing  subscription of space-pizzas-events-email: FilterPolicy")
    assert filters() == {"space-pizzas-events-email": {"event-type": ["ROOM_CREATED", "USER_CREATED"]}}


def test_a_filter_that_is_needed_no_more_is_taken_away() -> None:
    listen("*", queue="feed")
    provision()
    listen("SHIP_HIT", queue="feed", name="hits")
    assert len(provision()) == 1
    assert filters() == {"space-pizzas-events-feed": None}
    assert "Nothing" in provision()[0]


def test_a_queue_that_nobody_listens_to_any_more_is_kept_and_gets_nothing() -> None:
    listen("USER_CREATED", queue="email")
    provision()
    registry.forget("handler")
    listen("USER_CREATED", queue="feed", name="another")
    assert any("email: end it" in line for line in provision())
    assert list(filters()) == ["space-pizzas-events-feed"]
    assert "space-pizzas-events-email" in queues()


def test_what_was_turned_by_hand_is_turned_back_and_named() -> None:
    listen("USER_CREATED", queue="email")
    provision()
    url = queue_url("space-pizzas-events-email")
    client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
    (line,) = provision()
    assert line.startswith("changing  queue space-pizzas-events-email: VisibilityTimeout 1 -> 60")
    assert attributes("space-pizzas-events-email")["VisibilityTimeout"] == "60"


def test_the_topic_may_send_to_the_queue_and_others_permissions_stay() -> None:
    listen("USER_CREATED", queue="email")
    provision()
    theirs = {"Sid": "Auditor", "Effect": "Allow", "Principal": "*", "Action": "sqs:GetQueueAttributes"}
    theirs["Resource"] = queue_arn("space-pizzas-events-email")
    url = queue_url("space-pizzas-events-email")
    policy = json.dumps({"Version": "2012-10-17", "Statement": [theirs]})
    client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    provision()
    statements = json.loads(attributes("space-pizzas-events-email")["Policy"])["Statement"]
    assert statements[0] == theirs
    assert statements[1]["Principal"] == {"Service": "sns.amazonaws.com"}
    assert statements[1]["Condition"] == {"ArnEquals": {"aws:SourceArn": topic_arn()}}


def test_celerys_own_queues_are_made_where_celery_uses_sqs(settings: Any) -> None:
    settings.EVENT_TRANSPORT, settings.SQS, settings.SQS_QUEUE_PREFIX = "celery", True, "night-"
    provision()
    assert queues() == sorted(name for kind in QUEUES for name in (f"night-{kind}", f"night-{kind}-dead"))
    assert client("sns").list_topics()["Topics"] == []
    found = attributes("night-scoring")
    timeout = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert found["VisibilityTimeout"] == str(timeout)
    # A poisonous message must reach the dead letters before the queue forgets it.
    receives = json.loads(found["RedrivePolicy"])["maxReceiveCount"]
    assert int(found["MessageRetentionPeriod"]) > int(receives) * timeout


def test_a_topic_may_be_given_by_its_arn(settings: Any) -> None:
    settings.EVENT_TOPIC = "arn:aws:sns:eu-central-1:123456789012:other-events"
    listen("USER_CREATED", queue="email")
    provision()
    assert client("sns").list_topics()["Topics"] == [{"TopicArn": settings.EVENT_TOPIC}]


def test_where_aws_is_not_used_the_command_says_how_to_use_it(settings: Any) -> None:
    settings.EVENT_TRANSPORT = "celery"
    with pytest.raises(CommandError, match="Set BROKER_URL=sqs://"):
        provision()


def test_without_credentials_it_says_where_they_come_from(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask() -> None:
        raise NoCredentialsError

    monkeypatch.setattr("events.management.commands.provision_queues.changes", ask)
    with pytest.raises(CommandError, match=r"could not be asked.*\n.*AWS_ACCESS_KEY_ID"):
        call_command("provision_queues")
