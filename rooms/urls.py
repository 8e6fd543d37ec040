from django.urls import URLPattern, path

from rooms import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("play/", views.play, name="play"),
    path("rooms/", views.lobby, name="lobby"),
    path("rooms/new/", views.room_create, name="room_create"),
    path("join/", views.join_by_code, name="join_by_code"),
    path("r/<slug:code>/", views.room, name="room"),
    path("r/<slug:code>/join/", views.room_join, name="room_join"),
    path("r/<slug:code>/qr.svg", views.room_qr, name="room_qr"),
]
