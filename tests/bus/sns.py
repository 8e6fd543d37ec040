"""SNS and SQS as the suite sees them: a topic, queues made by our own command, and our consumer's hands."""

from typing import Any

from django.core.management import call_command

from events.aws.clients import client, queue_url
from events.aws.names import event_queue
from events.consuming.consumer import Consumer
from events.consuming.sqs import QueueWork
from events.consuming.word import event_sources
from tests.bus.buses import Bus, Letter


class SnsBus(Bus):
    """The queues are those that the subscriptions ask for, so `prepare` follows each subscription."""

    name = "sns"

    def prepare(self) -> None:
        with open("/dev/null", "w") as nowhere:
            call_command("provision_queues", stdout=nowhere)

    def take(self, queue: str) -> list[Letter]:
        self.flush()
        return [Letter(queue, message["Body"], message) for message in messages_of(event_queue(queue))]

    def open(self, letter: Letter) -> None:
        (source,) = event_sources([letter.queue])
        Consumer([source], max_workers=1).do(QueueWork(source, letter.receipt))

    def put(self, queue: str, body: str) -> None:
        name = event_queue(queue)
        if not exists(name):
            client("sqs").create_queue(QueueName=name)
        # SQS takes no empty body.
        client("sqs").send_message(QueueUrl=queue_url(name), MessageBody=body or " ")


def exists(queue: str) -> bool:
    """Whether there is a queue whose name begins so."""
    return bool(client("sqs").list_queues(QueueNamePrefix=queue).get("QueueUrls"))


def messages_of(queue: str) -> list[dict[str, Any]]:
    """All messages that lie on a queue, fetched and so hidden from others; none if there is no such queue."""
    if not exists(queue):
        return []
    sqs, found = client("sqs"), []
    while messages := sqs.receive_message(
        QueueUrl=queue_url(queue), MaxNumberOfMessages=10, WaitTimeSeconds=0, MessageAttributeNames=["All"]
    ).get("Messages"):
        found += messages
    return found
