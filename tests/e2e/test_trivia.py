"""A quiz night in real browsers: a big screen, phones that come, reload and come late, and the podium."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import DESKTOP, PHONE, STILL, Visitor
from tests.e2e.conftest import Visit
from tests.e2e.quiz import (
    HOUR_OFF,
    answer,
    assert_counts_down,
    gained,
    host_quiz,
    question,
    right_key,
    sit_down,
    stage,
    standings_of,
    wrong_key,
)
from tests.e2e.server import Server
from tests.e2e.steps import own_name
from tests.load.ledger import points_by_board, room_id
from tests.support.waiting import wait_for


@pytest.fixture(scope="module", autouse=True)
def bank(server: Server) -> None:
    """The questions of the house."""
    server.manage("load_questions")


def reveal(phones: Sequence[Visitor]) -> list[int]:
    """What everybody gained, when the answer is out."""
    for phone in phones:
        stage(phone, "reveal")
    return [gained(phone) for phone in phones]


def go_on(host: Visitor) -> None:
    """The host has seen enough of the answer."""
    host.page.locator(".controls [data-host=next]").click()


def test_a_host_on_a_big_screen_and_three_phones_play_a_whole_game(visit: Visit, server: Server) -> None:
    host, early, wrong_clock, late = visit(**DESKTOP, **STILL), *(visit(**PHONE, **STILL) for _ in range(3))
    wrong_clock.context.add_init_script(HOUR_OFF)
    code = host_quiz(host)
    for phone in (early, wrong_clock):
        sit_down(phone, code)
    expect(host.page.locator("#gathering-count")).to_have_text("2 guests are here")
    host.picture("quiz-lobby")
    host.page.locator(".controls [data-host=start]").focus()
    host.page.keyboard.press("Enter")

    # Everybody sees the same countdown, an hour off or not, and after a reload.
    for visitor in (host, early, wrong_clock):
        question(visitor, 1)
    assert_counts_down(server, code, host, early, wrong_clock)
    early.page.reload()
    question(early, 1)
    assert_counts_down(server, code, early)
    answer(early, right_key(server, code, 1))
    answer(wrong_clock, wrong_key(server, code, 1))
    first = reveal([early, wrong_clock])
    host.picture("quiz-reveal")

    sit_down(late, code)
    go_on(host)
    points = {early: [first[0]], wrong_clock: [first[1]], late: []}
    for number in (2, 3):
        right, wrong = right_key(server, code, number), wrong_key(server, code, number)
        for phone, key in zip(points, (right, wrong, wrong if number == 2 else right), strict=True):
            question(phone, number)
            answer(phone, key)
        for phone, gain in zip(points, reveal(list(points)), strict=True):
            points[phone].append(gain)
        go_on(host)

    stage(host, "over")
    host.until("document.body.dataset.ceremony === 'done'")
    host.picture("quiz-podium")
    sums = {own_name(phone): sum(gains) for phone, gains in points.items()}
    expected = sorted(sums.items(), key=lambda row: -row[1])
    shown = standings_of(host)
    assert shown[0] == (own_name(early), sum(points[early]))
    assert shown[0][1] > 1500, "three right answers in a row"
    assert dict(shown) == sums
    assert [total for _, total in shown] == [total for _, total in expected]
    earned = sorted(total for total in sums.values() if total)
    board = room_id(server, code)
    wait_for(lambda: sorted(points_by_board(server, board).values()) == earned, what="the same in the ledger")
    with host.page.expect_download() as download:
        host.page.locator(".controls [data-host=results]").click()
    assert download.value.path().read_text().count("\n") >= 4


def test_the_host_pauses_takes_back_and_ends(visit: Visit) -> None:
    host, phone = visit(**DESKTOP, **STILL), visit(**PHONE, **STILL)
    code = host_quiz(host)
    sit_down(phone, code)
    host.page.locator(".controls [data-host=start]").click()
    question(phone, 1)
    host.page.locator(".controls [data-host=pause]").click()
    expect(phone.page.locator("#paused")).to_be_visible()
    expect(phone.page.locator("#handin")).to_have_attribute("inert", "")
    phone.page.keyboard.press("1")
    host.page.locator(".controls [data-host=resume]").click()
    expect(phone.page.locator("#paused")).to_be_hidden()
    expect(phone.page.locator("#handin")).not_to_have_attribute("inert", "")
    answer(phone, "1")
    stage(host, "reveal")
    host.page.locator(".controls [data-host=pause]").click()
    host.page.locator("[data-host-open]").click()
    host.page.locator("#host [data-host=void]").click()
    host.page.locator("#ask-yes").click()
    expect(phone.page.locator("#outcome-title")).to_have_text("Off the menu")
    expect(phone.page.locator("#own-points")).to_have_text("0")
    host.page.locator("[data-host-open]").click()
    host.page.locator("#host [data-host=end]").click()
    host.page.locator("#ask-yes").click()
    stage(phone, "over")
    host.page.locator(".controls [data-host=again]").click()
    host.page.wait_for_url(lambda url: code not in url)
    stage(host, "lobby")
    phone.page.locator("#podium-next").click()
    stage(phone, "lobby")


def test_a_quiz_for_which_there_are_too_few_questions_says_why_and_offers_to_try_again(visit: Visit) -> None:
    host = visit(**DESKTOP, **STILL)
    page = host.go("/rooms/new/?kind=trivia")
    page.locator("[name=questions]").fill("50")
    page.locator("[name=categories]").first.check(force=True)
    page.locator("[name=difficulty][value=hard]").check(force=True)
    page.get_by_role("button", name="Open it on this screen").click()
    stage(host, "refused")
    expect(page.locator("#refusal-text")).to_contain_text("question")
    expect(page.locator("#refusal [data-offer=retry]")).to_be_visible()
    host.picture("quiz-failed")
