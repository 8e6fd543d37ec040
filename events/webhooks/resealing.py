"""Sealing anew what lies in the database, so that an old `SECRET_KEY` may be forgotten."""

from collections.abc import Callable

from events.webhooks.models import Endpoint, HasSecrets, Source
from events.webhooks.sealing import seal, unseal, unseal_all


def reseal_all() -> int:
    """Seal every secret with today's `SECRET_KEY`; gives the number of places where there were some.

    Raises `Unopenable` for a current one that no known key opens; what came before it is sealed anew, and a
    second run is harmless. A secret that somebody changes meanwhile is left as they made it.
    """
    kinds: tuple[type[HasSecrets], ...] = (Endpoint, Source)
    ways = {"sealed_secret": _one, "sealed_previous": _several}
    return sum(_reseal(kind, field, anew) for field, anew in ways.items() for kind in kinds)


def _one(sealed: str) -> str:
    return seal(unseal(sealed))


def _several(sealed: str) -> str:
    """Without those that nothing opens: they were rotated away because of just that."""
    return " ".join(seal(secret) for secret in unseal_all(sealed))


def _reseal(kind: type[HasSecrets], field: str, anew: Callable[[str], str]) -> int:
    rows = kind._default_manager.exclude(**{field: ""}).values_list("pk", field)
    return sum(
        kind._default_manager.filter(**{"pk": pk, field: sealed}).update(**{field: anew(sealed)})
        for pk, sealed in rows
    )
