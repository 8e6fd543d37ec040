from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts.redaction import install
        from accounts.selectors import known_players
        from events.players import register_player_check

        install()
        register_player_check(known_players)
