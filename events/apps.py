from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Events and scores"

    def ready(self) -> None:
        from events import checks  # noqa: F401 - registers them

        autodiscover_modules("handlers")
        autodiscover_modules("pruning")
