"""docs/deploy-aws.md's policies allow every call that our code and kombu make, and nothing else."""

import inspect
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from django.core.management import call_command
from django.utils import timezone
from kombu.transport import SQS

from events.aws.clients import client, queue_url
from events.consuming.sqs import QueueSource
from events.models import Event
from events.subscribing import registry, subscribe
from events.transports.base import Told
from events.transports.sns import SnsTransport
from tests.support.aws import MotoServer

# A call of several is allowed with the word for one; asking who we are is always allowed.
ALWAYS_ALLOWED = "sts:GetCallerIdentity"
# What kombu could call, and Celery's workers never do: queues are made beforehand and deleted by nobody.
NOT_FOR_WORKERS = {"sqs:CreateQueue", "sqs:DeleteQueue", "sqs:PurgeQueue"}


def policies(repository: Path) -> list[set[str]]:
    """The actions of each policy in the paper: for running, and for provisioning."""
    blocks = re.findall(r"```json\n(.*?)```", (repository / "docs" / "deploy-aws.md").read_text(), re.S)
    return [
        {action for part in json.loads(block)["Statement"] for action in part["Action"]} for block in blocks
    ]


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch, aws: MotoServer, settings: Any) -> set[str]:
    """The actions that boto3's clients were asked for, as policies call them."""
    settings.EVENT_TRANSPORT, settings.SQS = "sns", True
    actions: set[str] = set()
    real: Callable[..., Any] = BaseClient._make_api_call

    def note(self: BaseClient, operation: str, parameters: Any) -> Any:
        actions.add(f"{self.meta.service_model.endpoint_prefix}:{operation.removesuffix('Batch')}")
        return real(self, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", note)
    return actions


def provision() -> None:
    with open("/dev/null", "w") as nowhere:
        call_command("provision_queues", stdout=nowhere)


def kombus() -> set[str]:
    """What kombu's transport calls, by its source."""
    names = re.findall(r"(?:c|client|sqs\([^)]*\)|asynsqs\([^)]*\))\.(\w+_\w+)\(", inspect.getsource(SQS))
    operations = {"".join(word.title() for word in name.split("_")) for name in names}
    return {f"sqs:{operation}" for operation in operations if "Queue" in operation or "Message" in operation}


def test_provisioning_needs_its_policy_and_no_more(called: set[str], repository: Path) -> None:
    _, allowed = policies(repository)
    with registry.restored():
        for handler in list(registry):
            registry.forget(handler.name)
        subscribe("USER_CREATED", queue="email", name="first")(print)
        provision()
        url = queue_url("space-pizzas-scoring")
        client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
        subscribe("ROOM_CREATED", queue="email", name="second")(print)
        subscribe("ROOM_CREATED", queue="feed", name="third")(print)
        provision()
        registry.forget("third")
        provision()
    assert called - {ALWAYS_ALLOWED} == allowed


@pytest.mark.django_db(transaction=True)
def test_running_needs_its_policy_and_no_more(called: set[str], repository: Path) -> None:
    allowed, _ = policies(repository)
    provision()
    called.clear()
    now = timezone.now()
    event = Event.objects.create(
        type="USER_CREATED", source="t", event_id="0" * 32, occurred_at=now, recorded_at=now
    )
    transport = SnsTransport()
    transport.announce([Told(event.event_id, event.type, frozenset({"email"}))])
    transport.remind("email", [event.event_id])
    works = QueueSource(queue="space-pizzas-events-email", handle=print).fetch(most=10, seconds=0)
    for work in works:
        work.extend()
        work.give_back()
        work.finish()
    assert len(works) == 2
    assert kombus() >= {"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ListQueues"}
    assert (called | kombus()) - {ALWAYS_ALLOWED} - NOT_FOR_WORKERS == allowed
