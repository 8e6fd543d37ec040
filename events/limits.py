"""How often something may be done, counted in the cache; with the cache away, nobody is locked out."""

import hashlib
import ipaddress
import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

logger = logging.getLogger(__name__)


def allow(key: str, *, limit: int, per_seconds: int) -> bool:
    """Count one more of `key`; False once there were more than `limit` in the window of `per_seconds`."""
    cache_key = _cache_key(key)
    try:
        cache.add(cache_key, 0, timeout=per_seconds)
        return int(cache.incr(cache_key)) <= limit
    except ValueError:
        return True  # the window ended between the two
    except Exception:
        logger.warning("rate limits are off: the cache is away")
        return True


def is_used_up(key: str, *, limit: int) -> bool:
    """Whether `key` was counted `limit` times in its window; counts nothing itself."""
    try:
        return int(cache.get(_cache_key(key)) or 0) >= limit
    except Exception:
        logger.warning("rate limits are off: the cache is away")
        return False


def client_ip(request: HttpRequest) -> str:
    """The address that limits count by.

    `X-Forwarded-For` is believed only as far as `TRUSTED_PROXIES` proxies of ours wrote it: the entry that
    the outermost of them added. An IPv6 client owns a whole /64, so that counts as one.
    """
    address = request.META.get("REMOTE_ADDR") or "unknown"
    if settings.TRUSTED_PROXIES > 0:
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        address = hops[-min(settings.TRUSTED_PROXIES, len(hops))].strip() or address
    return _network(address)


def _cache_key(key: str) -> str:
    return "limit:" + hashlib.sha256(key.encode()).hexdigest()


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
