"""The bank: every question that may be asked, with where it comes from and whose it is."""

from django.conf import settings
from django.db import models
from django.templatetags.static import static

from rooms.trivia.questions import content as shapes


class QuestionType(models.TextChoices):
    CHOICE = "choice", "Multiple choice"
    BOOLEAN = "boolean", "True or false"
    SEVERAL = "several", "Several right"
    NUMBER = "number", "Number"
    ORDER = "order", "Put in order"
    TEXT = "text", "Typed text"


class Difficulty(models.TextChoices):
    EASY = "easy", "Easy"
    MEDIUM = "medium", "Medium"
    HARD = "hard", "Hard"


class Question(models.Model):
    """One question. `content` is what only its type has, in the words of `questions/content.py`.

    Only `questions/storing.py` writes rows: it checks them and derives `fingerprint`, `fact` and `shuffle`.
    """

    type = models.CharField(max_length=10, choices=QuestionType)
    category = models.CharField(max_length=shapes.CATEGORY_LENGTH)
    difficulty = models.CharField(max_length=10, choices=Difficulty)
    text = models.CharField(max_length=shapes.TEXT_LENGTH)
    content = models.JSONField()
    explanation = models.CharField(max_length=shapes.EXPLANATION_LENGTH, blank=True)
    source = models.CharField(max_length=shapes.SOURCE_LENGTH, blank=True)
    image = models.CharField(max_length=shapes.IMAGE_LENGTH, blank=True, help_text="a static file's path")
    tags = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=shapes.LANGUAGE_LENGTH, default="en")
    pack = models.CharField(max_length=shapes.NAME_LENGTH, help_text="what it was imported with")
    licence = models.CharField(max_length=shapes.NAME_LENGTH, blank=True)
    credit = models.CharField(max_length=shapes.CREDIT_LENGTH, blank=True)
    link = models.CharField(max_length=shapes.LINK_LENGTH, blank=True)
    modified = models.CharField(max_length=shapes.CREDIT_LENGTH, blank=True, help_text="what we changed")

    fingerprint = models.CharField(max_length=32, unique=True, editable=False)
    fact = models.CharField(max_length=shapes.FACT_LENGTH, editable=False, help_text="what it is about")
    shuffle = models.BigIntegerField(
        editable=False, help_text="31 bits of the fingerprint, to draw lots with"
    )
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    times_played = models.PositiveBigIntegerField(default=0, editable=False)
    times_right = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ("category", "id")
        indexes = [
            models.Index(
                fields=("category", "difficulty"), condition=models.Q(active=True), name="question_drawn"
            ),
            models.Index(fields=("pack",), name="question_pack"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(times_right__lte=models.F("times_played")), name="question_right_of_played"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def image_url(self) -> str:
        """Where a browser finds the image; empty if there is none.

        A worker may live where nobody collected the static files: then it is the name without a hash.
        """
        try:
            return static(self.image) if self.image else ""
        except ValueError:
            return settings.STATIC_URL + self.image

    def as_content(self) -> shapes.Content:
        """The question as its file would have it."""
        shared = {name: getattr(self, name) for name in shapes.SHARED_FIELDS}
        return shapes.convert({"type": self.type, **shared, **self.content})
