"""The kinds of work, named as operators read them; a worker takes any subset with `-Q`."""

QUEUES = ("scoring", "email", "trivia", "feed", "webhooks", "maintenance")
