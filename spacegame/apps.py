from django.apps import AppConfig


class SpacegameConfig(AppConfig):
    name = "spacegame"
    verbose_name = "Space Pizzas"

    def ready(self) -> None:
        from spacegame import celery_signals, checks  # noqa: F401 - registers by being imported
