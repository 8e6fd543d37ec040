"""kombu's Redis, mended: a worker whose acknowledgements failed takes up work again.

A message counts against the prefetch until it is acknowledged, and kombu 5.7 leaves it counted for ever when
that fails. Once as many failed as the worker takes at a time, it never reads from its socket again, and so
never learns that the connection is gone: after Redis was killed under load, whole workers waited for good.
"""

from typing import Any

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """Forgets what could not be acknowledged. Redis keeps it, and gives it out again after its timeout."""

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue=requeue)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


class Channel(redis.Channel):
    """One with our `QoS`."""

    QoS: Any = QoS


class Transport(redis.Transport):
    """What `redis://` means to Celery here."""

    Channel: Any = Channel
