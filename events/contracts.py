"""The shape of every event, in one file. Unknown types and unknown fields are refused."""

import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

# What a column of the log holds.
PlayerId = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Counter = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Name = Annotated[str, msgspec.Meta(max_length=40)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class Contract(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """Base of every event's `data`. Values in values: no cycle is possible, so none is looked for."""


class ShipHit(Contract, frozen=True):
    """An olive touched a ship. The actor is the shooter; a bot has no id, only a name."""

    epoch: Counter
    tick: Counter
    olive: Counter
    victim: PlayerId | None
    shooter_name: Name
    victim_name: Name
    destroyed: bool


class RoomChanged(Contract, frozen=True):
    """A room changed its status. Who came first, and with how many points, is known of a completed one.

    `visibility` is `public` or `private`; empty in old events, which are treated as private. `team`: the
    name of the team that won, where teams played; then nobody won alone.
    """

    code: str
    kind: str
    title: str
    reason: str = ""
    visibility: str = ""
    winner: PlayerId | None = None
    team: Name = ""
    points: Counter = 0


class QuestionAnswered(Contract, frozen=True):
    """A quiz question closed with the actor's answer to it. Times in ms; `share`: how right it was, of 1000.

    `speed`: how many percent of the points the time may cost. `streak`: right answers in a row with this
    one, 0 where streaks do not count.
    """

    number: Counter
    question: Annotated[str, msgspec.Meta(max_length=120)]
    share: Annotated[int, msgspec.Meta(ge=0, le=1000)]
    elapsed: Counter
    allowed: Annotated[int, msgspec.Meta(ge=1, le=3_600_000)]
    speed: Annotated[int, msgspec.Meta(ge=0, le=100)]
    streak: Annotated[int, msgspec.Meta(ge=0, le=1000)]


class AnswerVoided(Contract, frozen=True):
    """A question counts no more, and the `points` that the actor's answer had given are taken back."""

    number: Counter
    question: Annotated[str, msgspec.Meta(max_length=120)]
    points: Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class UserCreated(Contract, frozen=True):
    """Somebody began to play (a guest) or signed up (not a guest).

    `invited_by` is whose invitation brought them. It is said of those who signed up: a guest does not count.
    """

    guest: bool
    site: str = ""  # where they did, for links in mails: `https://pizza.example`
    invited_by: PlayerId | None = None


class IncomingWebhook(Contract, frozen=True):
    """A webhook came and was verified. `received` is its row, which has the body; `kind` its body's type."""

    received: UUID
    source: Name
    key: Annotated[str, msgspec.Meta(max_length=200)]
    kind: Annotated[str, msgspec.Meta(max_length=80)] = ""


class WebhookDisabled(Contract, frozen=True):
    """An endpoint gets no more webhooks. The actor is its owner; a URL may hold a token, a host not."""

    endpoint: UUID
    host: str
    reason: str


class TaskWorkerFailed(Contract, frozen=True, kw_only=True):
    """A handler or a task was given up: its delivery or its outbox row is a dead letter."""

    handler: str
    queue: str
    attempts: Counter
    error: str
    event_id: UUID | None = None
    event_type: str = ""
    outbox_id: UUID | None = None


CONTRACTS: dict[str, type[Contract]] = {
    "SHIP_HIT": ShipHit,
    "ROOM_CREATED": RoomChanged,
    "ROOM_UPDATED": RoomChanged,
    "ROOM_STARTED": RoomChanged,
    "ROOM_COMPLETED": RoomChanged,
    "ROOM_FAILED": RoomChanged,
    "ROOM_EXPIRED": RoomChanged,
    "TASK_WORKER_FAILED": TaskWorkerFailed,
    "QUESTION_ANSWERED": QuestionAnswered,
    "ANSWER_VOIDED": AnswerVoided,
    "USER_CREATED": UserCreated,
    "WEBHOOK_DISABLED": WebhookDisabled,
}


# Each source of webhooks has a type of its own, such as SHOP_INCOMING_WEBHOOK.
INCOMING_WEBHOOK = re.compile(r"[A-Z][A-Z0-9_]{0,19}_INCOMING_WEBHOOK", re.ASCII)


def contract_of(type: str) -> type[Contract] | None:
    """The contract of a type, None if there is no such type."""
    return CONTRACTS.get(type) or (IncomingWebhook if INCOMING_WEBHOOK.fullmatch(type) else None)


class NewEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """An event as its producer states it, before anybody believed it. `data` matches its contract."""

    event_id: UUID
    type: str
    actor: int | None
    room: UUID | None
    data: dict[str, Any]
    occurred_at: datetime
    source: str


class Incoming(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """A `NewEvent` as its consumer reads it: bounded, and `data` left as the JSON it came as."""

    event_id: UUID
    type: Name
    actor: PlayerId | None
    room: UUID | None
    data: msgspec.Raw
    occurred_at: Instant
    source: Name
