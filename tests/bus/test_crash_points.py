"""A process that ends at the worst moment: after its commit, before it sends; after its work, before the ack.

Each ends by itself, with `os._exit`, at the very line.
"""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from redis import Redis

from accounts.models import User
from events import outbox, players
from events.aws.names import event_queue
from events.consuming.consumer import Consumer
from events.consuming.word import event_sources
from events.models import Delivery, Event, Outbox
from events.relaying import relay_deliveries
from tests.support.aws import MotoServer
from tests.support.broker import in_flight, waiting
from tests.support.bus import settle
from tests.support.processes import Program, database_url
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

EXIT = 87
START = """
import os, django
django.setup()
from accounts import handlers, services
from accounts.models import User
from events import courier, delivering, sender, store, tasks
from events.models import Delivery, Outbox
def die(*args, **kwargs): os._exit(87)
"""


@pytest.fixture(autouse=True)
def _real_players() -> None:
    """As in the other process."""
    players.register_player_check(
        lambda ids: set(User.objects.filter(pk__in=ids).values_list("pk", flat=True))
    )


def _die(script: str) -> None:
    """Run a script in a process of its own, which must end at `die`."""
    done = subprocess.run(
        [sys.executable, "-c", START + textwrap.dedent(script)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url()},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == EXIT, done.stderr


SIGN_UP = """
services.sign_up(guest=None, email="gus@example.com", password_hash="!", site="https://pizza.example")
"""


def _welcomes() -> int:
    return Outbox.objects.filter(queue="email", payload__contains='"welcome"').count()


def _relay() -> None:
    later = timezone.now() + timedelta(minutes=1)
    outbox.relay(now=later)
    relay_deliveries(now=later)


def test_killed_after_the_commit_and_before_the_message(redis_client: "Redis") -> None:
    _die(f"sender.sender.send = die\n{SIGN_UP}")
    assert redis_client.llen("scoring") == 0
    assert Outbox.objects.count() == 1
    _relay()
    assert redis_client.llen("scoring") == 1
    settle()
    assert _welcomes() == 1


def test_killed_before_the_commit_nothing_happened() -> None:
    _die(f"services.publish = die\n{SIGN_UP}")
    assert not User.objects.exists()
    assert not Outbox.objects.exists()


STORE = """
row = Outbox.objects.get()
tasks.store_events(str(row.pk), row.payload)
"""


def test_killed_after_storing_and_before_word_was_sent(redis_client: "Redis") -> None:
    _die(f"sender.sender.send = lambda message: None\ntasks._say = die\n{SIGN_UP}{STORE}")
    assert Event.objects.count() == 1
    assert not Outbox.objects.exists()
    assert redis_client.llen("email") == 0
    _relay()
    assert redis_client.llen("email") == 1
    settle()
    assert _welcomes() == 1


DELIVER = """
row = Delivery.objects.get(handler="accounts.handlers.welcome_new_member")
delivering.deliver(queue="email", event_ids=[row.event_id])
"""


def test_killed_in_a_handler_its_writes_are_gone_and_it_runs_again() -> None:
    _die(
        f"""
sender.sender.send = lambda message: None
tasks._say = lambda stored: None
handlers.post.owe = die
{SIGN_UP}{STORE}{DELIVER}"""
    )
    assert _welcomes() == 0
    settle()
    assert _welcomes() == 1


def test_killed_after_a_handler_and_before_the_message_was_acknowledged() -> None:
    _die(
        f"""
sender.sender.send = lambda message: None
tasks._say = lambda stored: None
{SIGN_UP}{STORE}{DELIVER}
die()"""
    )
    assert _welcomes() == 1
    row = Delivery.objects.get(handler="accounts.handlers.welcome_new_member")
    assert row.done_at is not None
    _relay()
    settle()
    assert _welcomes() == 1


def test_the_relay_killed_after_its_claim_and_before_it_sent(redis_client: "Redis") -> None:
    _die(
        f"""
from datetime import timedelta
from io import StringIO
from typing import Any
from django.utils import timezone
from events import outbox
sender.sender.send = lambda message: None
outbox.send_all = die
{SIGN_UP}
outbox.relay(now=timezone.now() + timedelta(minutes=1))"""
    )
    assert Outbox.objects.get().sends == 1
    assert redis_client.llen("scoring") == 0
    outbox.relay(now=timezone.now() + timedelta(minutes=2))
    assert redis_client.llen("scoring") == 1
    settle()
    assert _welcomes() == 1


def test_the_relay_killed_after_its_claim_of_deliveries_and_before_it_sent_word(
    redis_client: "Redis",
) -> None:
    _die(
        f"""
from datetime import timedelta
from io import StringIO
from typing import Any
from django.utils import timezone
from events import relaying
sender.sender.send = lambda message: None
tasks._say = lambda stored: None
relaying.get_transport = die
{SIGN_UP}{STORE}
relaying.relay_deliveries(now=timezone.now() + timedelta(minutes=1))"""
    )
    row = Delivery.objects.get(handler="accounts.handlers.welcome_new_member")
    assert row.sends == 1
    assert redis_client.llen("email") == 0
    relay_deliveries(now=timezone.now() + timedelta(minutes=2))
    assert redis_client.llen("email") == 1
    settle()
    assert _welcomes() == 1


CONSUME = """
from events.consuming.consumer import Consumer
from events.consuming.word import event_sources
(source,) = event_sources(["email"])
source.visibility = 1
(work,) = source.fetch(most=1, seconds=5)
Consumer([source], max_workers=1).do(work)
"""


def test_the_consumer_killed_after_a_handler_and_before_its_message_was_deleted(
    aws: MotoServer, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setenv("EVENT_TRANSPORT", "sns")  # of the other process
    settings.EVENT_TRANSPORT = "sns"
    call_command("provision_queues", stdout=StringIO())
    _die(
        f"""
from events.consuming.sqs import QueueWork
from events.courier import courier
sender.sender.send = lambda message: None
QueueWork.finish = die
{SIGN_UP}{STORE}
courier.flush()
{CONSUME}"""
    )
    assert _welcomes() == 1
    (source,) = event_sources(["email"])
    (again,) = wait_for(lambda: source.fetch(most=1, seconds=0), what="the message to come again")
    Consumer([source], max_workers=1).do(again)
    assert _welcomes() == 1
    queue = event_queue("email")
    assert (waiting(queue), in_flight(queue)) == (0, 0)


def test_a_real_worker_welcomes_whoever_signs_up(
    start_worker: Callable[..., Program], redis_client: "Redis"
) -> None:
    """No task is called here: publish, and look what became of it."""
    start_worker("scoring", "email")
    _die(SIGN_UP + "\nsender.sender.flush()\ndie()")
    wait_for(lambda: Delivery.objects.exclude(done_at=None).filter(queue="email").exists())
    wait_for(lambda: not Outbox.objects.filter(queue="email").exists())
