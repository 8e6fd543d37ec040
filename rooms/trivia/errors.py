"""What a quiz refuses, in words that a player can do something with."""

from rooms.errors import RoomError


class TooLate(RoomError):
    code = "too_late"
    message = "Time was up for that one. The next question is on its way."


class AnsweredAlready(RoomError):
    code = "answered_already"
    message = "Your answer is in already, and the first one counts."


class WrongQuestion(RoomError):
    code = "wrong_question"
    message = "That was for another question. Have a look at this one."


class NotOpen(RoomError):
    code = "not_open"
    message = "There is no question to answer just now. Hold on."


class Paused(RoomError):
    code = "paused"
    message = "The game is paused. Answer when it goes on."


class NoSeat(RoomError):
    code = "no_seat"
    message = "Take a seat first: answers are for players."


class BadAnswer(RoomError):
    """The message says what would do."""

    code = "bad_answer"
    message = "That is no answer to this question. Try once more."


class NoPlayers(RoomError):
    code = "no_players"
    message = "Nobody is here to play yet. Start when the first player has joined."


class NoSuchQuestion(RoomError):
    code = "no_question"
    message = "That question has not been asked in this game."


class NoSuchTeam(RoomError):
    code = "no_team"
    message = "There is no such team. Pick one of those on the screen."


class TeamsAreSet(RoomError):
    code = "teams_are_set"
    message = "The game is on: teams stay as they are until the next one."
