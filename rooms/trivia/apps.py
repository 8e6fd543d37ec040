from django.apps import AppConfig


class TriviaConfig(AppConfig):
    name = "rooms.trivia"
    label = "trivia"
    verbose_name = "Trivia"
