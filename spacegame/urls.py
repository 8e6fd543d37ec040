"""Every address of the site, composed from the apps' own."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("kitchen/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("events.urls")),
    path("", include("events.webhooks.urls")),
    path("", include("events.ingest.urls")),
    path("", include("events.feed.urls")),
    path("", include("rooms.urls")),
    path("", include("rooms.trivia.urls")),
    path("", include("spacegame.health_urls")),
]
