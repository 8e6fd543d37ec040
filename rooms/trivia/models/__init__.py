"""What the quiz keeps: its questions, and the rooms in which they are played."""

from rooms.trivia.models.game import Answer, Flag, Phase, Player, RoomQuestion, TriviaGame
from rooms.trivia.models.question import Difficulty, Question, QuestionType

__all__ = [
    "Answer",
    "Difficulty",
    "Flag",
    "Phase",
    "Player",
    "Question",
    "QuestionType",
    "RoomQuestion",
    "TriviaGame",
]
