from django.apps import AppConfig


class ArenaConfig(AppConfig):
    name = "rooms.arena"
    label = "arena"
    verbose_name = "Arena"

    def ready(self) -> None:
        from rooms.arena.game import ArenaGame
        from rooms.games import register

        register(ArenaGame())
