"""How far rows were pruned, and beat's row that has it done every hour (operators may change it)."""

from django.db import migrations, models

NAME = "prune what is old"
BEFORE = "forget idle guests"  # part of it now


def add(apps, schema_editor):
    interval, _ = apps.get_model("django_celery_beat", "IntervalSchedule").objects.get_or_create(
        every=1, period="hours"
    )
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects
    tasks.filter(name=BEFORE).delete()
    tasks.get_or_create(
        name=NAME,
        defaults={
            "task": "events.tasks.prune",
            "interval": interval,
            "queue": "maintenance",
            "expire_seconds": 3600,
        },
    )


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0003_deliveries_by_queue'),
        ('django_celery_beat', '0019_alter_periodictasks_options'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pruning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, unique=True)),
                ('horizon', models.DateTimeField(blank=True, help_text='Before then, rows are gone.', null=True)),
                ('removed', models.BigIntegerField(default=0, help_text='How many rows ever were.')),
                ('pruned_at', models.DateTimeField(blank=True, help_text='When somebody last looked.', null=True)),
            ],
        ),
        migrations.RunPython(add, remove),
    ]
