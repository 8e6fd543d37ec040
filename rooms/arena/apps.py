from django.apps import AppConfig


class ArenaConfig(AppConfig):
    name = "rooms.arena"
    label = "arena"
    verbose_name = "Arena"
