"""Signatures of webhooks. Pure: the clock is an argument, in seconds since 1970.

Three schemes, each with any number of secrets, so that one can follow another without a gap:

- Standard Webhooks (standardwebhooks.com): `webhook-signature: v1,<base64>`, several separated by spaces;
  HMAC-SHA256 of `"{id}.{timestamp}.{body}"` under the bytes that follow `whsec_` in base64.
- Stripe: `stripe-signature: t=<seconds>,v1=<hex>`; HMAC-SHA256 of `"{t}.{body}"` under the secret's text.
- Plain: a header of the sender's choice with the HMAC-SHA256 of the body, in hex (also behind `sha256=`, as
  GitHub writes it) or in base64. It signs no time, so only the memory of what came guards against replays.
"""

import hmac
import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

from events.webhooks.errors import BadSecret, Refused

TOLERANCE = 300  # seconds, into the past and into the future
ID_LENGTH = 200  # characters
PREFIX = "whsec_"
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)


class Verified(NamedTuple):
    """`key` tells a webhook from all others of its source; `signed_at` is in seconds, None if not signed."""

    key: str
    signed_at: int | None


def standard_key(secret: str) -> bytes:
    """The key in a `whsec_` secret; raises `BadSecret`."""
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except (Base64Error, ValueError):
        key = b""
    if not 16 <= len(key) <= 128:
        raise BadSecret("A Standard Webhooks secret is whsec_ and the base64 of 16 to 128 bytes.")
    return key


def sign(*, webhook_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers of Standard Webhooks, with a signature for each secret."""
    content = f"{webhook_id}.{timestamp}.".encode() + body
    signatures = (b64encode(_hmac(standard_key(secret), content)).decode() for secret in secrets)
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def verify_standard(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: int) -> Verified:
    """Check Standard Webhooks' headers; raises `Refused`. The key is the webhook's id."""
    webhook_id = _header(headers, "webhook-id")
    signed_at = _fresh(_header(headers, "webhook-timestamp"), now)
    given = _header(headers, "webhook-signature").split()
    if not 1 <= len(webhook_id) <= ID_LENGTH or not webhook_id.isprintable():
        raise Refused("bad_id", f"webhook-id must have 1 to {ID_LENGTH} characters.", status=400)
    content = f"{webhook_id}.{signed_at}.".encode() + body
    wanted = ["v1," + b64encode(_hmac(standard_key(secret), content)).decode() for secret in secrets]
    _require_one_of(given, wanted)
    return Verified(webhook_id, signed_at)


def verify_stripe(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: int) -> Verified:
    """Check Stripe's header; raises `Refused`. The key is the event's id in the body, which is signed."""
    pairs = [part.strip().partition("=")[::2] for part in _header(headers, "stripe-signature").split(",")]
    times = [value for name, value in pairs if name == "t"]
    if len(times) != 1:
        raise Refused("bad_timestamp", "stripe-signature must have one t=.", status=400)
    signed_at = _fresh(times[0], now)
    content = f"{signed_at}.".encode() + body
    wanted = [_hmac(secret.encode(), content).hex() for secret in secrets]
    _require_one_of([value for name, value in pairs if name == "v1"], wanted)
    return Verified(_id_in(body) or digest(body), signed_at)


def verify_plain(header: str, headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> Verified:
    """Check a plain HMAC in `header`; raises `Refused`. The key is the body's digest: only it is signed."""
    given = _header(headers, header).removeprefix("sha256=")
    signatures = [_hmac(secret.encode(), body) for secret in secrets]
    wanted = [text for raw in signatures for text in (raw.hex(), b64encode(raw).decode())]
    _require_one_of([given, given.lower()], wanted)
    return Verified(digest(body), None)


def digest(body: bytes) -> str:
    """`sha256:` and the body's digest in hex."""
    return f"sha256:{sha256(body).hexdigest()}"


def _hmac(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, "sha256")


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "").strip()
    if not value:
        raise Refused("no_signature", f"The header {name} is missing.", status=401)
    return value


def _fresh(text: str, now: int) -> int:
    if not _SECONDS.fullmatch(text):
        raise Refused("bad_timestamp", "The timestamp must be in whole seconds since 1970.", status=400)
    signed_at = int(text)
    if signed_at < now - TOLERANCE:
        raise Refused("too_old", f"It was signed more than {TOLERANCE} s ago: sign it anew.", status=400)
    if signed_at > now + TOLERANCE:
        raise Refused("in_the_future", f"It was signed more than {TOLERANCE} s ahead of us.", status=400)
    return signed_at


def _require_one_of(given: Sequence[str], wanted: Sequence[str]) -> None:
    """In constant time for each pair."""
    pairs = [(one.encode(errors="replace"), other.encode()) for one in given[:10] for other in wanted]
    if sum(hmac.compare_digest(one, other) for one, other in pairs) == 0:
        raise Refused("bad_signature", "The signature does not match the body and our secret.", status=401)


class _Identified(msgspec.Struct):
    id: str = ""


def _id_in(body: bytes) -> str:
    try:
        found = msgspec.json.decode(body, type=_Identified).id
    except (msgspec.MsgspecError, UnicodeError):
        return ""
    return found if len(found) <= ID_LENGTH and found.isprintable() else ""
