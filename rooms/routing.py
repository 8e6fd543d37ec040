"""WebSocket addresses."""

from django.urls import URLPattern, path, re_path

from rooms.consumers import Nowhere, RoomConsumer
from rooms.list_consumers import (
    ActivityConsumer,
    LeaderboardConsumer,
    LobbyConsumer,
    OwnActivityConsumer,
    PlayerActivityConsumer,
    RoomActivityConsumer,
)

websocket_urlpatterns: list[URLPattern] = [
    path("ws/rooms/<slug:code>/", RoomConsumer.as_asgi()),
    path("ws/lobby/", LobbyConsumer.as_asgi()),
    path("ws/leaderboard/", LeaderboardConsumer.as_asgi()),
    path("ws/feed/", ActivityConsumer.as_asgi()),
    path("ws/feed/me/", OwnActivityConsumer.as_asgi()),
    path("ws/feed/players/<slug:handle>/", PlayerActivityConsumer.as_asgi()),
    path("ws/feed/rooms/<uuid:room>/", RoomActivityConsumer.as_asgi()),
    re_path("", Nowhere.as_asgi()),
]
