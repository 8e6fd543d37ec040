"""Bringing AWS to the planned state: look, say what is to change, change it. A second run finds nothing.

Nothing is ever deleted but our own subscription of a queue that no handler listens to any more. What others
added (statements in a queue's policy, attributes that we do not name) stays.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from events.aws.clients import client, queue_arn, topic_arn
from events.aws.names import event_queue, topic_name
from events.aws.topology import (
    PlannedQueue,
    PlannedSubscription,
    planned_queues,
    planned_subscriptions,
    redrive_policy,
)
from events.queues import QUEUES

STATEMENT = "SpacePizzasTopic"
JSON_ATTRIBUTES = ("Policy", "RedrivePolicy", "FilterPolicy")


class Change(NamedTuple):
    """What is to be done, in words, and the doing."""

    text: str
    apply: Callable[[], object]


def changes() -> Iterator[Change]:
    """What is missing or different, in order: apply each before asking for the next, or none at all."""
    subscriptions = planned_subscriptions()
    if subscriptions:
        yield from _topic()
    for queue in planned_queues():
        yield from _queue(queue)
    if subscriptions:
        yield from _subscriptions(subscriptions)


def _topic() -> Iterator[Change]:
    sns = client("sns")
    if _ask(lambda: sns.get_topic_attributes(TopicArn=topic_arn()), missing="NotFound") is None:
        yield Change(f"topic {topic_name()}: make it", lambda: sns.create_topic(Name=topic_name()))


def _queue(queue: PlannedQueue) -> Iterator[Change]:
    sqs = client("sqs")
    wanted = _wanted(queue)
    found = _ask(lambda: sqs.get_queue_url(QueueName=queue.name), missing="QueueDoesNotExist")
    if found is None:
        attributes = {**wanted, **_policy(queue, existing="")}
        yield Change(
            f"queue {queue.name}: make it",
            lambda: sqs.create_queue(QueueName=queue.name, Attributes=attributes),
        )
        return
    url = found["QueueUrl"]
    actual = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]).get("Attributes", {})
    wanted |= _policy(queue, existing=actual.get("Policy", ""))
    different = {name: value for name, value in wanted.items() if not _same(name, actual.get(name), value)}
    if different:
        yield Change(
            f"queue {queue.name}: {_told(different, actual)}",
            lambda: sqs.set_queue_attributes(QueueUrl=url, Attributes=wanted),
        )


def _wanted(queue: PlannedQueue) -> dict[str, str]:
    dead = {"RedrivePolicy": redrive_policy(queue_arn(queue.dead))} if queue.dead else {}
    return {**queue.attributes, **dead}


def _policy(queue: PlannedQueue, *, existing: str) -> dict[str, str]:
    """The queue's policy with our statement in it, and with those of others."""
    if not queue.feeds_from_topic:
        return {}
    policy: dict[str, Any] = json.loads(existing) if existing else {"Version": "2012-10-17", "Statement": []}
    others = [statement for statement in policy["Statement"] if statement.get("Sid") != STATEMENT]
    ours = {
        "Sid": STATEMENT,
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn(queue.name),
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn()}},
    }
    return {"Policy": json.dumps({**policy, "Statement": [*others, ours]})}


def _subscriptions(planned: list[PlannedSubscription]) -> Iterator[Change]:
    existing = _existing_subscriptions()
    for subscription in planned:
        arn = existing.pop(queue_arn(subscription.queue), None)
        yield from _update(subscription, arn) if arn else _subscribe(subscription)
    ours = {queue_arn(event_queue(kind)): event_queue(kind) for kind in QUEUES}
    for endpoint in existing.keys() & ours.keys():
        arn = existing[endpoint]
        yield Change(
            f"subscription of {ours[endpoint]}: end it, no handler listens there any more",
            lambda arn=arn: client("sns").unsubscribe(SubscriptionArn=arn),  # type: ignore[misc]
        )


def _subscribe(subscription: PlannedSubscription) -> Iterator[Change]:
    attributes = {name: value for name, value in _subscription_attributes(subscription).items() if value}
    yield Change(
        f"subscription of {subscription.queue}: make it, {_filter_told(attributes.get('FilterPolicy'))}",
        lambda: client("sns").subscribe(
            TopicArn=topic_arn(),
            Protocol="sqs",
            Endpoint=queue_arn(subscription.queue),
            Attributes=attributes,
            ReturnSubscriptionArn=True,
        ),
    )


def _update(subscription: PlannedSubscription, arn: str) -> Iterator[Change]:
    sns = client("sns")
    actual = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    for name, value in _subscription_attributes(subscription).items():
        if not _same(name, actual.get(name, ""), value):
            yield Change(
                f"subscription of {subscription.queue}: {_told({name: value}, actual)}",
                lambda name=name, value=value: sns.set_subscription_attributes(  # type: ignore[misc]
                    SubscriptionArn=arn, AttributeName=name, AttributeValue=value or "{}"
                ),
            )


def _subscription_attributes(subscription: PlannedSubscription) -> dict[str, str]:
    policy = subscription.filter_policy
    return {"RawMessageDelivery": "true", "FilterPolicy": json.dumps(policy) if policy else ""}


def _existing_subscriptions() -> dict[str, str]:
    """ARNs of the topic's subscriptions by the ARNs of their queues; none if there is no topic yet."""
    pages = client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn())
    found = _ask(lambda: [one for page in pages for one in page["Subscriptions"]], missing="NotFound")
    return {one["Endpoint"]: one["SubscriptionArn"] for one in found or ()}


def _ask(question: Callable[[], Any], *, missing: str) -> Any:
    """The answer, or None if there is no such thing."""
    try:
        return question()
    except ClientError as error:
        if (
            missing in error.response["Error"]["Code"]
            or "NonExistentQueue" in error.response["Error"]["Code"]
        ):
            return None
        raise


def _same(name: str, actual: str | None, wanted: str) -> bool:
    """AWS writes the same JSON differently, and a filter that lets all through in two ways."""
    if name not in JSON_ATTRIBUTES:
        return actual == wanted
    return _meaning(actual) == _meaning(wanted)


def _meaning(text: str | None) -> Any:
    value = json.loads(text) if text else {}
    if "maxReceiveCount" in value:
        value["maxReceiveCount"] = int(value["maxReceiveCount"])
    return value


def _told(different: Mapping[str, str], actual: Mapping[str, str]) -> str:
    return ", ".join(
        f"{name} {actual.get(name) or 'unset'} -> {value or 'unset'}" for name, value in different.items()
    )


def _filter_told(filter_policy: str | None) -> str:
    return f"for {filter_policy}" if filter_policy else "for every event"
