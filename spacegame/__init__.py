"""Composition root: settings, processes, and how the apps are put together."""

from spacegame.celery import app as celery_app

__all__ = ["celery_app"]
