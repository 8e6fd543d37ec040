"""Beat asks five times a second for the games that are due. (The settings' schedule knows whole seconds only.)"""

from django.db import migrations

NAME = "cycle due quizzes"


def add(apps, schema_editor):
    interval, _ = apps.get_model("django_celery_beat", "IntervalSchedule").objects.get_or_create(
        every=200_000, period="microseconds"
    )
    # It expires before it could pile up; what is due then is found by the next one.
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name=NAME,
        defaults={
            "task": "rooms.trivia.tasks.cycle_due_rooms",
            "interval": interval,
            "queue": "trivia",
            "expire_seconds": 1,
        },
    )


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("trivia", "0002_games"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(add, remove)]
