"""The editor of a question: answers as lines of text, and every fault of a file said beside its field."""

from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from rooms.trivia.importers.lines import Lines, answers, lines_of
from rooms.trivia.models import Question
from rooms.trivia.questions import checking, content
from rooms.trivia.questions.content import BadQuestion, Content
from rooms.trivia.questions.storing import same_as

OWN_PACK = "Written here"
PLAIN = [name for name in content.SHARED_FIELDS if name not in ("tags", "fact")]
# Which field of the form shows a fault in a field of the file.
SHOWN_AT = {"choices": "right", "answer": "right", "items": "right", "accepted": "right", "fact": "about"}


class QuestionForm(forms.ModelForm):
    """Valid: `question` is the checked content."""

    right = forms.CharField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="One a line. Choice: the right one. True or false: one of the words. Several: all of them. "
        "Number: the number. Order: from first to last. Text: every spelling; case, accents and one typo "
        "are forgiven anyway.",
    )
    wrong = forms.CharField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        required=False,
        help_text="One a line, for a choice and for several.",
    )
    margin = forms.CharField(
        widget=UnfoldAdminTextInputWidget,
        required=False,
        help_text="Of a number: how far off an answer is when it gets no points.",
    )
    unit = forms.CharField(
        widget=UnfoldAdminTextInputWidget, required=False, help_text="Of a number: m, kg, …"
    )
    tags = forms.CharField(
        widget=UnfoldAdminTextInputWidget, required=False, help_text="With commas between."
    )
    about = forms.CharField(
        label="Fact",
        widget=UnfoldAdminTextInputWidget,
        required=False,
        help_text="Of two questions with the same fact a game asks one. Empty: the right answer is the fact.",
    )

    class Meta:
        model = Question
        fields = ("type", *PLAIN, "pack", "active")
        widgets = {name: UnfoldAdminTextareaWidget(attrs={"rows": 3}) for name in ("text", "explanation")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question: Content | None = None
        if self.instance.pk:
            self.initial.update(_initial(self.instance.as_content()))
        else:
            self.initial.setdefault("pack", OWN_PACK)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            self.question = checking.read(_fields(cleaned))
        except BadQuestion as bad:
            self._show(bad.problems)
        else:
            self._refuse_a_duplicate(self.question)
            if self.question.image and finders.find(self.question.image) is None:
                self.add_error("image", "There is no such static file here.")
        return cleaned

    def _show(self, problems: list[str]) -> None:
        for problem in problems:
            name, _, line = problem.partition(": ")
            name = SHOWN_AT.get(name, name)
            if name not in self.errors:
                self.add_error(
                    name if name in self.fields else None, line if name in self.fields else problem
                )

    def _refuse_a_duplicate(self, question: Content) -> None:
        if same := same_as(question).exclude(pk=self.instance.pk).first():
            self.add_error("text", f"This question is there already, in {same.pack} (number {same.pk}).")


def _fields(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The question's JSON. Raises `BadQuestion`."""
    lines = Lines(
        _split(cleaned.get("right", "")),
        _split(cleaned.get("wrong", "")),
        margin=cleaned.get("margin", ""),
        unit=cleaned.get("unit", ""),
    )
    kind = cleaned.get("type", "")
    shared = {name: cleaned[name] for name in PLAIN if cleaned.get(name)}
    tags = [tag for tag in (part.strip() for part in cleaned.get("tags", "").split(",")) if tag]
    return {"type": kind, **shared, "tags": tags, "fact": cleaned.get("about", ""), **answers(kind, lines)}


def _initial(question: Content) -> dict[str, Any]:
    lines = lines_of(question)
    return {
        "right": "\n".join(lines.right),
        "wrong": "\n".join(lines.wrong),
        "margin": lines.margin,
        "unit": lines.unit,
        "tags": ", ".join(question.tags),
        "about": content.own_fact(question),
    }


def _split(text: str) -> list[str]:
    return [line for line in (line.strip() for line in text.splitlines()) if line]
