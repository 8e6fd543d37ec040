"""Addresses of the feed."""

from django.urls import URLPattern, path

from events.feed import views

urlpatterns: list[URLPattern] = [
    path("feed/", views.public_feed, name="feed"),
    path("feed/me/", views.own_feed, name="own_feed"),
    path("feed/players/<slug:handle>/", views.player_feed, name="player_feed"),
    path("feed/rooms/<uuid:room>/", views.room_feed, name="room_feed"),
]
