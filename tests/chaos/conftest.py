"""These tests start the whole platform, so they are of the kind that drives real servers."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/chaos/test_storm" in item.nodeid:
            item.add_marker(pytest.mark.e2e)
