from django.apps import AppConfig


class TriviaConfig(AppConfig):
    name = "rooms.trivia"
    label = "trivia"
    verbose_name = "Trivia"

    def ready(self) -> None:
        from accounts.directory import register_game
        from rooms.games import register
        from rooms.trivia.game import TriviaGame

        register(TriviaGame())
        register_game(TriviaGame.kind, TriviaGame.title)
