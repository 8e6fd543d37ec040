from django.apps import AppConfig


class SpacegameConfig(AppConfig):
    name = "spacegame"
    verbose_name = "Space Pizzas"
