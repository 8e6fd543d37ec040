"""WebSocket addresses."""

from django.urls import URLPattern, path

from rooms.consumers import LeaderboardConsumer, LobbyConsumer, RoomConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/rooms/<slug:code>/", RoomConsumer.as_asgi()),
    path("ws/lobby/", LobbyConsumer.as_asgi()),
    path("ws/leaderboard/", LeaderboardConsumer.as_asgi()),
]
