"""Jobs of several threads are done together, and nobody suffers from another's."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest

from events.combining import Combiner
from tests.support.waiting import wait_for


class Bench:
    """Doubles numbers. The first round waits until the test lets it go on; 13 breaks whatever it is in."""

    def __init__(self) -> None:
        self.rounds: list[list[int]] = []
        self.began, self.go_on = threading.Event(), threading.Event()

    def work(self, jobs: Sequence[int]) -> list[int]:
        self.rounds.append(sorted(jobs))
        self.began.set()
        assert self.go_on.wait(60)
        if 13 in jobs:
            raise ValueError("thirteen")
        return [2 * job for job in jobs]


def together(bench: Bench, jobs: Sequence[int], *, most: int = 16, **options: Any) -> list["Future[int]"]:
    """Do a first job, and the others while it is under way."""
    combiner = Combiner(bench.work, most=most, **options)
    with ThreadPoolExecutor(len(jobs) + 1) as pool:
        first = pool.submit(combiner.do, 0)
        assert bench.began.wait(60)
        others = [pool.submit(combiner.do, job) for job in jobs]
        wait_for(lambda: len(combiner._gathered) == len(jobs))
        bench.go_on.set()
        wait([first, *others], timeout=60)
    return others


def test_what_comes_during_a_round_is_done_in_the_next() -> None:
    bench = Bench()
    futures = together(bench, [1, 2, 3])
    assert [future.result() for future in futures] == [2, 4, 6]
    assert bench.rounds == [[0], [1, 2, 3]]


def test_a_round_is_bounded() -> None:
    bench = Bench()
    futures = together(bench, [1, 2, 3, 4, 5], most=2)
    assert [future.result() for future in futures] == [2, 4, 6, 8, 10]
    assert [len(jobs) for jobs in bench.rounds] == [1, 2, 2, 1]


def test_a_bad_job_fails_alone() -> None:
    bench = Bench()
    good, bad, fine = together(bench, [1, 13, 3])
    assert (good.result(), fine.result()) == (2, 6)
    with pytest.raises(ValueError, match="thirteen"):
        bad.result()


def test_what_is_nobodys_fault_is_not_tried_again_for_each() -> None:
    bench = Bench()
    futures = together(bench, [1, 13, 3], nobodys_fault=lambda error: True)
    assert [type(future.exception()) for future in futures] == [ValueError] * 3
    assert bench.rounds == [[0], [1, 3, 13]]
