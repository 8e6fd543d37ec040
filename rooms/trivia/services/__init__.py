"""All writes of quizzes, each in one transaction. Refusals are `RoomError`s; times are in ms since 1970."""

from rooms.trivia.services.advancing import advance
from rooms.trivia.services.answering import Sent, close_if_all_answered, flag, record_answers
from rooms.trivia.services.ending import begin, end
from rooms.trivia.services.enrolling import choose_team, enrol
from rooms.trivia.services.hosting import give_extra, go_on, pause, resume, skip
from rooms.trivia.services.preparing import KIND, prepare
from rooms.trivia.services.voiding import void

__all__ = [
    "KIND",
    "Sent",
    "advance",
    "begin",
    "choose_team",
    "close_if_all_answered",
    "end",
    "enrol",
    "flag",
    "give_extra",
    "go_on",
    "pause",
    "prepare",
    "record_answers",
    "resume",
    "skip",
    "void",
]
