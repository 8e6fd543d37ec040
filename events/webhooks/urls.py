from django.urls import path

from events.webhooks import views

urlpatterns = [path("webhooks/incoming/<slug:source>/", views.incoming, name="webhooks-incoming")]
