"""The consumer as a process: from a published event to a handler's work, and to its end by a signal."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from events.contracts import UserCreated
from events.models import Delivery
from events.services import publish
from tests.support.aws import MotoServer
from tests.support.bus import store_owed
from tests.support.processes import MANAGE, Program
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def start(tmp_path: Path, aws: MotoServer, settings: Any) -> Iterator[Callable[..., Program]]:
    """Starts consumers; kills what still runs at the end."""
    settings.EVENT_TRANSPORT = "sns"
    started: list[Program] = []

    def run(*arguments: str) -> Program:
        log = tmp_path / f"consume-{len(started)}.log"
        started.append(Program(log, *MANAGE, "consume", *arguments, EVENT_TRANSPORT="sns"))
        return started[-1]

    yield run
    for process in started:
        process.kill()


def sign_up() -> None:
    """An event with handlers of ours."""
    user = User.objects.create(handle="alice", name="Alice")
    publish(type="USER_CREATED", actor=user.pk, data=UserCreated(guest=True), source="tests")
    store_owed()


def provision() -> None:
    with open(os.devnull, "w") as nowhere:
        call_command("provision_queues", stdout=nowhere)


def test_it_does_what_is_owed_and_ends_when_asked(start: Callable[..., Program]) -> None:
    provision()
    process = start()
    process.wait_for_line("Consuming space-pizzas-events-email")
    sign_up()
    assert Delivery.objects.exists()
    wait_for(lambda: not Delivery.objects.filter(done_at=None).exists())
    assert process.stop() == 0
    assert "Stopped" in process.log


def test_it_may_be_started_before_its_queues_are_made(start: Callable[..., Program]) -> None:
    process = start("--queue", "email", "--max-workers", "1")
    process.wait_for_line("Run manage.py provision_queues first.")
    provision()
    process.wait_for_line("space-pizzas-events-email is back.")
    sign_up()
    mails = Delivery.objects.filter(queue="email")
    assert mails.exists()
    wait_for(lambda: not mails.filter(done_at=None).exists())
    assert process.stop(signal.SIGINT) == 0


def test_without_a_topic_it_says_who_does_the_work() -> None:
    with pytest.raises(CommandError, match="celery -A spacegame worker"):
        call_command("consume")


def test_a_kind_of_work_that_no_handler_does_is_refused_by_name(settings: Any) -> None:
    """Its queue is never made: it would be asked for, for ever."""
    settings.EVENT_TRANSPORT = "sns"
    with pytest.raises(CommandError, match=r"No handler does .*: scoring\. Those with handlers: email, "):
        call_command("consume", "--queue", "email", "--queue", "scoring")
