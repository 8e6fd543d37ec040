from django.apps import AppConfig


class FeedConfig(AppConfig):
    name = "events.feed"
    label = "feed"
    verbose_name = "Activity feed"
