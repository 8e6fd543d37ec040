"""How hard a question turned out to be: how many answered it, and how many were right."""

from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q

from events.scoring import RIGHT
from rooms.trivia.models import Answer, Question


def count_answers(*, room_id: UUID) -> None:
    """Add the answers of a game that is over to the sums of its questions; those voided count for nothing."""
    graded = Answer.objects.filter(question__game=room_id, question__voided_at=None, share__isnull=False)
    sums = (
        graded.exclude(question__question=None)
        .values_list("question__question")
        .annotate(played=Count("id"), right=Count("id", filter=Q(share__gte=RIGHT)))
        .order_by("question__question")  # everybody locks the rows in the same order
    )
    with transaction.atomic():
        for question, played, right in list(sums):
            Question.objects.filter(pk=question).update(
                times_played=F("times_played") + played, times_right=F("times_right") + right
            )
