"""The platform's settings, and the handlers that tell what they heard."""

from spacegame.settings import *  # noqa: F403
from spacegame.settings import INSTALLED_APPS as PLATFORM_APPS

INSTALLED_APPS = [*PLATFORM_APPS, "tests.chaos.witness"]
