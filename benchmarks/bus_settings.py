"""The platform's settings, and an app with the three handlers that `bus.py` measures."""

from spacegame.settings import *  # noqa: F403
from spacegame.settings import INSTALLED_APPS as PLATFORM_APPS

INSTALLED_APPS = [*PLATFORM_APPS, "benchmarks.listening"]
