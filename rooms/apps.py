from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "rooms"
    verbose_name = "Rooms"

    def ready(self) -> None:
        from accounts.directory import register_room_namer
        from rooms import room_actions  # noqa: F401  (fills the table of actions)
        from rooms.selectors import room_names

        register_room_namer(room_names)
