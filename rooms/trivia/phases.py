"""The life of a quiz as data, and how it moves on. Pure: times are arguments, in ms since 1970.

    lobby -> ready -> open -> reveal -> open -> ... -> reveal -> over, with a rest between the halves

A phase ends at `ends_at`, and the next is reckoned from there and not from when somebody got round to it, so
nothing drifts. An opening may be committed `LEAD` early, because `opens_at` is announced; a reveal never is.
After an outage of more than `PATIENCE` what follows is reckoned from now on, once.
"""

from dataclasses import dataclass, replace
from typing import Literal

Phase = Literal["lobby", "ready", "open", "reveal", "rest", "over"]

READY = 3000
LEAD = 1000
GRACE = 250  # an answer that was under way at the deadline still counts
PATIENCE = 1000
REST = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the host chose. Times in ms; `rest_after`: the question before the rest, 0 for none."""

    of: int
    answering: int
    revealing: int
    rest_after: int = 0
    auto: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`seq` counts transitions. `ends_at`: when the phase ends by itself; None: it waits for the host.

    `opens_at` and `closes_at` are the current question's. `extra`: percent of answering time that somebody
    has on top. `remaining`: of the phase while it is paused, which it has been since `paused_at`.
    """

    phase: Phase = "lobby"
    seq: int = 0
    number: int = 0
    opens_at: int | None = None
    closes_at: int | None = None
    ends_at: int | None = None
    paused_at: int | None = None
    remaining: int | None = None
    extra: int = 0

    @property
    def is_running(self) -> bool:
        return self.phase not in ("lobby", "over")


def due_at(state: State, rules: Rules) -> int | None:
    """From when on the next transition may be made; None while it waits for somebody."""
    if state.ends_at is None or not state.is_running:
        return None
    return state.ends_at - (LEAD if opens_next(state, rules) else 0)


def opens_next(state: State, rules: Rules) -> bool:
    """Whether a question is what follows."""
    if state.phase in ("ready", "rest"):
        return True
    return state.phase == "reveal" and state.number < rules.of and not _rests(state, rules)


def begin(state: State, *, now: int) -> State:
    """The host starts: get ready."""
    return replace(state, phase="ready", seq=state.seq + 1, ends_at=now + READY)


def step(state: State, rules: Rules, *, now: int) -> State | None:
    """The next state if it is due, else None."""
    due = due_at(state, rules)
    if due is None or now < due or state.ends_at is None:
        return None
    if state.phase == "open":
        return _reveal(state, rules, now=now)
    start = state.ends_at if now - state.ends_at <= PATIENCE else now + LEAD
    return _after(state, rules, start=start)


def go_on(state: State, *, now: int) -> State:
    """The same phase, ending now: an open question closes at once, the next is announced `LEAD` ahead."""
    state = resume(state, now=now)
    if state.phase == "open":
        return replace(state, closes_at=min(now, state.closes_at or now), ends_at=now)
    return replace(state, ends_at=now + LEAD)


def skip(state: State, rules: Rules, *, now: int) -> State:
    """On to what follows the current question, without its reveal."""
    return _after(resume(state, now=now), rules, start=now + LEAD)


def pause(state: State, *, now: int) -> State:
    """Stop the clock, keeping what remains; a phase that waits for the host has nothing that remains."""
    remaining = None if state.ends_at is None else max(0, state.ends_at - now)
    return replace(state, ends_at=None, paused_at=now, remaining=remaining)


def resume(state: State, *, now: int) -> State:
    """Go on with what remained: every deadline moves by as long as the pause took."""
    if state.paused_at is None:
        return state
    gone = now - state.paused_at
    return replace(
        state,
        paused_at=None,
        remaining=None,
        ends_at=None if state.remaining is None else now + state.remaining,
        opens_at=None if state.opens_at is None else state.opens_at + gone,
        closes_at=None if state.closes_at is None else state.closes_at + gone,
    )


def finish(state: State) -> State:
    """Over, whatever it was."""
    return replace(
        state, phase="over", seq=state.seq + 1, ends_at=None, closes_at=None, paused_at=None, remaining=None
    )


def give_extra(state: State, rules: Rules, *, extra: int) -> State:
    """Somebody has so many percent more time; an open question waits for them at once, a paused one later."""
    state = replace(state, extra=extra)
    if state.phase != "open" or state.opens_at is None:
        return state
    ends_at = state.opens_at + allowed(rules, extra=extra) + GRACE
    if state.paused_at is not None and state.remaining is not None:
        return replace(state, remaining=max(state.remaining, ends_at - state.paused_at))
    return state if state.ends_at is None else replace(state, ends_at=max(state.ends_at, ends_at))


def allowed(rules: Rules, *, extra: int) -> int:
    """The answering time of somebody with so many percent on top, in ms."""
    return rules.answering + rules.answering * extra // 100


def too_late(state: State, rules: Rules, *, extra: int, received_at: int) -> bool:
    """Whether an answer that came at `received_at` came after its player's own deadline and the grace."""
    if state.closes_at is None:
        return True
    return received_at > state.closes_at + allowed(rules, extra=extra) - rules.answering + GRACE


def elapsed(state: State, rules: Rules, *, extra: int, received_at: int, credit: int) -> int:
    """How long an answer took, in ms: from the opening to its receipt, less the credit for its way."""
    opened = state.opens_at if state.opens_at is not None else received_at
    return max(0, min(received_at - credit - opened, allowed(rules, extra=extra)))


def _reveal(state: State, rules: Rules, *, now: int) -> State:
    start = state.ends_at if state.ends_at is not None and now - state.ends_at <= PATIENCE else now
    ends_at = start + rules.revealing if rules.auto else None
    return replace(state, phase="reveal", seq=state.seq + 1, ends_at=ends_at)


def _after(state: State, rules: Rules, *, start: int) -> State:
    """What comes when a question (or the pause before one) is done with."""
    if state.phase in ("open", "reveal"):
        if state.number >= rules.of:
            return finish(state)
        if _rests(state, rules):
            ends_at = start + REST if rules.auto else None
            return replace(state, phase="rest", seq=state.seq + 1, ends_at=ends_at)
    closes_at = start + rules.answering
    return replace(
        state,
        phase="open",
        seq=state.seq + 1,
        number=state.number + 1,
        opens_at=start,
        closes_at=closes_at,
        ends_at=start + allowed(rules, extra=state.extra) + GRACE,
    )


def _rests(state: State, rules: Rules) -> bool:
    return bool(rules.rest_after) and state.number == rules.rest_after
