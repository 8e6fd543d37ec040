"""The parts of the client that need no page: state, prediction, clocks, the sky, hands and farewells."""

import re

import pytest
from playwright.sync_api import CDPSession

from rooms.arena.rules import RULES
from rooms.errors import Close
from tests.e2e.browsing import PHONE
from tests.e2e.conftest import Visit
from tests.e2e.evening import whole_evening
from tests.e2e.modules import Modules
from tests.e2e.scripted import ScriptedRoom
from tests.e2e.server import Server
from tests.e2e.steps import press_play
from tests.support.environment import REPOSITORY

KEYS = RULES.keys
LATENCIES = pytest.mark.parametrize("rtt", [0, 60, 200])


# --- the room's state ----------------------------------------------------------------------------------


def test_a_page_that_applied_every_event_of_an_evening_knows_what_a_new_page_knows(
    modules: Modules, server: Server
) -> None:
    evening = whole_evening(server.url)
    kinds = {event["event"] for event in evening.events}
    assert kinds >= {"room.changed", "seat.joined", "seat.left", "seat.connection", "game.changed"}
    old, fresh = modules.run("room.replay", evening._asdict())
    assert old == fresh
    assert fresh["room"]["status"] == "COMPLETED"


def test_scores_that_changed_are_merged_with_those_that_did_not(modules: Modules) -> None:
    event = {"event": "scores", "scores": {"1": 9, "2": 0}}
    done = modules.run("room.once", state={"scores": {"0": 4, "1": 7}}, event=event)
    assert done["after"] == {"scores": {"0": 4, "1": 9, "2": 0}}


def test_an_event_that_the_page_does_not_know_changes_nothing(modules: Modules) -> None:
    state = {"seats": {}, "scores": {"0": 4}}
    for name in ("confetti", "", "toString"):
        assert modules.run("room.once", state=state, event={"event": name}) == {"after": state, "same": True}


def test_a_gap_in_the_versions_makes_the_page_ask_for_the_whole_room_once(modules: Modules) -> None:
    room = ScriptedRoom(first=1, versions=[2, 2, 4, 5, None], synced=9, after=[9, 10])
    room.serve(modules.page, "/ws/rooms/GAPGAP/")
    modules.run("room.open", path="/ws/rooms/GAPGAP/")
    modules.until("heard.some(([_, version]) => version === 10)")
    told = [what for what in modules.run("room.close") if what[0] != "status"]
    seen = [["state", 1], ["room.changed", 2], ["scores", None], ["state", 9], ["room.changed", 10]]
    assert (told, room.asked.count("room.sync")) == (seen, 1)


# --- the own ship ----------------------------------------------------------------------------------------


@LATENCIES
@pytest.mark.parametrize("jitter", [0, 20])
def test_inputs_that_come_in_time_are_never_corrected(modules: Modules, rtt: int, jitter: int) -> None:
    flown = modules.run("prediction.inTime", rtt=rtt, jitter=jitter)
    assert (flown["late"], flown["corrections"], flown["apart"]) == (0, 0, [])
    assert flown["compared"] > 400
    assert flown["shown"] == flown["fired"] > 10
    assert flown["unsure"] == 0


@LATENCIES
def test_inputs_that_come_late_are_put_right_to_the_last_bit(modules: Modules, rtt: int) -> None:
    flown = modules.run("prediction.heldUp", rtt=rtt)
    assert flown["late"] > 0
    assert flown["corrections"] > 0
    assert flown["wasApart"]
    assert flown["apartAfterwards"] == []
    assert flown["hiddenError"] < 0.01
    assert flown["unacknowledged"] == 1


@LATENCIES
def test_a_ship_that_is_shot_down_comes_back_where_the_server_puts_it(modules: Modules, rtt: int) -> None:
    flown = modules.run("prediction.shotDown", rtt=rtt)
    assert (flown["hitsTold"], flown["hulls"]) == (3, [0, 1, 2, 3])
    assert flown["ticksDead"] == RULES.respawn_ticks
    assert flown["changes"] == [False, True]
    assert (flown["corrections"], flown["apart"]) == (0, [])


@LATENCIES
@pytest.mark.parametrize("ends", [{}, {"fireMs": 1500}, {"holdUpMs": 900}], ids=["time", "fire", "late"])
def test_the_shield_that_is_shown_ends_when_the_servers_does(
    modules: Modules, rtt: int, ends: dict[str, int]
) -> None:
    flown = modules.run("prediction.shield", {"rtt": rtt} | ends)
    assert flown["everShown"]
    assert flown["goneAtLast"]
    assert flown["wrongFor"] == 0
    assert (flown["corrections"] > 0) == ("holdUpMs" in ends)


# --- clocks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jitter", [0, 20, 60])
def test_the_tick_is_known_to_less_than_the_jitter(modules: Modules, jitter: int) -> None:
    errors = modules.run("ticks.underJitter", jitter=jitter)
    assert errors["ahead"] < 0.05
    assert errors["behind"] < 0.05 + jitter / 25 / 2


def test_after_a_pause_the_tick_is_right_at_once(modules: Modules) -> None:
    pause = modules.run("ticks.afterPause")
    assert len(set(pause["during"])) == 1, "without news the estimate waits"
    assert (pause["wentOn"], pause["stoodStill"]) == (0, 0)


def test_on_a_steady_line_the_tick_never_goes_back(modules: Modules) -> None:
    assert modules.run("ticks.neverBack") == 0


def test_a_date_that_jumps_by_a_day_moves_neither_clock(modules: Modules) -> None:
    assert max(modules.run("ticks.dateJumps")) < 1


def test_the_best_ping_bounds_the_error_of_the_servers_time(modules: Modules) -> None:
    known = modules.run("ticks.pings")
    assert known["error"] <= known["best"] / 2


# --- the sky ---------------------------------------------------------------------------------------------


def test_a_ship_crosses_the_worlds_edge_the_short_way(modules: Modules) -> None:
    # a quarter of 100 units east, of 100 units north, and of 12 steps to the right
    assert modules.run("sky.ship") == {"x": 65_525, "y": 65_531, "heading": 253}


def test_a_ship_that_leapt_is_never_shown_in_between(modules: Modules) -> None:
    assert modules.run("sky.leaps") == [1000, 1000]


def test_a_ship_without_news_flies_straight_on_but_not_for_ever(modules: Modules) -> None:
    assert modules.run("sky.overdue") == {"soon": 1040, "later": 1070, "gone": None}


def test_an_olive_beyond_the_edge_is_near_by_the_short_way(modules: Modules) -> None:
    drawn = modules.run("sky.olive")
    assert [olive["age"] for olive in drawn["near"]] == [2], "shown in the present: it can hit"
    assert [olive["age"] for olive in drawn["far"]] == [1], "shown in the past, with the ships there"


@pytest.mark.parametrize("born", [98, 100, 103])
def test_an_own_olive_becomes_the_servers_and_is_never_two(modules: Modules, born: int) -> None:
    seen = modules.run("sky.own", born=born)
    assert seen["news"] == [0, 0]
    assert [olive["age"] for olive in seen["before"]] == [4]
    assert [olive["age"] for olive in seen["after"]] == [104 - born]
    assert seen["spent"] == []


def test_own_olives_in_a_row_are_each_matched_to_their_own(modules: Modules) -> None:
    assert modules.run("sky.salvo") == {"news": [0, 0, 0], "flying": [[101, True], [109, True], [117, True]]}


def test_an_own_olive_that_the_server_never_tells_of_vanishes(modules: Modules) -> None:
    assert modules.run("sky.refused") == [1, 1, 0]


# --- hands -----------------------------------------------------------------------------------------------


def test_keys_are_held_tapped_and_let_go(modules: Modules) -> None:
    keyboard = modules.page.keyboard
    modules.listen()
    keyboard.down("ArrowUp")
    keyboard.down("KeyA")
    keyboard.press("Space")
    assert modules.keys() == KEYS.thrust | KEYS.left | KEYS.fire, "a tap between two ticks counts"
    assert modules.keys() == KEYS.thrust | KEYS.left, "and counts once"
    modules.page.evaluate("dispatchEvent(new Event('blur'))")
    assert modules.keys() == 0, "a window that is left lets go"
    keyboard.up("ArrowUp")
    keyboard.up("KeyA")


def test_keys_that_somebody_types_or_that_the_browser_wants_do_not_fly(modules: Modules) -> None:
    modules.listen()
    modules.page.keyboard.press("Control+ArrowLeft")
    modules.page.locator("input:visible").first.press("KeyD")
    modules.page.locator("button:visible").first.focus()
    modules.page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {code: 'Space', bubbles: true}))"
    )
    assert modules.keys() == 0


def test_a_standard_gamepad_steers_thrusts_and_fires(modules: Modules) -> None:
    modules.listen()
    east = {"axes": [1, 0]}
    south_a_little = {"axes": [0, 0.4]}
    resting = {"axes": [0.15, -0.15]}
    trigger_and_cross = {"press": [7, 12, 14]}
    done = modules.run("hands.pad", [east, south_a_little, resting, trigger_and_cross, {"press": [0]}])
    got = [(answer["keys"], answer["aim"]) for answer in done["answers"]]
    assert got[:2] == [(KEYS.aim | KEYS.thrust, 0), (KEYS.aim, 64)]
    assert got[2][0] == 0, "a stick that does not quite stand still"
    assert got[3] == (KEYS.aim | KEYS.thrust | KEYS.fire, 160), "up and left"
    assert got[4][0] == KEYS.fire
    assert (done["before"]["keys"], done["after"]["keys"]) == (0, 0)


def test_a_gamepad_that_was_there_before_the_page_works_and_so_does_the_next(modules: Modules) -> None:
    assert modules.run("hands.oldPad") == [True, False, True]


def test_two_thumbs_at_once_aim_thrust_and_fire(visit: Visit) -> None:
    phone = visit(**PHONE)
    code = press_play(phone)
    phone.go(f"/r/{code}/?debug")
    phone.phase("playing", "dead")
    fingers = phone.context.new_cdp_session(phone.page)
    left, pulled, right = (90, 640, 1), (90, 570, 1), (310, 640, 2)
    touch(fingers, "touchStart", left)
    touch(fingers, "touchStart", left, right)
    touch(fingers, "touchMove", pulled, right)
    held = "{ ...spacePizzas.game.input.peek() }"
    both = KEYS.aim | KEYS.thrust | KEYS.fire
    phone.until(f"(({{ keys, aim }}) => keys === {both} && aim === 192)({held})")
    touch(fingers, "touchEnd", right)
    phone.until(f"({held}).keys === {KEYS.aim | KEYS.thrust}")
    touch(fingers, "touchEnd")
    phone.until(f"({held}).keys === 0")


def touch(fingers: CDPSession, kind: str, *points: tuple[int, int, int]) -> None:
    """All fingers on the glass, or those that are lifted, as (x, y, finger)."""
    named = [{"x": x, "y": y, "id": finger} for x, y, finger in points]
    fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": named})


# --- farewells -------------------------------------------------------------------------------------------

OFFERS = {"take over": {"takeover"}, "watch": {"watch"}, "another": {"play", "lobby"}, "go home": {"join"}}


def close_codes() -> dict[int, str]:
    """What docs/protocol.md says that a client should do, by close code."""
    text = (REPOSITORY / "docs" / "protocol.md").read_text()
    return {int(code): what for code, what in re.findall(r"^\| (\d{4}) \|[^|]+\| ([^|]+) \|$", text, re.M)}


def test_every_close_code_of_the_protocol_has_a_text_and_a_next_step(modules: Modules) -> None:
    codes = close_codes()
    template = (REPOSITORY / "templates" / "rooms" / "parts" / "refusal.html").read_text()
    steps = set(re.findall(r'data-offer="(\w+)"', template))
    assert set(Close) <= set(codes)
    for (code, what), end in zip(codes.items(), modules.run("room.farewells", list(codes)), strict=True):
        if "come back" in what:
            assert end is None, code
            continue
        assert end["title"], code
        assert end["text"], code
        assert set(end["offers"]), code
        assert set(end["offers"]) <= steps, code
        assert all(set(end["offers"]) & offers for word, offers in OFFERS.items() if word in what), code


def test_pauses_before_coming_back_grow_to_a_bound_and_are_never_alike(modules: Modules) -> None:
    pauses = modules.run("room.pauses")
    assert pauses[0][0] >= 100
    assert all(shortest < longest for shortest, longest in pauses)
    assert [longest for _, longest in pauses] == sorted(longest for _, longest in pauses)
    assert pauses[-1][1] <= 10_000
