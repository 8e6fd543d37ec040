"""The operators' view of the quiz."""

from rooms.trivia.admin import question_admin

__all__ = ["question_admin"]
