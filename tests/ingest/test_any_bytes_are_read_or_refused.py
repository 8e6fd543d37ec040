"""Whatever lies on a queue, reading it gives a job or a refusal, and nothing else."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.ingest.errors import Refused
from events.ingest.jobs import READERS
from events.ingest.mapping import players_named, read_arguments

NAMES = ["shooter", "room", "victim", "occurred_at", "tick", "_aj_serialized", "_aj_globalid", "value"]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
ROOMS = st.uuids().map(str)
VALUES = st.recursive(
    LEAVES | ROOMS | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)
JOBS = st.fixed_dictionaries(
    {},
    optional={
        "job_class": st.just("KilledShip") | VALUES,
        "class": st.just("KilledShip") | VALUES,
        "job_id": ROOMS | VALUES,
        "jid": ROOMS | VALUES,
        "arguments": st.lists(VALUES, max_size=4) | VALUES,
        "args": st.lists(VALUES, max_size=4) | VALUES,
        "enqueued_at": VALUES,
        "created_at": VALUES,
        "wrapped": VALUES,
    },
)


def _look_into(format: str, body: bytes) -> None:
    with suppress(Refused):
        rule, said = read_arguments(READERS[format](body))
        players_named(rule, said)


@pytest.mark.parametrize("format", READERS)
@given(job=JOBS | VALUES)
def test_any_json(format: str, job: Any) -> None:
    _look_into(format, json.dumps(job).encode())


@pytest.mark.parametrize("format", READERS)
@given(body=st.binary(max_size=60))
def test_any_bytes(format: str, body: bytes) -> None:
    _look_into(format, body)
