"""Fixtures of the tests of the pages' look."""

import pytest


@pytest.fixture(autouse=True)
def _plain_static_files(plain_static: None) -> None:
    """Hashed names need `collectstatic`, which pages under test do not."""
