"""The door for Elastic Beanstalk's worker tier: its daemon takes jobs off SQS and posts them here.

200 makes the daemon delete a job, anything else makes it come again. So a job that is refused and kept is
answered with 200 too; the body says what became of it. A signature is asked for, always: the daemon's
User-Agent and address prove nothing.
"""

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from events.ingest.errors import Refused
from events.ingest.raw import RawJob
from events.ingest.signing import verify
from events.ingest.taking import TAKEN, take
from events.limits import allow, client_ip, is_used_up

logger = logging.getLogger(__name__)

MAX_BYTES = 256 * 1024  # of SQS's messages; what is over the limit of jobs is refused and kept, cut
SOURCE = "beanstalk"
FAILURES, FAILURE_SECONDS = 60, 60  # an address may have so many refused in so many seconds
PREFIX = "X-Aws-Sqsd-Attr-"


@csrf_exempt
@require_POST
def beanstalk(request: HttpRequest) -> JsonResponse:
    """Take one job from the daemon."""
    if not settings.INGEST_BEANSTALK:
        return JsonResponse({"error": "INGEST_BEANSTALK is off."}, status=404)
    try:
        body = request.read(MAX_BYTES + 1)
    except UnreadablePostError:
        return JsonResponse({"error": "The body broke off."}, status=400)
    raw = RawJob("active_job", SOURCE, body, _attributes(request), _tries(request))
    return _take(raw, f"ingest:{client_ip(request)}")


def _take(raw: RawJob, address: str) -> JsonResponse:
    if is_used_up(address, limit=FAILURES) and not _is_signed(raw):
        return _answer({"error": "Too many of yours were refused. Later, please."}, status=429)
    try:
        result = take(raw)
    except Exception:
        logger.exception("A job from %s is to come again.", SOURCE)
        return _answer({"error": "Not now. Send it again, please."}, status=503)
    if result != TAKEN:
        allow(address, limit=FAILURES, per_seconds=FAILURE_SECONDS)
    return JsonResponse({"result": result})


def _answer(content: dict[str, Any], *, status: int) -> JsonResponse:
    return JsonResponse(content, status=status, headers={"Retry-After": str(FAILURE_SECONDS)})


def _attributes(request: HttpRequest) -> dict[str, str]:
    """The message's attributes, by the names that they have on SQS; the daemon capitalises them."""
    return {
        name[len(PREFIX) :].lower(): value
        for name, value in request.headers.items()
        if name.lower().startswith(PREFIX.lower())
    }


def _tries(request: HttpRequest) -> int:
    """How often the daemon fetched the job, if it says so."""
    count = request.headers.get("X-Aws-Sqsd-Receive-Count", "")
    return int(count) if count.isdecimal() and len(count) < 9 else 1


def _is_signed(raw: RawJob) -> bool:
    secrets = [settings.INGEST_SECRET, settings.INGEST_PREVIOUS_SECRET]
    try:
        verify(body=raw.body, attributes=raw.attributes or {}, secrets=secrets)
    except Refused:
        return False
    return True
