"""A quiz as rows: its whole state, so that any process can go on with it. Times are in ms since 1970."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rooms.models import Room
from rooms.trivia.models.question import Question


class Phase(models.TextChoices):
    LOBBY = "lobby", "Lobby"
    READY = "ready", "Get ready"
    OPEN = "open", "Question open"
    REVEAL = "reveal", "Reveal"
    REST = "rest", "Rest"
    OVER = "over", "Over"


class TriviaGame(models.Model):
    """The phase machine of a room (see phases.py). `due_at`: when it may be moved on; null: it waits."""

    room = models.OneToOneField(Room, on_delete=models.CASCADE, primary_key=True, related_name="trivia")
    phase = models.CharField(max_length=8, choices=Phase.choices, default=Phase.LOBBY)
    seq = models.PositiveIntegerField(default=0, help_text="Counts transitions; each is made once.")
    number = models.PositiveSmallIntegerField(
        default=0, help_text="The question, from 1; 0 before the first."
    )
    of = models.PositiveSmallIntegerField(help_text="How many questions there are.")
    opens_at = models.BigIntegerField(null=True, blank=True)
    closes_at = models.BigIntegerField(null=True, blank=True)
    ends_at = models.BigIntegerField(null=True, blank=True, help_text="When the phase ends by itself.")
    due_at = models.BigIntegerField(null=True, blank=True)
    paused_at = models.BigIntegerField(null=True, blank=True)
    remaining = models.BigIntegerField(null=True, blank=True, help_text="Of the phase, while paused; ms.")
    deserted = models.BooleanField(default=False, help_text="Paused because everybody was gone.")
    extra = models.PositiveSmallIntegerField(
        default=0, help_text="The most extra time of a player, in percent."
    )
    options = models.JSONField(help_text="The room's settings as they were when it was prepared.")
    seed = models.BigIntegerField()

    class Meta:
        verbose_name = "quiz"
        verbose_name_plural = "quizzes"
        indexes = [
            models.Index(fields=["due_at"], name="trivia_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}: {self.phase} {self.number}/{self.of}"


class RoomQuestion(models.Model):
    """A question as it was dealt to a room. `secret` leaves the server at the reveal, and never before."""

    game = models.ForeignKey(TriviaGame, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField()
    question = models.ForeignKey(Question, null=True, on_delete=models.SET_NULL, related_name="dealt")
    public = models.JSONField()
    secret = models.JSONField()
    opened_at = models.BigIntegerField(null=True, blank=True)
    closed_at = models.BigIntegerField(null=True, blank=True)
    voided_at = models.BigIntegerField(null=True, blank=True, help_text="It counts for nobody.")
    outcome = models.JSONField(null=True, blank=True, help_text="Counts and standings, as of its reveal.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["game", "number"], name="trivia_question_number")]

    def __str__(self) -> str:
        return f"Question {self.number}"


class Player(models.Model):
    """A person in a quiz, by user and not by seat or socket. The sums are projections of the answers."""

    game = models.ForeignKey(TriviaGame, on_delete=models.CASCADE, related_name="players")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    team = models.PositiveSmallIntegerField(null=True, blank=True)
    extra = models.PositiveSmallIntegerField(default=0, help_text="More time to answer, in percent.")
    points = models.IntegerField(default=0)
    right = models.PositiveSmallIntegerField(default=0)
    answered = models.PositiveSmallIntegerField(default=0)
    streak = models.PositiveSmallIntegerField(default=0)
    best_streak = models.PositiveSmallIntegerField(default=0)
    fastest = models.PositiveIntegerField(
        null=True, blank=True, help_text="The quickest right answer, in ms."
    )
    rank = models.PositiveSmallIntegerField(null=True, blank=True, help_text="As of the last reveal.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["game", "user"], name="trivia_player_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.game_id}"


class Answer(models.Model):
    """The first answer of a player to a question. Graded when it closes: `points` is null before."""

    question = models.ForeignKey(RoomQuestion, on_delete=models.CASCADE, related_name="answers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField(help_text="Says which of two at once came first.")
    value = models.JSONField(help_text="As on the wire, checked.")
    received_at = models.BigIntegerField()
    latency = models.PositiveSmallIntegerField(help_text="Credit for the way, measured by the server; ms.")
    elapsed = models.PositiveIntegerField(help_text="From the opening, less the credit; ms.")
    allowed = models.PositiveIntegerField(help_text="The player's time for it; ms.")
    share = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How right it is, of 1000.")
    streak = models.PositiveSmallIntegerField(null=True, blank=True)
    points = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "user"], name="trivia_answer_once"),
            models.CheckConstraint(condition=Q(elapsed__lte=F("allowed")), name="trivia_answer_in_time"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} to {self.question_id}"


class Flag(models.Model):
    """A player thinks that a question is wrong. The host sees it at the reveal, operators in the console."""

    question = models.ForeignKey(RoomQuestion, on_delete=models.CASCADE, related_name="flags")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "user"], name="trivia_flag_once")]

    def __str__(self) -> str:
        return self.reason or "No reason given"
