"""What the quiz keeps: its questions, and the rooms in which they are played."""

from rooms.trivia.models.question import Difficulty, Question, QuestionType

__all__ = ["Difficulty", "Question", "QuestionType"]
