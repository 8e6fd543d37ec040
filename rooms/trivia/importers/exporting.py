"""From the bank into a file of our own format."""

from django.db.models import QuerySet

from rooms.trivia.importers import own_json
from rooms.trivia.importers.packs import Pack
from rooms.trivia.models import Question
from rooms.trivia.questions import content

SEVERAL = "Space Pizzas questions"


def exported(rows: QuerySet[Question]) -> bytes:
    """The file of these questions. What all of them share (pack, licence, credit, link) is in its head."""
    questions = [row.as_content() for row in rows]
    for question in questions:
        question.fact = content.own_fact(question)
    head = {
        name: _common({getattr(question, name) for question in questions}) for name in own_json.OVERRIDDEN
    }
    return own_json.write(Pack(name=pack_of(rows), questions=questions, **head))


def pack_of(rows: QuerySet[Question]) -> str:
    """The name of the pack that they are all of, or a name for a mixture."""
    return _common(set(rows.order_by().values_list("pack", flat=True).distinct())) or SEVERAL


def _common(values: set[str]) -> str:
    return values.pop() if len(values) == 1 else ""
