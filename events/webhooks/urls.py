from django.urls import path

from events.webhooks import views

# Also without the slash at the end, which some consoles cut off: a sender takes a redirect for a failure.
urlpatterns = [
    path("webhooks/incoming/<slug:source>/", views.incoming, name="webhooks-incoming"),
    path("webhooks/incoming/<slug:source>", views.incoming),
]
