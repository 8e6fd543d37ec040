from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "events.ingest"
    label = "ingest"
    verbose_name = "Other game servers"

    def ready(self) -> None:
        from events.ingest import checks  # noqa: F401 - registers them
