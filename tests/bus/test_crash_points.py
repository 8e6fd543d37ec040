"""A process that ends at the worst moment: after its commit, before it sends; after its work, before the ack.

Each ends by itself, with `os._exit`, at the very line.
"""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from redis import Redis

from accounts.models import User
from events import outbox, players
from events.models import Delivery, Event, Outbox
from events.relaying import relay_deliveries
from tests.events.conftest import Worker, database_url, wait_until
from tests.support.bus import settle

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
        timeout=60,
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


def test_a_real_worker_welcomes_whoever_signs_up(
    start_worker: Callable[..., Worker], redis_client: "Redis"
) -> None:
    """No task is called here: publish, and look what became of it."""
    start_worker("scoring", "email")
    _die(SIGN_UP + "\nsender.sender.flush()\ndie()")
    wait_until(lambda: Delivery.objects.exclude(done_at=None).filter(queue="email").exists())
    wait_until(lambda: not Outbox.objects.filter(queue="email").exists())
