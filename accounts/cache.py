"""The site's cache. It holds only what may be lost, so without Redis it forgets instead of failing."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

logger = logging.getLogger(__name__)
Method = TypeVar("Method", bound=Callable[..., Any])

# A Redis that says nothing is not asked again for so long: a page asks several times, and waits each time.
SILENCE_SECONDS = 2.0
_silent_until = 0.0


def _forgiving(method: Method, answer: Callable[..., Any]) -> Method:
    @wraps(method)
    def call(self: RedisCache, key: Any, *args: Any, **kwargs: Any) -> Any:
        global _silent_until
        if time.monotonic() < _silent_until:
            return answer(*args, **kwargs)
        try:
            return method(self, key, *args, **kwargs)
        except (RedisConnectionError, RedisTimeoutError) as error:
            if isinstance(error, RedisTimeoutError):
                _silent_until = time.monotonic() + SILENCE_SECONDS
            logger.warning("the cache is away: %s is skipped", method.__name__)
            return answer(*args, **kwargs)

    return call  # type: ignore[return-value]


def _fail(*args: Any, **kwargs: Any) -> NoReturn:
    raise RedisConnectionError("The cache is away.")


class ForgivingRedisCache(RedisCache):
    """Redis; when it is away a read is a miss, a write is forgotten, and an `add` (a lock) succeeds.

    Only `incr`, for which no answer would be true, raises redis' `ConnectionError`.
    """

    get = _forgiving(RedisCache.get, lambda default=None, version=None: default)
    set = _forgiving(RedisCache.set, lambda *args, **kwargs: None)
    add = _forgiving(RedisCache.add, lambda *args, **kwargs: True)
    delete = _forgiving(RedisCache.delete, lambda *args, **kwargs: False)
    touch = _forgiving(RedisCache.touch, lambda *args, **kwargs: False)
    incr = _forgiving(RedisCache.incr, _fail)
