"""A server of their own for these tests: they kill its parts, and start them again."""

from collections.abc import Iterator

import pytest

from tests.e2e.server import Server, running_server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/load/" in item.nodeid:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    """The real server."""
    with running_server() as running:
        yield running
