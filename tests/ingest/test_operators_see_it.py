"""What was refused is in the kitchen and in the metrics; wrong settings are told with a hint."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from events.ingest.checks import check_queues, check_secrets
from events.ingest.models import RefusedJob
from events.ingest.raw import RawJob
from events.ingest.taking import take
from events.models import Event
from tests.ingest.making import OLDER, active_job, points_of, sidekiq, signed


@pytest.fixture(autouse=True)
def _static_files_as_they_are(plain_static: None) -> None:
    """Pages without collected static files."""


@pytest.fixture
def chef(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser("chef@example.org", "x", handle="chef", name="Chef"))
    return client


def test_a_refused_job_is_shown_and_nobody_changes_it(chef: Client) -> None:
    take(signed(active_job(job_class="EatPizza")))
    row = RefusedJob.objects.get()
    shown = chef.get("/kitchen/ingest/refusedjob/")
    assert "EatPizza" in shown.content.decode()
    page = chef.get(f"/kitchen/ingest/refusedjob/{row.pk}/change/").content.decode()
    assert "unknown_class" in page
    assert 'name="_save"' not in page
    assert chef.get("/kitchen/ingest/refusedjob/add/").status_code == 403


@pytest.mark.django_db
def test_refusals_are_counted_in_the_metrics(client: Client) -> None:
    take(signed(active_job(job_class="EatPizza")))
    text = client.get("/metrics").content.decode()
    assert 'space_pizzas_ingest_refused_total{code="unknown_class",source="sqs:hits"} 1.0' in text


def test_settings_that_fit_are_passed_in_silence() -> None:
    assert check_secrets() == check_queues() == []


@pytest.mark.parametrize("door", ["INGEST_SQS_QUEUES", "INGEST_BEANSTALK"])
def test_signed_jobs_need_a_secret(settings: Any, door: str) -> None:
    settings.INGEST_SQS_QUEUES, settings.INGEST_BEANSTALK = [], False
    settings.INGEST_SECRET = ""
    assert check_secrets() == []
    setattr(settings, door, ["hits"])
    (error,) = check_secrets()
    assert error.id == "ingest.E001"
    assert "secrets.token_urlsafe" in error.hint


def test_a_short_secret_is_warned_of_and_never_shown(settings: Any) -> None:
    settings.INGEST_PREVIOUS_SECRET = "olive"
    (warning,) = check_secrets()
    assert "INGEST_PREVIOUS_SECRET" in warning.msg
    assert "olive" not in warning.msg + warning.hint


@pytest.mark.parametrize(
    ("name", "queue"),
    [
        ("INGEST_SQS_QUEUES", "https://sqs.eu-central-1.amazonaws.com/1/hits"),
        ("INGEST_SQS_QUEUES", "hits.fifo"),
        ("INGEST_SIDEKIQ_QUEUES", "queue:hits"),
    ],
)
def test_a_queue_is_given_by_its_name(settings: Any, name: str, queue: str) -> None:
    setattr(settings, name, ["hits", queue])
    (error,) = check_queues()
    assert (error.id, queue in error.msg) == ("ingest.E002", True)


def test_the_command_says_what_is_missing(settings: Any) -> None:
    settings.INGEST_SQS_QUEUES = settings.INGEST_SIDEKIQ_QUEUES = []
    with pytest.raises(CommandError, match="INGEST_SQS_QUEUES"):
        call_command("consume", ingest=True, skip_checks=True)


def try_again(chef: Client) -> str:
    rows = [str(pk) for pk in RefusedJob.objects.values_list("pk", flat=True)]
    answer = chef.post(
        "/kitchen/ingest/refusedjob/", {"action": "try_again", "_selected_action": rows}, follow=True
    )
    return answer.content.decode()


@pytest.mark.usefixtures("bob")
def test_a_job_is_taken_on_a_second_look_once_the_secret_is_set(
    chef: Client, alice: User, settings: Any
) -> None:
    settings.INGEST_PREVIOUS_SECRET = ""
    assert take(signed(active_job(), secret=OLDER)) == "bad_signature"
    assert "1 were refused again" in try_again(chef)
    assert RefusedJob.objects.get().times == 2
    settings.INGEST_PREVIOUS_SECRET = OLDER
    assert "1 of 1 were taken" in try_again(chef)
    assert not RefusedJob.objects.exists()
    assert points_of(alice.pk) == 1


@pytest.mark.usefixtures("bob")
def test_a_job_without_a_signature_keeps_the_time_when_it_came_first(chef: Client) -> None:
    came = timezone.now() - timedelta(hours=1)
    job = RawJob("sidekiq", "sidekiq:hits", sidekiq(), None)
    assert take(job, now=came) == "unknown_player"
    alice = User.objects.create_user(handle="alice", name="Crispy Alice")
    assert "1 of 1 were taken" in try_again(chef)
    assert points_of(alice.pk) == 1
    assert Event.objects.get().occurred_at == came
