"""Signatures agree with those of others, and what does not agree is refused with its reason."""

import base64
import hashlib
import hmac
import time
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from events.webhooks import signing
from events.webhooks.errors import BadSecret, Refused
from tests.webhooks.conftest import NOW, OLDER, SECRET

BODY = b'{"type":"order.paid","id":"evt_1"}'
SECONDS = int(NOW.timestamp())


def stripe_header(secret: str, *, at: int = SECONDS, body: bytes = BODY) -> str:
    """As Stripe's manual says it, word by word, and with none of our code."""
    signed = str(at) + "." + body.decode()
    return f"t={at},v1={hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()}"


def standard_headers(secret: str = SECRET, *, webhook_id: str = "msg_1", at: int = SECONDS) -> dict[str, str]:
    """By the public package."""
    when = NOW + timedelta(seconds=at - SECONDS)
    signature = Webhook(secret).sign(webhook_id, when, BODY.decode())
    return {"webhook-id": webhook_id, "webhook-timestamp": str(at), "webhook-signature": signature}


def refusal(call: object, *arguments: object) -> str:
    with pytest.raises(Refused) as refused:
        call(*arguments)
    return refused.value.code


def test_a_vector_of_stripes_scheme_that_openssl_made() -> None:
    """printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test"""
    wanted = "c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925"
    headers = {"stripe-signature": f"t=1700000000,v1={wanted},v0=old"}
    verified = signing.verify_stripe(headers, b'{"id":"evt_1"}', ["whsec_test"], 1_700_000_000)
    assert verified == ("evt_1", 1_700_000_000)


def test_the_vector_in_the_documents_of_standard_webhooks() -> None:
    headers = signing.sign(
        webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
        secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_vector_in_the_documents_of_github() -> None:
    given = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    secret = "It's a Secret to Everybody"
    assert signing.verify_plain(
        "X-Hub-Signature-256", {"X-Hub-Signature-256": given}, b"Hello, World!", [secret]
    )


def test_the_public_package_signs_what_we_believe() -> None:
    verified = signing.verify_standard(standard_headers(), BODY, [SECRET], SECONDS)
    assert verified == ("msg_1", SECONDS)


def test_the_public_package_believes_what_we_sign_with_either_secret() -> None:
    now = int(time.time())  # its clock is no argument
    headers = signing.sign(webhook_id="msg_2", timestamp=now, body=BODY, secrets=[SECRET, OLDER])
    for secret in (SECRET, OLDER):
        assert Webhook(secret).verify(BODY, headers) == {"type": "order.paid", "id": "evt_1"}
    assert len(headers["webhook-signature"].split()) == 2


def test_the_previous_secret_counts_as_well() -> None:
    assert signing.verify_standard(standard_headers(OLDER), BODY, [SECRET, OLDER], SECONDS)
    assert signing.verify_stripe({"stripe-signature": stripe_header("b")}, BODY, ["a", "b"], SECONDS)
    assert (
        refusal(signing.verify_standard, standard_headers(OLDER), BODY, [SECRET], SECONDS) == "bad_signature"
    )


@pytest.mark.parametrize(
    ("age", "refused"),
    [(300, None), (301, "too_old"), (-300, None), (-301, "in_the_future"), (10**8, "too_old")],
)
def test_what_is_too_old_or_of_the_future_is_refused(age: int, refused: str | None) -> None:
    at = SECONDS - age
    calls = [
        (signing.verify_standard, standard_headers(at=at), BODY, [SECRET], SECONDS),
        (signing.verify_stripe, {"stripe-signature": stripe_header("s", at=at)}, BODY, ["s"], SECONDS),
    ]
    for call, *arguments in calls:
        if refused:
            assert refusal(call, *arguments) == refused
        else:
            assert call(*arguments).signed_at == at


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "no_signature"),
        ("v1=aa", "bad_timestamp"),
        ("t=,v1=aa", "bad_timestamp"),
        ("t=1e9,v1=aa", "bad_timestamp"),
        ("t=-1,v1=aa", "bad_timestamp"),
        ("t=٣,v1=aa", "bad_timestamp"),
        (f"t={SECONDS},t={SECONDS},v1=aa", "bad_timestamp"),
        (f"t={SECONDS}", "bad_signature"),
        (f"t={SECONDS},v1=", "bad_signature"),
        (f"t={SECONDS},v1=ünïcode", "bad_signature"),
        (stripe_header("s").replace("v1=", "v0="), "bad_signature"),
        (stripe_header("other"), "bad_signature"),
        (stripe_header("s", body=b"{}"), "bad_signature"),
    ],
)
def test_headers_of_stripe_that_are_refused(header: str, code: str) -> None:
    assert refusal(signing.verify_stripe, {"stripe-signature": header}, BODY, ["s"], SECONDS) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"webhook-id": ""}, "no_signature"),
        ({"webhook-timestamp": ""}, "no_signature"),
        ({"webhook-signature": ""}, "no_signature"),
        ({"webhook-timestamp": "soon"}, "bad_timestamp"),
        ({"webhook-id": "x" * 201}, "bad_id"),
        ({"webhook-id": "a\0b"}, "bad_id"),
        ({"webhook-id": "msg_other"}, "bad_signature"),
        ({"webhook-timestamp": str(SECONDS + 1)}, "bad_signature"),
        ({"webhook-signature": "v1,AAAA v1a,BBBB"}, "bad_signature"),
    ],
)
def test_standard_headers_that_are_refused(changes: dict[str, str], code: str) -> None:
    headers = {**standard_headers(), **changes}
    assert refusal(signing.verify_standard, headers, BODY, [SECRET], SECONDS) == code


def test_a_plain_hmac_comes_in_hex_as_github_writes_it_or_in_base64() -> None:
    raw = hmac.new(b"s", BODY, hashlib.sha256).digest()
    for text in (raw.hex(), raw.hex().upper(), f"sha256={raw.hex()}", base64.b64encode(raw).decode()):
        verified = signing.verify_plain("x-sign", {"x-sign": text}, BODY, ["s"])
        assert verified == (f"sha256:{hashlib.sha256(BODY).hexdigest()}", None)
    for text, code in (("", "no_signature"), ("sha256=", "bad_signature"), ("00" * 32, "bad_signature")):
        assert refusal(signing.verify_plain, "x-sign", {"x-sign": text}, BODY, ["s"]) == code


def test_nothing_is_believed_without_a_secret() -> None:
    empty = {"x-sign": hmac.new(b"", BODY, hashlib.sha256).hexdigest()}
    assert refusal(signing.verify_plain, "x-sign", empty, BODY, []) == "bad_signature"
    assert refusal(signing.verify_standard, standard_headers(), BODY, [], SECONDS) == "bad_signature"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64!", "ünïcode"])
def test_a_secret_that_is_none_is_named(secret: str) -> None:
    with pytest.raises(BadSecret, match="whsec_"):
        signing.standard_key(secret)
