"""The Celery application: one broker switch, tuned for work that must survive a kill."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacegame.settings")

QUEUES = ("scoring", "email", "trivia", "feed", "webhooks", "maintenance")

app = Celery("spacegame")
app.autodiscover_tasks()
