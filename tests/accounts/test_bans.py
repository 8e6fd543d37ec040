"""A ban holds everywhere and at once, and can be taken back."""

import re

import pytest
from channels.layers import get_channel_layer
from django.test import Client

from accounts import services
from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def boss(db: None) -> User:
    return User.objects.create_superuser(
        email="boss@example.com", password="x", handle="boss", name="The Boss"
    )


@pytest.fixture
def boss_browser(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


def act(browser: Client, action: str, *players: User, **more: str) -> str:
    data = {"action": action, "_selected_action": [player.pk for player in players], **more}
    response = browser.post("/kitchen/accounts/user/", data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_a_session_from_before_the_ban_sees_why_and_no_page(gus_browser: Client, gus: User) -> None:
    assert gus_browser.get("/me/").status_code == 200
    assert services.ban(user=gus, reason="flew <backwards>")
    for path in ("/me/", "/leaderboard/", "/accounts/signup/"):
        response = gus_browser.get(path)
        assert response.status_code == 403
        assert "flew &lt;backwards&gt;" in response.content.decode()
    assert gus_browser.post("/play/").status_code == 403


def test_a_banned_player_can_still_log_out(gus_browser: Client, gus: User) -> None:
    services.ban(user=gus, reason="")
    assert gus_browser.post("/accounts/logout/").status_code == 302


def test_a_banned_member_cannot_log_in(alice: User, mallory: Client, password: str) -> None:
    services.ban(user=alice, reason="")
    response = mallory.post(
        "/accounts/login/", {"login": "alice@example.com", "password": password}, follow=True
    )
    assert "This account is closed" in response.content.decode()
    assert "_auth_user_id" not in mallory.session


def test_an_unbanned_player_plays_on(gus_browser: Client, gus: User) -> None:
    services.ban(user=gus, reason="oops")
    assert services.unban(user=gus)
    assert gus_browser.get("/me/").status_code == 200
    assert gus.ban_reason == ""


def test_two_operators_at_once_make_one_ban(gus: User) -> None:
    again = User.objects.get(pk=gus.pk)
    assert services.ban(user=gus, reason="first")
    assert not services.ban(user=again, reason="second")
    assert again.ban_reason == "first"


@pytest.mark.django_db(transaction=True)
def test_the_rooms_hear_of_bans_and_new_names(gus: User, redis_url: str) -> None:
    from asgiref.sync import async_to_sync

    async def heard() -> list[str]:
        from asgiref.sync import sync_to_async

        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(f"user.{gus.pk}", channel)
        await sync_to_async(services.rename)(user=gus, name="Bo")
        await sync_to_async(services.ban)(user=gus, reason="")
        messages = [await layer.receive(channel) for _ in range(2)]
        await layer.flush()
        return [message["message"]["kind"] for message in messages]

    assert async_to_sync(heard)() == ["profile", "ban"]


def test_an_operator_is_asked_before_a_ban(boss_browser: Client, gus: User) -> None:
    page = act(boss_browser, "ban_players", gus)
    assert 'name="confirmed"' in page
    assert gus.handle in page
    assert User.objects.get(pk=gus.pk).banned_at is None
    act(boss_browser, "ban_players", gus, confirmed="1", reason="spam")
    gus.refresh_from_db()
    assert gus.banned_at is not None
    assert gus.ban_reason == "spam"


def test_an_operator_is_asked_before_an_unban(boss_browser: Client, gus: User) -> None:
    services.ban(user=gus, reason="")
    act(boss_browser, "unban_players", gus)
    assert User.objects.get(pk=gus.pk).banned_at is not None
    act(boss_browser, "unban_players", gus, confirmed="1")
    assert User.objects.get(pk=gus.pk).banned_at is None


def test_an_operator_cannot_ban_themselves(boss_browser: Client, boss: User) -> None:
    assert "cannot ban yourself" in act(boss_browser, "ban_players", boss, confirmed="1")
    assert User.objects.get(pk=boss.pk).banned_at is None


@pytest.mark.parametrize("text", ["gus@example.com", "handle", "name"])
def test_operators_find_players_by_handle_name_and_mail(boss_browser: Client, gus: User, text: str) -> None:
    User.objects.filter(pk=gus.pk).update(email="gus@example.com")
    query = getattr(gus, text, text)
    assert gus.handle in boss_browser.get("/kitchen/accounts/user/", {"q": query}).content.decode()


def test_every_admin_page_of_a_player_renders_and_nothing_is_deleted(boss_browser: Client, gus: User) -> None:
    page = boss_browser.get(f"/kitchen/accounts/user/{gus.pk}/change/").content.decode()
    links = re.findall(rf'href="(/(?:p/{gus.handle}|kitchen/events)/[^"]*)"[^>]*>(?:Prof|Ev|Sc)', page)
    assert len(links) == 3
    for link in links:
        assert boss_browser.get(link).status_code == 200, link
    assert boss_browser.get(f"/kitchen/accounts/user/{gus.pk}/delete/").status_code == 403
    assert boss_browser.get("/kitchen/accounts/user/add/").status_code == 403
    assert "delete_selected" not in boss_browser.get("/kitchen/accounts/user/").content.decode()
    assert boss_browser.get("/kitchen/").status_code == 200


def test_only_a_superuser_makes_operators(gus: User) -> None:
    from django.contrib.auth.models import Permission

    gus.is_staff = True
    gus.save()
    gus.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    browser = Client()
    browser.force_login(gus)
    data = {
        "name": gus.name,
        "colour": 1,
        "mark": 1,
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
    }
    browser.post(f"/kitchen/accounts/user/{gus.pk}/change/", data)
    gus.refresh_from_db()
    assert gus.colour == 1
    assert not gus.is_superuser
