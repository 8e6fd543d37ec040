"""What was refused is in the kitchen and in the metrics; wrong settings are told with a hint."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from events.ingest.checks import check_queues, check_secrets
from events.ingest.models import RefusedJob
from events.ingest.taking import take
from tests.ingest.making import active_job, signed


@pytest.fixture(autouse=True)
def _static_files_as_they_are(settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.mark.django_db
def test_a_refused_job_is_shown_and_nobody_changes_it(client: Client) -> None:
    take(signed(active_job(job_class="EatPizza")))
    client.force_login(User.objects.create_superuser("chef@example.org", "x", handle="chef", name="Chef"))
    row = RefusedJob.objects.get()
    shown = client.get("/kitchen/ingest/refusedjob/")
    assert "EatPizza" in shown.content.decode()
    page = client.get(f"/kitchen/ingest/refusedjob/{row.pk}/change/").content.decode()
    assert "unknown_class" in page
    assert 'name="_save"' not in page
    assert client.get("/kitchen/ingest/refusedjob/add/").status_code == 403


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
