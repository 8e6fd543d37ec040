"""The phase machine: ticks, pauses, skips and restarts in any order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rooms.trivia import phases
from rooms.trivia.phases import GRACE, LEAD, PATIENCE, READY, Rules, State

START = 1_800_000_000_000
RULES = Rules(of=3, answering=10_000, revealing=6000)


def test_a_game_left_alone_keeps_to_its_times() -> None:
    state = phases.begin(State(), now=START)
    seen = [(state.phase, state.number, START)]
    while (due := phases.due_at(state, RULES)) is not None:
        state = phases.step(state, RULES, now=due)
        seen.append((state.phase, state.number, due))
    period = RULES.answering + GRACE + RULES.revealing
    expected = [("ready", 0, START)]
    for number in range(3):
        opens_at = START + READY + number * period
        expected.append(("open", number + 1, opens_at - LEAD))
        expected.append(("reveal", number + 1, opens_at + RULES.answering + GRACE))
    expected.append(("over", 3, START + READY + 3 * period))
    assert seen == expected


@given(late=st.lists(st.integers(0, PATIENCE), min_size=7, max_size=7))
def test_being_late_by_less_than_a_second_moves_no_deadline(late: list[int]) -> None:
    state = phases.begin(State(), now=START)
    prompt = state
    for delay in late:
        due = phases.due_at(prompt, RULES)
        prompt = phases.step(prompt, RULES, now=due)
        state = phases.step(state, RULES, now=due + delay)
        assert state == prompt


def test_after_an_outage_a_question_opens_whole_and_once() -> None:
    ready = phases.begin(State(), now=START)
    now = START + 60_000
    state = phases.step(ready, RULES, now=now)
    assert (state.phase, state.number, state.opens_at) == ("open", 1, now + LEAD)
    assert state.closes_at == now + LEAD + RULES.answering


def test_a_reveal_that_comes_late_is_shown_whole_and_the_deadline_for_answers_stays() -> None:
    state = phases.step(phases.begin(State(), now=START), RULES, now=START + READY)
    closes_at = state.closes_at
    late = phases.step(state, RULES, now=state.ends_at + 20_000)
    assert (late.phase, late.closes_at, late.ends_at) == (
        "reveal",
        closes_at,
        state.ends_at + 20_000 + RULES.revealing,
    )


def test_a_reveal_is_never_early() -> None:
    state = phases.step(phases.begin(State(), now=START), RULES, now=START + READY)
    assert phases.step(state, RULES, now=state.ends_at - 1) is None
    assert phases.step(state, RULES, now=state.closes_at) is None


def test_the_host_may_be_who_goes_on() -> None:
    rules = Rules(of=2, answering=10_000, revealing=6000, auto=False)
    state = phases.step(phases.begin(State(), now=START), rules, now=START + READY)
    state = phases.step(state, rules, now=state.ends_at)
    assert (state.phase, phases.due_at(state, rules)) == ("reveal", None)
    now = state.closes_at + 99_000
    state = phases.step(phases.go_on(state, now=now), rules, now=now)
    assert (state.phase, state.number, state.opens_at) == ("open", 2, now + LEAD)


def test_a_rest_lies_between_the_halves() -> None:
    rules = Rules(of=4, answering=10_000, revealing=6000, rest_after=2)
    state, seen = phases.begin(State(), now=START), []
    while (due := phases.due_at(state, rules)) is not None:
        state = phases.step(state, rules, now=due)
        seen.append(state.phase)
    assert seen == ["open", "reveal"] * 2 + ["rest"] + ["open", "reveal"] * 2 + ["over"]


def test_a_pause_takes_nothing_from_anybody() -> None:
    state = phases.step(phases.begin(State(), now=START), RULES, now=START + READY)
    now = state.opens_at + 4000
    paused = phases.pause(state, now=now)
    assert (paused.remaining, phases.due_at(paused, RULES)) == (6000 + GRACE, None)
    resumed = phases.resume(paused, now=now + 3_600_000)
    assert resumed.closes_at == state.closes_at + 3_600_000
    took = phases.elapsed(resumed, RULES, extra=0, received_at=now + 3_600_000 + 1000, credit=0)
    assert took == 5000


def test_extra_time_that_is_given_in_a_pause_is_there_after_it() -> None:
    state = phases.step(phases.begin(State(), now=START), RULES, now=START + READY)
    paused = phases.pause(state, now=state.opens_at + 4000)
    resumed = phases.resume(phases.give_extra(paused, RULES, extra=50), now=START + 3_600_000)
    assert resumed.ends_at == resumed.opens_at + 15_000 + GRACE


@pytest.mark.parametrize(
    ("extra", "received", "late"), [(0, 10_250, False), (0, 10_251, True), (50, 15_250, False)]
)
def test_each_has_their_own_deadline(extra: int, received: int, late: bool) -> None:
    state = phases.begin(State(extra=50), now=START)
    state = phases.step(state, RULES, now=START + READY)
    assert state.ends_at == state.opens_at + 15_000 + GRACE
    assert phases.too_late(state, RULES, extra=extra, received_at=state.opens_at + received) is late


class AnyOrder(RuleBasedStateMachine):
    """What a host, sweeps, crashes and outages may do, in any order."""

    @initialize(
        of=st.integers(1, 4),
        auto=st.booleans(),
        rest=st.booleans(),
        answering=st.integers(5000, 120_000),
        revealing=st.integers(3000, 30_000),
    )
    def begin(self, of: int, auto: bool, rest: bool, answering: int, revealing: int) -> None:
        self.rules = Rules(
            of=of, auto=auto, rest_after=of // 2 if rest else 0, answering=answering, revealing=revealing
        )
        self.now = START
        self.state = phases.begin(State(), now=self.now)
        self.opened: list[int] = []
        self.closed: list[int] = []

    def move(self, after: State) -> None:
        before, self.state = self.state, after
        assert after.seq == before.seq + 1
        if before.phase == "open":
            self.closed.append(before.number)
        if after.phase == "open":
            self.opened.append(after.number)
            assert after.opens_at is not None
            assert after.opens_at >= self.now - PATIENCE  # nobody loses more time than that

    @rule(wait=st.sampled_from([0, 1, 100, 999, 1001, 5000, 60_000, 3_600_000]))
    def time_goes_by(self, wait: int) -> None:
        self.now += wait

    @rule()
    def time_comes(self) -> None:
        due = phases.due_at(self.state, self.rules)
        self.now = max(self.now, due or 0)

    @rule(times=st.integers(1, 3))
    def sweep(self, times: int) -> None:
        """Several at once hold the same state; the first one's `seq` is gone for the others."""
        after = phases.step(self.state, self.rules, now=self.now)
        due = phases.due_at(self.state, self.rules)
        assert (after is not None) == (due is not None and due <= self.now)
        if after is not None:
            if self.state.phase == "open":
                assert self.now >= self.state.closes_at
            self.move(after)

    @precondition(lambda self: self.state.is_running)
    @rule()
    def pause(self) -> None:
        if self.state.paused_at is None:
            self.state = phases.pause(self.state, now=self.now)

    @precondition(lambda self: self.state.is_running)
    @rule()
    def resume(self) -> None:
        """Twice is once: deadlines that do not stand still stay where they are."""
        before, self.state = self.state, phases.resume(self.state, now=self.now)
        if before.paused_at is None:
            assert self.state == before
        elif before.remaining is not None:
            assert self.state.ends_at == self.now + before.remaining

    @precondition(lambda self: self.state.is_running)
    @rule()
    def go_on(self) -> None:
        self.state = phases.go_on(self.state, now=self.now)
        after = phases.step(self.state, self.rules, now=self.now)
        if after is not None:  # a rest or an end comes when its second is over
            self.move(after)

    @precondition(lambda self: self.state.phase in ("open", "reveal"))
    @rule()
    def skip(self) -> None:
        self.move(phases.skip(self.state, self.rules, now=self.now))

    @precondition(lambda self: self.state.is_running)
    @rule(percent=st.integers(0, 200))
    def give_extra(self, percent: int) -> None:
        """An open question is open for as long as that, in a pause too."""
        before, self.state = self.state, phases.give_extra(self.state, self.rules, extra=percent)
        assert (before.ends_at is None) == (self.state.ends_at is None)
        assert before.ends_at is None or self.state.ends_at >= before.ends_at
        running = phases.resume(self.state, now=self.now)
        if running.phase == "open" and running.closes_at - running.opens_at == self.rules.answering:
            assert running.ends_at >= running.opens_at + phases.allowed(self.rules, extra=percent) + GRACE

    @precondition(lambda self: self.state.is_running)
    @rule()
    def restart(self) -> None:
        """A process that starts anew has what the row has, and that is all of it."""
        columns = {name: getattr(self.state, name) for name in State.__slots__}
        assert State(**columns) == self.state

    @invariant()
    def each_question_opens_and_closes_once_and_in_order(self) -> None:
        if hasattr(self, "opened"):
            assert self.opened == list(range(1, len(self.opened) + 1))
            assert self.closed in (self.opened, self.opened[:-1])

    @invariant()
    def it_is_over_only_after_the_last(self) -> None:
        if hasattr(self, "opened") and self.state.phase == "over":
            assert len(self.closed) == self.rules.of
            assert phases.due_at(self.state, self.rules) is None


AnyOrder.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyOrder = AnyOrder.TestCase
