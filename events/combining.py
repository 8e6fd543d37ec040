"""Work of several threads done in one go: while one works, the others' jobs gather for the next round.

Transactions that write the same rows wait for each other anyway, and each has its price. Joined, they wait
once and pay once.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


@dataclass(eq=False, slots=True)
class _Order(Generic[Job, Result]):
    job: Job
    results: list[Result]
    error: BaseException | None = None
    done: bool = False


class Combiner(Generic[Job, Result]):
    """`do(job)` calls `work(jobs)` with one's own and others' jobs, up to `most`; one call at a time.

    `work` does all or nothing and gives a result for each. When it raises for several jobs, each is tried
    alone, so that nobody suffers from another's; unless it is `nobodys_fault` (the database is away, say).
    """

    def __init__(
        self,
        work: Callable[[Sequence[Job]], Sequence[Result]],
        *,
        most: int,
        nobodys_fault: Callable[[BaseException], bool] = lambda error: False,
    ) -> None:
        self._work = work
        self._nobodys_fault = nobodys_fault
        self._most = most
        self._gathered: deque[_Order[Job, Result]] = deque()
        self._working = threading.Lock()

    def do(self, job: Job) -> Result:
        """The result of this job; raises what the work raised for it."""
        order: _Order[Job, Result] = _Order(job, [])
        self._gathered.append(order)
        with self._working:
            while not order.done:
                self._round()
        if order.error is not None:
            raise order.error
        return order.results[0]

    def _round(self) -> None:
        count = min(len(self._gathered), self._most)
        orders = [self._gathered.popleft() for _ in range(count)]
        error = self._attempt(orders)
        if error is not None and len(orders) > 1 and not self._nobodys_fault(error):
            for order in orders:
                self._attempt([order])
        for order in orders:
            order.done = True

    def _attempt(self, orders: Sequence[_Order[Job, Result]]) -> BaseException | None:
        try:
            results = self._work([order.job for order in orders])
        except BaseException as error:
            for order in orders:
                order.error = error
            return error
        for order, result in zip(orders, results, strict=True):
            order.results, order.error = [result], None
        return None
