"""Who may say that a ship was hit: whoever has our secret, or for a while the one before it."""

import pytest

from events.ingest.errors import Refused
from events.ingest.signing import digest, verify
from tests.ingest.making import OLDER, SECRET, active_job, attributes

BODY = active_job()


def _refusal(body: bytes, given: dict[str, str], secrets: list[str] | None = None) -> str:
    with pytest.raises(Refused) as refused:
        verify(body=body, attributes=given, secrets=[SECRET, OLDER] if secrets is None else secrets)
    return refused.value.code


def test_the_digest_is_that_of_active_elastic_job() -> None:
    assert digest("s3krit", b'{"job_class":"X"}') == "26e752dc7481b5c64d45d013d828b3c478f75790"


@pytest.mark.parametrize("secret", [SECRET, OLDER])
def test_the_current_and_the_previous_secret_count(secret: str) -> None:
    verify(body=BODY, attributes=attributes(BODY, secret=secret), secrets=[SECRET, OLDER])


def test_the_previous_secret_counts_no_more_when_it_is_taken_away() -> None:
    assert _refusal(BODY, attributes(BODY, secret=OLDER), [SECRET, ""]) == "bad_signature"


@pytest.mark.parametrize(
    "body",
    [BODY + b" ", BODY.replace(b"alice", b"mally"), BODY[:-1], b""],
    ids=["longer", "changed", "shorter", "empty"],
)
def test_a_body_that_was_tampered_with_is_refused(body: bytes) -> None:
    assert _refusal(body, attributes(BODY)) == "bad_signature"


@pytest.mark.parametrize(
    "given",
    [digest(SECRET, BODY).upper(), digest(SECRET, BODY)[:-1], "é" * 40, "0" * 40, "\udcff"],
    ids=["capitals", "shorter", "no hex", "another", "no text"],
)
def test_only_the_very_digest_counts(given: str) -> None:
    assert _refusal(BODY, {"origin": "AEJ", "message-digest": given}) == "bad_signature"


@pytest.mark.parametrize("given", [{}, {"origin": "AEJ"}, {"origin": "AEJ", "message-digest": ""}])
def test_a_message_without_a_signature_is_refused(given: dict[str, str]) -> None:
    assert _refusal(BODY, given) == "no_signature"


def test_what_is_signed_counts_without_the_origin_beside_it_as_the_gem_has_it() -> None:
    verify(body=BODY, attributes={"message-digest": digest(SECRET, BODY)}, secrets=[SECRET])


def test_no_secret_is_no_open_door() -> None:
    assert _refusal(BODY, attributes(BODY, secret=""), ["", ""]) == "bad_signature"
