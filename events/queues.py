"""The kinds of work, named as operators read them; a worker takes any subset with `-Q`."""

QUEUES = ("scoring", "email", "trivia", "feed", "webhooks", "maintenance")

# Events are stored by this task; several rows that came at once, by the second.
STORE_TASK = "events.tasks.store_events"
STORE_SEVERAL_TASK = "events.tasks.store_several"
STORE_QUEUE = "scoring"
