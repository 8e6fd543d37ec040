"""The site's cache. It holds only what may be lost, so without Redis it forgets instead of failing."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

logger = logging.getLogger(__name__)
Method = TypeVar("Method", bound=Callable[..., Any])


def _forgiving(method: Method, answer: Callable[..., Any]) -> Method:
    @wraps(method)
    def call(self: RedisCache, key: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, key, *args, **kwargs)
        except (RedisConnectionError, RedisTimeoutError):
            logger.warning("the cache is away: %s is skipped", method.__name__)
            return answer(*args, **kwargs)

    return call  # type: ignore[return-value]


class ForgivingRedisCache(RedisCache):
    """Redis; when it is away a read is a miss, a write is forgotten, and an `add` (a lock) succeeds."""

    get = _forgiving(RedisCache.get, lambda default=None, version=None: default)
    set = _forgiving(RedisCache.set, lambda *args, **kwargs: None)
    add = _forgiving(RedisCache.add, lambda *args, **kwargs: True)
    delete = _forgiving(RedisCache.delete, lambda *args, **kwargs: False)
    touch = _forgiving(RedisCache.touch, lambda *args, **kwargs: False)
