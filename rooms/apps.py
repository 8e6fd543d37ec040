from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "rooms"
    verbose_name = "Rooms"

    def ready(self) -> None:
        from accounts.directory import register_room_namer
        from events.places import register_room_finder, register_room_locator
        from rooms import room_actions  # noqa: F401  (fills the table of actions)
        from rooms.selectors import addresses_of, room_by_any_code, room_names

        register_room_namer(room_names)
        register_room_finder(room_by_any_code)
        register_room_locator(addresses_of)
