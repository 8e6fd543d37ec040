"""How word of stored events travels to the workers: one interface, chosen by EVENT_TRANSPORT."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from events.transports.base import Transport

TRANSPORTS = {
    "celery": "events.transports.celery.CeleryTransport",
    "sns": "events.transports.sns.SnsTransport",
}


def get_transport() -> Transport:
    """This process's transport."""
    return _make(settings.EVENT_TRANSPORT)


@cache
def _make(name: str) -> Transport:
    transport: Transport = import_string(TRANSPORTS[name])()
    return transport
