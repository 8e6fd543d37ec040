"""Addresses as QR codes, for phones to take from a screen."""

from io import BytesIO

import segno
from django.http import HttpResponse


def qr_code(address: str) -> HttpResponse:
    """An SVG picture of the address."""
    svg = BytesIO()
    segno.make(address, error="m").save(svg, kind="svg", xmldecl=False, scale=8, border=2)
    return HttpResponse(svg.getvalue(), content_type="image/svg+xml")
