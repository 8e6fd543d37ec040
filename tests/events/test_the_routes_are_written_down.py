"""docs/events.md has the table of handlers that the code has."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from events.contracts import CONTRACTS
from events.routes import NoMarkers, written_into
from events.subscribing import Occurred, Registry, registry, subscribe


def test_the_paper_is_up_to_date() -> None:
    call_command("event_routes", "--check", stdout=StringIO())


def test_each_handler_is_in_the_table() -> None:
    output = StringIO()
    call_command("event_routes", stdout=output)
    for handler in registry:
        assert f"`{handler.name}`" in output.getvalue()


def test_a_paper_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(NoMarkers):
        written_into("# Events\n")


@pytest.mark.parametrize(
    ("types", "fields", "hint"),
    [
        ((), {"queue": "feed"}, "nothing"),
        (("NONSENSE",), {"queue": "feed"}, "NONSENSE"),
        (("USER_CREATED",), {"queue": "oven"}, "no queue 'oven'"),
        (("USER_CREATED",), {"queue": "feed", "name": "n" * 101}, "longer than"),
    ],
)
def test_a_slip_in_a_subscription_is_refused_at_the_start(
    types: tuple[str, ...], fields: dict[str, str], hint: str
) -> None:
    with registry.restored(), pytest.raises(ValueError, match=hint):
        subscribe(*types, **{"name": "n", **fields})(lambda event: None)


def test_a_name_is_given_once() -> None:
    def handler(event: Occurred) -> None: ...

    with registry.restored():
        subscribe("USER_CREATED", queue="feed")(handler)
        with pytest.raises(ValueError, match="already"):
            subscribe("USER_CREATED", queue="feed")(handler)


def test_every_app_with_handlers_was_found() -> None:
    assert registry.named("accounts.handlers.welcome_new_member") is not None
    assert isinstance(registry, Registry)
    assert "TASK_WORKER_FAILED" in CONTRACTS


def test_who_only_compares_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the code is installed for good, nobody may."""
    monkeypatch.setattr(Path, "write_text", lambda *args: pytest.fail("It was written."))
    call_command("event_routes", "--check", stdout=StringIO())
