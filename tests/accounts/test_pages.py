"""The leaderboard and profiles: who has which points, from where; and nothing private."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import directory, selectors, services
from accounts.models import User
from events.boards import boards_for
from events.models import Event, Score

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ROOM = uuid.UUID("00000000-0000-4000-8000-00000000f00d")


@pytest.fixture(autouse=True)
def _one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """No midnight falls between what a test stores and what the page asks for."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


def score(player: User, points: int) -> None:
    now = timezone.now()
    for board in boards_for("arena", None, now):
        Score.objects.create(board=board, player=player.pk, points=points, entries=points, updated_at=now)


def hit(
    shooter: User,
    victim: User | None,
    *,
    destroyed: bool = False,
    victim_name: str = "",
    points: int | None = None,
) -> Event:
    now = timezone.now()
    data = {
        "epoch": 1, "tick": 1, "olive": 1, "victim": victim.pk if victim else None, "destroyed": destroyed,
        "shooter_name": shooter.name, "victim_name": victim_name or (victim.name if victim else "Bot"),
    }  # fmt: skip
    return Event.objects.create(
        event_id=uuid.uuid4(), type="SHIP_HIT", actor=shooter.pk, room=ROOM, data=data, source="test",
        points=points or (3 if destroyed else 1), occurred_at=now, recorded_at=now,
    )  # fmt: skip


def rows_of(page: str) -> list[str]:
    return re.findall(r"<tr class.*?</tr>", page, flags=re.DOTALL)


@pytest.fixture
def crowd(db: None) -> list[User]:
    """55 players with 100, 99, … points."""
    players = [services.create_guest() for _ in range(55)]
    for place, player in enumerate(players):
        score(player, 100 - place)
    return players


def test_an_empty_leaderboard_invites_to_be_first(mallory: Client) -> None:
    page = mallory.get("/leaderboard/").content.decode()
    assert "data-empty" in page
    assert "Nobody has scored yet" in page


@pytest.mark.parametrize("period", ["day", "week", "all"])
def test_every_period_shows_the_best_first_with_points_and_hits(
    mallory: Client, alice: User, gus: User, period: str
) -> None:
    score(gus, 7)
    score(alice, 9)
    page = mallory.get(f"/leaderboard/?period={period}").content.decode()
    first, second = rows_of(page)
    assert alice.handle in first
    assert re.findall(r"<td>(\d+)</td>", first) == ["1", "9", "9"]
    assert gus.handle in second
    assert f'period={period}" aria-current="page"' in page


def test_points_are_read_in_thousands_and_addresses_are_not(mallory: Client, gus: User) -> None:
    score(gus, 12_345)
    hit(gus, None, points=-1_450)
    hit(gus, None, points=1_450)
    (row,) = rows_of(mallory.get("/leaderboard/").content.decode())
    assert re.findall(r"<td>(.*?)</td>", row) == ["1", "12,345", "12,345"]
    page = mallory.get(f"/p/{gus.handle}/").content.decode()
    assert "<td>12,345</td>" in page
    assert "<td>+1,450</td>" in page
    assert "<td>-1,450</td>" in page
    assert f'"/p/{gus.handle}/"' in row
    assert "12,345" in mallory.get("/").content.decode()


def test_yesterdays_points_are_not_todays(mallory: Client, gus: User) -> None:
    before = timezone.now() - timedelta(days=1)
    board = selectors.board_name(game="arena", period="day", now=before)
    Score.objects.create(board=board, player=gus.pk, points=7, entries=7, updated_at=before)
    assert "data-empty" in mallory.get("/leaderboard/?period=day").content.decode()


def test_an_unknown_period_is_today(mallory: Client) -> None:
    assert mallory.get("/leaderboard/?period=xyz&game=xyz").status_code == 200


def test_the_own_line_is_marked(gus_browser: Client, gus: User, alice: User) -> None:
    score(gus, 7)
    score(alice, 9)
    other, own = rows_of(gus_browser.get("/leaderboard/").content.decode())
    assert "data-own" in own
    assert "data-own" not in other


def test_the_own_line_is_there_even_below_the_top_fifty(crowd: list[User]) -> None:
    browser = Client()
    browser.force_login(crowd[53])
    rows = rows_of(browser.get("/leaderboard/rows/?period=all").content.decode())
    assert len(rows) == 51
    assert "row--below" in rows[-1]
    assert "data-own" in rows[-1]
    assert "<td>54</td>" in rows[-1]


def test_the_leaderboard_costs_the_same_queries_for_one_and_for_fifty(
    crowd: list[User], mallory: Client, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(2):
        mallory.get("/leaderboard/rows/")


def test_a_banned_player_leaves_the_leaderboard(mallory: Client, gus: User) -> None:
    score(gus, 7)
    services.ban(user=gus, reason="")
    assert gus.handle not in mallory.get("/leaderboard/").content.decode()


def test_a_profile_has_a_receipt_for_every_point(
    mallory: Client, gus: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "_room_namers", [lambda ids: {ROOM: "ABCDEF · Friday oven"}])
    score(gus, 4)
    first, second = hit(gus, alice), hit(gus, None, destroyed=True, victim_name="Bot Basil")
    page = mallory.get(f"/p/{gus.handle}/").content.decode()
    for event in (first, second):
        assert str(event.event_id) in page
    assert "ABCDEF · Friday oven" in page
    assert f'href="/p/{alice.handle}/"' in page
    assert "Bot Basil" in page
    assert "+3" in page
    assert "+1" in page
    assert "data-totals" in page


def test_receipts_come_in_pages(mallory: Client, gus: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "RECEIPTS_A_PAGE", 2)
    events = [str(hit(gus, None).event_id) for _ in range(5)]
    path, seen = f"/p/{gus.handle}/", []
    for _ in range(3):
        page = mallory.get(path).content.decode()
        seen += re.findall(r"<code>([0-9a-f-]{36})</code>", page)
        older = re.search(r'href="(\?before=\d+)"', page)
        path = f"/p/{gus.handle}/{older.group(1)}" if older else ""
    assert seen == events[::-1]
    assert path == ""


def test_nonsense_in_the_page_number_shows_the_newest(mallory: Client, gus: User) -> None:
    event = hit(gus, None)
    for before in ("x", "-1", "9" * 40, ""):
        page = mallory.get(f"/p/{gus.handle}/", {"before": before}).content.decode()
        assert str(event.event_id) in page


def test_an_unknown_handle_gets_a_friendly_page(mallory: Client) -> None:
    response = mallory.get("/p/nobody-here-1234/")
    assert response.status_code == 404
    assert "Nobody flies under that name" in response.content.decode()


def test_names_are_escaped_wherever_they_stand(alice_browser: Client, alice: User, gus: User) -> None:
    for player in (alice, gus):
        User.objects.filter(pk=player.pk).update(name="<script>x</script>")
        score(player, 5)
        hit(player, gus, victim_name="<script>y</script>")
    for path in ("/me/", "/leaderboard/", f"/p/{alice.handle}/", f"/p/{gus.handle}/"):
        page = alice_browser.get(path).content.decode()
        assert "<script>x" not in page, path
        assert "<script>y" not in page, path
        assert "&lt;script&gt;" in page, path


def test_no_page_of_others_has_an_address_or_an_id(mallory: Client, alice: User, gus: User) -> None:
    User.objects.filter(pk=alice.pk).update(name="Alice")
    score(alice, 9)
    hit(alice, gus)
    for path in ("/leaderboard/", "/leaderboard/rows/", f"/p/{alice.handle}/"):
        page = mallory.get(path).content.decode()
        assert "example.com" not in page, path
        assert not re.search(rf'(user|player)[-_="/]+{alice.pk}\b', page), path


def test_every_page_has_one_heading_and_its_fields_have_labels(
    mallory: Client, alice_browser: Client
) -> None:
    pages = [
        (mallory, "/accounts/login/"),
        (mallory, "/accounts/signup/"),
        (mallory, "/accounts/password/reset/"),
        (mallory, "/accounts/password/reset/done/"),
        (mallory, "/accounts/password/reset/key/done/"),
        (mallory, "/accounts/inactive/"),
        (mallory, "/me/"),
        (alice_browser, "/accounts/password/change/"),
        (alice_browser, "/accounts/logout/"),
        (alice_browser, "/me/"),
    ]
    for browser, path in pages:
        response = browser.get(path)
        page = response.content.decode()
        assert response.status_code == 200, path
        assert page.count("<h1") == 1, path
        for field in re.findall(r'<input type="(?:text|email|password)"[^>]*id="([^"]+)"', page):
            assert f'for="{field}"' in page, (path, field)
        assert "style=" not in page, path


def test_the_points_of_a_guest_are_the_members_after_the_signup(gus: User) -> None:
    score(gus, 7)
    member = services.sign_up(guest=gus, email="gus@example.com", password_hash="!", site="http://x")
    browser = Client()
    browser.force_login(User.objects.get(pk=member.pk))
    (own,) = rows_of(browser.get("/leaderboard/").content.decode())
    assert "data-own" in own
    assert "<td>7</td>" in own
