"""What games say about how hard the bank's questions are."""

from uuid import UUID

from django.db.models import Count, F, Q

from events.scoring import RIGHT
from rooms.trivia.models import Question, RoomQuestion


def count_plays(*, room_id: UUID) -> None:
    """Add a game's answers to its questions' counts. Call it once a game: a delivery sees to that."""
    asked = RoomQuestion.objects.filter(
        game_id=room_id, closed_at__isnull=False, voided_at=None, question__isnull=False
    )
    rows = asked.annotate(
        given=Count("answers"), right=Count("answers", filter=Q(answers__share__gte=RIGHT))
    ).order_by("question_id")  # everybody in the same order, so that nobody deadlocks
    for question_id, given, right in rows.values_list("question_id", "given", "right"):
        Question.objects.filter(pk=question_id).update(
            times_played=F("times_played") + given, times_right=F("times_right") + right
        )
