"""Endpoints from the command line: add one, list them, rotate a secret, send a test, switch off and on.
And `reseal`, after `SECRET_KEY` was changed."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from events.webhooks import endpoints, sending
from events.webhooks.errors import Unopenable
from events.webhooks.leaving import LEAVING
from events.webhooks.models import Endpoint
from events.webhooks.resealing import reseal_all


class Command(BaseCommand):
    help = "Endpoints of outgoing webhooks. A secret is printed once, by `add` and by `rotate`."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        add = commands.add_parser("add", help="Register a URL.")
        add.add_argument("url")
        add.add_argument("--owner", type=int, required=True, help="The id of the user who gets the mails.")
        add.add_argument("--type", action="append", required=True, choices=LEAVING, help="May be repeated.")
        add.add_argument("--description", default="")
        commands.add_parser("list", help="All of them.")
        commands.add_parser(
            "reseal", help="Seal all secrets with today's SECRET_KEY; then the old one may go."
        )
        for name, text in (
            ("rotate", "Make a new secret; the old one signs for another day."),
            ("test", "Send a webhook that means nothing."),
            ("off", "Send it nothing more."),
            ("on", "Send it what happens from now on."),
        ):
            commands.add_parser(name, help=text).add_argument("endpoint", type=UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['command']}")(options)

    def _add(self, options: dict[str, Any]) -> None:
        try:
            endpoint, secret = endpoints.register(
                owner=options["owner"],
                url=options["url"],
                types=set(options["type"]),
                description=options["description"],
                now=timezone.now(),
            )
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{endpoint.pk} {secret}")

    def _list(self, options: dict[str, Any]) -> None:
        for endpoint in Endpoint.objects.order_by("created_at"):
            types = ",".join(endpoint.types)
            trouble = _trouble(endpoint)
            self.stdout.write(f"{endpoint.pk} {endpoint.state} {endpoint.url} {types} {trouble}".rstrip())

    def _reseal(self, options: dict[str, Any]) -> None:
        try:
            count = reseal_all()
        except Unopenable as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{count} secrets are sealed with today's SECRET_KEY.")

    def _rotate(self, options: dict[str, Any]) -> None:
        self.stdout.write(endpoints.rotate_secret(endpoint=_find(options), now=timezone.now()))

    def _test(self, options: dict[str, Any]) -> None:
        endpoint = _find(options)
        if endpoint.state != Endpoint.State.ACTIVE:
            raise CommandError("It is disabled. Switch it on first: manage.py webhooks on ...")
        self.stdout.write(str(sending.send_test(endpoint=endpoint, now=timezone.now()).pk))

    def _off(self, options: dict[str, Any]) -> None:
        endpoints.disable(endpoint=_find(options), reason=endpoints.SWITCHED_OFF)

    def _on(self, options: dict[str, Any]) -> None:
        endpoints.enable(endpoint=_find(options))


def _trouble(endpoint: Endpoint) -> str:
    if endpoint.reason or endpoint.failing_since is None:
        return endpoint.reason
    return f"failing since {endpoint.failing_since:%Y-%m-%d %H:%M} UTC"


def _find(options: dict[str, Any]) -> Endpoint:
    endpoint = Endpoint.objects.filter(pk=options["endpoint"]).first()
    if endpoint is None:
        raise CommandError("There is no such endpoint: see manage.py webhooks list.")
    return endpoint
