"""The operators' view of quizzes: where each one is, who plays, what was flagged.

A question that has not been revealed is shown without its answer here, too: operators play as well.
"""

from datetime import UTC, datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from rooms.admin import ReadOnly
from rooms.trivia.models import Flag, Player, RoomQuestion, TriviaGame


def moment(ms: int | None) -> datetime | None:
    """Milliseconds since 1970 as people read them."""
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)


class QuestionInline(ReadOnly, TabularInline):
    """The questions that were asked, and those to come without a word of them."""

    model = RoomQuestion
    verbose_name_plural = "questions"
    fields = ("number", "text", "opened", "closed", "voided", "answers")
    readonly_fields = fields
    ordering = ("number",)
    extra = 0

    @admin.display
    def text(self, question: RoomQuestion) -> str:
        return str(question.public.get("text", "")) if question.opened_at is not None else "not asked yet"

    @admin.display
    def opened(self, question: RoomQuestion) -> datetime | None:
        return moment(question.opened_at)

    @admin.display
    def closed(self, question: RoomQuestion) -> datetime | None:
        return moment(question.closed_at)

    @admin.display(boolean=True)
    def voided(self, question: RoomQuestion) -> bool:
        return question.voided_at is not None

    @admin.display
    def answers(self, question: RoomQuestion) -> str:
        outcome = question.outcome
        return f"{outcome['right']} of {outcome['answers']} right" if outcome else ""


class PlayerInline(ReadOnly, TabularInline):
    model = Player
    fields = ("user", "team", "points", "right", "answered", "best_streak", "extra")
    ordering = ("-points",)
    extra = 0


@admin.register(TriviaGame)
class TriviaGameAdmin(ReadOnly, ModelAdmin):
    list_display = ("room", "phase", "question", "ends", "paused", "deserted", "seq")
    list_filter = ("phase", "deserted")
    search_fields = ("room__code", "room__title")
    list_select_related = ("room",)
    inlines = (QuestionInline, PlayerInline)
    fields = ("room", "phase", "question", "ends", "paused", "deserted", "extra", "options")

    @admin.display
    def question(self, game: TriviaGame) -> str:
        return f"{game.number} of {game.of}"

    @admin.display(description="phase ends", ordering="ends_at")
    def ends(self, game: TriviaGame) -> datetime | None:
        return moment(game.ends_at)

    @admin.display(boolean=True)
    def paused(self, game: TriviaGame) -> bool:
        return game.paused_at is not None


@admin.register(Flag)
class FlagAdmin(ReadOnly, ModelAdmin):
    """What players think is wrong, those questions first that most of them flagged."""

    list_display = ("text", "flags", "reason", "user", "game", "created_at")
    list_select_related = ("question__question", "user", "question__game__room")
    search_fields = ("reason", "question__question__text")
    ordering = ("-created_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flag]:
        return super().get_queryset(request).annotate(flags=Count("question__question__dealt__flags"))

    @admin.display(description="question")
    def text(self, flag: Flag) -> str:
        return str(flag.question.public.get("text", ""))

    @admin.display(ordering="flags")
    def flags(self, flag: Any) -> int:
        return int(flag.flags)

    @admin.display(description="room")
    def game(self, flag: Flag) -> str:
        return str(flag.question.game.room)
