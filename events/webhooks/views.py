"""The door for incoming webhooks. A refusal is JSON too: `{"error": {"code": ..., "message": ...}}`."""

import logging
import time

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from prometheus_client import Counter, Histogram

from events.limits import allow, client_ip
from events.webhooks.errors import Refused
from events.webhooks.receiving import MAX_BYTES, Receipt, find_source, receive

logger = logging.getLogger(__name__)

FAILURES, FAILURE_SECONDS = 30, 60  # an address may fail so often in so many seconds
NO_FAILURE = ("replay", "not_ready")
AWAY_SECONDS = 10  # after which to try again what we could not take

received_total = Counter(
    "space_pizzas_webhooks_received", "Incoming webhooks by what became of them", ["result"]
)
answer_seconds = Histogram(
    "space_pizzas_webhooks_answer_seconds",
    "From the call of the view to its answer",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)


@csrf_exempt
def incoming(request: HttpRequest, source: str) -> JsonResponse:
    """Take one webhook; answers as soon as it is safe."""
    started = time.perf_counter()
    try:
        receipt = _take(request, source)
    except Refused as refused:
        answer = _refuse(_limited(refused, request), source)
    except (OperationalError, InterfaceError) as error:
        logger.warning("A webhook of %.20r could not be kept: %s", source, error)
        answer = _refuse(Refused("not_ready", "We cannot keep it now. Send it again.", status=503), source)
    else:
        received_total.labels("again" if receipt.again else "taken").inc()
        answer = JsonResponse({"received": str(receipt.id), "again": receipt.again})
    answer_seconds.observe(time.perf_counter() - started)
    return answer


def _take(request: HttpRequest, source: str) -> Receipt:
    if request.method != "POST":
        raise Refused("wrong_method", "Webhooks are sent by POST.", status=405)
    found = find_source(source)
    if request.content_type != "application/json":
        raise Refused("wrong_content_type", "Send it as application/json.", status=415)
    return receive(source=found, headers=request.headers, body=_body(request), now=timezone.now())


def _body(request: HttpRequest) -> bytes:
    """At most `MAX_BYTES`, whatever Content-Length says."""
    try:
        body = request.read(MAX_BYTES + 1)
    except UnreadablePostError:
        raise Refused("unreadable", "The body broke off.", status=400) from None
    if len(body) > MAX_BYTES:
        raise Refused("too_large", f"At most {MAX_BYTES // 1024} KiB fit.", status=413)
    return body


def _limited(refused: Refused, request: HttpRequest) -> Refused:
    """What a sender is told: no more than that there were too many, once there were.

    What is believed is never limited: senders share their service's addresses with strangers, who may point
    webhooks of their own at us.
    """
    address = f"webhook:{client_ip(request)}"
    if refused.code in NO_FAILURE or allow(address, limit=FAILURES, per_seconds=FAILURE_SECONDS):
        return refused
    return Refused("too_many_failures", "Too many of yours failed. Wait a minute.", status=429)


def _refuse(refused: Refused, source: str) -> JsonResponse:
    received_total.labels(refused.code).inc()
    logger.info("A webhook of %.20r was refused: %s", source, refused.code)
    answer = JsonResponse({"error": {"code": refused.code, "message": str(refused)}}, status=refused.status)
    more = {
        405: ("Allow", "POST"),
        429: ("Retry-After", str(FAILURE_SECONDS)),
        503: ("Retry-After", str(AWAY_SECONDS)),
    }
    if refused.status in more:
        name, value = more[refused.status]
        answer.headers[name] = value
    return answer
