"""The door for incoming webhooks. A refusal is JSON too: `{"error": {"code": ..., "message": ...}}`."""

import logging
import time

from django.http import HttpRequest, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from prometheus_client import Counter, Histogram

from events.limits import allow, client_ip, is_used_up
from events.webhooks.errors import Refused
from events.webhooks.receiving import MAX_BYTES, Receipt, find_source, receive

logger = logging.getLogger(__name__)

FAILURES, FAILURE_SECONDS = 30, 60  # an address may fail so often in so many seconds
NO_FAILURE = ("replay", "not_ready")

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
    address = f"webhook:{client_ip(request)}"
    try:
        receipt = _take(request, source, address)
    except Refused as refused:
        answer = _refuse(refused, source, address)
    else:
        received_total.labels("again" if receipt.again else "taken").inc()
        answer = JsonResponse({"received": str(receipt.id), "again": receipt.again})
    answer_seconds.observe(time.perf_counter() - started)
    return answer


def _take(request: HttpRequest, source: str, address: str) -> Receipt:
    if is_used_up(address, limit=FAILURES):
        raise Refused("too_many_failures", "Too many of yours failed. Wait a minute.", status=429)
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


def _refuse(refused: Refused, source: str, address: str) -> JsonResponse:
    received_total.labels(refused.code).inc()
    logger.info("A webhook of %.20r was refused: %s", source, refused.code)
    if refused.code not in NO_FAILURE:
        allow(address, limit=FAILURES, per_seconds=FAILURE_SECONDS)
    answer = JsonResponse({"error": {"code": refused.code, "message": str(refused)}}, status=refused.status)
    more = {429: ("Retry-After", str(FAILURE_SECONDS)), 405: ("Allow", "POST")}
    if refused.status in more:
        name, value = more[refused.status]
        answer.headers[name] = value
    return answer
