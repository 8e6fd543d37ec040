"""SQS as a source of work."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from events.aws.clients import PATIENT, client, queue_url
from events.aws.topology import EVENT_VISIBILITY
from events.consuming.sources import Source, Work


class Received(NamedTuple):
    """A message as `handle` gets it. `receives`: how often it was fetched, this time included."""

    message_id: str
    body: str
    attributes: Mapping[str, str]
    receives: int


class QueueSource(Source):
    """The SQS queue `queue`; each message is done by `handle`. What `handle` raises for too often, SQS itself
    moves to the queue's dead letters.
    """

    def __init__(
        self, *, queue: str, handle: Callable[[Received], None], visibility: int = EVENT_VISIBILITY
    ) -> None:
        self.name = queue
        self.handle = handle
        self.visibility = visibility

    def fetch(self, *, most: int, seconds: int) -> Sequence[Work]:
        answer = client("sqs", config=PATIENT).receive_message(
            QueueUrl=queue_url(self.name),
            MaxNumberOfMessages=most,
            WaitTimeSeconds=seconds,
            VisibilityTimeout=int(self.visibility),
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        return [QueueWork(self, message) for message in answer.get("Messages", [])]


class QueueWork(Work):
    """A message of an SQS queue."""

    def __init__(self, source: QueueSource, message: Mapping[str, Any]) -> None:
        self.source: QueueSource = source
        self._receipt = message["ReceiptHandle"]
        self.message = Received(
            message["MessageId"],
            message["Body"],
            {
                name: attribute.get("StringValue", "")
                for name, attribute in message.get("MessageAttributes", {}).items()
            },
            int(message.get("Attributes", {}).get("ApproximateReceiveCount", 1)),
        )

    def __str__(self) -> str:
        return f"message {self.message.message_id} of {self.source.name}"

    def do(self) -> None:
        self.source.handle(self.message)

    def finish(self) -> None:
        client("sqs").delete_message(**self._handle)

    def extend(self) -> None:
        self._change_visibility(int(self.source.visibility))

    def give_back(self) -> None:
        self._change_visibility(0)

    def _change_visibility(self, seconds: int) -> None:
        client("sqs").change_message_visibility(**self._handle, VisibilityTimeout=seconds)

    @property
    def _handle(self) -> dict[str, str]:
        return {"QueueUrl": queue_url(self.source.name), "ReceiptHandle": self._receipt}
