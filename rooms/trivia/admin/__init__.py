"""The operators' view of the quiz."""

from rooms.trivia.admin import game_admin, question_admin

__all__ = ["game_admin", "question_admin"]
