from argparse import ArgumentParser
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from events.aws.provisioning import changes

NOTHING_TO_DO = (
    "These settings use no queue of AWS. Set BROKER_URL=sqs:// (Celery's queues), EVENT_TRANSPORT=sns (word "
    "of events), INGEST_SQS_QUEUES (other game servers), or several, and run this again."
)


class Command(BaseCommand):
    help = (
        "Make or update what these settings need on AWS: the topic, every queue with its dead letters, the "
        "subscriptions and their filters. Prints what it changes; a second run changes nothing. Run it once "
        "a version."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would change, and change nothing."
        )

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        if not settings.SQS and settings.EVENT_TRANSPORT != "sns" and not settings.INGEST_SQS_QUEUES:
            raise CommandError(NOTHING_TO_DO)
        try:
            count = self._run(dry_run=dry_run)
        except ClientError as error:
            raise CommandError(
                f"AWS said no: {error}\ndocs/deploy-aws.md has the permissions that this command needs."
            ) from error
        except BotoCoreError as error:
            raise CommandError(
                f"AWS could not be asked: {error}\nCredentials come from the machine's role, or from "
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; the address from AWS_REGION."
            ) from error
        if not count:
            self.stdout.write("Nothing to change: topic, queues and subscriptions are as they should be.")

    def _run(self, *, dry_run: bool) -> int:
        count = 0
        for change in changes():
            self.stdout.write(f"{'would change' if dry_run else 'changing'}  {change.text}")
            if not dry_run:
                change.apply()
            count += 1
        return count
