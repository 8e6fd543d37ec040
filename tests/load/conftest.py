"""A server for each test: these tests kill its parts."""

from collections.abc import Iterator

import pytest

from tests.e2e.server import Server, running_server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/load/" in item.nodeid:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture
def server() -> Iterator[Server]:
    """A real server of this test's own."""
    with running_server() as running:
        yield running
