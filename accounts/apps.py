from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts.redaction import install
        from accounts.selectors import find_players, known_players
        from events.players import register_player_check, register_player_finder

        install()
        register_player_check(known_players)
        register_player_finder(find_players)
