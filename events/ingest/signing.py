"""Active Elastic Job's signature. Pure.

The string attribute `message-digest` is the HMAC-SHA1 of the exact bytes of the body, in small hex
(active_elastic_job 3.0, `MessageVerifier`). It covers the body only, no time and no queue: that a job counts
once is due to its id, which is in the body. The attribute `origin` = `AEJ` comes along; the gem takes what is
signed without it, and so do we: it proves nothing.
"""

import hmac
from collections.abc import Mapping, Sequence

from events.ingest.errors import Refused


def digest(secret: str, body: bytes) -> str:
    """The `message-digest` of a body."""
    return hmac.digest(secret.encode(), body, "sha1").hex()


def verify(*, body: bytes, attributes: Mapping[str, str], secrets: Sequence[str]) -> None:
    """Raise `Refused` unless one of `secrets` signed the body. Compares with each in constant time."""
    given = attributes.get("message-digest", "")
    if not given:
        raise Refused("no_signature", "The attribute message-digest is missing: is it an Active Elastic Job?")
    given_bytes = given.encode(errors="replace")
    fits = [hmac.compare_digest(digest(secret, body).encode(), given_bytes) for secret in secrets if secret]
    if not any(fits):
        raise Refused(
            "bad_signature", "The digest matches neither the body and our secret nor the previous one."
        )
