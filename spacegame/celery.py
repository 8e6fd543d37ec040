"""The Celery application; its settings are those of `spacegame/settings.py` that begin with CELERY_."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacegame.settings")

# The kinds of work, as operators read them; a worker takes any subset with -Q.
QUEUES = ("scoring", "email", "trivia", "feed", "webhooks", "maintenance")

app = Celery("spacegame")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
