"""/healthz, /readyz and /metrics, for whatever runs and watches us."""

import hmac

import prometheus_client
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from spacegame import health

LOOPBACK = ("127.0.0.1", "::1")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked: restarting us mends nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when people can be served, 503 when a part that they need is away; names what is amiss."""
    report = health.report()
    return JsonResponse(report, status=503 if report["state"] == "away" else 200)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """This process's figures for Prometheus. 404 to those who may not see them."""
    if not _may_see_metrics(request):
        return HttpResponse("Nothing to see here.\n", status=404, content_type="text/plain")
    text = prometheus_client.generate_latest()
    return HttpResponse(text, content_type=prometheus_client.CONTENT_TYPE_LATEST)


def _may_see_metrics(request: HttpRequest) -> bool:
    """With METRICS_TOKEN, who sends it; without, who asks from this machine and through no proxy."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    direct = "X-Forwarded-For" not in request.headers
    return direct and request.META.get("REMOTE_ADDR") in LOOPBACK
