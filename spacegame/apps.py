from django.apps import AppConfig


class SpacegameConfig(AppConfig):
    name = "spacegame"
    verbose_name = "Space Pizzas"

    def ready(self) -> None:
        from spacegame import aws_checks, celery_signals, checks, metrics  # noqa: F401 - the first three register by import

        metrics.register()
