"""Putting questions into the bank: all that was given, or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from rooms.trivia.models import Question
from rooms.trivia.questions import content
from rooms.trivia.questions.content import Content

BATCH = 500  # rows a statement: SQLite takes a limited number of parameters
KEPT = ("id", "fingerprint", "pack", "active", "created_at", "times_played", "times_right")
CHANGING = [field.name for field in Question._meta.concrete_fields if field.name not in KEPT]


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What became of the questions: new ones, those of this pack that changed, and those known already.

    `retired` are this pack's that were not given any more, and are asked no longer.
    """

    new: int = 0
    changed: int = 0
    known: int = 0
    retired: int = 0


class Rehearsed(Exception):
    """Ends the transaction of a dry run."""


def store(*, questions: Sequence[Content], pack: str, replace: bool = False, dry_run: bool = False) -> Stored:
    """Add checked `questions` to the bank as `pack`, in one transaction; a duplicate is added once.

    A question of the same pack gets its new explanation and so on; one of another pack stays as it is.
    With `replace`, the pack's questions that are not given are put away (they are not deleted: games
    refer to them). Whatever was put away stays so: operators do that, too. A dry run only counts.
    """
    try:
        with transaction.atomic():
            stored = _store(_rows(questions, pack=pack), pack=pack, replace=replace)
            if dry_run:
                raise Rehearsed
    except Rehearsed:
        pass
    return stored


def revise(*, row: Question, question: Content) -> None:
    """Give `row`, new or old, the content of a checked `question`, and save it. Its pack stays.

    Raises `IntegrityError` if another row is the same question.
    """
    _take_over(row, given := row_of(question, pack=row.pack))
    row.fingerprint = given.fingerprint
    row.save()


def same_as(question: Content) -> QuerySet[Question]:
    """The question of the bank that is the same as this one, if there is one."""
    return Question.objects.filter(fingerprint=content.fingerprint(question))


def row_of(question: Content, *, pack: str) -> Question:
    """The unsaved row of a checked question."""
    fields = {name: getattr(question, name) for name in question.__struct_fields__}
    shared = {name: fields.pop(name) for name in content.SHARED_FIELDS}
    mark = content.fingerprint(question)
    return Question(
        **{**shared, "fact": content.fact(question)},
        type=question.type,
        content=fields,
        pack=pack,
        fingerprint=mark,
        shuffle=int(mark[:8], 16) >> 1,
    )


def _rows(questions: Iterable[Content], *, pack: str) -> dict[str, Question]:
    rows: dict[str, Question] = {}
    for question in questions:
        row = row_of(question, pack=pack)
        rows.setdefault(row.fingerprint, row)
    return rows


def _store(rows: dict[str, Question], *, pack: str, replace: bool) -> Stored:
    known = _known(list(rows))
    ours = {mark: row for mark, row in known.items() if row.pack == pack}
    changed = [row for mark, row in ours.items() if _take_over(row, rows[mark])]
    Question.objects.bulk_update(changed, CHANGING, batch_size=BATCH // 10)
    new = [row for mark, row in rows.items() if mark not in known]
    Question.objects.bulk_create(new, batch_size=BATCH)
    retired = _retire(rows, pack=pack) if replace else 0
    return Stored(new=len(new), changed=len(changed), known=len(known) - len(changed), retired=retired)


def _known(marks: list[str]) -> dict[str, Question]:
    found: dict[str, Question] = {}
    for start in range(0, len(marks), BATCH):
        found |= Question.objects.in_bulk(marks[start : start + BATCH], field_name="fingerprint")
    return found


def _take_over(row: Question, given: Question) -> bool:
    """Give `row` what is different in `given`; whether anything was."""
    different = [name for name in CHANGING if getattr(row, name) != getattr(given, name)]
    for name in different:
        setattr(row, name, getattr(given, name))
    return bool(different)


def _retire(rows: dict[str, Question], *, pack: str) -> int:
    """Put away the pack's questions that were not given."""
    present = Question.objects.filter(pack=pack, active=True).values_list("id", "fingerprint")
    gone = [id for id, mark in present if mark not in rows]
    for start in range(0, len(gone), BATCH):
        Question.objects.filter(id__in=gone[start : start + BATCH]).update(active=False)
    return len(gone)
