"""The Redis that comes along."""

from pathlib import Path

import pytest

from spacegame.embedded import RedisUnavailable, start_redis
from tests.support.ports import free_port


def test_a_redis_that_cannot_start_says_why_in_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "appendonly.aof").write_text("no command of Redis\n")
    (tmp_path / "appendonlydir").mkdir()
    (tmp_path / "appendonlydir" / "appendonly.aof.manifest").write_text("nor a manifest\n")
    with pytest.raises(
        RedisUnavailable, match=r"(?s)Redis did not start\. The end of .*redis.log:\n.*(AOF|append)"
    ):
        start_redis(tmp_path, free_port())
