"""Webhooks, for operators: who may send, what came; who gets ours, every attempt; and four buttons."""

from events.webhooks.admin import incoming, outgoing

__all__ = ["incoming", "outgoing"]
