"""Sealing anew what lies in the database, so that an old `SECRET_KEY` may be forgotten."""

from events.webhooks.models import Endpoint, HasSecrets, Source
from events.webhooks.sealing import seal, unseal

FIELDS = ("sealed_secret", "sealed_previous")


def reseal_all() -> int:
    """Seal every secret with today's `SECRET_KEY`; gives their number.

    Raises `Unopenable` for one that no known key opens; what came before it is sealed anew, and a second run
    is harmless. A secret that somebody changes meanwhile is left as they made it.
    """
    kinds: tuple[type[HasSecrets], ...] = (Endpoint, Source)
    return sum(_reseal(kind, field) for kind in kinds for field in FIELDS)


def _reseal(kind: type[HasSecrets], field: str) -> int:
    rows = kind._default_manager.exclude(**{field: ""}).values_list("pk", field)
    return sum(
        kind._default_manager.filter(**{"pk": pk, field: sealed}).update(**{field: seal(unseal(sealed))})
        for pk, sealed in rows
    )
