"""What accounts do when something happened: see `events/subscribing.py`."""

from typing import cast

from accounts import post
from events.contracts import UserCreated
from events.subscribing import Occurred, subscribe


@subscribe("USER_CREATED", queue="email")
def welcome_new_member(event: Occurred) -> None:
    """Owe it to whoever signed up on a page of ours: guests have no address, seeded players no site."""
    created = cast(UserCreated, event.data)
    if event.actor is not None and created.site and not created.guest:
        post.owe("welcome", user=event.actor, site=created.site)
