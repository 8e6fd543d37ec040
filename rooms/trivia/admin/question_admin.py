"""The bank, for operators: write, see it as on a phone, bring in, take out, and put away."""

from random import Random
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin
from unfold.decorators import action

from rooms.trivia.admin.importing import import_page
from rooms.trivia.admin.question_form import QuestionForm
from rooms.trivia.importers.exporting import exported
from rooms.trivia.models import Flag, Question
from rooms.trivia.questions.dealing import deal
from rooms.trivia.questions.storing import revise

ADDRESS = "admin:trivia_question_"


class FlaggedFilter(admin.SimpleListFilter):
    """Whether a player said that it is wrong."""

    title = "flags"
    parameter_name = "flagged"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "Flagged by players")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> QuerySet[Question]:
        return queryset.filter(dealt__flags__isnull=False).distinct() if self.value() else queryset


@admin.register(Question)
class QuestionAdmin(ModelAdmin):
    form = QuestionForm
    change_form_template = "admin/trivia/question.html"
    list_display = ("text", "category", "difficulty", "type", "pack", "right_share", "flags", "active")
    list_filter = ("active", FlaggedFilter, "difficulty", "type", "category", "pack", "licence")
    search_fields = ("text", "explanation", "source")
    list_per_page = 50
    actions = ("export_these", "put_away", "bring_back")
    actions_list = ("import_questions",)
    readonly_fields = ("players_say",)
    fieldsets = (
        (None, {"fields": ("type", "category", "difficulty", "text", "right", "wrong", "margin", "unit")}),
        ("At the reveal", {"fields": ("explanation", "source", "image")}),
        ("Whose it is", {"fields": ("licence", "credit", "link", "modified")}),
        ("In the bank", {"fields": ("pack", "tags", "about", "language", "active", "players_say")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).annotate(flag_count=Count("dealt__flags"))

    @admin.display(description="right")
    def right_share(self, question: Question) -> str:
        """Of those who were asked."""
        if not question.times_played:
            return ""
        return f"{100 * question.times_right // question.times_played} % of {question.times_played}"

    @admin.display(description="flags", ordering="flag_count")
    def flags(self, question: Question) -> int:
        return question.flag_count  # type: ignore[attr-defined]

    @admin.display(description="players say")
    def players_say(self, question: Question) -> str:
        """Why players flagged it, the newest first."""
        reasons = Flag.objects.filter(question__question_id=question.pk).order_by("-created_at", "-id")[:20]
        return "\n".join(f"{flag.created_at:%d %b %Y}: {flag}" for flag in reasons) or "Nothing."

    def save_model(self, request: HttpRequest, obj: Question, form: ModelForm, change: bool) -> None:
        revise(row=obj, question=form.question)  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        look = self.admin_site.admin_view(self.preview)
        return [path("preview/", look, name="trivia_question_preview"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        look = {"preview_url": reverse(f"{ADDRESS}preview"), "question_pk": context.get("object_id") or ""}
        return super().render_change_form(request, context | look, **kwargs)

    def preview(self, request: HttpRequest) -> HttpResponse:
        """The question in a posted form as a phone shows it, or what is wrong with it. Nothing is saved."""
        number = request.POST.get("question_pk", "")
        row = Question.objects.filter(pk=number).first() if number.isdecimal() else None
        form = QuestionForm(request.POST, instance=row)
        form.is_valid()
        dealt = deal(form.question, rng=Random(0)) if form.question else None
        image = Question(image=form.question.image).image_url if form.question else ""
        context = {"form": form, "dealt": dealt, "image": image, "right": _right(dealt)}
        return TemplateResponse(request, "admin/trivia/preview.html", context)

    @action(description="Import…", url_path="import", permissions=["add"], icon="upload")
    def import_questions(self, request: HttpRequest) -> HttpResponse:
        return import_page(request, self)

    @admin.action(description="Export as a file", permissions=["view"])
    def export_these(self, request: HttpRequest, questions: QuerySet[Question]) -> HttpResponse:
        return HttpResponse(
            exported(questions.order_by("id")),
            content_type="application/json",
            headers={"Content-Disposition": 'attachment; filename="questions.json"'},
        )

    @admin.action(description="Put away: ask no longer", permissions=["change"])
    def put_away(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        _set_active(request, questions, active=False)

    @admin.action(description="Bring back: ask again", permissions=["change"])
    def bring_back(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        _set_active(request, questions, active=True)


def _set_active(request: HttpRequest, questions: QuerySet[Question], *, active: bool) -> None:
    done = Question.objects.filter(pk__in=questions.values("pk")).update(active=active)
    messages.success(request, f"{done} {'will be asked again' if active else 'are asked no longer'}.")


def _right(dealt: Any) -> set[int]:
    """Which of the pads are right, of a question that has pads."""
    if dealt is None or dealt.public["choices"] is None or dealt.public["type"] == "order":
        return set()
    answer = dealt.secret["answer"]
    return set(answer) if isinstance(answer, list) else {answer}
