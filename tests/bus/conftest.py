"""One suite for every transport: each test of this folder that takes `bus` runs once for each of them.

A new transport is one class in `buses.py` and one line in `BUSES`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from events import delivering
from events.subscribing import registry
from tests.bus.buses import Bus, CeleryBus
from tests.bus.listening import Listeners
from tests.bus.sns import SnsBus
from tests.events.conftest import _players, start_worker  # noqa: F401 - fixtures

BUSES: dict[str, Callable[[pytest.FixtureRequest], Bus]] = {
    "celery": lambda request: CeleryBus(request.getfixturevalue("redis_client")),
    "sns": lambda request: request.getfixturevalue("aws") and SnsBus(),
}


@pytest.fixture(params=BUSES)
def bus(request: pytest.FixtureRequest, settings: Any, redis_client: "Redis") -> Bus:
    """The transport under test, its queues empty."""
    settings.EVENT_TRANSPORT = request.param
    return BUSES[request.param](request)


@pytest.fixture
def listeners(request: pytest.FixtureRequest) -> Iterator[Listeners]:
    """Handlers of the test's own; those of the apps are away meanwhile."""
    subscribed = request.getfixturevalue("bus").prepare if "bus" in request.fixturenames else None
    with registry.restored():
        for handler in list(registry):
            registry.forget(handler.name)
        yield Listeners(subscribed)


@pytest.fixture(autouse=True)
def _a_busy_machine_is_no_slow_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    """One letter does what it is worth in one go, however long that takes here."""
    monkeypatch.setattr(delivering, "ALONE_SECONDS", 600)
    monkeypatch.setattr(delivering, "_fitting", lambda seconds: delivering.TOGETHER)
