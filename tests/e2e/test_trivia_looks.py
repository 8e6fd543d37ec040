"""Every state of a quiz on phones and screens: it fits, axe finds no fault, and the keyboard does it all."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e import quizscript as script
from tests.e2e.browsing import DESKTOP, STILL, Visitor
from tests.e2e.conftest import Visit
from tests.e2e.guests import Guest
from tests.e2e.looks import come_to_rest, faults, too_wide
from tests.e2e.quiz import RING
from tests.e2e.quizscript import ScriptedQuiz, game, own, state
from tests.e2e.server import Server

PHONES = {"phone": (390, 844), "small": (320, 568), "side": (844, 390)}
SCREENS = {"projector": (1280, 720), "pocket": (390, 844), "mirrored": (844, 390)}
WITH_AXE = ("phone", "projector")  # what it finds does not depend on the size
TEAMS = [
    {"team": 0, "name": "Tomato", "points": 900, "members": 3, "slots": [0]},
    {"team": 1, "name": script.LONG, "points": 800, "members": 1, "slots": [1]},
]
ON_BOTH: dict[str, Any] = {
    "lobby": lambda: state(game("lobby"), status="LOBBY"),
    "ready": lambda: state(game("ready")),
    "open": lambda: state(game("open")),
    "long": lambda: state(game("open", "long")),
    "paused": lambda: state(game("open", "several", paused={"remaining": 7000})),
    "reveal": lambda: state(game("reveal", teams=TEAMS), own=script.RIGHT),
    "reveal-long": lambda: state(game("reveal", "long"), own=script.WRONG),
    "reveal-number": lambda: state(game("reveal", "number"), own=script.RIGHT),
    "reveal-text": lambda: state(game("reveal", "text"), own=script.WRONG | {"answer": "Lomé"}),
    "reveal-order": lambda: state(game("reveal", "order"), own=script.WRONG | {"answer": [0, 1, 2]}),
    "rest": lambda: state(game("rest", reveal=script.revealed("choice"))),
    "over": lambda: state(game("over"), status="COMPLETED"),
}
ON_PHONES: dict[str, Any] = ON_BOTH | {
    "teams": lambda: state(game("lobby", teams=TEAMS), status="LOBBY", own=own(team=1)),
    "several": lambda: state(game("open", "several")),
    "order": lambda: state(game("open", "order")),
    "number": lambda: state(game("open", "number")),
    "text": lambda: state(game("open", "text")),
    "handed-in": lambda: state(game("open"), own=own(answer=2)),
    "watching": lambda: state(game("open"), you=None, own=None, hosts=False),
}


@pytest.fixture(scope="module", autouse=True)
def bank(server: Server) -> None:
    """The questions of the house."""
    server.manage("load_questions")


@pytest.fixture
def code(server: Server) -> str:
    """A room whose pages exist for a while, though nobody comes; what happens in it is told by scripts."""
    guest = Guest(server.url)
    guest.post("/rooms/new/", kind="trivia", visibility="private", questions="3", size="10")
    return guest.at.rstrip("/").rpartition("/")[2]


def a_window(visit: Visit, size: tuple[int, int]) -> Visitor:
    return visit(viewport={"width": size[0], "height": size[1]}, **STILL)


def show(visitor: Visitor, quiz: ScriptedQuiz, frame: dict[str, Any], stage: str) -> None:
    """Show a state, and wait until the page does."""
    quiz.show(frame)
    visitor.until(f"document.body.dataset.stage === '{stage}'")
    come_to_rest(visitor)


def stage_of(frame: dict[str, Any]) -> str:
    return str(frame["game"]["phase"])


def walk(
    visitor: Visitor, path: str, states: dict[str, Any], name: str, *, axe: bool
) -> dict[str, list[str]]:
    """Every state on one page; the faults by state."""
    quiz = ScriptedQuiz(visitor)
    quiz.state = next(iter(states.values()))()
    visitor.go(path)
    seen = {}
    for what, make in states.items():
        frame = make()
        show(visitor, quiz, frame, stage_of(frame))
        visitor.picture(f"{name}-{what}")
        seen[what] = too_wide(visitor) + (faults(visitor) if axe else [])
    return {what: found for what, found in seen.items() if found}


@pytest.mark.parametrize("size", PHONES)
def test_every_state_on_a_phone(visit: Visit, server: Server, code: str, size: str) -> None:
    visitor = a_window(visit, PHONES[size])
    visitor.context.add_cookies(_session(server, code))
    assert walk(visitor, f"/r/{code}/", ON_PHONES, f"quiz-{size}", axe=size in WITH_AXE) == {}


@pytest.mark.parametrize("size", SCREENS)
def test_every_state_on_a_screen(visit: Visit, code: str, size: str) -> None:
    visitor = a_window(visit, SCREENS[size])
    assert walk(visitor, f"/r/{code}/screen/", ON_BOTH, f"quiz-{size}", axe=size in WITH_AXE) == {}


def _session(server: Server, code: str) -> list[Any]:
    """The cookie of a guest who has a seat."""
    guest = Guest(server.url)
    guest.join(code)
    return [{"name": cookie.name, "value": cookie.value, "url": server.url} for cookie in guest.jar]


@pytest.fixture
def quiz(visit: Visit, server: Server, code: str) -> tuple[Visitor, ScriptedQuiz]:
    """A player at a desk, with a question that is open."""
    visitor = visit(**DESKTOP, **STILL)
    visitor.context.add_cookies(_session(server, code))
    scripted = ScriptedQuiz(visitor)
    scripted.state = state(game("open"))
    visitor.go(f"/r/{code}/")
    visitor.until("document.body.dataset.stage === 'open'")
    return visitor, scripted


def said(visitor: Visitor) -> str:
    """What a screen reader was told."""
    return visitor.page.locator("#spoken").inner_text()


def test_a_screen_reader_hears_the_question_the_choices_and_the_result(
    quiz: tuple[Visitor, ScriptedQuiz],
) -> None:
    visitor, scripted = quiz
    assert "Question 3 of 10. Which planet has the most moons? A: Saturn. B: Jupiter." in said(visitor)

    def warned() -> bool:  # however slow the page is, it is told of ten seconds again
        late = game("open", closes_at=script.now() + 9_900, opens_at=script.now() - 20_000)
        scripted.show(state(late))
        return "10 seconds left." in said(visitor)

    visitor.wait(warned, what="a warning")
    show(visitor, scripted, state(game("reveal"), own=script.RIGHT), "reveal")
    assert "Right. 830 points. You are 2nd. The answer: Saturn." in said(visitor)
    partly = script.RIGHT["result"] | {"share": 0.4, "points": 321}
    show(visitor, scripted, state(game("reveal", "number", number=4), own=own(result=partly)), "reveal")
    assert "Nearly there. 321 points. You are 2nd." in said(visitor)


@pytest.mark.parametrize(
    ("kind", "keys", "answer"),
    [
        ("choice", ["3"], 2),
        ("several", ["1", "3", "Tab", "Tab", "Tab", "Tab", "Enter"], [0, 2]),
        ("number", ["8", "8", "4", "8", ",", "9", "Enter"], 8848.9),
        ("text", ["O", "u", "a", "g", "a", "Enter"], "Ouaga"),
    ],
)
def test_the_keyboard_answers(
    quiz: tuple[Visitor, ScriptedQuiz], kind: str, keys: list[str], answer: Any
) -> None:
    visitor, scripted = quiz
    show(visitor, scripted, state(game("ready")), "ready")
    show(visitor, scripted, state(game("open", kind)), "open")
    if kind == "several":
        visitor.page.locator("#stage").focus()
    for key in keys:
        visitor.page.keyboard.press(key)
    expect(visitor.page.locator("#handin-note")).to_have_text("In the oven. ±18 ms")
    assert [(sent["action"], sent["answer"]) for sent in scripted.asked] == [("trivia.answer", answer)]


def test_the_keyboard_puts_in_order_and_a_finger_drags(quiz: tuple[Visitor, ScriptedQuiz]) -> None:
    visitor, scripted = quiz
    page = visitor.page
    show(visitor, scripted, state(game("ready")), "ready")
    show(visitor, scripted, state(game("open", "order")), "open")
    page.get_by_role("button", name="Move Jupiter down").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move Jupiter down")).to_be_focused()
    last, first = (page.locator(".ordering__row").nth(i).bounding_box() for i in (2, 0))
    assert last
    assert first
    page.mouse.move(last["x"] + 150, last["y"] + 20)
    page.mouse.down()
    page.mouse.move(first["x"] + 150, first["y"] + 20, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Hand it in").click()
    expect(page.locator("#handin-note")).to_have_text("In the oven. ±18 ms")
    assert scripted.asked[0]["answer"] == [2, 1, 0]


def test_a_question_that_is_announced_is_shown_at_its_time_and_not_before(
    quiz: tuple[Visitor, ScriptedQuiz],
) -> None:
    visitor, scripted = quiz
    opens = script.now() + 90_000
    show(visitor, scripted, state(game("open", "text", opens_at=opens, closes_at=opens + 9000)), "ready")
    assert "Burkina" not in visitor.page.locator("body").inner_text()
    opens = script.now() + 1500
    scripted.show(state(game("open", "text", opens_at=opens, closes_at=opens + 90_000)))
    visitor.until("document.body.dataset.stage === 'open'")
    assert script.now() >= opens - 500, "the page knows the time as well as its slowest ping lets it"


def test_who_has_more_time_sees_more_time(quiz: tuple[Visitor, ScriptedQuiz]) -> None:
    visitor, scripted = quiz
    view = game("open", opens_at=script.now() - 59_000, closes_at=script.now() + 1000)
    scripted.show(state(view, own=own(extra=100)))
    visitor.until(f"Number({RING}) <= 61")
    assert int(visitor.page.evaluate(RING)) > 10


def test_a_tab_that_slept_believes_the_server_at_once(quiz: tuple[Visitor, ScriptedQuiz]) -> None:
    visitor, scripted = quiz
    hours = script.now() + 7_200_000

    def believed() -> bool:  # until a ping that was under way has told the old time
        scripted.lines[-1].send(f'{{"event": "trivia.time", "seq": 7, "remaining": 0, "now": {hours}}}')
        return bool(
            visitor.page.evaluate("document.getElementById('handin-note').innerText.startsWith('Time is up')")
        )

    visitor.wait(believed, what="the page to believe that time is up")


def test_what_somebody_types_is_still_there_when_the_line_comes_back(
    quiz: tuple[Visitor, ScriptedQuiz],
) -> None:
    visitor, scripted = quiz
    show(visitor, scripted, state(game("ready")), "ready")
    show(visitor, scripted, state(game("open", "text")), "open")
    visitor.page.locator(".handin__field").fill("Ouaga")
    scripted.silent = True
    scripted.lines[-1].close(code=1012)
    visitor.phase("connecting")
    expect(visitor.page.locator(".handin__field")).to_have_value("Ouaga")
    expect(visitor.page.locator("#line")).to_be_visible()
    scripted.speak()
    visitor.phase("playing")
    visitor.page.locator(".handin__field").press("Enter")
    expect(visitor.page.locator("#handin-note")).to_have_text("In the oven. ±18 ms")
    assert scripted.asked[0]["answer"] == "Ouaga"


def test_the_dialogs_of_a_host_who_plays_have_no_fault_and_close_by_escape(
    quiz: tuple[Visitor, ScriptedQuiz],
) -> None:
    visitor, scripted = quiz
    page = visitor.page
    show(visitor, scripted, state(game("reveal"), own=script.WRONG), "reveal")
    for opener, dialog in (("[data-host-open]", "#host"), ("#flag", "#flag-dialog")):
        page.locator(opener).focus()
        page.keyboard.press("Enter")
        expect(page.locator(dialog)).to_be_visible()
        assert faults(visitor) == []
        page.keyboard.press("Escape")
        expect(page.locator(opener)).to_be_focused()
    page.locator("[data-host-open]").click()
    page.get_by_label("Extra time for Nova").select_option("50")
    page.locator("#host [data-host=next]").click()
    expect(page.locator("#host")).to_be_hidden()
    visitor.wait(lambda: len(scripted.asked) == 2, what="both wishes")
    told = [{name: value for name, value in sent.items() if name != "id"} for sent in scripted.asked]
    extra = {"action": "trivia.extra", "slot": 4, "percent": 50}
    assert told == [extra, {"action": "trivia.next", "seq": 7}]


def test_what_the_milliseconds_mean_is_a_press_away(quiz: tuple[Visitor, ScriptedQuiz]) -> None:
    visitor, scripted = quiz
    show(visitor, scripted, state(game("open"), own=own(answer=2)), "open")
    why, figure = visitor.page.locator("#lag-why"), visitor.page.get_by_role("button", name="±18 ms")
    expect(why).to_be_hidden()
    figure.press("Enter")
    expect(why).to_contain_text("about 18 ms")
    expect(figure).to_have_attribute("aria-expanded", "true")
    assert faults(visitor) == []
    show(visitor, scripted, state(game("open", "text")), "open")
    expect(why).to_be_hidden()


def test_time_that_was_up_is_not_up_for_the_next_question(quiz: tuple[Visitor, ScriptedQuiz]) -> None:
    visitor, scripted = quiz
    show(visitor, scripted, state(game("open", closes_at=script.now() - 1)), "open")
    expect(visitor.page.locator("#handin-note")).to_contain_text("Time is up.")
    show(visitor, scripted, state(game("reveal"), own=script.WRONG), "reveal")
    show(visitor, scripted, state(game("open", "text")), "open")
    assert said(visitor).count("Time is up.") == 1


def test_who_becomes_the_host_is_told(quiz: tuple[Visitor, ScriptedQuiz]) -> None:
    visitor, scripted = quiz
    show(visitor, scripted, state(game("open"), hosts=False), "open")
    expect(visitor.page.locator("#room-notice")).to_be_hidden()
    show(visitor, scripted, state(game("open")), "open")
    expect(visitor.page.locator("#room-notice")).to_contain_text("the quiz is yours now")


@pytest.fixture
def wall(visit: Visit, code: str) -> tuple[Visitor, ScriptedQuiz]:
    """A big screen with a question that is open, and its host."""
    visitor = a_window(visit, SCREENS["projector"])
    scripted = ScriptedQuiz(visitor)
    scripted.state = state(game("open"))
    visitor.go(f"/r/{code}/screen/")
    visitor.until("document.body.dataset.stage === 'open'")
    return visitor, scripted


def test_the_big_screen_shows_how_everybody_answered(wall: tuple[Visitor, ScriptedQuiz]) -> None:
    visitor, scripted = wall
    spread, tiles = visitor.page.locator("#spread"), visitor.page.locator("#tiles > li")
    show(visitor, scripted, state(game("reveal", "number")), "reveal")
    expect(spread).to_contain_text("Closest, 1.1 m off:")
    expect(spread).to_contain_text(script.NAMES[3])
    expect(spread).to_contain_text("and 1 more")
    expect(spread.locator(".strip__count")).to_have_text(["1", "1", "3", "1"])
    show(visitor, scripted, state(game("reveal", "text")), "reveal")
    expect(spread.locator("li")).to_have_text([f"{script.LONG}Right2", "WagaduguRight1", "Something else3"])
    show(visitor, scripted, state(game("reveal", "order")), "reveal")
    expect(spread).to_be_hidden()
    expect(tiles.locator(".pad__text")).to_have_text(["Mercury", "Earth", "Jupiter"])
    expect(tiles.locator(".pad__count")).to_have_text(["1", "0", "3"])


def test_the_keyboard_goes_from_pause_to_resume_and_back(wall: tuple[Visitor, ScriptedQuiz]) -> None:
    visitor, scripted = wall
    pause, resume = (visitor.page.locator(f".controls [data-host={name}]") for name in ("pause", "resume"))
    pause.focus()
    show(visitor, scripted, state(game("open", paused={"remaining": 7000})), "open")
    expect(resume).to_be_focused()
    show(visitor, scripted, state(game("open")), "open")
    expect(pause).to_be_focused()


IN_VIEW = """(selector) => [...document.querySelectorAll(selector)].filter((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const hit = (y) => one.contains(document.elementFromPoint((left + right) / 2, y));
    return hit(top + 2) && hit(bottom - 2);
}).length"""
CUT = """(selector) => [...document.querySelectorAll(selector)].filter((one) => one.offsetParent !== null
    && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1))
    .map((one) => one.textContent)"""
CROWD = [
    {"slot": slot, "name": f"Peppery Satellite {slot}", "colour": slot % 12, "mark": 1, "connected": True}
    for slot in range(20)
]
LONGEST = "Wolfeschlegelsteinhausen"


@pytest.mark.parametrize("size", PHONES)
def test_all_pads_of_a_question_are_within_reach_however_the_phone_is_held(
    visit: Visit, server: Server, code: str, size: str
) -> None:
    visitor = a_window(visit, PHONES[size])
    visitor.context.add_cookies(_session(server, code))
    scripted = ScriptedQuiz(visitor)
    scripted.state = state(game("open"))
    visitor.go(f"/r/{code}/")
    show(visitor, scripted, state(game("open")), "open")
    assert visitor.page.evaluate(IN_VIEW, "#handin .pad") == 4


def test_nothing_moves_away_under_the_finger_that_answers(quiz: tuple[Visitor, ScriptedQuiz]) -> None:
    visitor, scripted = quiz
    pads = visitor.page.locator("#handin .pad")
    show(visitor, scripted, state(game("open")), "open")
    before = [pad.bounding_box() for pad in pads.all()]
    visitor.page.keyboard.press("2")
    expect(visitor.page.locator("#handin-note")).to_have_text("In the oven. ±18 ms")
    come_to_rest(visitor)
    assert [pad.bounding_box() for pad in pads.all()] == before


def test_who_watches_sees_how_far_the_quiz_is(quiz: tuple[Visitor, ScriptedQuiz]) -> None:
    visitor, scripted = quiz
    show(visitor, scripted, state(game("open"), you=None, own=None, hosts=False), "open")
    expect(visitor.page.locator("[data-progress]")).to_have_text("3 / 10")
    expect(visitor.page.locator("[data-answered]")).to_have_text("4 of 6 have answered")


@pytest.mark.parametrize("size", PHONES)
def test_the_podium_on_a_phone_cuts_no_name_and_no_number(
    visit: Visit, server: Server, code: str, size: str
) -> None:
    visitor = a_window(visit, PHONES[size])
    visitor.context.add_cookies(_session(server, code))
    scripted = ScriptedQuiz(visitor)
    scripted.state = state(game("over"), status="COMPLETED")
    rows = [row | {"name": LONGEST, "points": 14_321} for row in script.RESULTS["rows"]]
    scripted.state["room"] |= {"results": {"rows": rows, "teams": []}}
    visitor.go(f"/r/{code}/")
    visitor.until("document.body.dataset.stage === 'over'")
    come_to_rest(visitor)
    assert visitor.page.evaluate(CUT, "#podium :is(bdi, td, .table-scroll)") == []
    row = visitor.page.locator("#podium-rows tr").first
    expect(row).to_contain_text("14,321")
    expect(row).to_contain_text("9/10")
    expect(row).to_contain_text("1.2 s")


@pytest.mark.parametrize(("number", "rest", "words"), [
    (3, False, ["The next one comes in", "Next question"]),
    (5, True, ["Half-time is in", "To half-time"]),
    (10, True, ["The podium opens in", "To the podium"]),
])  # fmt: skip
def test_what_comes_after_the_answer_is_called_by_its_name(
    quiz: tuple[Visitor, ScriptedQuiz], number: int, rest: bool, words: list[str]
) -> None:
    visitor, scripted = quiz
    frame = state(game("reveal", number=number), own=script.RIGHT)
    frame["room"]["settings"] |= {"rest": rest}
    show(visitor, scripted, frame, "reveal")
    expect(visitor.page.locator(".outcome .nextup")).to_contain_text(words[0])
    visitor.page.locator("[data-host-open]").click()
    expect(visitor.page.locator("#host [data-host=next]")).to_have_text(words[1])


def test_a_pub_full_of_guests_is_seen_on_the_wall_without_scrolling(
    wall: tuple[Visitor, ScriptedQuiz],
) -> None:
    visitor, scripted = wall
    show(visitor, scripted, state(game("lobby"), status="LOBBY", seats=CROWD), "lobby")
    assert visitor.page.evaluate(IN_VIEW, "#gathering-list .guest") == 20
    over = state(game("over"), status="COMPLETED", seats=CROWD)
    over["room"]["results"] = {"rows": [script.RESULTS["rows"][0] | seat for seat in CROWD], "teams": []}
    show(visitor, scripted, over, "over")
    visitor.until("document.body.dataset.ceremony === 'done'")
    assert visitor.page.evaluate(IN_VIEW, "#ceremony-rows tr") == 20
    expect(visitor.page.get_by_role("button", name="More")).to_be_hidden()


@pytest.mark.parametrize("kind", ["number", "text", "long"])
def test_nothing_on_the_wall_lies_on_the_answer(wall: tuple[Visitor, ScriptedQuiz], kind: str) -> None:
    visitor, scripted = wall
    show(visitor, scripted, state(game("reveal", kind)), "reveal")
    above, card = ("#spread" if kind != "long" else "#tiles"), visitor.page.locator(".board .answercard")
    last = visitor.page.locator(f"{above} > :last-child").bounding_box()
    box = card.bounding_box()
    assert last
    assert box
    assert last["y"] + last["height"] <= box["y"]


def test_with_colours_of_their_own_people_see_what_is_on_and_which_line_is_theirs(
    visit: Visit, server: Server, code: str
) -> None:
    visitor = visit(**DESKTOP, **STILL, forced_colors="active")
    page = visitor.go("/rooms/new/?kind=trivia")
    tracks = [page.locator(f"[name={name}] + .switch__track") for name in ("auto_advance", "teams")]
    on, off = (track.evaluate("one => getComputedStyle(one).backgroundColor") for track in tracks)
    assert on != off
    visitor.context.add_cookies(_session(server, code))
    scripted = ScriptedQuiz(visitor)
    scripted.state = state(game("reveal"), own=script.RIGHT)
    visitor.go(f"/r/{code}/")
    visitor.until("document.body.dataset.stage === 'reveal'")
    outlines = page.locator("#standings .standing").evaluate_all(
        "rows => rows.map((row) => getComputedStyle(row).outlineStyle)"
    )
    assert outlines == ["none", "solid", "none", "none", "none"]


def test_a_phone_with_large_print_cuts_nothing(visit: Visit, server: Server, code: str) -> None:
    visitor = a_window(visit, (195, 422))  # 390 by 844 with letters of twice the size
    visitor.context.add_cookies(_session(server, code))
    assert walk(visitor, f"/r/{code}/", ON_PHONES, "quiz-large-print", axe=False) == {}
